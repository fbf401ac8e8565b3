/** The policies in force, whose schema and loader are loaded when somebody first asks. A load that failed is tried again. */
import type { Journal } from '../ports.ts';
import type { Policies } from './policies.ts';

export const policiesLater = (deps: { journal: Journal }): Policies =>
  laterPolicies(async () => (await import('./policies.ts')).journalPolicies(deps));

export function laterPolicies(load: () => Promise<Policies>): Policies {
  let policies: Policies | null = null;
  const loaded = async (): Promise<Policies> => {
    const known = policies ?? (await load());
    // Whoever came first has the memory of versions that all share.
    policies ??= known;
    return policies;
  };
  return {
    active: async () => (await loaded()).active(),
    byHash: async (hash) => (await loaded()).byHash(hash),
  };
}

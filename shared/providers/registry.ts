/**
 * The CI systems Hallpass knows: what a policy may name (`providerCatalog`, needs no credentials) and how the
 * configured ones are found by name. A new system is one folder here plus one line in the catalog.
 */
import type { AccessProvider } from '../ports.ts';
import { githubCatalog } from './github/catalog.ts';

export type ProviderDescription = {
  readonly kinds: Readonly<Record<string, { readonly roles: readonly string[] }>>;
};

export const providerCatalog: Readonly<Record<string, ProviderDescription>> = {
  github: githubCatalog,
};

export type ProviderRegistry = {
  readonly names: readonly string[];
  /** `undefined` when no such provider is configured. */
  get(name: string): AccessProvider | undefined;
};

export function providerRegistry(providers: readonly AccessProvider[]): ProviderRegistry {
  const byName = new Map(providers.map((provider) => [provider.name, provider]));
  if (byName.size !== providers.length) {
    throw new Error(
      `two providers share a name among: ${providers.map((provider) => provider.name).join(', ')}; give each its own`,
    );
  }
  return { names: [...byName.keys()], get: (name) => byName.get(name) };
}

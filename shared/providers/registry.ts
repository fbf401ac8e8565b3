/**
 * The CI systems Hallpass knows: what a policy may name (`providerCatalog`, needs no credentials) and how the
 * configured ones are found by name. A new system is one folder here plus one line in the catalog.
 */
import type { AccessProvider, Telemetry } from '../ports.ts';
import { type CredentialsSource, withFreshCredentials } from './fresh-credentials.ts';
import { githubCatalog } from './github/catalog.ts';
import { gitlabCatalog } from './gitlab/catalog.ts';

export type ProviderDescription = {
  readonly kinds: Readonly<Record<string, { readonly roles: readonly string[] }>>;
};

export const providerCatalog: Readonly<Record<string, ProviderDescription>> = {
  github: githubCatalog,
  gitlab: gitlabCatalog,
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

/**
 * The providers that can be made now. One whose credentials are missing or broken is reported and left out: it must
 * not keep the others from taking access away.
 */
export async function availableProviders(
  sources: readonly CredentialsSource[],
  telemetry: Pick<Telemetry, 'error'>,
): Promise<ProviderRegistry> {
  const made = await Promise.allSettled(sources.map(withFreshCredentials));
  for (const result of made) {
    if (result.status === 'fulfilled') continue;
    const why = result.reason instanceof Error ? result.reason.message : String(result.reason);
    telemetry.error('A provider cannot be used; what concerns it waits', { why });
  }
  return providerRegistry(
    made.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])),
  );
}

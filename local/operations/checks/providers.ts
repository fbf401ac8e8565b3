/**
 * Each provider credential: can it read every container that the policy names, and would it be allowed to grant there? The second is asked
 * as ensure asks it before a grant, with an account of the policy; nothing is changed.
 */
import type { Entitlement, Policy } from '../../../shared/domain/policy/policy.ts';
import { type AccessProvider, type ContainerRef, ProviderFault } from '../../../shared/ports.ts';
import { type Check, type Finding, ok, problem, warning } from './finding.ts';

export type ProviderAt = { readonly name: string; make(): Promise<AccessProvider> };

export function providerChecks(policy: Policy, providers: readonly ProviderAt[]): Check[] {
  const wanted = Object.values(policy.entitlements);
  const unknown = [...new Set(wanted.map(({ provider }) => provider))].filter(
    (name) => !providers.some((each) => each.name === name),
  );
  return [
    ...unknown.map((name) => ({
      name: `provider ${name}`,
      run: async () => [
        problem(
          'the policy grants there, but it is not configured',
          `Deploy with its API address, or take it out of the policy`,
        ),
      ],
    })),
    ...providers
      .map((at) => ({ at, places: wanted.filter(({ provider }) => provider === at.name) }))
      .filter(({ places }) => places.length > 0)
      .map(({ at, places }) => ({
        name: `provider ${at.name}`,
        run: async () => {
          const provider = await at.make();
          const login = Object.values(policy.people)
            .map(({ accounts }) => accounts?.[at.name])
            .find((each) => each !== undefined);
          const found: Finding[] = [];
          for (const place of places) found.push(...(await look(provider, place, login)));
          return found;
        },
      })),
  ];
}

async function look(
  provider: AccessProvider,
  { kind, resource }: Entitlement,
  login: string | undefined,
): Promise<Finding[]> {
  const named = { provider: provider.name, kind, resource };
  return [
    await asked(`read ${resource}`, async () => {
      const members = await provider.list(await pinned(provider, named));
      return `${members.length} members`;
    }),
    login === undefined
      ? warning(
          `grant in ${resource}: nobody in the policy has an account to ask with`,
          'Add accounts to the people of the policy',
        )
      : await asked(`grant in ${resource}`, async () => {
          const account = await provider.resolveAccount(login);
          await provider.checkEligible(await pinned(provider, named), account);
          return `would be allowed, asked for ${login}`;
        }),
  ];
}

async function pinned(provider: AccessProvider, container: ContainerRef): Promise<ContainerRef> {
  const id = await provider.containerId?.(container);
  return id === undefined ? container : { ...container, id };
}

async function asked(what: string, ask: () => Promise<string>): Promise<Finding> {
  try {
    return ok(`${what}: ${await ask()}`);
  } catch (error) {
    if (!(error instanceof ProviderFault)) throw error;
    return problem(
      `${what}: ${error.message} (${error.code})`,
      FIX[error.code] ?? 'Try again; see the provider’s page in docs/providers',
    );
  }
}

const FIX: Partial<Record<ProviderFault['code'], string>> = {
  unauthorized:
    'Give the credential the rights of docs/providers, or put a fresh one into its secret',
  'container-not-found': 'Correct the resource in the policy, or let the credential see it',
  'container-not-manageable': 'Take it out of the policy: its members cannot be changed by an API',
  'account-not-found': 'Correct that account in the policy',
  'not-a-member-of-organization': 'Invite them there, or correct that account in the policy',
};

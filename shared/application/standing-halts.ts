/** Every switch that keeps new access from being given now, for whoever is to be told: one read by key each. Decides nothing. */
import { membersOf } from '../domain/policy/members.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { StandingHalt } from '../domain/stop/standing.ts';
import type { Journal } from '../ports.ts';
import { EVERYTHING } from './halts.ts';

/** `all`, and every provider of the policy. */
export const pauseScopes = ({ policy }: { readonly policy: Policy }): string[] => [
  EVERYTHING,
  ...new Set([...membersOf(policy).entitlements.values()].map(({ provider }) => provider)),
];

/** The stop first, then the pauses as the policy names their providers. @throws Fault */
export async function standingHalts(
  journal: Pick<Journal, 'read'>,
  active: { readonly policy: Policy },
): Promise<StandingHalt[]> {
  const [stop, ...pauses] = await Promise.all([
    journal.read('stop', EVERYTHING),
    ...pauseScopes(active).map((scope) => journal.read('pause', scope)),
  ]);
  const standing = stop.value?.standing;
  return [
    ...(standing ? [{ kind: 'stopped' as const, ...standing }] : []),
    ...pauses.flatMap(({ id: scope, value }) =>
      value?.paused ? [{ kind: 'paused' as const, scope, since: value.at, by: value.by }] : [],
    ),
  ];
}

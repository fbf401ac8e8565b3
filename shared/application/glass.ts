/**
 * What a human took by break-glass, from any account of theirs: read for a decision about it and written or checked with it, under its
 * revision, so that two asks at once can never both be within the quota, and nobody who owes an overdue review slips through.
 */
import type { Command } from '../domain/access-request/command.ts';
import { GLASS_WEEK_MS } from '../domain/access-request/decide-break-glass.ts';
import type { AccessRequestEvent } from '../domain/access-request/events.ts';
import type { AccessRequest } from '../domain/access-request/model.ts';
import type { IdentityFacts } from '../domain/policy/identity.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { check, type Journal, put, type Stored, type Write } from '../ports.ts';
import { accountsOfHumans } from './accounts-of-humans.ts';

export type Glass = {
  /** Of the account that asks, or asked for what is reviewed. */
  readonly own: Stored<'glass'>;
  /** Of the same human's other accounts. */
  readonly others: readonly Stored<'glass'>[];
};
type Asked = {
  readonly command: Command;
  readonly state: AccessRequest;
  readonly policies: readonly { readonly policy: Policy }[];
  readonly identity: IdentityFacts;
};

/** Null where the decision has nothing to do with break-glass. */
export async function glassOf(journal: Journal, asked: Asked): Promise<Glass | null> {
  const { command, state } = asked;
  if (command.type === 'RequestAccess')
    return command.breakGlass ? takenBy(journal, asked, command.actor.id) : null;
  if (command.type !== 'ReviewBreakGlass' || state.status === 'new' || !state.breakGlass)
    return null;
  return { own: await journal.read('glass', state.requester), others: [] };
}

export async function takenBy(
  journal: Pick<Journal, 'read'>,
  by: Pick<Asked, 'policies' | 'identity'>,
  person: string,
): Promise<Glass> {
  const accounts = accountsOfHumans(by, [person]).filter((account) => account !== person);
  const [own, ...others] = await Promise.all([
    journal.read('glass', person),
    ...accounts.map((account) => journal.read('glass', account)),
  ]);
  return { own, others };
}

export const allTaken = ({ own, others }: Glass): Taken =>
  [own, ...others].flatMap(({ value }) => value?.taken ?? []);

/** What was reviewed and is older than a week is forgotten. An ask from another account meanwhile has this one decided again. */
export function glassWrites(
  glass: Glass | null,
  events: readonly AccessRequestEvent[],
  now: Date,
): Write[] {
  if (!glass) return [];
  const since = new Date(now.getTime() - GLASS_WEEK_MS).toISOString();
  const before = glass.own.value?.taken ?? [];
  const taken = events.reduce(noted, before).filter(({ at, reviewed }) => !reviewed || at > since);
  return [put(glass.own, { taken }), ...glass.others.map(check)];
}

type Taken = NonNullable<Stored<'glass'>['value']>['taken'];

function noted(taken: Taken, event: AccessRequestEvent): Taken {
  const { requestId, at } = event;
  if (event.type === 'BreakGlassReviewed')
    return taken.map((each) => (each.requestId === requestId ? { ...each, reviewed: true } : each));
  if (event.type !== 'AccessRequested' || event.v !== 2 || !event.breakGlass) return taken;
  const { reviewBy } = event.breakGlass;
  return [...taken, { requestId, at, reviewBy, reviewed: false }];
}

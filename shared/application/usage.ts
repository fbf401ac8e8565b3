/**
 * What the humans of an ask did and hold, for policies that count it. Each person has a record that names their newest requests;
 * a decision that adds to them writes it in its own transaction, so of two that are made at once one is decided again. What is
 * older than the record comes from the index. Where no policy counts it, nothing is read or written.
 */
import type { Command } from '../domain/access-request/command.ts';
import type { AccessRequestEvent } from '../domain/access-request/events.ts';
import type { PolicyInForce } from '../domain/access-request/facts.ts';
import type { AccessRequest, KnownRequest } from '../domain/access-request/model.ts';
import { useOf } from '../domain/access-request/use-of.ts';
import type { IdentityFacts } from '../domain/policy/identity.ts';
import { countsUse, type Use } from '../domain/policy/usage.ts';
import { type Journal, put, type Stored, type Write } from '../ports.ts';
import { accountsOfHumans } from './accounts-of-humans.ts';

export type Usage = {
  readonly uses: readonly Use[];
  /** The records of the humans concerned, as read. */
  readonly read: readonly Stored<'usage'>[];
  /** Seconds for which a denial still matters. */
  readonly denialsSeconds: number;
};

/** Requests of the index that are looked at, per account. */
const INDEXED = 200;
/** More than anybody makes; beyond it nothing is counted, and a policy that counts refuses. */
const MOST = 500;
const KEPT_MS = 48 * 3_600_000;

type Asked = {
  readonly command: Command;
  readonly state: AccessRequest;
  readonly policies: readonly PolicyInForce[];
  readonly identity: IdentityFacts;
  readonly now: Date;
};

/** Null where no policy in force counts, where nothing is asked that does, and where there is too much to be counted. */
export async function usageOf(journal: Journal, asked: Asked): Promise<Usage | null> {
  const { command, state, policies, now } = asked;
  if (!isCounted(asked)) return null;
  const accounts = accountsOfHumans(asked, countedPeople(command, state));
  const [read, indexed] = await Promise.all([
    Promise.all(accounts.map((id) => journal.read('usage', id))),
    Promise.all(accounts.map((id) => journal.requestsOf(id, INDEXED))),
  ]);
  const ids = new Set(read.flatMap(({ value }) => value?.requests ?? []));
  if (ids.size > MOST) return null;
  const exact = await Promise.all([...ids].map((id) => journal.read('request', id)));
  const known = new Map<string, KnownRequest>();
  for (const request of indexed.flat()) known.set(request.requestId, request);
  for (const { id, value } of exact) if (value && value.status !== 'new') known.set(id, value);
  return {
    uses: [...known.values()].map((request) => useOf(request, now)),
    read,
    denialsSeconds: longestCoolDown(policies),
  };
}

/** What is judged by the conditions of its moment. */
const COUNTED = new Set<Command['type']>([
  'RequestAccess',
  'ApproveRequest',
  'RequestExtension',
  'ApproveExtension',
]);

function entitlementOf(command: Command, state: AccessRequest): string | null {
  if (state.status !== 'new') return state.entitlement.id;
  return command.type === 'RequestAccess' ? command.entitlement.id : null;
}

/** Does a policy in force count what this asks for? */
export function isCounted({ command, state, policies }: Omit<Asked, 'identity' | 'now'>): boolean {
  const entitlement = entitlementOf(command, state);
  if (entitlement === null || !COUNTED.has(command.type)) return false;
  return policies.some((each) => countsUse(each.policy, entitlement));
}

/** Whose humans are counted. */
export const countedPeople = (command: Command, state: AccessRequest): string[] => {
  if (state.status !== 'new') return [state.requester, state.subject];
  return command.type === 'RequestAccess' ? [command.actor.id, command.subject] : [];
};

const longestCoolDown = (policies: readonly PolicyInForce[]): number =>
  Math.max(
    0,
    ...policies.flatMap(({ policy }) => [
      policy.limits?.cool_down_after_denial ?? 0,
      ...policy.rules.map((rule) =>
        'approvals' in rule ? (rule.limits?.cool_down_after_denial ?? 0) : 0,
      ),
    ]),
  );

/** The part of a decision's transaction: whatever adds to what is counted holds only while what was counted still does. */
export function usageWrites(
  usage: Usage | null,
  decided: {
    readonly events: readonly AccessRequestEvent[];
    readonly next: KnownRequest;
    readonly now: Date;
  },
): Write[] {
  const { events, next, now } = decided;
  if (!usage || !events.some(({ type }) => ADDS.has(type))) return [];
  const uses = new Map(usage.uses.map((use) => [use.requestId, use]));
  return usage.read.map((base) => {
    const kept = (base.value?.requests ?? []).filter((id) => {
      const use = uses.get(id);
      return id !== next.requestId && use !== undefined && matters(use, usage, now);
    });
    return put(base, { requests: [...kept, next.requestId] });
  });
}

/** Facts by which more is counted. */
export const ADDS = new Set<AccessRequestEvent['type']>([
  'AccessRequested',
  'GrantAuthorized',
  'GrantScheduled',
  'GrantExtended',
]);

function matters(use: Use, { denialsSeconds }: Usage, now: Date): boolean {
  if (use.status !== 'over') return true;
  const since = (at: string | null | undefined) => (at ? now.getTime() - Date.parse(at) : Infinity);
  return (
    since(use.requestedAt) < KEPT_MS ||
    since(use.held?.to) < KEPT_MS ||
    since(use.deniedAt) < denialsSeconds * 1000
  );
}

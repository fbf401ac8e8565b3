/**
 * Members of a container whom nothing explains: put on record, and in an exclusive one marked on the holding of their account so
 * that ensure takes them out. A mark never lands on a holding with anything of ours: both stand under the holding's own lock.
 */
import { holdingIdOf } from '../domain/audit/chain.ts';
import { EXCLUSIVE, type Exclusive, takeTurn } from '../domain/container/exclusive.ts';
import { emptyHolding, type Holding } from '../domain/holding/model.ts';
import { isOursNow } from '../domain/holding/stray.ts';
import { membersOf } from '../domain/policy/members.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { EventOf, RecordOf } from '../domain/records.ts';
import { type ContainerRef, type ListedMember, put, type Stored, written } from '../ports.ts';
import { nameOf } from './container-name.ts';
import type { EnsureDeps } from './ensure-run.ts';
import type { ActivePolicy } from './policies.ts';

type Container = RecordOf<'container'>;
type Held = Stored<'container'> & { readonly value: Container };

/** A transaction takes a hundred items; an event may need more than one. */
const EVENTS_AT_ONCE = 40;

/**
 * Who is new and who is gone. `exclusive`: what is known of it as such, null where it is none. Members from before the first look
 * are there by other means: on record, but no news. Null when somebody else was faster; the next look says the same again.
 */
export async function recordStrangers(
  container: ContainerRef,
  now: {
    strangers: readonly ListedMember[];
    exclusive: Exclusive | null | 'unknown';
    isFirst?: boolean;
  },
  deps: EnsureDeps,
): Promise<Held | null> {
  const name = nameOf(container);
  const stored = await deps.journal.read('container', name);
  const at = deps.clock.now().toISOString();
  const { events, found } = newsOf(stored.value, now, { name, at });
  const known = stored.value?.known ?? now.strangers.map(({ accountId }) => accountId);
  const exclusive = now.exclusive === 'unknown' ? (stored.value?.exclusive ?? null) : now.exclusive;
  const beside = { known, lookedAt: at, ...(exclusive && { exclusive }) };
  const same = JSON.stringify(stored.value?.exclusive ?? null) === JSON.stringify(exclusive);
  if (stored.value && events.length === 0 && same) return { ...stored, value: stored.value };
  const result = await inParts(stored, { events, beside }, deps);
  if (!result || !stored.value) return result;
  const old = new Set(known);
  for (const { accountId, role } of found.filter((each) => !old.has(each.accountId)))
    deps.telemetry.alarm('drift-found', {
      ...{ container: name, accountId, actual: role, expected: null },
    });
  return result;
}

function newsOf(
  before: Container | null,
  now: { strangers: readonly ListedMember[]; isFirst?: boolean },
  { name, at }: { name: string; at: string },
) {
  const known = new Set(before?.strangers ?? []);
  const seen = new Set(now.strangers.map(({ accountId }) => accountId));
  const found = now.strangers.filter(({ accountId }) => !known.has(accountId));
  const about = { v: 1 as const, at, actor: { kind: 'ensure' as const }, container: name };
  const strangers = now.strangers.length;
  const events: EventOf<'container'>[] = [
    ...found.map(({ accountId, role }) => ({
      type: 'StrangerFound' as const,
      ...{ ...about, accountId, role },
    })),
    ...[...known]
      .filter((accountId) => !seen.has(accountId))
      .map((accountId) => ({
        type: 'StrangerGone' as const,
        ...{ ...about, accountId, role: null },
      })),
    ...(now.isFirst && strangers > 0
      ? [{ type: 'ExclusiveReported' as const, ...about, strangers }]
      : []),
  ];
  return { events, found };
}

/** One after the other; what is known of an exclusive container comes with the last, when all of it is on record. */
async function inParts(
  stored: Stored<'container'>,
  what: { events: readonly EventOf<'container'>[]; beside: Omit<Container, 'strangers'> },
  { journal, clock }: EnsureDeps,
): Promise<Held | null> {
  const { exclusive: _, ...plain } = what.beside;
  let base = stored;
  for (let from = 0; ; from += EVENTS_AT_ONCE) {
    const part = what.events.slice(from, from + EVENTS_AT_ONCE);
    const isLast = from + EVENTS_AT_ONCE >= what.events.length;
    const before = base.value?.exclusive;
    const beside = isLast ? what.beside : { ...plain, ...(before && { exclusive: before }) };
    const next = { ...beside, strangers: after(base.value?.strangers ?? [], part) };
    const done = await journal.commit([put(base, next, part)], clock.now());
    if (!done.committed) return null;
    const held = written(base, next, done.heads[0]);
    if (isLast) return held;
    base = held;
  }
}

function after(strangers: readonly string[], events: readonly EventOf<'container'>[]): string[] {
  const left = new Set(strangers);
  for (const event of events) {
    if (event.type === 'StrangerFound') left.add(event.accountId);
    if (event.type === 'StrangerGone') left.delete(event.accountId);
  }
  return [...left];
}

export type Look = {
  readonly container: ContainerRef;
  /** Direct members whom nothing explains, of a listing that was complete. */
  readonly strangers: readonly ListedMember[];
  readonly holdings: readonly Holding[];
  readonly active: ActivePolicy | null;
  readonly containerId: string | null;
};

/** An exclusive container: whose turn it is are marked, each in a transaction of its own, and ensure is woken. @throws Fault */
export async function takeOut(look: Look, deps: EnsureDeps): Promise<void> {
  const { container, strangers, containerId } = look;
  const { value } = await deps.journal.read('container', nameOf(container));
  const seen = strangers.map(({ accountId }) => accountId);
  const turn = takeTurn(value?.exclusive, seen, { now: deps.clock.now(), containerId });
  const { next: exclusive, isFirst } = turn;
  let base = await recordStrangers(container, { strangers, exclusive, isFirst }, deps);
  if (base && isFirst && strangers.length > 0) report(look, deps);
  for (const accountId of turn.marked) {
    const member = strangers.find((each) => each.accountId === accountId);
    if (!base || !member) return;
    base = await mark(base, member, { look, deps });
  }
}

function report({ container, strangers }: Look, { telemetry }: EnsureDeps): void {
  telemetry.alarm('drift-found', {
    container: nameOf(container),
    strangers: strangers.length,
    next: `The policy calls it exclusive: from the next look on, at most ${EXCLUSIVE.mostPerLook} of them are taken out per look`,
  });
}

/** Null when somebody was faster: whoever comes next sees what is there then. */
async function mark(
  base: Held,
  member: ListedMember,
  { look, deps }: { look: Look; deps: EnsureDeps },
): Promise<Held | null> {
  const { accountId, role } = member;
  const now = deps.clock.now();
  const at = now.toISOString();
  const stored = await deps.journal.read('holding', holdingOf(member, look));
  const holding = stored.value ?? newHolding(stored.id, member, look);
  const under = holding.stray !== undefined && holding.stray.until > at;
  if (isOursNow(holding) || under) return base;
  const { container, containerId } = look;
  const until = new Date(now.getTime() + EXCLUSIVE.markSeconds * 1000).toISOString();
  const next: Holding = {
    ...holding,
    container: { ...holding.container, ...(containerId !== null && { id: containerId }) },
    stray: { accountId, role, markedAt: at, until, issued: false },
    dueAt: at,
    nextAttemptAt: null,
  };
  const foundAt = base.value.exclusive?.line.find((each) => each.accountId === accountId)?.since;
  const event = {
    type: 'StrangerMarked' as const,
    ...{ v: 1 as const, at, actor: { kind: 'ensure' as const }, container: nameOf(container) },
    ...{ accountId, role, holdingId: stored.id, foundAt: foundAt ?? at },
  };
  const writes = [put(base, base.value, [event]), put(stored, next)];
  const done = await deps.journal.commit(writes, now);
  if (!done.committed) return null;
  await deps.queues.send('removals', { holdingId: stored.id });
  return written(base, base.value, done.heads[0]);
}

/** The holding that is known to be this account's; else the one that a grant to its login would take. */
function holdingOf({ accountId, login }: ListedMember, { holdings, container }: Look): string {
  const known = holdings.find((holding) => holding.accountId === accountId);
  const { provider, kind, resource } = container;
  return known?.holdingId ?? holdingIdOf({ provider, kind, resource, login });
}

function newHolding(holdingId: string, { login }: ListedMember, look: Look): Holding {
  const { provider, kind, resource } = look.container;
  const subject = look.active ? personWith(look.active.policy, provider, login) : null;
  return emptyHolding({ holdingId, container: { provider, kind, resource }, login, subject });
}

const personWith = (policy: Policy, provider: string, login: string): string | null =>
  [...membersOf(policy).bySlack.values()].find(
    ({ accounts }) => accounts.get(provider)?.toLowerCase() === login.toLowerCase(),
  )?.slack ?? null;

/**
 * What the channels' digests say, gathered in one pass over the day's events and one over the due work. Everything streams: what
 * is in memory is one page, one batch of requests and the few lines that are shown, however much happened.
 * Lists come from indexes and may be a moment old; nothing is decided by them.
 */
import { type KnownRequest, reviewDueAt } from '../domain/access-request/model.ts';
import type { Belonging } from '../domain/digest/channels.ts';
import { type DigestContent, REVIEWERS_NAMED } from '../domain/digest/model.ts';
import {
  accessOf,
  anomalyIn,
  type CountedEvent,
  countedAs,
  isCounted,
  openTally,
  type Tally,
} from '../domain/digest/tally.ts';
import { TIMING } from '../domain/holding/timing.ts';
import type { EventOf } from '../domain/records.ts';
import type { StandingHalt } from '../domain/stop/standing.ts';
import type { DueItem, Journal, RecentEvent } from '../ports.ts';
import { batchesOf } from './batches.ts';
import { endOf } from './card-facts.ts';

export type Wanted = {
  readonly now: Date;
  /** Access that ends before this instant ends today. */
  readonly endsAt: Date;
  readonly belonging: Belonging;
  /** Slack ids of those who may review a break-glass. */
  reviewersOf(request: KnownRequest): readonly string[];
  /** What keeps new access from being given: every channel's digest says it. */
  readonly halts: readonly StandingHalt[];
  /** Channel -> whose events are counted there. */
  readonly channels: ReadonlyMap<string, { readonly from: Date; readonly to: Date }>;
};

type Pass = Wanted & { readonly journal: Journal; readonly tallies: ReadonlyMap<string, Tally> };

/** Records that are read at the same time. */
const BATCH = 50;
/** Further than any request can wait. */
const FAR_MS = 366 * 86_400_000;

/** @throws Fault when the journal fails: nothing was kept, the next run starts again */
export async function digestContents(
  journal: Journal,
  wanted: Wanted,
): Promise<ReadonlyMap<string, DigestContent>> {
  const tallies = new Map([...wanted.channels.keys()].map((channel) => [channel, openTally()]));
  const pass: Pass = { ...wanted, journal, tallies };
  for (const tally of tallies.values()) tally.halts(wanted.halts);
  const spans = [...wanted.channels.values()];
  const from = new Date(Math.min(...spans.map((span) => span.from.getTime())));
  const to = new Date(Math.max(...spans.map((span) => span.to.getTime())));
  for await (const batch of batchesOf(BATCH, journal.eventsBetween(from, to)))
    await Promise.all(batch.map((each) => takeEvent(pass, each)));
  const far = new Date(wanted.now.getTime() + FAR_MS);
  for await (const batch of batchesOf(BATCH, journal.allDue(far)))
    await Promise.all(batch.map((each) => takeDue(pass, each)));
  return new Map([...tallies].map(([channel, tally]) => [channel, tally.content()]));
}

async function takeEvent(pass: Pass, { id, event }: RecentEvent): Promise<void> {
  if (isCounted(event)) return takeRequestEvent(pass, event);
  if (event.type === 'DriftFound') return takeDrift(pass, id, event);
  if (event.type === 'StrangerFound') return takeStranger(pass, event);
}

/** The tallies of those channels that count this instant. */
const counting = (pass: Pass, channels: readonly string[], at: string): Tally[] =>
  channels.flatMap((channel) => {
    const span = pass.channels.get(channel);
    const tally = pass.tallies.get(channel);
    const counts = span && at >= span.from.toISOString() && at < span.to.toISOString();
    return tally && counts ? [tally] : [];
  });

async function known(pass: Pass, requestId: string): Promise<KnownRequest | null> {
  const { value } = await pass.journal.read('request', requestId);
  return value && value.status !== 'new' ? value : null;
}

async function takeRequestEvent(pass: Pass, event: CountedEvent): Promise<void> {
  const state = await known(pass, event.requestId);
  const channel = state && pass.belonging.ofRequest(state);
  if (!state || !channel) return;
  for (const tally of counting(pass, [channel], event.at)) {
    const name = countedAs(event, state);
    if (name) tally.count(name);
    const anomaly = anomalyIn(event, state);
    if (anomaly) tally.anomaly(anomaly);
  }
}

type DriftFound = Extract<EventOf<'holding'>, { type: 'DriftFound' }>;

async function takeDrift(pass: Pass, id: string, event: DriftFound): Promise<void> {
  const { value } = await pass.journal.read('holding', id);
  // Of an account that the policy does not know, the container's own record tells.
  if (!value || value.subject === null) return;
  const { provider, kind, resource } = value.container;
  const container = `${provider}:${kind}:${resource}`;
  const { at, actual, expected } = event;
  const anomaly = {
    kind: 'drift',
    at,
    subject: value.subject,
    container,
    actual,
    expected,
  } as const;
  for (const tally of counting(pass, pass.belonging.ofContainer(container), at))
    tally.anomaly(anomaly);
}

/** Who was there before Hallpass first looked is on record, but no news. */
type StrangerFound = Extract<EventOf<'container'>, { type: 'StrangerFound' }>;

async function takeStranger(pass: Pass, event: StrangerFound): Promise<void> {
  const { at, container, accountId, role } = event;
  const tallies = counting(pass, pass.belonging.ofContainer(container), at);
  if (tallies.length === 0) return;
  const { value } = await pass.journal.read('container', container);
  if (value?.known.includes(accountId)) return;
  for (const tally of tallies) tally.anomaly({ kind: 'stranger', at, container, accountId, role });
}

async function takeDue(pass: Pass, { kind, id, dueAt }: DueItem): Promise<void> {
  if (kind === 'request') return takeRequest(pass, await known(pass, id));
  if (kind !== 'holding') return;
  // A holding is due at the next end of a grant at the latest.
  if (dueAt >= pass.endsAt.toISOString()) return;
  const { value } = await pass.journal.read('holding', id);
  for (const { grantId } of value?.grants ?? []) takeGrant(pass, await known(pass, grantId));
}

function tallyOf(pass: Pass, state: KnownRequest | null): Tally | null {
  const channel = state && pass.belonging.ofRequest(state);
  return (channel && pass.tallies.get(channel)) || null;
}

function takeRequest(pass: Pass, state: KnownRequest | null): void {
  takeWaiting(pass, state);
  if (state) takeReview(pass, state);
}

/** A review that is owed is told every day until it is given; one that belongs to no channel's digest, in all of them. */
function takeReview(pass: Pass, state: KnownRequest): void {
  const { breakGlass } = state;
  if (!breakGlass || reviewDueAt(state) === null) return;
  const own = tallyOf(pass, state);
  const reviewers = pass.reviewersOf(state).slice(0, REVIEWERS_NAMED);
  for (const tally of own ? [own] : pass.tallies.values())
    tally.review({ ...accessOf(state), at: breakGlass.reviewBy, reviewers });
}

function takeWaiting(pass: Pass, state: KnownRequest | null): void {
  if (state?.status !== 'pending' || state.lapsesAt <= pass.now.toISOString()) return;
  tallyOf(pass, state)?.waiting({ ...accessOf(state), at: state.requestedAt });
}

/** Of a live grant: it should have ended, or ends today. */
function takeGrant(pass: Pass, state: KnownRequest | null): void {
  const tally = tallyOf(pass, state);
  if (!state || !tally) return;
  const line = (at: string) => ({ ...accessOf(state), at });
  const end = endOf(state);
  if (end && pass.now.getTime() - Date.parse(end) > TIMING.overdueSeconds * 1000)
    tally.overdue(line(end));
  if (state.status !== 'activating' && state.status !== 'active') return;
  const { expiresAt } = state;
  if (expiresAt > pass.now.toISOString() && expiresAt < pass.endsAt.toISOString())
    tally.ending(line(expiresAt));
}

/**
 * What one channel's digest says, gathered fact by fact in constant memory: numbers that grow, and lists that keep the first few.
 * `countedAs` alone judges whether access ended on time, early or overdue, from the facts of its state.
 */

import type { AccessRequestEvent } from '../access-request/events.ts';
import type { InStatus, KnownRequest } from '../access-request/model.ts';
import { TIMING } from '../holding/timing.ts';
import type { StandingHalt } from '../stop/standing.ts';
import {
  type AccessLine,
  type Anomaly,
  type CountName,
  type DigestContent,
  HALTS_KEPT,
  LISTED,
  type ReviewLine,
} from './model.ts';

type Ended = InStatus<'ended'>;

/** When access should have been gone: at its time, or when somebody ended it before. */
const dueGoneAt = ({ endedAt, expiresAt }: Ended): string =>
  endedAt < expiresAt ? endedAt : expiresAt;

/** Seconds past its end for which the provider still showed it; never below zero. */
const lateSeconds = (state: Ended): number =>
  Math.max(0, Math.ceil((Date.parse(state.removedAt) - Date.parse(dueGoneAt(state))) / 1000));

/** Null: there never was any access by this grant. */
function endedAs(state: Ended): CountName | null {
  if (state.outcome === 'never-granted') return null;
  if (lateSeconds(state) > TIMING.overdueSeconds) return 'endedOverdue';
  return state.endedAt < state.expiresAt ? 'endedEarly' : 'endedOnTime';
}

const PLAIN = {
  AccessRequested: 'asked',
  GrantActivated: 'granted',
  RequestDenied: 'denied',
  RequestLapsed: 'lapsed',
  RequestWithdrawn: 'withdrawn',
  ActivationFailed: 'failed',
} as const satisfies Partial<Record<AccessRequestEvent['type'], CountName>>;

/** The events that a digest counts; of all others nobody needs to load the request. */
export type CountedEvent = Extract<
  AccessRequestEvent,
  { type: keyof typeof PLAIN | 'GrantRemoved' }
>;
export const isCounted = (event: { readonly type: string }): event is CountedEvent =>
  event.type === 'GrantRemoved' || Object.hasOwn(PLAIN, event.type);

/** Under which number an event is counted, given the request as it stands now; null under none. */
export function countedAs(event: CountedEvent, state: KnownRequest): CountName | null {
  if (event.type !== 'GrantRemoved') return PLAIN[event.type];
  return state.status === 'ended' ? endedAs(state) : null;
}

export const accessOf = ({ requestId, subject, entitlement }: KnownRequest) => ({
  requestId,
  subject,
  entitlementId: entitlement.id,
  role: entitlement.role,
});

/** What somebody should look at in a counted event, null when nothing. */
export function anomalyIn(event: CountedEvent, state: KnownRequest): Anomaly | null {
  const about = { at: event.at, ...accessOf(state) };
  if (event.type === 'ActivationFailed') return { kind: 'failed', ...about, code: event.code };
  if (event.type !== 'GrantRemoved' || state.status !== 'ended') return null;
  if (endedAs(state) === 'endedOverdue')
    return { kind: 'overdue', ...about, lateSeconds: lateSeconds(state) };
  return event.outcome === 'left' ? { kind: 'left', ...about } : null;
}

/** Gathers one channel's content. What is told twice is counted twice: the caller goes through everything once. */
export type Tally = {
  count(name: CountName): void;
  waiting(line: AccessLine): void;
  ending(line: AccessLine): void;
  overdue(line: AccessLine): void;
  review(line: ReviewLine): void;
  anomaly(anomaly: Anomaly): void;
  /** What stands in the way of new access, the first few. */
  halts(standing: readonly StandingHalt[]): void;
  content(): DigestContent;
};

export function openTally(): Tally {
  const content = emptyContent();
  return {
    count(name) {
      content.counts[name] += 1;
    },
    waiting: (line) => keep(content.waiting, line),
    ending: (line) => keep(content.ending, line),
    overdue: (line) => keep(content.overdue, line),
    review: (line) => keep(content.reviews, line),
    anomaly: (anomaly) => keep(content.anomalies, anomaly),
    halts(standing) {
      content.halts = standing.slice(0, HALTS_KEPT);
    },
    content: () => content,
  };
}

/** Counts everything and keeps the earliest. */
function keep<T extends { at: string }>(list: { count: number; first: T[] }, line: T): void {
  list.count += 1;
  list.first.splice(list.first.findLastIndex(({ at }) => at <= line.at) + 1, 0, line);
  list.first.splice(LISTED);
}

const emptyContent = (): DigestContent => ({
  halts: [],
  counts: {
    ...{ asked: 0, granted: 0, denied: 0, lapsed: 0, withdrawn: 0, failed: 0 },
    ...{ endedOnTime: 0, endedEarly: 0, endedOverdue: 0 },
  },
  waiting: { count: 0, first: [] },
  ending: { count: 0, first: [] },
  overdue: { count: 0, first: [] },
  reviews: { count: 0, first: [] },
  anomalies: { count: 0, first: [] },
});

/** Nothing happened, nothing waits, nothing ends, nothing stands in the way: no message. */
export const saysNothing = (content: DigestContent): boolean =>
  content.halts.length === 0 &&
  Object.values(content.counts).every((count) => count === 0) &&
  [content.waiting, content.ending, content.overdue, content.reviews, content.anomalies].every(
    ({ count }) => count === 0,
  );

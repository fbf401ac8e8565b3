/** How often one human may ask and how long they may hold something on one day. Counted per human, whichever account they use. */
import { dayAfter, dayOf, startOfDay } from '../../digest/local-day.ts';
import type { Limits } from '../policy.ts';
import type { PolicyRefusal } from '../refusal.ts';
import { type Use, usesOf } from '../usage.ts';
import type { Situation } from '../verdict.ts';

const HOUR_MS = 3_600_000;

export function overLimits(situation: Situation): PolicyRefusal | null {
  const { policy, rule, ask, facts, rigour } = situation;
  const limits = { ...policy.limits, ...rule.limits };
  if (Object.keys(limits).length === 0) return null;
  if (!facts.usage) return rigour.evidence === 'fresh' ? { code: 'counts-unknown' } : null;
  const others = facts.usage.filter(({ requestId }) => requestId !== ask.requestId);
  const count = { ...situation, limits, others };
  const asking = ask.requestId === undefined;
  return (
    (asking ? (tooManyAsks(count) ?? tooManyPending(count) ?? coolingDown(count)) : null) ??
    tooMuchInADay(count)
  );
}

type Count = Situation & { readonly limits: Limits; readonly others: readonly Use[] };

const mine = ({ policy, ask, facts, others }: Count, part: readonly ('requester' | 'subject')[]) =>
  usesOf(others, [ask.requester, ask.subject], { policy, facts, part });

/** What concerns this entitlement and either of the two humans, in whichever part. */
const alike = (count: Count): readonly Use[] =>
  mine(count, ['requester', 'subject']).filter(
    ({ entitlement }) => entitlement === count.ask.entitlement,
  );

function tooManyAsks(count: Count): PolicyRefusal | null {
  const limit = count.limits.asks_per_hour ?? Number.POSITIVE_INFINITY;
  const { policy, ask, facts, others } = count;
  const since = facts.now.getTime() - HOUR_MS;
  const asked = usesOf(others, [ask.requester], { policy, facts, part: ['requester'] })
    .map(({ requestedAt }) => Date.parse(requestedAt))
    .filter((at) => at > since)
    .sort((one, other) => one - other);
  const oldest = asked[asked.length - limit];
  if (oldest === undefined) return null;
  return { code: 'too-many-asks', limit, again: new Date(oldest + HOUR_MS).toISOString() };
}

function tooManyPending(count: Count): PolicyRefusal | null {
  const limit = count.limits.pending_per_entitlement ?? Number.POSITIVE_INFINITY;
  const waiting = alike(count).filter(({ status }) => status === 'waiting');
  const [first] = waiting;
  if (!first || waiting.length < limit) return null;
  return { code: 'too-many-pending', limit, requestId: first.requestId };
}

function coolingDown(count: Count): PolicyRefusal | null {
  const seconds = count.limits.cool_down_after_denial;
  // Stryker disable next-line ConditionalExpression: no end of a wait that is no number lies ahead
  if (seconds === undefined) return null;
  const denied = alike(count).flatMap(({ deniedAt }) => (deniedAt ? [Date.parse(deniedAt)] : []));
  const until = Math.max(...denied) + seconds * 1000;
  return until > count.facts.now.getTime()
    ? { code: 'cooling-down', until: new Date(until).toISOString() }
    : null;
}

type Span = { readonly from: number; readonly to: number };

function tooMuchInADay(count: Count): PolicyRefusal | null {
  const max = count.limits.max_per_day;
  if (max === undefined) return null;
  const { policy, ask, facts, others } = count;
  const wanted = spanOf(ask, facts.now);
  const held = usesOf(others, [ask.subject], { policy, facts, part: ['subject'] }).flatMap((use) =>
    use.held && use.entitlement === ask.entitlement
      ? [{ from: Date.parse(use.held.from), to: Date.parse(use.held.to) }]
      : [],
  );
  for (const { day, span } of daysOf(wanted, policy.timezone)) {
    const before = held.reduce((sum, each) => sum + overlapMs(each, span), 0) / 1000;
    if (before + overlapMs(wanted, span) / 1000 <= max) continue;
    const leftSeconds = Math.max(0, Math.floor(max - before));
    return { code: 'day-used-up', day, maxSeconds: max, leftSeconds };
  }
  return null;
}

function spanOf({ window, durationSeconds }: Situation['ask'], now: Date): Span {
  if (window) return { from: Date.parse(window.from), to: Date.parse(window.to) };
  return { from: now.getTime(), to: now.getTime() + durationSeconds * 1000 };
}

const overlapMs = (one: Span, other: Span): number =>
  Math.max(0, Math.min(one.to, other.to) - Math.max(one.from, other.from));

/** The days of the zone that a span touches, each from its first instant to that of the next. */
function daysOf(wanted: Span, timezone: string): { day: string; span: Span }[] {
  const days = [];
  for (let day = dayOf(new Date(wanted.from), timezone); ; day = dayAfter(day)) {
    const span = {
      from: startOfDay(day, timezone).getTime(),
      to: startOfDay(dayAfter(day), timezone).getTime(),
    };
    if (span.from >= wanted.to) return days;
    days.push({ day, span });
  }
}

/**
 * Freeze windows: inside one nothing is asked for or approved, unless whoever asks or decides may override it. It ends at the
 * last moment its clock can mean; what takes rights away is never frozen.
 */
import {
  dayAfter,
  dayBefore,
  dayOf,
  lastMomentOf,
  momentOf,
  weekdayOf,
} from '../../digest/local-day.ts';
import { type CastFacts, playerOf } from '../cast.ts';
import { matchesGlob } from '../glob.ts';
import { selects } from '../members.ts';
import type { Freeze, Policy } from '../policy.ts';
import type { PolicyRefusal } from '../refusal.ts';
import type { Situation } from '../verdict.ts';
import { beginsAt } from './begins.ts';

export function frozen(situation: Situation): PolicyRefusal | null {
  const { policy, ask, facts } = situation;
  const decider = ask.requestId === undefined ? null : (facts.decider ?? facts.candidate);
  const concerned = [ask.requester, decider ?? ask.requester];
  for (const freeze of policy.freeze ?? []) {
    if (!freeze.entitlements.some((glob) => matchesGlob(glob, ask.entitlement))) continue;
    const until =
      endOf(freeze, policy.timezone, facts.now) ??
      endOf(freeze, policy.timezone, beginsAt(situation));
    if (until === null) continue;
    const overrides = concerned.some((slack) => isExcepted(policy, freeze, { slack, facts }));
    if (!overrides) return { code: 'frozen', freeze: freeze.name, until: until.toISOString() };
  }
  return null;
}

function isExcepted(
  policy: Policy,
  { except }: Freeze,
  { slack, facts }: { slack: string; facts: CastFacts },
): boolean {
  const player = except ? playerOf(policy, slack, facts) : null;
  return except && player ? selects(except, player.member, player.roles) : false;
}

/** When the window around `now` ends; null outside it. */
export function endOf(freeze: Freeze, timezone: string, now: Date): Date | null {
  if (!('every' in freeze)) return within(once(freeze, timezone), now);
  const today = dayOf(now, timezone);
  for (const start of lastDays(today, 8))
    if (weekdayOf(start) === freeze.every.from.slice(0, 3)) {
      const end = within(weekly(freeze.every, start, timezone), now);
      if (end) return end;
    }
  return null;
}

type Window = { readonly from: Date; readonly to: Date };

const within = ({ from, to }: Window, now: Date): Date | null =>
  now >= from && now < to ? to : null;

const once = ({ from, to }: { from: string; to: string }, timezone: string): Window => ({
  from: momentOf(from.slice(0, 10), from.slice(11), timezone),
  to: lastMomentOf(to.slice(0, 10), to.slice(11), timezone),
});

/** The window that begins on the day `start`: its end is the next time that its `to` comes. */
function weekly(every: { from: string; to: string }, start: string, timezone: string): Window {
  const [time, end] = [every.from.slice(4), every.to.slice(4)];
  // Stryker disable next-line EqualityOperator: `from` and `to` are never the same time of the same day
  let day = end <= time ? dayAfter(start) : start;
  while (weekdayOf(day) !== every.to.slice(0, 3)) day = dayAfter(day);
  return { from: momentOf(start, time, timezone), to: lastMomentOf(day, end, timezone) };
}

function lastDays(today: string, count: number): string[] {
  const days = [today];
  // Stryker disable next-line EqualityOperator: a window that began eight days ago is over, whatever its end
  while (days.length < count) days.push(dayBefore(days[days.length - 1] ?? today));
  return days;
}

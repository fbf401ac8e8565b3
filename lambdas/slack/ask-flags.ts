/**
 * The flags of a typed ask: `--for @somebody`, `--break-glass INC-123`, `--at 2026-11-28T02:00`, `--window 2026-11-28T02:00/06:00`. Pure.
 * They may stand anywhere in the line, each once, and are taken out of it; a person is taken from Slack's own escaped mention only, and
 * times are those of the policy's zone. What is wrong with one is a value that names it, never a guess.
 */
import type { Start } from '../../shared/domain/access-request/model.ts';
import { dayAfter, dayOf, lastMomentOf, momentOf } from '../../shared/domain/digest/local-day.ts';

export type AskFlags = {
  /** Slack id of for whom, null for oneself. */
  readonly subject: string | null;
  readonly breakGlass: { readonly incident: string | null } | null;
  readonly start: Start | null;
};

export const FLAGS = ['--for', '--break-glass', '--at', '--window'] as const;
export type Flag = (typeof FLAGS)[number];
export type FlagProblem = {
  readonly flag: Flag;
  readonly typed: string;
  readonly wrong: 'twice' | 'value' | 'together';
};
export type Flagged = {
  /** What was understood; nothing of a flag that was not. */
  readonly flags: AskFlags;
  readonly used: readonly Flag[];
  /** The line without its flags. */
  readonly rest: string;
  /** The flags alone, as they were typed. */
  readonly typed: string;
  /** The first that is wrong. */
  readonly problem: FlagProblem | null;
};

const MENTION = /^<@([UW][A-Z0-9]{2,20})(?:\|[^<>]*)?>$/;
/** Looks like the key of an incident: what follows the flag and does not is the reason already. */
const LIKE_A_KEY = /^(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9_#-]{0,63}$/;
const LOCAL = /^(\d{4}-\d{2}-\d{2})T((?:[01]\d|2[0-3]):[0-5]\d)$/;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
const LONGEST_TYPED = 80;

type When = { readonly timezone: string; readonly now: Date };
type Taken = { readonly flag: Flag; readonly value: string };

export function readFlags(text: string, when: When): Flagged {
  const { taken, rest } = takenOut(text);
  const used = taken.map(({ flag }) => flag);
  const twice = taken.find(({ flag }, index) => used.indexOf(flag) < index);
  const [person, glass, at, frame] = FLAGS.map((flag) =>
    flag === twice?.flag ? undefined : taken.find((each) => each.flag === flag),
  );
  const subject = person ? (MENTION.exec(person.value)?.[1] ?? null) : null;
  const together = at && frame;
  const start = together ? null : readStart(at, frame, when);
  const flags = {
    subject,
    breakGlass: glass ? { incident: glass.value === '' ? null : glass.value } : null,
    start: start === 'wrong' ? null : start,
  };
  const typed = taken.map(({ flag, value }) => (value === '' ? flag : `${flag} ${value}`));
  const problem =
    (twice && wrong(twice, 'twice')) ??
    (together && wrong(frame, 'together')) ??
    (person && subject === null ? wrong(person, 'value') : null) ??
    (start === 'wrong' ? wrong(at ?? frame ?? { flag: '--at', value: '' }, 'value') : null);
  return { flags, used, rest, typed: typed.join(' '), problem };
}

const wrong = ({ flag, value }: Taken, what: FlagProblem['wrong']): FlagProblem => ({
  ...{ flag, typed: value.slice(0, LONGEST_TYPED), wrong: what },
});

/** Everything else stays as it was typed. */
function takenOut(text: string): { taken: Taken[]; rest: string } {
  const taken: Taken[] = [];
  let rest = '';
  let left = text;
  for (;;) {
    const found = /(^|\s)(--for|--break-glass|--at|--window)(?=\s|$)/.exec(left);
    const flag = FLAGS.find((each) => each === found?.[2]);
    if (!found || !flag) return { taken, rest: rest + left };
    rest += left.slice(0, found.index);
    left = left.slice(found.index + found[0].length);
    const [, space = '', word = ''] = /^(\s*)(\S*)/.exec(left) ?? [];
    const isValue = flag === '--break-glass' ? LIKE_A_KEY.test(word) : !isFlag(word);
    if (isValue) left = left.slice(space.length + word.length);
    taken.push({ flag, value: isValue ? word : '' });
  }
}

const isFlag = (word: string): boolean => FLAGS.some((flag) => flag === word);

function readStart(
  at: Taken | undefined,
  window: Taken | undefined,
  when: When,
): Start | null | 'wrong' {
  if (at) {
    const notBefore = instantOf(at.value, when);
    return notBefore ? { notBefore: notBefore.toISOString(), until: null } : 'wrong';
  }
  if (!window) return null;
  const [from = '', to = '', ...more] = window.value.split('/');
  const begins = more.length === 0 ? instantOf(from, when) : null;
  const ends = begins && endOf(to, begins, when);
  return begins && ends ? { notBefore: begins.toISOString(), until: ends.toISOString() } : 'wrong';
}

/** A day that does not exist is no day; a time that its day skips or shows twice means its first instant from there on. */
function instantOf(written: string, { timezone, now }: When): Date | null {
  if (TIME.test(written)) {
    const today = dayOf(now, timezone);
    const first = momentOf(today, written, timezone);
    return first > now ? first : momentOf(dayAfter(today), written, timezone);
  }
  const [, day, time] = LOCAL.exec(written) ?? [];
  if (day === undefined || time === undefined || !isDay(day)) return null;
  return momentOf(day, time, timezone);
}

const isDay = (day: string): boolean => {
  const ms = Date.parse(`${day}T00:00:00.000Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === day;
};

/** `06:00` is the next time that the clock shows it; a time that comes twice, its last coming. */
function endOf(written: string, begins: Date, { timezone }: When): Date | null {
  if (TIME.test(written)) {
    const day = dayOf(begins, timezone);
    const first = lastMomentOf(day, written, timezone);
    return first > begins ? first : lastMomentOf(dayAfter(day), written, timezone);
  }
  const [, day, time] = LOCAL.exec(written) ?? [];
  if (day === undefined || time === undefined || !isDay(day)) return null;
  const end = lastMomentOf(day, time, timezone);
  return end;
}

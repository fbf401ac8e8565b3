/**
 * The one-liner of `/request-access`, strictly: `target [role] [duration] [justification] {flag}`. Pure. Role and duration are
 * closed vocabularies and come in any order right after the target; from the first word that is neither, everything is
 * the justification, byte for byte. What is not understood is a value that names it, never an exception and never a guess;
 * what was understood beside it comes along, for the form.
 */
import { formatDuration, parseDuration } from '../../shared/domain/duration.ts';
import { closest } from '../../shared/domain/policy/catalog.ts';
import { type AskFlags, type FlagProblem, readFlags } from './ask-flags.ts';
import { secondsUntil } from './until.ts';

/** What there is to ask for; names as people type them. */
export type Vocabulary = {
  readonly targets: ReadonlyMap<string, readonly string[]>;
  /** Targets that may be suggested to this person. */
  readonly offered: readonly string[];
  readonly timezone: string;
};

export type Problem = {
  readonly part: 'target' | 'role' | 'duration';
  /** As typed; empty when nothing was. */
  readonly typed: string;
  readonly didYouMean: readonly string[];
};
/** What was understood of a line; `duration` as it was typed. */
export type Understood = {
  readonly entitlement: string | null;
  readonly role: string | null;
  readonly duration: string | null;
  readonly justification: string;
};
/** Null where the line has none. */
type Flags = { readonly flags: AskFlags | null };
export type CommandLine =
  | ({ readonly kind: 'help' } & Flags)
  | ({ readonly kind: 'again' } & Flags)
  | ({ readonly kind: 'nothing' } & Flags)
  | ({
      readonly kind: 'flag-not-understood';
      readonly problem: FlagProblem;
      /** Of the line without its flags. */
      readonly understood: Understood;
    } & Flags)
  | ({
      readonly kind: 'not-understood';
      readonly problem: Problem;
      readonly understood: Understood;
      /** The whole line with one misspelt word put right, for each word that is near enough. */
      readonly corrected: readonly string[];
    } & Flags)
  | ({
      readonly kind: 'ask';
      readonly entitlement: string;
      readonly role: string;
      readonly durationSeconds: number;
      readonly justification: string;
    } & Flags);

/** Looks like an attempt at a duration: a sign, a digit, or a unit after digits. Prose does not begin like that. */
const LIKE_A_DURATION = /^[-+]?[0-9]+(?:[.,][0-9]+)?(?:[a-z]{0,8}|[mhd][0-9mhd]*);?$/i;
const LONGEST_TYPED = 80;

type Words = { readonly word: string; readonly rest: string };

/** The first word and everything behind the white space that follows it, untouched. */
function split(text: string): Words {
  const start = text.trimStart();
  const word = /^\S*/.exec(start)?.[0] ?? '';
  return { word, rest: start.slice(word.length).replace(/^\s/, '') };
}

export function parseCommandLine(text: string, vocabulary: Vocabulary, now: Date): CommandLine {
  const flagged = readFlags(text, { timezone: vocabulary.timezone, now });
  if (flagged.used.length === 0) return { ...parseUnflagged(text, vocabulary, now), flags: null };
  const { flags, problem, rest, typed } = flagged;
  // `until 20:00` is counted from where the access begins.
  const begins = flags.start ? new Date(flags.start.notBefore) : now;
  const line = parseUnflagged(rest, vocabulary, begins);
  if (problem) return { kind: 'flag-not-understood', problem, flags, understood: understood(line) };
  if (line.kind !== 'not-understood') return { ...line, flags };
  return { ...line, flags, corrected: line.corrected.map((each) => `${each} ${typed}`) };
}

function understood(line: Unflagged): Understood {
  if (line.kind === 'not-understood') return line.understood;
  if (line.kind !== 'ask') return NOTHING_UNDERSTOOD;
  const { entitlement, role, durationSeconds, justification } = line;
  return { entitlement, role, duration: wholeMinutes(durationSeconds), justification };
}
const NOTHING_UNDERSTOOD = { entitlement: null, role: null, duration: null, justification: '' };

/** A form counts in minutes; `until` a time comes as seconds. */
export const wholeMinutes = (seconds: number): string =>
  formatDuration(Math.max(60, Math.floor(seconds / 60) * 60)).replaceAll(' ', '');

/** Each kind without its flags. */
type DistributiveOmit<T, K extends string> = T extends unknown ? Omit<T, K> : never;
type Unflagged = DistributiveOmit<CommandLine, 'flags'>;

function parseUnflagged(text: string, vocabulary: Vocabulary, now: Date): Unflagged {
  const { word, rest } = split(text);
  if (word === '') return { kind: 'nothing' };
  if (word === 'help' && rest.trim() === '') return { kind: 'help' };
  if (word === 'again' && rest.trim() === '') return { kind: 'again' };
  const { timezone, targets, offered } = vocabulary;
  const known = targets.get(word);
  // Of an unknown target any role could be meant.
  const roles = known ?? [...new Set([...targets.values()].flat())];
  const terms = readTerms(rest, { roles, timezone, now });
  const line = { text, entitlement: known ? word : null };
  if (!known) return unclear(line, terms, misspelt('target', word, { left: text, names: offered }));
  if (terms.problem) return unclear(line, terms, terms.problem);
  const role = terms.role ?? (roles.length === 1 ? roles[0] : undefined);
  if (role === undefined) {
    const typed = split(terms.justification).word;
    return unclear(line, terms, misspelt('role', typed, { left: null, names: roles }));
  }
  const { duration, justification } = terms;
  if (!duration) return unclear(line, { ...terms, role }, notADuration(''));
  return {
    ...{ kind: 'ask', entitlement: word, role, justification },
    durationSeconds: duration.seconds,
  };
}

/** A problem, and where its word begins: the text from there on. Null where there is no word to put right. */
type Found = Problem & { readonly left: string | null; readonly near: readonly string[] };
type Terms = {
  role: string | null;
  duration: { seconds: number; typed: string } | null;
  justification: string;
  /** The first one; what follows it was read all the same. */
  problem: Found | null;
};
type Closed = { readonly roles: readonly string[]; readonly timezone: string; readonly now: Date };

function unclear(
  line: { text: string; entitlement: string | null },
  { role, duration, justification }: Terms,
  { part, typed, didYouMean, left, near }: Found,
): Unflagged {
  const before =
    left === null ? '' : line.text.slice(0, line.text.length - left.trimStart().length);
  const after = left === null ? '' : left.trimStart().replace(/^\S*/, '');
  return {
    kind: 'not-understood',
    problem: { part, typed, didYouMean },
    understood: {
      ...{ entitlement: line.entitlement, role, justification },
      duration: duration?.typed ?? null,
    },
    corrected: left === null ? [] : near.map((name) => `${before}${name}${after}`),
  };
}

/** A target is guessed by nearness only; the few roles of a target are worth listing when none is near. */
function misspelt(
  part: 'target' | 'role',
  word: string,
  { left, names }: { left: string | null; names: readonly string[] },
): Found {
  const near = closest(word, names);
  const listed = near.length === 0 && part === 'role' ? names.slice(0, 3) : near;
  return { part, typed: word.slice(0, LONGEST_TYPED), didYouMean: [...listed], left, near };
}

const notADuration = (typed: string): Found => ({
  ...{ part: 'duration', typed: typed.slice(0, LONGEST_TYPED), didYouMean: [] },
  ...{ left: null, near: [] },
});

function readTerms(text: string, closed: Closed): Terms {
  const terms: Terms = { role: null, duration: null, justification: '', problem: null };
  let left = text;
  for (;;) {
    const { word, rest } = split(left);
    if (terms.role === null && closed.roles.includes(word)) {
      terms.role = word;
      left = rest;
      continue;
    }
    const duration = terms.duration === null ? readDuration(left, closed) : null;
    const problem =
      duration && 'problem' in duration ? duration.problem : wrongRole(left, terms, closed);
    if (duration && !('problem' in duration)) terms.duration = duration;
    else if (problem && terms.problem === null) terms.problem = problem;
    else break;
    left = duration ? duration.rest : rest;
  }
  return { ...terms, justification: left.trimStart() };
}

/** A role that was left out is not needed where there is one only, but a near miss must not become prose. */
function wrongRole(left: string, terms: Terms, { roles }: Closed): Found | null {
  const { word } = split(left);
  if (terms.role !== null || closest(word, roles).length === 0) return null;
  return misspelt('role', word, { left, names: roles });
}

type Duration = { rest: string } & ({ seconds: number; typed: string } | { problem: Found });

function readDuration(text: string, { timezone, now }: Closed): Duration | null {
  const { word, rest } = split(text);
  const until = word === 'until' ? split(rest) : null;
  if (until && /^[0-9]/.test(until.word)) {
    const typed = `until ${until.word}`;
    const seconds = secondsUntil(until.word, timezone, now);
    if (seconds !== null) return { seconds, typed, rest: until.rest };
    return { problem: notADuration(typed), rest: until.rest };
  }
  const seconds = parseDuration(word);
  if (seconds !== null) return { seconds, typed: word, rest };
  return LIKE_A_DURATION.test(word) ? { problem: notADuration(word), rest } : null;
}

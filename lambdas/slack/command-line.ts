/**
 * The one-liner of `/request-access`, strictly: `target [role] [duration] [justification] {flag}`. Pure. Role and duration are
 * closed vocabularies and come in any order right after the target; from the first word that is neither, everything is
 * the justification, byte for byte. What is not understood is a value that names it, never an exception and never a guess.
 */
import { parseDuration } from '../../shared/domain/duration.ts';
import { closest } from '../../shared/domain/policy/catalog.ts';
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
export type CommandLine =
  | { readonly kind: 'help' }
  | { readonly kind: 'again' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'not-supported-yet'; readonly flag: string }
  | { readonly kind: 'not-understood'; readonly problem: Problem }
  | {
      readonly kind: 'ask';
      readonly entitlement: string;
      readonly role: string;
      readonly durationSeconds: number;
      readonly justification: string;
    };

const FLAGS = ['--for', '--break-glass'];
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
  const { word, rest } = split(text);
  if (word === '') return { kind: 'nothing' };
  if (word === 'help' && rest.trim() === '') return { kind: 'help' };
  if (word === 'again' && rest.trim() === '') return { kind: 'again' };
  const flag = text.split(/\s+/).find((each) => FLAGS.includes(each));
  if (flag !== undefined) return { kind: 'not-supported-yet', flag };
  const roles = vocabulary.targets.get(word);
  if (!roles) return unknown('target', word, vocabulary.offered);
  const terms = readTerms(rest, { roles, timezone: vocabulary.timezone, now });
  if ('problem' in terms) return { kind: 'not-understood', problem: terms.problem };
  const role = terms.role ?? (roles.length === 1 ? roles[0] : undefined);
  if (role === undefined) return unknown('role', split(terms.justification).word, roles);
  if (terms.durationSeconds === null) return unknown('duration', '', []);
  const { durationSeconds, justification } = terms;
  return { kind: 'ask', entitlement: word, role, durationSeconds, justification };
}

const unknown = (part: Problem['part'], typed: string, names: readonly string[]): CommandLine => ({
  kind: 'not-understood',
  problem: {
    part,
    typed: typed.slice(0, LONGEST_TYPED),
    didYouMean: suggestions(part, typed, names),
  },
});

/** A target is guessed by nearness only; the few roles of a target are worth listing when none is near. */
function suggestions(part: Problem['part'], typed: string, names: readonly string[]): string[] {
  const near = closest(typed, names);
  return [...(near.length === 0 && part === 'role' ? names.slice(0, 3) : near)];
}

type Terms = { role: string | null; durationSeconds: number | null; justification: string };
type Closed = { readonly roles: readonly string[]; readonly timezone: string; readonly now: Date };

function readTerms(text: string, closed: Closed): Terms | { problem: Problem } {
  const terms: Terms = { role: null, durationSeconds: null, justification: '' };
  let left = text;
  for (;;) {
    const { word, rest } = split(left);
    if (terms.role === null && closed.roles.includes(word)) {
      terms.role = word;
      left = rest;
      continue;
    }
    const duration = terms.durationSeconds === null ? readDuration(left, closed) : null;
    if (duration === null) break;
    if ('problem' in duration) return duration;
    terms.durationSeconds = duration.seconds;
    left = duration.rest;
  }
  return misspeltRole(left, terms, closed) ?? { ...terms, justification: left.trimStart() };
}

/** A role that was left out is not needed where there is one only, but a near miss must not become prose. */
function misspeltRole(left: string, terms: Terms, closed: Closed): { problem: Problem } | null {
  const { word } = split(left);
  const near = terms.role === null ? closest(word, closed.roles) : [];
  if (near.length === 0) return null;
  return { problem: { part: 'role', typed: word.slice(0, LONGEST_TYPED), didYouMean: near } };
}

type Duration = { seconds: number; rest: string } | { problem: Problem } | null;

function readDuration(text: string, { timezone, now }: Closed): Duration {
  const { word, rest } = split(text);
  const until = word === 'until' ? split(rest) : null;
  if (until && /^[0-9]/.test(until.word)) {
    const seconds = secondsUntil(until.word, timezone, now);
    if (seconds !== null) return { seconds, rest: until.rest };
    return { problem: notADuration(`until ${until.word}`) };
  }
  const seconds = parseDuration(word);
  if (seconds !== null) return { seconds, rest };
  return LIKE_A_DURATION.test(word) ? { problem: notADuration(word) } : null;
}

const notADuration = (typed: string): Problem => ({
  part: 'duration',
  typed: typed.slice(0, LONGEST_TYPED),
  didYouMean: [],
});

/** The words behind `npm run policy -- …`: parsed strictly. Whatever is not understood is said, and nothing is read. */
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { closest } from '../../shared/domain/policy/catalog.ts';
import { ok, type Result, refuse } from '../../shared/domain/result.ts';
import { plain } from './terminal.ts';

/** The sentence that says what to write instead. */
export type Misread = string;

export type Words = {
  readonly text: (name: string) => string | undefined;
  /** Every value of an option that may come again. */
  readonly texts: (name: string) => readonly string[];
  readonly has: (flag: string) => boolean;
  readonly rest: readonly string[];
};

/** The parser's own sentence names the option. */
const Misparsed = z.object({ code: z.string().startsWith('ERR_PARSE_ARGS'), message: z.string() });
const LONGEST_WORD = 1000;

export function readWords(
  args: readonly string[],
  known: {
    readonly texts?: readonly string[];
    /** Those of `texts` that may come again. */
    readonly lists?: readonly string[];
    readonly flags?: readonly string[];
  },
): Result<Words, Misread> {
  const texts = (known.texts ?? []).map(
    (name) => [name, { type: 'string', multiple: true }] as const,
  );
  const flags = (known.flags ?? []).map((name) => [name, { type: 'boolean' }] as const);
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: Object.fromEntries([...texts, ...flags]),
      allowPositionals: true,
      strict: true,
    });
    const given = new Map(Object.entries(values));
    const all = (name: string) => Texts.safeParse(given.get(name)).data ?? [];
    const isEmpty = [...texts.flatMap(([name]) => all(name)), ...positionals].some(
      (word) => word === '' || word.length > LONGEST_WORD,
    );
    if (isEmpty) return refuse('Every word needs 1 to 1,000 characters.');
    const twice = texts.find(([name]) => all(name).length > 1 && !known.lists?.includes(name));
    if (twice) return refuse(`--${twice[0]} is here more than once: write it once.`);
    return ok({
      text: (name) => all(name).at(-1),
      texts: all,
      has: (flag) => given.get(flag) === true,
      rest: positionals,
    });
  } catch (error) {
    const misread = Misparsed.safeParse(error);
    if (!misread.success) throw error;
    const names = [...(known.texts ?? []), ...(known.flags ?? [])];
    return refuse(inOurWords(misread.data.message, names));
  }
}
/** An option that is not there, with the one that is near; of everything else the parser's first line. */
function inOurWords(message: string, names: readonly string[]): string {
  const [, option] = /^Unknown option '(-[^']*)'/.exec(message) ?? [];
  if (option === undefined) return `${message.split('\n')[0] ?? message}`;
  const [near] = closest(option.replace(/^-+/, ''), names, 1);
  return `There is no option ${plain(option)} here.${near === undefined ? '' : ` Did you mean --${near}?`}`;
}
const Texts = z.array(z.string());

const Moment = z.iso.datetime({ offset: true });
/** An instant as `2026-11-22T10:00:00Z`; `option` is how it was named. */
export function readMoment(option: string, word: string): Result<Date, Misread> {
  return Moment.safeParse(word).success
    ? ok(new Date(word))
    : refuse(`Write the moment with its zone: --${option} 2026-11-22T10:00:00Z`);
}

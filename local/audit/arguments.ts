/**
 * The words behind `npm run audit -- list | show | export | evidence | erase`: parsed strictly, in UTC. A day stands for the whole of it,
 * so `--to 2026-03-31` includes the 31st. Whatever is not understood is said, and nothing is read.
 */
import { parseArgs } from 'node:util';
import * as z from 'zod';
import type { Span } from '../../shared/application/audit-log.ts';
import type { Policies } from '../../shared/application/policies.ts';
import type { Narrowing } from '../../shared/domain/audit/audit-row.ts';
import { membersOf } from '../../shared/domain/policy/members.ts';
import { CHAIN_KINDS } from '../../shared/domain/records.ts';
import { ok, type Result, refuse } from '../../shared/domain/result.ts';

export type Words = Readonly<Record<string, string | undefined>>;
/** The sentence that says what to write instead. */
export type Misread = string;

const DAY_MS = 86_400_000;
const LONGEST_WORD = 300;
/** No Hallpass wrote an event before. */
const EARLIEST = new Date('2020-01-01T00:00:00.000Z');

/** The parser's own sentence names the option. */
const Misparsed = z.object({ code: z.string().startsWith('ERR_PARSE_ARGS'), message: z.string() });

export type Read = {
  readonly options: Words;
  readonly flags: ReadonlySet<string>;
  readonly rest: readonly string[];
};

/** Options by name, each once and with a value; flags, which have none; and the words without an option. */
export function readWords(
  args: readonly string[],
  names: readonly string[],
  flags: readonly string[] = [],
): Result<Read, Misread> {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        ...Object.fromEntries(names.map((name) => [name, OPTION])),
        ...Object.fromEntries(flags.map((name) => [name, FLAG])),
      },
      allowPositionals: true,
      strict: true,
    });
    const given = Object.entries(z.record(z.string(), Given).parse(values));
    for (const [name, [value = '', ...more]] of given) {
      if (more.length > 0) return refuse(`--${name} is written more than once.`);
      if (value === '') return refuse(`--${name} needs a value that is not empty.`);
      if (value.length > LONGEST_WORD)
        return refuse(`The value of --${name} is longer than ${LONGEST_WORD} characters.`);
    }
    const options = given.flatMap(([name, [value]]) =>
      names.includes(name) ? [[name, value]] : [],
    );
    return ok({
      options: Object.fromEntries(options),
      flags: new Set(given.map(([name]) => name)),
      rest: positionals,
    });
  } catch (error) {
    const misread = Misparsed.safeParse(error);
    if (!misread.success) throw error;
    // What follows the first sentence is advice for other programs.
    return refuse(`${misread.data.message.split('. ', 1)[0]?.replace(/\.$/, '')}.`);
  }
}

const Day = z.iso.date();
const Moment = z.iso.datetime({ offset: true });

const OPTION = { type: 'string', multiple: true } as const;
const FLAG = { type: 'boolean' } as const;
const Given = z.union([z.array(z.string()), z.literal(true).transform(() => ['given'])]);

/** However it was typed. */
export const RequestWord = z
  .string()
  .toUpperCase()
  .regex(/^AR-[0-9A-HJKMNP-TV-Z]{6}$/);

function instantIn(word: string, which: 'from' | 'to'): Date | null {
  if (Day.safeParse(word).success)
    return new Date(Date.parse(word) + (which === 'to' ? DAY_MS : 0));
  return Moment.safeParse(word).success ? new Date(word) : null;
}

/** From `--from` (needed) to just before `--to` (now, where it is not given). What has not happened yet is cut off, and years without a Hallpass. */
export function readSpan(options: Words, now: Date): Result<Span, Misread> {
  const { from: first, to: last } = options;
  if (first === undefined) return refuse('Say from when: --from 2026-03-01 (UTC).');
  const from = instantIn(first, 'from');
  const to = last === undefined ? now : instantIn(last, 'to');
  if (from === null || to === null)
    return refuse('Write a day (2026-03-01) or an instant (2026-03-01T09:00:00Z), in UTC.');
  const end = to > now ? now : to;
  const start = from < EARLIEST ? EARLIEST : from;
  if (start >= end)
    return refuse('The period is empty: --from must lie before --to and before now.');
  return ok({ from: start, to: end });
}

const Person = z.string().regex(/^[UW][A-Z0-9]{2,30}$/);
const Kind = z.enum(CHAIN_KINDS);
const Provider = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/);

export async function readNarrowing(
  options: Words,
  policies: Policies,
): Promise<Result<Narrowing, Misread>> {
  const { person, entitlement, provider, kind } = options;
  if (person !== undefined && !Person.safeParse(person).success)
    return refuse('--person takes a Slack member id, for example U0ANA.');
  if (provider !== undefined && !Provider.safeParse(provider).success)
    return refuse('--provider takes a name of the policy, for example github.');
  const chain = Kind.safeParse(kind);
  if (kind !== undefined && !chain.success)
    return refuse(`--kind takes one of ${CHAIN_KINDS.join(', ')}.`);
  return ok({
    person: person ?? null,
    entitlement: entitlement === undefined ? null : await placed(entitlement, policies),
    provider: provider ?? null,
    kind: chain.success ? chain.data : null,
  });
}

/** One that the policy no longer knows still names old requests. */
async function placed(id: string, policies: Policies): Promise<Narrowing['entitlement']> {
  return { id, container: await containerNamed(id, policies) };
}

export async function containerNamed(id: string, policies: Policies): Promise<string | null> {
  const active = await policies.active();
  const known = active && membersOf(active.policy).entitlements.get(id);
  return known ? `${known.provider}:${known.kind}:${known.resource}` : null;
}

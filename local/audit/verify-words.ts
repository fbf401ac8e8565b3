/** The words behind `audit verify`, read strictly: what is not understood is named, and nothing is read. */
import * as z from 'zod';
import { ok, type Result, refuse } from '../../shared/domain/result.ts';
import { type Misread, RequestWord, readWords } from './arguments.ts';

/** As a daily digest writes it: number and hash of a checkpoint, or its number alone. */
export const Witness = z.string().regex(/^[1-9][0-9]{0,9}(:[0-9a-f]{64})?$/);
export const WITNESS_WORDS = '--expect-last takes what a daily digest says: 288, or 288:<hash>.';

export type VerifyWords = {
  readonly since: string | null;
  readonly request: string | null;
  readonly offline: string | null;
  readonly pubkey: string | null;
  readonly expected: { readonly n: number; readonly hash: string | null } | null;
  readonly json: boolean;
};

const Since = z.iso
  .datetime({ offset: true })
  .or(z.iso.date())
  .transform((at) => new Date(at).toISOString());

export function readVerifyWords(args: readonly string[]): Result<VerifyWords, Misread> {
  const names = ['since', 'request', 'offline', 'pubkey', 'expect-last'];
  const words = readWords(args, names, ['json']);
  if (!words.ok) return words;
  const { options, flags, rest } = words.value;
  if (rest.length > 0) return refuse(`There is nothing to do with "${rest[0]}".`);
  const { since, request, offline = null, pubkey = null, 'expect-last': witness } = options;
  const from = Since.optional().safeParse(since);
  if (!from.success)
    return refuse('--since takes a day (2026-03-01) or an instant (2026-03-01T09:00:00Z), in UTC.');
  const id = RequestWord.optional().safeParse(request);
  if (!id.success) return refuse('--request takes the id of a request, for example AR-7K2M9Q.');
  if (!Witness.optional().safeParse(witness).success) return refuse(WITNESS_WORDS);
  const [n, hash = null] = witness?.split(':') ?? [];
  return ok({
    ...{ since: from.data ?? null, request: id.data ?? null, offline, pubkey },
    expected: n === undefined ? null : { n: Number(n), hash },
    json: flags.has('json'),
  });
}

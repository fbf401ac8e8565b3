/**
 * `audit prove EVENT`: one event's row, its way to the root and the signed checkpoint, as a file that anybody can check.
 * `audit check-proof FILE --pubkey FILE`: does that, with the public key alone, without the log, without us.
 */
import {
  type AuditRow,
  type AuditSource,
  instantOf,
  isAuditRow,
  narrowedTo,
} from '../../shared/domain/audit/audit-source.ts';
import { leavesName, SignedCheckpoint } from '../../shared/domain/audit/checkpoint.ts';
import {
  faultOfProof,
  PROOF_FAULTS,
  type Proof,
  proofOf,
} from '../../shared/domain/audit/proof.ts';
import { jsonOf, parseLeaves } from '../../shared/domain/audit/verify-checkpoints.ts';
import { readWords } from './arguments.ts';
import { plain } from './desk.ts';
import { fileAt, type Place, placeAt } from './place.ts';
import { Unreadable, whyUnreadable } from './trouble.ts';
import { keyFor, type Terminal, VERIFY_EXIT } from './verify.ts';

export const PROVE_USAGE = `audit prove AR-7K2M9Q/3 [--offline DIR] > proof.json

The third event of that request; of another chain: audit prove 'policy#active/1'. Exits 3 while no checkpoint holds the event.`;
export const CHECK_PROOF_USAGE = `audit check-proof proof.json --pubkey FILE

Needs the file and the public key, nothing else. Exits 0 when the proof holds, 2 when it does not, 4 when it is none.`;

/** One word and perhaps an option; or why not. */
function words(args: readonly string[], name: 'offline' | 'pubkey') {
  const read = readWords(args, [name]);
  if (!read.ok) return read.error;
  const [word, ...more] = read.value.rest;
  return word && more.length === 0 ? { word, option: read.value.options[name] } : null;
}

export async function prove(args: readonly string[], terminal: Terminal): Promise<number> {
  const read = words(args, 'offline');
  if (typeof read === 'string') return used(terminal, `${read}\n\n${PROVE_USAGE}`);
  const at = /^(.{1,300})\/([1-9][0-9]{0,8})$/.exec(read?.word ?? '');
  if (!read || !at?.[1]) return used(terminal, PROVE_USAGE);
  const chain = at[1].includes('#') ? at[1] : `request#${at[1].toUpperCase()}`;
  let place: Place | string | null = null;
  try {
    place = placeAt(terminal.env, read.option ?? null);
    if (typeof place === 'string') throw new Unreadable(place);
    const row = await rowAt(place.source, { chain, seq: Number(at[2]) });
    const proof = row && (await proofIn(place.source, row));
    if (proof) terminal.print(JSON.stringify(proof));
    else terminal.complain(row ? NOT_SEALED : `There is no event ${plain(chain)}/${at[2]}.`);
    return proof ? VERIFY_EXIT.ok : VERIFY_EXIT.incomplete;
  } catch (error) {
    const why = whyUnreadable(error);
    if (why === null) throw error;
    terminal.complain(`The audit log cannot be read: ${why}`);
    return VERIFY_EXIT.unreadable;
  } finally {
    if (typeof place === 'object') place?.close();
  }
}

const NOT_SEALED =
  'No checkpoint holds this event yet: one is made every five minutes. If it is older, run audit verify.';

function used(terminal: Terminal, usage: string): number {
  terminal.complain(usage);
  return VERIFY_EXIT.usage;
}

async function rowAt(
  source: AuditSource,
  at: { chain: string; seq: number },
): Promise<AuditRow | null> {
  for await (const page of narrowedTo(source, at.chain).rows())
    for (const { seq, row } of page) if (seq === at.seq && isAuditRow(row)) return row;
  return null;
}

/** What clocks of writers and sealers may be apart by. */
const APART_MS = 15 * 60_000;

/** Leaves are read from the checkpoints that may hold the event; older ones only when none of those does. */
async function proofIn(source: AuditSource, row: AuditRow): Promise<Proof | null> {
  const from = new Date(Date.parse(instantOf(row) ?? '1970-01-01') - APART_MS).toISOString();
  const isLater = ({ checkpoint }: SignedCheckpoint) => checkpoint.to >= from;
  return (
    (await firstProof(source, row, isLater)) ??
    (await firstProof(source, row, (sealed) => !isLater(sealed)))
  );
}

async function firstProof(
  source: AuditSource,
  row: AuditRow,
  mayHold: (sealed: SignedCheckpoint) => boolean,
): Promise<Proof | null> {
  for await (const { text } of source.checkpoints()) {
    const sealed = SignedCheckpoint.safeParse(jsonOf(text ?? ''));
    if (!sealed.success || sealed.data.checkpoint.size === 0 || !mayHold(sealed.data)) continue;
    const leaves = parseLeaves((await source.leaves(leavesName(sealed.data.checkpoint))) ?? '');
    const proof = leaves && proofOf(row, sealed.data, leaves);
    if (proof) return proof;
  }
  return null;
}

export async function checkProof(args: readonly string[], terminal: Terminal): Promise<number> {
  const read = words(args, 'pubkey');
  if (typeof read === 'string') return used(terminal, `${read}\n\n${CHECK_PROOF_USAGE}`);
  if (!read?.option) return used(terminal, CHECK_PROOF_USAGE);
  try {
    const key = await keyFor(read.option, null);
    const text = fileAt(read.word);
    if (text === null) throw new Unreadable(`There is no file ${read.word}.`);
    const value = jsonOf(text);
    const fault = faultOfProof(value, key);
    if (fault) terminal.complain(`The proof does not hold. ${PROOF_FAULTS[fault]}`);
    else terminal.print('The proof holds: the event was on record when the checkpoint was signed.');
    return fault === null
      ? VERIFY_EXIT.ok
      : fault === 'unreadable'
        ? VERIFY_EXIT.unreadable
        : VERIFY_EXIT.tampered;
  } catch (error) {
    const why = whyUnreadable(error);
    if (why === null) throw error;
    terminal.complain(why);
    return VERIFY_EXIT.unreadable;
  }
}

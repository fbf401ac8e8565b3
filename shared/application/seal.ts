/**
 * Seals what happened: markers older than half a minute become the leaves of one checkpoint, also when there are none. Creating
 * the checkpoint's object is the moment at which it counts; its leaves lie there before it, markers go after it. Whatever run
 * dies in between, the next one finds the checkpoint, finishes what belongs to it and goes on: every event is in exactly one.
 * Numbers in comments are the crash points that tests stop at. Never overwrites, never signs a number that exists.
 */

import { canonicalJson } from '../domain/audit/canonical-json.ts';
import {
  type Before,
  buildCheckpoint,
  CHECKPOINTS,
  checkpointHash,
  checkpointMessage,
  checkpointName,
  leafLine,
  leavesName,
  leavesText,
  SignedCheckpoint,
} from '../domain/audit/checkpoint.ts';
import { jsonOf } from '../domain/audit/verify-checkpoints.ts';
import { type Clock, type Journal, put, type Telemetry } from '../ports.ts';
import type { Archive, Marker, Markers, Signer } from '../ports-audit.ts';
import { markerGatherer } from './seal-markers.ts';

export type SealDeps = {
  journal: Journal;
  markers: Markers;
  archive: Archive;
  signer: Signer;
  clock: Clock;
  telemetry: Telemetry;
  tenant: string;
  /** Name of the table whose rows are sealed. */
  table: string;
  /** SHA-256 of the code that runs. */
  code: string;
};
export type Sealed = { n: number; checkpoints: number; leaves: number };

/** Commits that are younger may still be under way together with others of their moment. */
const AGE_MS = 30_000;
const DAY_MS = 86_400_000;
/** Of one run: what is left, the next run seals. */
const MOST_CHECKPOINTS = 20;

/** @throws Fault when the table, the key or the archive fails: the next run goes on; Error when the archive holds what we did not sign */
export async function seal(deps: SealDeps): Promise<Sealed> {
  let last = await caughtUp(deps);
  const done: Sealed = { n: last?.checkpoint.n ?? 0, checkpoints: 0, leaves: 0 };
  const before = new Date(deps.clock.now().getTime() - AGE_MS);
  const gather = markerGatherer(deps);
  for (let more = true; more && done.checkpoints < MOST_CHECKPOINTS; ) {
    const { markers, rest } = await gather(before);
    // Only who has sealed everything may say that nothing before this instant is left.
    const to = rest ? (last?.checkpoint.to ?? FIRST) : before.toISOString();
    const next = await sealOnce(deps, { last, markers, to });
    // Somebody else made this number: what they sealed is finished and counted by them.
    last = next ?? (await caughtUp(deps));
    const n = last?.checkpoint.n ?? 0;
    // Only what is in the archive is a sign of life: an alarm rings when it stays away.
    if (n > done.n) deps.telemetry.measure('Checkpoints', n - done.n);
    done.n = n;
    done.checkpoints += next ? 1 : 0;
    done.leaves += next?.checkpoint.size ?? 0;
    more = rest && next !== null;
  }
  return done;
}
const FIRST = new Date(0).toISOString();

/** Null when the number was taken by another run. */
async function sealOnce(
  deps: SealDeps,
  from: { last: Before | null; markers: readonly Marker[]; to: string },
): Promise<Before | null> {
  const { checkpoint, leaves } = buildCheckpoint(
    from.last,
    from.markers.flatMap((marker) => marker.leaves),
    { tenant: deps.tenant, table: deps.table, to: from.to, code: deps.code },
  );
  const { fingerprint } = await deps.signer.key();
  const signature = await deps.signer.sign(checkpointMessage(checkpoint)); // crash point 2: signed, nothing kept
  if (leaves.length > 0) await deps.archive.put(leavesName(checkpoint), leavesText(leaves)); // 3: leaves of nothing yet
  const text = canonicalJson({
    checkpoint,
    key: fingerprint,
    signature: Buffer.from(signature).toString('base64'),
  });
  if (!(await deps.archive.put(checkpointName(checkpoint.n), text))) return null; // 4: it counts from here on
  await deps.markers.remove(from.markers); // 5: some or all markers gone
  const sealed = { checkpoint, hash: checkpointHash(checkpoint) };
  await note(deps, sealed); // 6: nothing left to do
  return sealed;
}

/** A hint for the next run, and what a digest tells. The archive is the truth. */
async function note({ journal, clock }: SealDeps, { checkpoint, hash }: Before): Promise<void> {
  const stored = await journal.read('seal', 'last');
  if ((stored.value?.n ?? 0) >= checkpoint.n) return;
  const record = { n: checkpoint.n, hash, to: checkpoint.to };
  await journal.commit([put(stored, record)], clock.now());
}

/** The last checkpoint that there is, after what belongs to it was finished. */
async function caughtUp(deps: SealDeps): Promise<Before | null> {
  let last = await lastNoted(deps);
  for (;;) {
    const next = await load(deps, (last?.checkpoint.n ?? 0) + 1);
    if (!next) return last;
    if (next.checkpoint.previous !== (last?.hash ?? next.checkpoint.previous))
      throw foreign(next.checkpoint.n, 'it does not follow the one before');
    await finish(deps, next);
    last = next;
  }
}

/** What the record says, where the archive agrees; otherwise the archive's first, so that all are gone through again. */
async function lastNoted(deps: SealDeps): Promise<Before | null> {
  const { value } = await deps.journal.read('seal', 'last');
  const noted = value && (await load(deps, value.n));
  if (!value || noted?.hash === value.hash) return noted;
  for await (const _ of deps.archive.names(CHECKPOINTS)) {
    deps.telemetry.error('The record of the last checkpoint is not what the archive holds', {
      n: value.n,
    });
    return null;
  }
  throw new Error(
    `The record says that there are ${value.n} checkpoints and the archive holds none. Look at the bucket before anything is sealed.`,
  );
}

async function load(deps: SealDeps, n: number): Promise<Before | null> {
  const text = await deps.archive.get(checkpointName(n));
  if (text === null) return null;
  const parsed = SignedCheckpoint.safeParse(jsonOf(text));
  if (!parsed.success) throw foreign(n, 'it cannot be read');
  const { checkpoint, signature } = parsed.data;
  const key = await deps.signer.key();
  if (!key.isSigned(checkpointMessage(checkpoint), Buffer.from(signature, 'base64')))
    throw foreign(n, 'our key did not sign it');
  if (checkpoint.n !== n || checkpoint.tenant !== deps.tenant)
    throw foreign(n, 'it is another one');
  return { checkpoint, hash: checkpointHash(checkpoint) };
}

const foreign = (n: number, why: string): Error =>
  new Error(
    `${checkpointName(n)} is not ours: ${why}. Nothing is sealed on top of it; run npm run audit -- verify.`,
  );

/** Markers of a checkpoint that exists are taken away by whoever comes next. */
async function finish(deps: SealDeps, made: Before): Promise<void> {
  const text = await deps.archive.get(leavesName(made.checkpoint));
  const sealed = new Set((text ?? '').split('\n'));
  const left: Marker[] = [];
  // However young: the run that made it may have had a clock ahead of ours.
  const any = new Date(deps.clock.now().getTime() + DAY_MS);
  for await (const marker of deps.markers.before(any))
    if (marker.leaves?.every((leaf) => sealed.has(leafLine(leaf)))) left.push(marker);
  await deps.markers.remove(left);
  await note(deps, made);
}

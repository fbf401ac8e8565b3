/** Small logs for a verification, and how often it reads all rows: once, unless something differs. */
import { chainEvents, EMPTY_CHAIN } from '../../shared/domain/audit/chain.ts';
import {
  type Before,
  buildCheckpoint,
  checkpointHash,
  checkpointName,
  type Leaf,
  leavesName,
  leavesText,
} from '../../shared/domain/audit/checkpoint.ts';
import { type VerifyOptions, verifyAudit } from '../../shared/domain/audit/verify.ts';
import {
  type AuditLog,
  auditLog,
  contentOf,
  instant,
  type Keys,
  signedText,
  sourceOf,
  TENANT,
} from './audit-fixture.ts';

export const [X, Y] = ['request#x', 'request#y'];
/** Chains with an event at each of these minutes. */
export const storyAt = (chains: Readonly<Record<string, readonly number[]>>) =>
  new Map(
    Object.entries(chains).map(([chain, minutes]) => [
      chain,
      minutes.map((minute) => ({ minute, event: { type: 'X', minute } })),
    ]),
  );
/** Four events in two chains and three checkpoints, the last one without a leaf. */
export const twoChains = (keys: Keys): AuditLog =>
  auditLog(keys, storyAt({ [X]: [1, 6], [Y]: [2, 8] }), 15);

/** Seals these leaves, and then nothing at each of the later minutes. */
export function seal(
  log: AuditLog,
  keys: Keys,
  leaves: readonly Leaf[],
  minutes: readonly number[],
) {
  let before: Before | null = null;
  for (const to of minutes) {
    const facts = { tenant: TENANT, table: 'journal', code: 'c0'.repeat(32), to: instant(to) };
    const made = buildCheckpoint(before, before ? [] : leaves, facts);
    log.checkpoints.set(checkpointName(made.checkpoint.n), signedText(made.checkpoint, keys));
    log.leaves.set(leavesName(made.checkpoint), leavesText(made.leaves));
    before = { checkpoint: made.checkpoint, hash: checkpointHash(made.checkpoint) };
  }
  return log;
}

/** One sealed event that does not say when it happened. */
export function undatedLog(keys: Keys): AuditLog {
  const log = auditLog(keys, new Map(), 0);
  const place = { tenant: TENANT, chain: X, head: EMPTY_CHAIN };
  const { links, head } = chainEvents(place, [{ type: 'X' }]);
  log.heads.set(X, { chain: X, ...head });
  log.rows.set(
    X,
    links.map((row) => ({ seq: row.seq, row, misplaced: null })),
  );
  return seal(log, keys, [{ chain: X, ...head }], [5]);
}

export type More = Partial<VerifyOptions> & { readonly lines?: boolean };
/** The report, and how often all rows were read. @param lines as from a folder */
export async function readBy(keys: Keys, log: AuditLog, { lines = true, ...more }: More = {}) {
  let reads = 0;
  const source = more.source ?? sourceOf(log, { withLines: lines });
  const report = await verifyAudit({
    ...{ signatures: keys.signatures, key: 'k', contentOf, ...more },
    source: {
      ...source,
      rows() {
        reads += 1;
        return source.rows();
      },
    },
  });
  return { ...report, reads };
}

export const found = (code: string, where: string, what: string) => ({
  ...{ code, where, row: null, what },
});

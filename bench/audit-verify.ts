/** How fast a whole audit log is verified, against one SHA-256 of node:crypto over the same bytes of each row. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { canonicalJson } from '../shared/domain/audit/canonical-json.ts';
import { verifyAudit } from '../shared/domain/audit/verify.ts';
import {
  auditLog,
  contentOf,
  everyEvent,
  openKeys,
  sourceOf,
  storyOf,
} from '../test/support/audit-fixture.ts';
import { median } from './statistics.ts';

export type AuditVerify = {
  readonly rows: number;
  readonly rowsPerSecond: number;
  readonly hashedRowsPerSecond: number;
};

export async function auditVerify(rows: number, runs: number): Promise<AuditVerify> {
  const keys = openKeys();
  const events = everyEvent().get('request#request-1') ?? [];
  const chains = Array.from(
    { length: Math.ceil(rows / events.length) },
    (_, i) => [`request#request-${i}`, events] as const,
  );
  const log = auditLog(keys, storyOf(chains));
  const all = [...log.rows.values()].flat();
  const bytes = all.map(({ row }) => Buffer.from(canonicalJson(z.json().parse(row))));
  const verify: number[] = [];
  const hash: number[] = [];
  for (let i = 0; i < runs; i += 1) {
    hash.push(msOfHashing(bytes));
    const started = performance.now();
    const report = await verifyAudit({
      ...{
        source: sourceOf(log, 1000),
        signatures: keys.signatures,
        key: 'k'.repeat(32),
        contentOf,
      },
    });
    verify.push(performance.now() - started);
    if (report.status !== 'ok' || report.counts.rows !== all.length)
      throw new Error(`The log does not verify: ${JSON.stringify(report.findings)}`);
  }
  return {
    rows: all.length,
    rowsPerSecond: (all.length * 1000) / median(verify),
    hashedRowsPerSecond: (all.length * 1000) / median(hash),
  };
}

function msOfHashing(rows: readonly Uint8Array[]): number {
  const started = performance.now();
  for (const row of rows) createHash('sha256').update(row).digest('hex');
  return performance.now() - started;
}

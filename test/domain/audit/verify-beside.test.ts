/** Leaves and records that somebody else reads beside the rows: the outcome is that of reading them here. */
import type { AuditSource } from '../../../shared/domain/audit/audit-source.ts';
import { sha256 } from '../../../shared/domain/audit/digest.ts';
import { openNames } from '../../../shared/domain/audit/keyed-digests.ts';
import { openMultiset } from '../../../shared/domain/audit/multiset.ts';
import { verifyAudit } from '../../../shared/domain/audit/verify.ts';
import { type BesideJob, readBeside } from '../../../shared/domain/audit/verify-beside.ts';
import { parseLeaves } from '../../../shared/domain/audit/verify-checkpoints.ts';
import {
  type AuditLog,
  contentOf,
  copyOf,
  instant,
  openKeys,
  sourceOf,
} from '../../support/audit-fixture.ts';
import { HELD, HOLDING, REQUESTS, recordedLog, setValue } from '../../support/recorded-log.ts';

const keys = openKeys();
const { signatures } = keys;
const log = recordedLog(keys);
const [request] = REQUESTS;
if (!request) throw new Error('No request');
const options = { signatures, key: 'k', contentOf };
const LEAVES = [...log.rows.values()].flat().length;

const here = (of: AuditLog, more: object = {}) =>
  verifyAudit({ ...options, source: sourceOf(of), ...more });
async function there(of: AuditLog, more: object = {}, source: AuditSource = sourceOf(of)) {
  const jobs: BesideJob[] = [];
  const told: number[] = [];
  const report = await verifyAudit({
    ...options,
    ...{ source, onProgress: ({ leaves }) => told.push(leaves), ...more },
    beside(job, onProgress) {
      jobs.push(job);
      return readBeside({ source, signatures }, job, onProgress);
    },
  });
  return { report, jobs, told };
}
const changed = (change: (log: AuditLog) => void): AuditLog => {
  const copy = copyOf(log);
  change(copy);
  return copy;
};
const [leaves = ''] = log.leaves.keys();

test.each<[string, AuditLog]>([
  ['that nobody touched', log],
  ['whose rows are gone', changed(({ rows }) => rows.delete(request.chain))],
  ['whose leaves are gone', changed((of) => of.leaves.delete(leaves))],
  ['whose leaves cannot be read', changed((of) => of.leaves.set(leaves, 'junk'))],
  ['whose checkpoints are gone', changed(({ checkpoints }) => checkpoints.clear())],
  ['with a record in another state', changed((of) => setValue(of, request.chain, null))],
  [
    'with a holding that lists nothing',
    changed((of) => setValue(of, HOLDING, { ...HELD, grants: [] })),
  ],
  [
    'with a record that stands elsewhere',
    changed(({ heads }) => heads.set(request.chain, { chain: request.chain, seq: 9, hash: 'x' })),
  ],
  [
    'with a record of nothing',
    changed(({ heads }) => heads.set('request#x', { chain: 'request#x', seq: 0, hash: '' })),
  ],
  [
    'with a record that hides',
    changed(({ heads }) => {
      const head = heads.get(HOLDING);
      if (head) heads.set(HOLDING, { ...head, misplaced: 'It stands under another day.' });
    }),
  ],
])('a log %s is reported alike', async (_, of) => {
  const { report, jobs } = await there(of);
  expect(report).toEqual(await here(of));
  expect(jobs).toEqual([{ key: 'k', since: null, chain: null }]);
});

test('what stands elsewhere and what hides is told with its place', async () => {
  const hidden = changed(({ heads }) => {
    for (const [chain, head] of heads) heads.set(chain, { ...head, misplaced: `Not ${chain}.` });
  });
  const { findings } = await here(hidden);
  expect(findings).toEqual(
    [...log.heads.keys()].map((chain) => ({
      ...{ code: 'wrong-place', where: `record of ${chain}`, row: null, what: `Not ${chain}.` },
    })),
  );
});

test('an instant and a chain are handed on, and only what belongs to them is summed', async () => {
  const since = instant(7);
  const late = await there(log, { since });
  expect(late.jobs).toEqual([{ key: 'k', since, chain: null }]);
  expect(late.report).toEqual(await here(log, { since }));
  const { chain } = request;
  const alone = {
    chain,
    source: sourceOf(
      changed(({ rows }) => {
        for (const other of rows.keys()) if (other !== chain) rows.delete(other);
      }),
    ),
  };
  const one = await there(log, { chain }, alone.source);
  expect(one.jobs).toEqual([{ key: 'k', since: null, chain }]);
  expect(one.report).toEqual(await here(log, alone));
  expect(one.report).toMatchObject({ status: 'ok', counts: { leaves: LEAVES } });
});

/** Thousands of sums, told apart at a glance. */
const textOf = (sums: Uint32Array) => sha256(new Uint8Array(sums.buffer));

test('of one chain nothing else is summed', async () => {
  const { chain } = request;
  const names = openNames('k');
  const [sealed, heads] = [openMultiset(names), openMultiset(names)];
  for (const text of log.leaves.values())
    for (const leaf of parseLeaves(text) ?? []) if (leaf.chain === chain) sealed.add(leaf);
  for (const head of log.heads.values()) if (head.chain === chain) heads.add(head);
  const job = { key: 'k', since: null };
  const outcome = await readBeside({ source: sourceOf(log), signatures }, { ...job, chain });
  expect(outcome.leaves).toBe(LEAVES);
  expect([textOf(outcome.sealed), textOf(outcome.heads)]).toEqual([
    ...[textOf(sealed.sums()), textOf(heads.sums())],
  ]);
  const all = await readBeside({ source: sourceOf(log), signatures }, { ...job, chain: null });
  expect(textOf(all.sealed)).not.toBe(textOf(outcome.sealed));
  expect(textOf(all.records.sums)).not.toBe(textOf(outcome.records.sums));
});

test('what is read elsewhere is told while rows are read', async () => {
  const { told } = await there(log);
  expect(told[0]).toBe(0);
  expect(Math.max(...told)).toBeGreaterThan(0);
  const counts: number[] = [];
  const { leaves: read } = await readBeside(
    { source: sourceOf(log), signatures },
    { key: 'k', since: null, chain: null },
    (now) => counts.push(now),
  );
  expect([counts.at(-1), read]).toEqual([LEAVES, LEAVES]);
  expect(counts).toHaveLength(log.checkpoints.size);
});

test('nothing is read elsewhere where the leaves say what else to read', async () => {
  const source = { ...sourceOf(log), since: async () => null };
  const { report, jobs } = await there(log, { since: instant(1) }, source);
  expect([report.status, jobs]).toEqual(['ok', []]);
  expect((await there(log, {}, source)).jobs).toHaveLength(1);
});

test('a source that knows no records has none to read', async () => {
  const source = { ...sourceOf(log), heads: null };
  const { report } = await there(log, {}, source);
  expect(report).toMatchObject({ status: 'ok', counts: { records: 0, leaves: LEAVES } });
  const outcome = await readBeside({ source, signatures }, { key: 'k', since: null, chain: null });
  expect(outcome).toMatchObject({ leaves: LEAVES, findings: [], findingCount: 0 });
  expect([outcome.records.count, outcome.heads.some((word) => word !== 0)]).toEqual([0, false]);
  expect(outcome.sealed.some((word) => word !== 0)).toBe(true);
});

/** A whole verification of small logs: what is reported, in which words, and what of it is young, late or cut off. */
import {
  checkpointHash,
  checkpointName,
  SignedCheckpoint,
} from '../../../shared/domain/audit/checkpoint.ts';
import { sha256 } from '../../../shared/domain/audit/digest.ts';
import type { Counts, VerifyOptions } from '../../../shared/domain/audit/verify.ts';
import { type AuditLog, auditLog, copyOf, instant, openKeys } from '../../support/audit-fixture.ts';
import {
  found,
  type More,
  readBy,
  seal,
  storyAt,
  twoChains,
  X,
  Y,
} from '../../support/small-log.ts';

const keys = openKeys();
const log = twoChains(keys);
const LAST = checkpointName(3);
const verified = (of: AuditLog, more: More = {}) => readBy(keys, of, more);

test('a log that nobody touched is read once and reported in full', async () => {
  const text = log.checkpoints.get(LAST) ?? '';
  const { checkpoint } = SignedCheckpoint.parse(JSON.parse(text));
  for (const lines of [true, false])
    expect(await verified(log, { lines })).toEqual({
      ...{ status: 'ok', findings: [], findingCount: 0, pauses: 0, reads: 1 },
      counts: { checkpoints: 3, leaves: 4, rows: 4, chains: 2, unsealed: 0, records: 0 },
      last: { n: 3, to: instant(15), hash: checkpointHash(checkpoint) },
    });
});

test('whoever waits is told how far it is, and how many leaves the checkpoints name', async () => {
  const told: [Counts, number][] = [];
  await verified(log, { onProgress: (counts, sealed) => told.push([{ ...counts }, sealed]) });
  const at = (
    checkpoints: number,
    leaves: number,
    rest = { rows: 0, chains: 0 },
    sealed = leaves,
  ) => [{ checkpoints, leaves, ...rest }, sealed];
  expect(told).toEqual([at(1, 2), at(2, 4), at(3, 4), at(3, 4, { rows: 4, chains: 1 })]);
});

test('whoever waits is told also while what differs is read again', async () => {
  const told: number[] = [];
  const altered = copyOf(log);
  altered.heads.delete(X);
  await verified(altered, { onProgress: ({ rows }) => told.push(rows) });
  expect(told).toEqual([0, 0, 0, 4, 4]);
});

describe('a log without a checkpoint', () => {
  const young = copyOf(log);
  young.checkpoints.clear();
  const nothing = found('no-checkpoint', 'checkpoints', 'Nothing was sealed yet.');

  test('is incomplete; every row is young, and a record behind its rows may be read before them', async () => {
    const behind = copyOf(young);
    const first = Object(log.rows.get(X)?.[0]?.row);
    behind.heads.set(X, { chain: X, seq: 1, hash: first.hash });
    for (const lines of [true, false])
      expect(await verified(behind, { lines })).toMatchObject({
        ...{ status: 'incomplete', findings: [nothing], last: null },
        counts: { rows: 4, unsealed: 4, checkpoints: 0, leaves: 0 },
      });
  });
  test('was cut off when somebody saw one', async () => {
    const { findings } = await verified(young, { expected: { n: 2, hash: null } });
    expect(findings).toEqual([
      found(
        'checkpoints-cut-off',
        checkpointName(2),
        'It was witnessed; the last one that holds is 0.',
      ),
      nothing,
    ]);
  });
});

describe('what a witness wrote down', () => {
  const hash = sha256('another');
  const { previous } = SignedCheckpoint.parse(
    JSON.parse(log.checkpoints.get(LAST) ?? ''),
  ).checkpoint;
  const witnessed = async (expected: VerifyOptions['expected']) =>
    (await verified(log, { expected: expected ?? null })).findings;

  test('holds when the checkpoint of that number is the same, or its hash was not written down', async () => {
    expect(await witnessed({ n: 2, hash: previous })).toEqual([]);
    expect(await witnessed({ n: 2, hash: null })).toEqual([]);
    expect(await witnessed({ n: 3, hash: null })).toEqual([]);
    expect(await witnessed(null)).toEqual([]);
  });
  test('names a checkpoint that was made anew', async () => {
    expect(await witnessed({ n: 2, hash })).toEqual([
      found(
        'checkpoint-altered',
        checkpointName(2),
        'Its hash is not the one that was witnessed: history was sealed anew.',
      ),
    ]);
  });
  test('names checkpoints that are no longer there', async () => {
    expect(await witnessed({ n: 4, hash })).toEqual([
      found(
        'checkpoints-cut-off',
        checkpointName(4),
        'It was witnessed; the last one that holds is 3.',
      ),
    ]);
  });
});

test('a checkpoint is late more than eleven minutes after the last one, and offline never', async () => {
  const at = async (ms: number) =>
    (await verified(log, { now: new Date(Date.parse(instant(26)) + ms) })).findings;
  expect([await at(0), (await verified(log, { now: null })).findings]).toEqual([[], []]);
  expect(await at(1)).toEqual([
    found('checkpoint-late', checkpointName(4), `The last one ends at ${instant(15)}.`),
  ]);
});

test('a checkpoint more than eleven minutes after the one before tells of a pause', async () => {
  const paused = seal(auditLog(keys, new Map(), 0), keys, [], [5, 16, 28, 40]);
  expect(await verified(paused)).toMatchObject({ status: 'ok', pauses: 2 });
});

describe('rows after the last checkpoint', () => {
  test('are young, however many; of a chain that was sealed before too', async () => {
    const young = auditLog(keys, storyAt({ [X]: [1, 16, 17], [Y]: [18] }), 15);
    for (const lines of [true, false])
      expect(await verified(young, { lines })).toMatchObject({
        ...{ status: 'ok', reads: 1, counts: { rows: 4, leaves: 1, unsealed: 3 } },
      });
  });
  test('are counted once, also where something is wrong with their chain', async () => {
    const young = auditLog(keys, storyAt({ [X]: [1, 14, 16, 17] }), 10);
    young.heads.set(X, { chain: X, seq: 4, hash: 'e'.repeat(64) });
    const { findings, counts } = await verified(young);
    expect(findings.map(({ code }) => code)).toEqual(['wrong-head']);
    expect(counts).toMatchObject({ rows: 4, unsealed: 3 });
  });
});

test.each([
  [15, 'ok', 1],
  [14, 'ok', 1],
  [6, 'ok', 1],
  [5, 'tampered', 0],
  [4, 'tampered', 0],
])(
  'a row of minute %i that is in no checkpoint up to minute 15 is %s',
  async (minute, status, unsealed) => {
    const own = auditLog(keys, storyAt({ [X]: [minute] }), 0);
    const sealed = auditLog(keys, new Map(), 15);
    const report = await verified({ ...sealed, rows: own.rows, heads: own.heads });
    expect(report).toMatchObject({ status, counts: { unsealed } });
  },
);

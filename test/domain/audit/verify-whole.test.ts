/** A whole verification of small logs: what is reported, in which words, and how often everything is read for it. */
import { type AuditSource, narrowedTo } from '../../../shared/domain/audit/audit-source.ts';
import {
  type Before,
  buildCheckpoint,
  checkpointHash,
  checkpointName,
  leavesName,
  leavesText,
  SignedCheckpoint,
} from '../../../shared/domain/audit/checkpoint.ts';
import { sha256 } from '../../../shared/domain/audit/digest.ts';
import {
  type Counts,
  type VerifyOptions,
  verifyAudit,
} from '../../../shared/domain/audit/verify.ts';
import {
  type AuditLog,
  auditLog,
  contentOf,
  copyOf,
  instant,
  openKeys,
  signedText,
  sourceOf,
  TENANT,
} from '../../support/audit-fixture.ts';

const keys = openKeys();
const storyOf = (chains: Readonly<Record<string, readonly number[]>>) =>
  new Map(
    Object.entries(chains).map(([chain, minutes]) => [
      chain,
      minutes.map((minute) => ({ minute, event: { type: 'X', minute } })),
    ]),
  );
const [X, Y] = ['request#x', 'request#y'];
/** Four events in two chains and three checkpoints, the last one without a leaf. */
const log = auditLog(keys, storyOf({ [X]: [1, 6], [Y]: [2, 8] }), 15);
const LAST = checkpointName(3);

type More = Partial<VerifyOptions> & { readonly lines?: boolean };
/** The report, and how often all rows were read: once when nothing differs. */
async function verified(of: AuditLog, { lines = true, ...more }: More = {}) {
  let reads = 0;
  const source = more.source ?? sourceOf(of, { withLines: lines });
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
const found = (code: string, where: string, what: string) => ({ code, where, row: null, what });

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
  const paused = auditLog(keys, new Map(), 0);
  let before: Before | null = null;
  for (const minutes of [5, 16, 28, 40]) {
    const facts = { tenant: TENANT, table: 'journal', code: 'c0'.repeat(32) };
    const { checkpoint } = buildCheckpoint(before, [], { ...facts, to: instant(minutes) });
    paused.checkpoints.set(checkpointName(checkpoint.n), signedText(checkpoint, keys));
    paused.leaves.set(leavesName(checkpoint), leavesText([]));
    before = { checkpoint, hash: checkpointHash(checkpoint) };
  }
  expect(await verified(paused)).toMatchObject({ status: 'ok', pauses: 2 });
});

describe('rows after the last checkpoint', () => {
  test('are young, however many; of a chain that was sealed before too', async () => {
    const young = auditLog(keys, storyOf({ [X]: [1, 16, 17], [Y]: [18] }), 15);
    for (const lines of [true, false])
      expect(await verified(young, { lines })).toMatchObject({
        ...{ status: 'ok', reads: 1, counts: { rows: 4, leaves: 1, unsealed: 3 } },
      });
  });
  test('are counted once, also where something is wrong with their chain', async () => {
    const young = auditLog(keys, storyOf({ [X]: [1, 14, 16, 17] }), 10);
    young.heads.set(X, { chain: X, seq: 4, hash: 'e'.repeat(64) });
    const { findings, counts } = await verified(young);
    expect(findings.map(({ code }) => code)).toEqual(['wrong-head']);
    expect(counts).toMatchObject({ rows: 4, unsealed: 3 });
  });
});

test.each([
  [14, 'ok', 1],
  [6, 'ok', 1],
  [5, 'tampered', 0],
  [4, 'tampered', 0],
])(
  'a row of minute %i that is in no checkpoint up to minute 15 is %s',
  async (minute, status, unsealed) => {
    const own = auditLog(keys, storyOf({ [X]: [minute] }), 0);
    const sealed = auditLog(keys, new Map(), 15);
    const report = await verified({ ...sealed, rows: own.rows, heads: own.heads });
    expect(report).toMatchObject({ status, counts: { unsealed } });
  },
);

describe('since an instant', () => {
  test('only what was sealed after it is compared, and nothing is read twice for that', async () => {
    for (const lines of [true, false])
      expect(await verified(log, { lines, since: instant(6) })).toMatchObject({
        ...{ status: 'ok', reads: 1, findings: [] },
        counts: { checkpoints: 3, leaves: 2, rows: 4, unsealed: 0 },
      });
  });
  test('a chain that goes on from before it is read twice for that, and is no finding', async () => {
    // Its first row is older, and its leaf is in a checkpoint that ends at that instant.
    const long = auditLog(keys, storyOf({ [X]: [1, 6] }), 40);
    for (const heads of [sourceOf(long).heads, null])
      expect(
        await verified(long, { since: instant(5), source: { ...sourceOf(long), heads } }),
      ).toMatchObject({ status: 'ok', findings: [], reads: 2 });
  });
  test('rows before it are no finding though their leaves were not read; rows behind it are', async () => {
    const planted = (minute: number) => {
      const more = auditLog(keys, storyOf({ 'request#evil': [minute] }), 0);
      const own = copyOf(log);
      for (const [chain, rows] of more.rows) own.rows.set(chain, rows);
      for (const [chain, head] of more.heads) own.heads.set(chain, head);
      return own;
    };
    expect((await verified(planted(1), { since: instant(6) })).status).toBe('ok');
    expect((await verified(planted(1))).status).toBe('tampered');
  });
});

describe('one chain alone', () => {
  const only = (chain: string, of = log, more: More = {}) =>
    verified(of, { ...more, chain, source: narrowedTo(sourceOf(of), chain) });

  test('is compared with its own leaves, and nothing else is', async () => {
    expect(await only(X)).toMatchObject({
      ...{ status: 'ok', reads: 1, findings: [] },
      counts: { rows: 2, chains: 1, leaves: 4 },
    });
  });
  test('needs no policy text', async () => {
    const altered = copyOf(log);
    for (const [hash, version] of log.policies)
      altered.policies.set(hash, { ...version, text: '' });
    expect((await only(X, altered)).status).toBe('ok');
    expect((await verified(altered)).status).toBe('tampered');
  });
  test('that is nowhere is said to be nowhere, not to hold', async () => {
    expect(await only('request#z')).toMatchObject({
      status: 'incomplete',
      findings: [found('no-such-chain', 'request#z', 'There is no event of it in this log.')],
    });
  });
  test('that was deleted is said to be deleted and no more', async () => {
    const gone = copyOf(log);
    gone.rows.delete(X);
    const { findings } = await only(X, gone);
    expect(findings.map(({ code }) => code)).toEqual(['deleted', 'deleted']);
  });
});

describe('a source that reads by index what happened since', () => {
  const asked: Parameters<NonNullable<AuditSource['since']>>[0][] = [];
  const withIndex = (of: AuditLog): AuditSource => ({
    ...sourceOf(of),
    async since(news) {
      asked.push({ ...news, chains: [...news.chains] });
      return null;
    },
  });
  const since = async (of: AuditLog, more: More = {}) => {
    asked.length = 0;
    const report = await verified(of, { since: instant(6), source: withIndex(of), ...more });
    return {
      report,
      asked: asked.map(({ chains, ...rest }) => ({ ...rest, chains: [...chains].sort() })),
    };
  };

  test('is asked from then to the last checkpoint, or to now, by name', async () => {
    const chains = ['policy#active', X, Y];
    expect((await since(log)).asked).toEqual([{ from: instant(6), to: instant(15), chains }]);
    expect((await since(log, { now: new Date(instant(17)) })).asked).toEqual([
      { from: instant(6), to: instant(17), chains },
    ]);
  });
  test('is not asked about one chain, without an instant, or before anything was sealed', async () => {
    expect((await since(log, { chain: X })).asked).toEqual([]);
    expect((await since(log, { since: null })).asked).toEqual([]);
    const begun = copyOf(log);
    begun.checkpoints.clear();
    expect((await since(begun)).asked).toEqual([]);
  });
  test('is asked about ten thousand chains at most: of more everything is read', async () => {
    const sealed = (count: number) => {
      const leaves = Array.from({ length: count }, (_, i) => ({
        ...{ chain: `container#${i}`, seq: 1, hash: 'a'.repeat(64) },
      }));
      const facts = { tenant: TENANT, table: 'journal', code: 'c0'.repeat(32), to: instant(9) };
      const { checkpoint, leaves: sorted } = buildCheckpoint(null, leaves, facts);
      const own = auditLog(keys, new Map(), 0);
      own.checkpoints.set(checkpointName(1), signedText(checkpoint, keys));
      own.leaves.set(leavesName(checkpoint), leavesText(sorted));
      return own;
    };
    expect((await since(sealed(9_999))).asked).toHaveLength(1);
    expect((await since(sealed(10_000))).asked).toEqual([]);
  });
});

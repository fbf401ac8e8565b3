/** What a verification reads, and how often: lines instead of rows, what is new, one chain, what an index says. */
import { type AuditSource, narrowedTo } from '../../../shared/domain/audit/audit-source.ts';
import {
  type AuditLog,
  auditLog,
  copyOf,
  instant,
  openKeys,
  POLICY_HASH,
  sourceOf,
} from '../../support/audit-fixture.ts';
import { HELD, recordedLog } from '../../support/recorded-log.ts';
import {
  found,
  type More,
  readBy,
  seal,
  storyAt,
  twoChains,
  undatedLog,
  X,
  Y,
} from '../../support/small-log.ts';

const keys = openKeys();
const log = twoChains(keys);
const undated = undatedLog(keys);
const verified = (of: AuditLog, more: More = {}) => readBy(keys, of, more);

describe('a line', () => {
  /** Rows that would be found to be none if anybody read them. */
  const unread = (of: AuditLog): AuditSource => ({
    ...sourceOf(of),
    async *rows() {
      for await (const page of sourceOf(of).rows())
        yield page.map((found) => ({ ...found, row: 'never read' }));
    },
  });

  test('spares reading its row, whatever its chain ends with', async () => {
    const named = auditLog(keys, storyAt({ 'container#policy#': [1, 2] }), 5);
    for (const each of [log, named])
      expect(await verified(each, { source: unread(each) })).toMatchObject({
        status: 'ok',
        reads: 1,
      });
  });
  test('does not where it is about a policy, is younger than what was sealed, or says no instant', async () => {
    const policy = auditLog(keys, storyAt({ 'policy#active': [1] }), 5);
    const young = auditLog(keys, storyAt({ [X]: [6] }), 5);
    for (const each of [policy, young, undated])
      expect((await verified(each, { source: unread(each) })).findings).toContainEqual(
        expect.objectContaining({ code: 'unreadable-row' }),
      );
  });
});

test('an event without an instant is sealed like any other', async () => {
  for (const lines of [true, false])
    expect(await verified(undated, { lines })).toMatchObject({
      ...{ status: 'ok', reads: 1, counts: { rows: 1, leaves: 1, unsealed: 0 } },
    });
});

test('a policy that events name is missed, from lines as from rows', async () => {
  const event = { type: 'PolicyChanged', hash: '' };
  const named = auditLog(keys, new Map([['policy#active', [{ minute: 1, event }]]]), 5);
  named.policies.clear();
  for (const lines of [true, false])
    expect((await verified(named, { lines })).findings).toEqual([
      found('policy-missing', `policy ${POLICY_HASH}`, 'It was in force; its text is gone.'),
    ]);
});

test('records are no reason to read twice: where there are none, where one has no event, where all are right', async () => {
  const recorded = recordedLog(keys);
  const empty = copyOf(log);
  empty.heads.set('request#z', { chain: 'request#z', seq: 0, hash: '' });
  for (const lines of [true, false]) {
    expect(await verified(recorded, { lines })).toMatchObject({ status: 'ok', reads: 1 });
    expect(await verified(empty, { lines })).toMatchObject({ status: 'ok', reads: 1 });
    const source = { ...sourceOf(log, { withLines: lines }), heads: null };
    expect(await verified(log, { source })).toMatchObject({ status: 'ok', reads: 1 });
  }
});

test('a record that stands elsewhere is named, and what it says is still that of its events', async () => {
  const [live] = HELD.grants;
  const chain = `request#${live?.grantId}`;
  const [known, unknown] = [recordedLog(keys), recordedLog(keys)];
  for (const [name, { value: _, ...head }] of unknown.heads) unknown.heads.set(name, head);
  for (const each of [known, unknown]) {
    const head = each.heads.get(chain);
    if (head) each.heads.set(chain, { ...head, hash: 'e'.repeat(64) });
    expect((await verified(each)).findings.map(({ code }) => code)).toEqual(['wrong-head']);
  }
});

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
    const long = auditLog(keys, storyAt({ [X]: [1, 6] }), 40);
    for (const heads of [sourceOf(long).heads, null])
      expect(
        await verified(long, { since: instant(5), source: { ...sourceOf(long), heads } }),
      ).toMatchObject({ status: 'ok', findings: [], reads: 2 });
  });
  test('rows before it are no finding though their leaves were not read; rows behind it are', async () => {
    const planted = (minute: number) => {
      const more = auditLog(keys, storyAt({ 'request#evil': [minute] }), 0);
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
      return seal(auditLog(keys, new Map(), 0), keys, leaves, [9]);
    };
    expect((await since(sealed(9_999))).asked).toHaveLength(1);
    expect((await since(sealed(10_000))).asked).toEqual([]);
  });
});

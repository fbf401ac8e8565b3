import { hashEvent } from '../../../shared/domain/audit/chain.ts';
import {
  type Checkpoint,
  leafLine,
  leavesName,
  leavesText,
  rootsOf,
  SignedCheckpoint,
} from '../../../shared/domain/audit/checkpoint.ts';
import { openFindings } from '../../../shared/domain/audit/findings.ts';
import { openCloseLook } from '../../../shared/domain/audit/verify-closely.ts';
import {
  auditLog,
  copyOf,
  instant,
  openKeys,
  signedText,
  TENANT,
  verified,
} from '../../support/audit-fixture.ts';

const keys = openKeys();
const log = auditLog(keys);

test('a log that nobody touched verifies, every row and every leaf of it', async () => {
  const report = await verified(log, keys);
  expect(report).toMatchObject({ status: 'ok', findings: [], findingCount: 0 });
  const rows = [...log.rows.values()].flat().length;
  expect(report.counts).toMatchObject({ rows, leaves: rows, checkpoints: 6, unsealed: 0 });
  expect(report.last).toMatchObject({ n: 6 });
});

/** A sealer of ours that went wrong, or was made to: what it signed is still held against everything else. */
describe('a checkpoint that our own key signed', () => {
  const NAME = 'checkpoints/0000000003.json';
  const { checkpoint } = SignedCheckpoint.parse(JSON.parse(log.checkpoints.get(NAME) ?? ''));
  const withSigned = (next: Checkpoint) => {
    const changed = copyOf(log);
    changed.checkpoints.set(NAME, signedText(next, keys));
    return verified(changed, keys);
  };

  test('and that is as it was verifies, so that what follows is found for its own reason', async () => {
    expect((await withSigned(checkpoint)).status).toBe('ok');
  });

  test.each<[string, Partial<Checkpoint>, string]>([
    ['follows another one', { previous: 'e'.repeat(64) }, 'checkpoint-unlinked'],
    ['begins elsewhere', { from: instant(1) }, 'checkpoint-unlinked'],
    ['ends before it begins', { to: instant(1) }, 'checkpoint-unlinked'],
    ['is of another tenant', { tenant: 'other' }, 'checkpoint-unlinked'],
    ['is of another table', { table: 'other' }, 'checkpoint-unlinked'],
    ['has another number', { n: 4 }, 'checkpoint-altered'],
    ['counts more leaves', { size: checkpoint.size + 1 }, 'leaves-altered'],
    ['has other heads', { heads: 'e'.repeat(64) }, 'leaves-altered'],
    ['has another root', { root: 'e'.repeat(64) }, 'leaves-missing'],
  ])('and that %s is found', async (_, change, code) => {
    const { findings } = await withSigned({ ...checkpoint, ...change });
    expect(
      findings.find(({ where }) => where === NAME || where.startsWith('leaves/')),
    ).toMatchObject({ code });
  });
});

test('a leaf that our own key signed under another number is found, though its hash is that of a row', async () => {
  const events = [{ minute: 1, event: { type: 'X' } }];
  const small = auditLog(keys, new Map([['request#x', events]]), 5);
  const hash = small.heads.get('request#x')?.hash ?? '';
  const [name = ''] = small.checkpoints.keys();
  const { checkpoint } = SignedCheckpoint.parse(JSON.parse(small.checkpoints.get(name) ?? ''));
  const leaves = [{ chain: 'request#x', seq: 2, hash }];
  const next = { ...checkpoint, ...rootsOf(leaves, leavesText(leaves)) };
  small.checkpoints.set(name, signedText(next, keys));
  small.leaves.clear();
  small.leaves.set(leavesName(next), leavesText(leaves));
  expect((await verified(small, keys)).status).toBe('tampered');
});

/** Rows that our own writer and our own key would never have made, and did. */
describe('what our own key sealed', () => {
  const sealed = (changes: readonly { seq?: number; tenant?: string }[]) => {
    const begun = auditLog(keys, new Map(), 5);
    const [name = ''] = begun.checkpoints.keys();
    const { checkpoint } = SignedCheckpoint.parse(JSON.parse(begun.checkpoints.get(name) ?? ''));
    let previous = '0'.repeat(64);
    const rows = changes.map((change, i) => {
      const event = { type: 'X', at: instant(1) };
      const link = { tenant: TENANT, chain: 'request#x', seq: i + 1, event, ...change };
      const row = { ...link, previous, hash: hashEvent(link, previous) };
      previous = row.hash;
      return { seq: row.seq, row, misplaced: null };
    });
    const leaves = rows.map(({ row: { chain, seq, hash } }) => ({ chain, seq, hash }));
    const next = { ...checkpoint, size: leaves.length, ...rootsOf(leaves, leavesText(leaves)) };
    begun.checkpoints.set(name, signedText(next, keys));
    begun.leaves.set(leavesName(next), leavesText(leaves));
    begun.rows.set('request#x', rows);
    const { chain, seq, hash } = leaves.at(-1) ?? { chain: '', seq: 0, hash: '' };
    begun.heads.set('request#x', { chain, seq, hash });
    return verified(begun, keys);
  };

  test('verifies when it is as it should be', async () => {
    expect(await sealed([{}, {}])).toMatchObject({ status: 'ok', counts: { rows: 2 } });
  });
  test('cannot be read when a leaf is not in canonical form, though the root is over it as it stands', async () => {
    const begun = auditLog(keys, new Map([['request#x', [{ minute: 1, event: {} }]]]), 5);
    const [name = ''] = begun.checkpoints.keys();
    const { checkpoint } = SignedCheckpoint.parse(JSON.parse(begun.checkpoints.get(name) ?? ''));
    const { seq = 0, hash = '' } = begun.heads.get('request#x') ?? {};
    const leaves = [{ chain: 'request#x', seq, hash }];
    const lines = leaves.map((leaf) => leafLine(leaf).replace(',"seq"', ', "seq"'));
    const next = { ...checkpoint, ...rootsOf(leaves, `${lines[0]}\n`) };
    begun.checkpoints.set(name, signedText(next, keys));
    begun.leaves.set(leavesName(next), `${lines[0]}\n`);
    const { findings } = await verified(begun, keys);
    expect(findings[0]).toMatchObject({ code: 'unreadable-leaves', where: leavesName(next) });
  });
  test('is found when a row is of another tenant', async () => {
    const { findings } = await sealed([{}, { tenant: 'other' }]);
    expect(findings[0]).toMatchObject({ code: 'altered', where: 'request#x/2' });
  });
  test('is found when the numbers of a chain have a gap', async () => {
    const { findings } = await sealed([{}, { seq: 3 }]);
    expect(findings[0]).toMatchObject({ code: 'deleted', where: 'request#x/2' });
  });
});

test('a log that was only just begun is incomplete, not wrong', async () => {
  const young = copyOf(log);
  young.checkpoints.clear();
  expect(await verified(young, keys)).toMatchObject({
    status: 'incomplete',
    findings: [{ code: 'no-checkpoint' }],
  });
});

test('an event that is sealed twice is found', async () => {
  const leaf = { chain: 'request#x', seq: 1, hash: 'e'.repeat(64) };
  const look = openFindings();
  const close = openCloseLook({ after: null, before: instant(0), last: instant(10) }, look);
  close.onLeaf(leaf);
  close.onLeaf(leaf);
  close.conclude();
  expect(look.list().map(({ code }) => code)).toContain('sealed-twice');
});

test('a leaf that was changed is found also where its chain goes on in the same checkpoint', async () => {
  const events = Array.from({ length: 3 }, () => ({ minute: 1, event: { type: 'X' } }));
  const small = auditLog(keys, new Map([['request#x', events]]), 5);
  const [[name, text] = ['', '']] = small.leaves;
  small.leaves.set(name, text.replace(/"hash":"[0-9a-f]{8}/, '"hash":"00000000'));
  expect((await verified(small, keys)).findings[0]).toMatchObject({
    code: 'leaves-altered',
    where: name,
  });
  small.leaves.delete(name);
  expect((await verified(small, keys)).findings[0]).toMatchObject({
    code: 'leaves-missing',
    where: name,
  });
});

test('a row that no checkpoint holds yet still has to follow the row before it', async () => {
  const young = copyOf(log);
  const place = { tenant: TENANT, chain: 'request#young', event: { type: 'X', at: instant(29) } };
  const link = (seq: number, previous: string) => {
    const row = { ...place, seq, previous, hash: hashEvent({ ...place, seq }, previous) };
    return { seq, row, misplaced: null };
  };
  young.rows.set(place.chain, [link(1, '0'.repeat(64)), link(2, 'e'.repeat(64))]);
  const { findings } = await verified(young, keys);
  expect(findings[0]).toMatchObject({ code: 'broken-link', where: 'request#young/2' });
});

test('a young row that is gone from the middle, or is none, is found before any checkpoint could tell', async () => {
  const events = [1, 2, 3].map(() => ({ minute: 31, event: { type: 'X' } }));
  const young = auditLog(keys, new Map([['request#young', events]]), 30);
  const rows = young.rows.get('request#young') ?? [];
  const [, second] = rows;
  if (!second) throw new Error('No second row');
  expect((await verified(young, keys)).status).toBe('ok');
  young.rows.set('request#young', rows.toSpliced(1, 1));
  expect((await verified(young, keys)).findings).toMatchObject([
    { code: 'deleted', where: 'request#young/2' },
  ]);
  young.rows.set('request#young', rows.with(1, { ...second, row: 'none' }));
  expect((await verified(young, keys)).findings).toContainEqual(
    expect.objectContaining({ code: 'unreadable-row', where: 'request#young/2' }),
  );
});

test('the text of a policy is held against its hash, whatever its data say', async () => {
  const changed = copyOf(log);
  for (const [hash, version] of log.policies) changed.policies.set(hash, { ...version, text: 'x' });
  const [content] = [...log.policies.values()].map((version) => version.content);
  const { findings } = await verified(changed, keys, { contentOf: () => content ?? null });
  expect(findings).toMatchObject([{ code: 'policy-altered' }]);
});

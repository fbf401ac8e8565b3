import type { Json } from '../../../shared/domain/audit/canonical-json.ts';
import { leavesName, SignedCheckpoint } from '../../../shared/domain/audit/checkpoint.ts';
import { faultOfProof, type Proof, proofOf } from '../../../shared/domain/audit/proof.ts';
import { parseLeaves } from '../../../shared/domain/audit/verify-checkpoints.ts';
import { auditLog, openKeys, rowAt } from '../../support/audit-fixture.ts';

const keys = openKeys();
const log = auditLog(keys);
const sealed = [...log.checkpoints.values()].map((text) =>
  SignedCheckpoint.parse(JSON.parse(text)),
);
const leavesOf = ({ checkpoint }: SignedCheckpoint) =>
  parseLeaves(log.leaves.get(leavesName(checkpoint)) ?? '') ?? [];

/** Every event's proof. */
function* proofs(): Iterable<Proof> {
  for (const one of sealed)
    for (const leaf of leavesOf(one)) {
      const proof = proofOf(rowAt(log, leaf.chain, leaf.seq), one, leavesOf(one));
      if (!proof) throw new Error(`${leaf.chain}/${leaf.seq} has no proof`);
      yield proof;
    }
}
const json = (proof: Proof) => JSON.parse(JSON.stringify(proof));

test('every event of the log can be proved with the public key alone', () => {
  const all = [...proofs()];
  expect(all.map((proof) => faultOfProof(json(proof), keys.signatures))).toEqual(
    all.map(() => null),
  );
  expect(all.length).toBe([...log.rows.values()].flat().length);
});

test('an event that is not in the checkpoint has no proof by it', () => {
  const [first, second] = sealed;
  const [leaf] = first ? leavesOf(first) : [];
  if (!first || !second || !leaf) throw new Error('The log is too small');
  const row = rowAt(log, leaf.chain, leaf.seq);
  expect(proofOf(row, second, leavesOf(second))).toBeNull();
  expect(proofOf({ ...row, hash: 'e'.repeat(64) }, first, leavesOf(first))).toBeNull();
  expect(proofOf({ ...row, chain: 'request#other' }, first, leavesOf(first))).toBeNull();
  expect(proofOf({ ...row, seq: row.seq + 1 }, first, leavesOf(first))).toBeNull();
});

test.each<[string, (proof: Record<string, Json>) => unknown]>([
  ['unreadable', () => null],
  ['unreadable', () => 'junk'],
  ['unreadable', (proof) => ({ ...proof, more: 1 })],
  ['unreadable', (proof) => ({ ...proof, path: Array(65).fill('e'.repeat(64)) })],
  ['event', (proof) => ({ ...proof, row: { ...Object(proof['row']), seq: 7 } })],
  ['event', (proof) => ({ ...proof, row: { ...Object(proof['row']), event: { type: 'X' } } })],
  ['event', (proof) => ({ ...proof, row: { ...Object(proof['row']), event: { type: '\ud800' } } })],
  ['path', (proof) => ({ ...proof, index: Number(proof['index']) + 1 })],
  ['path', (proof) => ({ ...proof, path: [] })],
])('a proof that was changed is refused: %s', (fault, change) => {
  const [proof] = [...proofs()].filter(({ path }) => path.length > 1);
  if (!proof) throw new Error('The log is too small');
  expect(faultOfProof(change(json(proof)), keys.signatures)).toBe(fault);
});

test('a proof under another key, another checkpoint or another tenant is refused', () => {
  const [proof] = proofs();
  if (!proof) throw new Error('The log is empty');
  expect(faultOfProof(json(proof), openKeys().signatures)).toBe('signature');
  const { checkpoint } = proof.sealed;
  const changed = (more: object) =>
    json({ ...proof, sealed: { ...proof.sealed, checkpoint: { ...checkpoint, ...more } } });
  expect(faultOfProof(changed({ n: checkpoint.n + 1 }), keys.signatures)).toBe('signature');
  expect(faultOfProof(changed({ tenant: 'other' }), keys.signatures)).toBe('tenant');
  expect(faultOfProof(changed({ root: 'e'.repeat(64) }), keys.signatures)).toBe('path');
});

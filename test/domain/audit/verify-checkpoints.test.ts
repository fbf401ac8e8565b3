/** Checkpoint after checkpoint and the leaves of each: what is wrong with them, in which words, and what goes on to be compared. */
import { canonicalJson } from '../../../shared/domain/audit/canonical-json.ts';
import {
  type Before,
  buildCheckpoint,
  type Checkpoint,
  checkpointHash,
  checkpointMessage,
  checkpointName,
  type Leaf,
  leafLine,
  leavesName,
  leavesText,
  rootsOf,
} from '../../../shared/domain/audit/checkpoint.ts';
import { sha256 } from '../../../shared/domain/audit/digest.ts';
import { openFindings } from '../../../shared/domain/audit/findings.ts';
import { EMPTY_ROOT } from '../../../shared/domain/audit/merkle.ts';
import {
  jsonOf,
  parseLeaves,
  type Signatures,
  verifyCheckpoints,
} from '../../../shared/domain/audit/verify-checkpoints.ts';
import { instant } from '../../support/audit-fixture.ts';

/** No key is needed to tell a signature from none. */
const signatureOf = (message: Uint8Array) => Buffer.from(sha256(message), 'hex');
const signatures: Signatures = {
  isSigned: (message, signature) => signatureOf(message).equals(signature),
};
const signed = (checkpoint: Checkpoint) =>
  canonicalJson({
    ...{ checkpoint, key: 'e'.repeat(64) },
    signature: signatureOf(checkpointMessage(checkpoint)).toString('base64'),
  });
const leaf = (seq: number, chain = 'request#x'): Leaf => ({ chain, seq, hash: sha256(`${seq}`) });

/** Three that follow each other: with two leaves, without any, with one. */
const LEAVES = [[leaf(1), leaf(2)], [], [leaf(1, 'request#y')]];
const MADE: Before[] = [];
for (const [i, leaves] of LEAVES.entries()) {
  const facts = { tenant: 'acme', table: 'journal', code: 'c0'.repeat(32) };
  const to = instant(5 * (i + 1));
  const { checkpoint } = buildCheckpoint(MADE.at(-1) ?? null, leaves, { ...facts, to });
  MADE.push({ checkpoint, hash: checkpointHash(checkpoint) });
}
const CHECKPOINTS = MADE.map(({ checkpoint }) => checkpoint);
const [FIRST, SECOND, THIRD] = CHECKPOINTS;
if (!FIRST || !SECOND || !THIRD) throw new Error('Not made');

type File = readonly [name: string, text: string | null];
const fileOf = (checkpoint: Checkpoint): File => [checkpointName(checkpoint.n), signed(checkpoint)];
const leavesOf = (checkpoints: readonly Checkpoint[]) =>
  new Map(checkpoints.map((each, i) => [leavesName(each), leavesText(LEAVES[i] ?? [])]));

async function run(
  files: readonly File[],
  leaves: ReadonlyMap<string, string> = leavesOf(CHECKPOINTS),
  { since = null, isElsewhere = false }: { since?: string | null; isElsewhere?: boolean } = {},
) {
  const [findings, leafFindings] = [openFindings(), openFindings()];
  const [read, seen, asked]: [[number, Leaf][], Before[], string[]] = [[], [], []];
  const last = await verifyCheckpoints({
    source: {
      async *checkpoints() {
        for (const [name, text] of files) yield { name, text };
      },
      async leaves(name) {
        asked.push(name);
        return leaves.get(name) ?? null;
      },
      async *rows() {},
      heads: null,
      async *policies() {},
    },
    ...{ signatures, findings, since, leafFindings: isElsewhere ? null : leafFindings },
    onLeaf: (each, { n }) => read.push([n, each]),
    onCheckpoint: (each) => seen.push(each),
  });
  return {
    ...{ last, seen, read, asked },
    ...{ findings: findings.list(), leafFindings: leafFindings.list() },
  };
}
const found = (code: string, where: string, what: string) => [{ code, where, row: null, what }];
const NAMES = CHECKPOINTS.map(({ n }) => checkpointName(n));
const [, SECOND_NAME = '', THIRD_NAME = ''] = NAMES;
const UNLINKED = 'It does not follow the checkpoint that stands before it.';

test('what follows from the first on is believed, and every leaf goes on', async () => {
  expect(await run(CHECKPOINTS.map(fileOf))).toEqual({
    ...{ last: MADE.at(-1), seen: MADE, asked: CHECKPOINTS.map(leavesName) },
    ...{ findings: [], leafFindings: [] },
    read: LEAVES.flatMap((leaves, i) => leaves.map((each) => [i + 1, each])),
  });
  expect(await run([])).toMatchObject({ last: null, seen: [], findings: [], leafFindings: [] });
});

test('what is no checkpoint is named and passed over; the next one tells what is missing', async () => {
  const junk = [null, '', 'junk', '[]', '{}', signed({ ...SECOND, size: -1 })];
  for (const text of junk) {
    const { last, findings } = await run([fileOf(FIRST), [SECOND_NAME, text], fileOf(THIRD)]);
    expect(last).toEqual(MADE[2]);
    // The same place: that it cannot be read says more than that it is missing.
    expect(findings).toEqual(
      found('unreadable-checkpoint', SECOND_NAME, 'It is not a checkpoint.'),
    );
  }
});

test('what nobody signed is a forgery and counts for nothing', async () => {
  const text = signed(SECOND).replace('"acme"', '"evil"');
  const { last, seen, findings } = await run([fileOf(FIRST), [SECOND_NAME, text]]);
  expect([last, seen]).toEqual([MADE[0], MADE.slice(0, 1)]);
  expect(findings).toEqual(
    found(
      'checkpoint-forged',
      SECOND_NAME,
      'Its signature does not fit the key: it was changed, or another key signed it.',
    ),
  );
});

test('a number that is left out is missing, and nothing more is said of the one behind it', async () => {
  expect((await run([fileOf(FIRST), fileOf(THIRD)])).findings).toEqual(
    found('checkpoint-missing', SECOND_NAME, 'The next one is 3.'),
  );
  expect((await run([fileOf(SECOND), fileOf(THIRD)])).findings).toEqual(
    found('checkpoint-missing', NAMES[0] ?? '', 'The next one is 2.'),
  );
});

test('one under the name of another says which it is', async () => {
  const files: File[] = [fileOf(FIRST), ['checkpoints/0000000009.json', signed(SECOND)]];
  expect((await run(files)).findings).toEqual(
    found('checkpoint-altered', 'checkpoints/0000000009.json', 'It says that it is checkpoint 2.'),
  );
});

test('one that comes twice does not follow the second time', async () => {
  const files: File[] = [fileOf(FIRST), fileOf(SECOND), ['checkpoints/x.json', signed(SECOND)]];
  expect((await run(files)).findings).toEqual(
    found('checkpoint-altered', 'checkpoints/x.json', 'It says that it is checkpoint 2.'),
  );
  expect((await run([fileOf(FIRST), fileOf(SECOND), fileOf(SECOND)])).findings).toEqual(
    found('checkpoint-unlinked', SECOND_NAME, UNLINKED),
  );
});

test.each<[string, Partial<Checkpoint>]>([
  ['names another one before it', { previous: 'e'.repeat(64) }],
  ['begins elsewhere', { from: instant(9) }],
  ['ends before it begins', { to: instant(9) }],
  ['is of another tenant', { tenant: 'other' }],
  ['is of another table', { table: 'other' }],
])('one that %s does not follow', async (_, change) => {
  const changed = { ...THIRD, ...change };
  const { findings, last } = await run([...[FIRST, SECOND].map(fileOf), fileOf(changed)]);
  expect(findings).toEqual(found('checkpoint-unlinked', THIRD_NAME, UNLINKED));
  expect(last?.checkpoint).toEqual(changed);
});

test('the first one follows nothing; one that ends where it begins follows', async () => {
  const first = { ...FIRST, previous: 'e'.repeat(64) };
  expect((await run([fileOf(first)])).findings).toEqual(
    found('checkpoint-unlinked', NAMES[0] ?? '', UNLINKED),
  );
  const short = { ...SECOND, to: SECOND.from };
  expect((await run([fileOf(FIRST), fileOf(short)])).findings).toEqual([]);
});

describe('leaves', () => {
  const [NAME] = CHECKPOINTS.map(leavesName);
  const withFirst = (checkpoint: Checkpoint, text?: string | null) => {
    const name = leavesName(checkpoint);
    return run([fileOf(checkpoint)], new Map(text ? [[name, text]] : []));
  };
  const text = leavesText(LEAVES[0] ?? []);

  test('are not asked for when they are read elsewhere, or end before what is asked for', async () => {
    const elsewhere = await run(CHECKPOINTS.map(fileOf), undefined, { isElsewhere: true });
    expect(elsewhere).toMatchObject({ asked: [], read: [], last: MADE[2], findings: [] });
    const since = (at: string) => run(CHECKPOINTS.map(fileOf), undefined, { since: at });
    const names = CHECKPOINTS.map(leavesName);
    expect(await since(instant(10))).toMatchObject({ asked: names.slice(1), seen: MADE });
    expect((await since(instant(11))).asked).toEqual(names.slice(2));
  });

  test.each<[string, Partial<Checkpoint>]>([
    ['has leaves', {}],
    ['has a root, and counts none', { size: 0 }],
    ['counts some, and has no root', { root: EMPTY_ROOT }],
  ])('that are gone are missing when their checkpoint %s', async (_, change) => {
    const checkpoint = { ...FIRST, ...change };
    const { leafFindings, findings, read } = await withFirst(checkpoint);
    expect(leafFindings).toEqual(
      found('leaves-missing', leavesName(checkpoint), 'Checkpoint 1 needs them.'),
    );
    expect([findings, read]).toEqual([[], []]);
  });
  test('that are gone are nothing when their checkpoint has none', async () => {
    expect(await run(CHECKPOINTS.slice(0, 2).map(fileOf), leavesOf([FIRST]))).toMatchObject({
      ...{ findings: [], leafFindings: [], asked: [NAME, leavesName(SECOND)] },
    });
  });

  test('that are none cannot be read', async () => {
    for (const wrong of [
      text.slice(0, -1),
      `${text}\n`,
      `${text}junk\n`,
      text.replace(':1}', ': 1}'),
    ])
      expect(await withFirst(FIRST, wrong)).toMatchObject({
        leafFindings: found(
          'unreadable-leaves',
          NAME ?? '',
          'Not every line is a leaf in canonical form.',
        ),
        read: [],
      });
  });

  test.each<[string, Partial<Checkpoint>, readonly Leaf[]]>([
    ['another hash than was sealed', {}, [leaf(1), { ...leaf(2), hash: 'e'.repeat(64) }]],
    ['one less than was sealed', {}, [leaf(1)]],
    ['another count than was sealed', { size: 3 }, [leaf(1), leaf(2)]],
    ['other ends of their chains', { heads: 'e'.repeat(64) }, [leaf(1), leaf(2)]],
    ['another order', { size: 2 }, [leaf(2), leaf(1)]],
    ['one that stands there twice', { size: 2 }, [leaf(1), leaf(1)]],
  ])('with %s were altered, and none of them is compared', async (_, change, leaves) => {
    const own = leavesText(leaves);
    // What our own key signed is held to its own rules: its roots fit.
    const isOwn = change.size === 2;
    const checkpoint = { ...FIRST, ...(isOwn ? rootsOf(leaves, own) : {}), ...change };
    const outcome = await withFirst(checkpoint, own);
    expect(outcome.leafFindings).toEqual(
      found(
        'leaves-altered',
        leavesName(checkpoint),
        'They are not what checkpoint 1 was made over.',
      ),
    );
    expect([outcome.read, outcome.findings]).toEqual([[], []]);
  });
});

describe('a line of leaves', () => {
  const line = leafLine(leaf(1));
  const named = (chain: string) => leafLine({ ...leaf(1), chain });

  test('is a leaf in canonical form, whoever stands before it', () => {
    const chains = ['a', 'ab', 'a', 'b', 'x'.repeat(1000), 'ä', 'a"b', 'a'];
    const leaves = chains.map((chain, i) => ({ ...leaf(i + 1), chain }));
    expect(parseLeaves(leavesText(leaves))).toEqual(leaves);
    expect(parseLeaves('')).toEqual([]);
  });
  test.each<[string, string]>([
    ['nothing', ''],
    ['another first field', line.replace('"chain"', '"Chain"')],
    ['another second field', line.replace('"hash"', '"Hash"')],
    ['another third field', line.replace('"seq"', '"Seq"')],
    ['another end', line.replace('}', ']')],
    ['no end', line.slice(0, -1)],
    ['a space behind it', `${line} `],
    ['a shorter hash', line.replace(/."(?=,"seq)/, '"')],
    ['a longer hash', line.replace('"hash":"', '"hash":"0')],
    ['another field', line.replace(',"seq"', ',"and":1,"seq"')],
    ['a chain without a name', named('')],
    ['a chain with too long a name', named('x'.repeat(1001))],
    ['a quote in its chain', line.replace('request#x', 'request"x')],
    ['a tab in its chain', line.replace('request#x', 'request\tx')],
  ])('with %s is no leaf', (_, wrong) => {
    expect(parseLeaves(`${wrong}\n`)).toBeNull();
    expect(parseLeaves(`${line}\n${wrong}\n`)).toBeNull();
  });
  test('ends with a line feed', () => {
    for (const text of [line, `${line}x`, `${line}\n${line}x`])
      expect(parseLeaves(text)).toBeNull();
  });
});

test('a text that is no JSON is nothing', () => {
  expect([jsonOf('{"a":1}'), jsonOf('null'), jsonOf('{'), jsonOf('')]).toEqual([
    ...[{ a: 1 }, null, undefined, undefined],
  ]);
});

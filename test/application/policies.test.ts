/** Which policy is in force: a broken file never replaces a good one, and every change is on record. */
import { readPolicy } from '../../shared/adapters/policy-file.ts';
import { journalPolicies, policyLoader } from '../../shared/application/policies.ts';
import { findChainBreak } from '../../shared/domain/audit/chain.ts';
import { put } from '../../shared/ports.ts';
import { type Bench, bench, emptyBench } from '../support/bench.ts';
import { inForce, policyText } from '../support/company.ts';
import { iso, later } from '../support/samples.ts';

const GOOD = policyText();
const OTHER = policyText({ timezone: 'UTC' });
const { hash: good } = inForce();
const { hash: other } = inForce({ timezone: 'UTC' });
const contentOf = (text: string): string => {
  const read = readPolicy(text, 'access.yaml');
  if (!read.ok) throw new Error('The test policy is broken');
  return read.value.content;
};
const changes = async (on: Bench) =>
  (await on.calm.history('policy', 'active')).map(({ event }) => event);

test('there is no policy before the first good one', async () => {
  expect(await emptyBench().policies.active()).toBeNull();
});

test('a good file is stored by its hash, put in force and recorded, in one commit', async () => {
  const on = emptyBench();
  expect(await on.enforce(GOOD)).toEqual({ ok: true, value: { hash: good, changed: true } });
  expect(on.switches.commits).toBe(1);
  expect((await on.calm.read('policyVersion', good)).value).toEqual({
    hash: good,
    text: GOOD,
    content: contentOf(GOOD),
    storedAt: iso(),
  });
  expect(await on.policies.active()).toMatchObject({
    hash: good,
    policy: inForce().policy,
    pointer: { value: { hash: good, activatedAt: iso() }, rev: 1 },
  });
  expect(await changes(on)).toEqual([
    {
      type: 'PolicyChanged',
      v: 2,
      at: iso(),
      actor: { kind: 'operator' },
      hash: good,
      previousHash: null,
      rights: null,
    },
  ]);
});

test('a change names the one before, and going back needs no second copy', async () => {
  const on = await bench();
  on.setTime(60);
  await on.enforce(OTHER);
  on.setTime(120);
  expect(await on.enforce(GOOD)).toEqual({ ok: true, value: { hash: good, changed: true } });
  expect(await changes(on)).toMatchObject([
    { hash: good, previousHash: null },
    { hash: other, previousHash: good, at: iso(60) },
    { hash: good, previousHash: other, at: iso(120) },
  ]);
  expect((await on.calm.read('policyVersion', good)).value?.storedAt).toBe(iso());
  const { head } = await on.calm.read('policy', 'active');
  expect(findChainBreak(await on.calm.history('policy', 'active'), head)).toBeNull();
});

test('the file that is in force already changes nothing', async () => {
  const on = await bench();
  const before = on.switches.commits;
  expect(await on.enforce(GOOD)).toEqual({ ok: true, value: { hash: good, changed: false } });
  expect(on.switches.commits).toBe(before);
  expect(await changes(on)).toHaveLength(1);
});

test.each([
  ['not YAML', 'version: [1'],
  ['empty', ''],
  ['with an unknown key', policyText({ surprise: true })],
  ['that lets nobody approve', policyText({ people: {} })],
])(
  'a file %s is reported by place, alarmed, and leaves the last good one in force',
  async (_what, text) => {
    const on = await bench();
    const loaded = await on.enforce(text);
    expect(loaded.ok).toBe(false);
    if (loaded.ok) return;
    expect(loaded.error[0]).toMatchObject({ file: 'access.yaml', line: expect.any(Number) });
    const [first] = loaded.error;
    expect(on.alarms).toEqual([
      {
        name: 'policy-rejected',
        fields: {
          where: `access.yaml:${first?.line}:${first?.column} ${first?.message}`,
          problems: loaded.error.length,
        },
      },
    ]);
    expect((await on.policies.active())?.hash).toBe(good);
    expect(await changes(on)).toHaveLength(1);
  },
);

test('two loaders of the same file at once record one change', async () => {
  const on = emptyBench();
  const answers = await Promise.all([on.enforce(GOOD), on.enforce(GOOD)]);
  expect(answers.map((each) => each.ok && each.value.changed).sort()).toEqual([false, true]);
  expect(await changes(on)).toHaveLength(1);
  expect((await on.policies.active())?.hash).toBe(good);
});

test('ten loaders of two files at once leave one of them in force, with an unbroken record', async () => {
  const on = await bench({ enrolment: 'vouched' });
  await Promise.all(Array.from({ length: 10 }, (_, i) => on.enforce(i % 2 ? GOOD : OTHER)));
  const recorded = await changes(on);
  expect((await on.policies.active())?.hash).toBe(recorded.at(-1)?.hash);
  recorded.slice(1).forEach((change, i) => {
    expect(change).toMatchObject({ type: 'PolicyChanged', previousHash: recorded[i]?.hash });
  });
});

test('a version that was changed in the store is not believed', async () => {
  const changed = { hash: good, text: OTHER, content: contentOf(OTHER), storedAt: iso() };
  for (const row of [changed, { ...changed, text: GOOD, content: '{"version":1}' }]) {
    const on = await bench();
    await on.calm.commit([put(await on.calm.read('policyVersion', good), row)], later(1));
    const cold = journalPolicies({ journal: on.calm });
    await expect(cold.active()).rejects.toThrow('the row was changed');
    await expect(cold.byHash('f'.repeat(64))).rejects.toThrow('is not in the store');
  }
});

test('a stored version whose data no longer says what the file says is put right within a minute, with an alarm', async () => {
  const on = await bench();
  const base = await on.calm.read('policyVersion', good);
  const wider = contentOf(GOOD).replace('"max_duration":"2h"', '"max_duration":"20h"');
  expect(wider).not.toBe(contentOf(GOOD));
  const row = { hash: good, text: GOOD, content: wider, storedAt: iso() };
  await on.calm.commit([put(base, row)], later(1));
  expect(await on.enforce(GOOD)).toEqual({ ok: true, value: { hash: good, changed: false } });
  expect(on.alarms).toEqual([
    { name: 'policy-rejected', fields: { where: `the stored version ${good}`, problems: 1 } },
  ]);
  expect((await on.calm.read('policyVersion', good)).value?.content).toBe(contentOf(GOOD));
  expect((await journalPolicies({ journal: on.calm }).active())?.policy).toEqual(inForce().policy);
});

test('a container that loads every minute parses a file once, and still sees it change', async () => {
  const on = emptyBench();
  let text = GOOD;
  let parsed = 0;
  const load = policyLoader({
    ...on,
    source: { load: async () => ({ bytes: new TextEncoder().encode(text), fileName: 'a.yaml' }) },
    readPolicy: (bytes, name) => {
      parsed += 1;
      return readPolicy(bytes, name);
    },
  });
  for (const written of [GOOD, GOOD, OTHER, 'version: 2', 'version: 2', OTHER, GOOD]) {
    text = written;
    await load({ kind: 'sweep' });
  }
  expect(parsed).toBe(5);
  expect((await changes(on)).map(({ hash }) => hash)).toEqual([good, other, good]);
});

test('a version is read from the store once per container', async () => {
  const on = await bench();
  let reads = 0;
  const policies = journalPolicies({
    journal: {
      ...on.calm,
      read: (kind, id) => {
        reads += kind === 'policyVersion' ? 1 : 0;
        return on.calm.read(kind, id);
      },
    },
  });
  await policies.active();
  await policies.active();
  await policies.byHash(good);
  expect(reads).toBe(1);
});

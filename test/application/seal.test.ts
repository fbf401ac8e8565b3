/** Sealing under faults: whatever fails wherever, the next run leaves every event in exactly one checkpoint (A3, A4). */
import fc from 'fast-check';
import { archiveAt } from '../../local/audit/folder-archive.ts';
import { localSigner } from '../../local/audit/signing-key.ts';
import { memoryJournal } from '../../shared/adapters/memory-journal.ts';
import { type SealDeps, seal } from '../../shared/application/seal.ts';
import type { AuditSource } from '../../shared/domain/audit/audit-source.ts';
import { CHECKPOINTS, compareLeaves, leavesName } from '../../shared/domain/audit/checkpoint.ts';
import { verifyAudit } from '../../shared/domain/audit/verify.ts';
import { absent, Fault, put } from '../../shared/ports.ts';
import type { Archive, BrokenMarker, Marker, Signer } from '../../shared/ports-audit.ts';
import { iso, later, START } from '../support/samples.ts';

type Mode = 'before' | 'after';
/** At which remote call of a run something fails, and whether the call was carried out. */
type Plan = { readonly at: number; readonly mode: Mode } | null;

const signing = localSigner(null, archiveAt(null));

async function world() {
  const journal = memoryJournal('acme');
  const archive = archiveAt(null);
  const signer = await signing;
  const { isSigned } = await signer.key();
  let now = later(0);
  let calls: string[] = [];
  let plan: Plan = null;
  const told: string[] = [];
  const alarms: string[] = [];
  const figures: string[] = [];
  const failing = async <T>(name: string, run: () => Promise<T>): Promise<T> => {
    calls.push(name);
    const isNow = plan?.at === calls.length;
    if (isNow && plan?.mode === 'before') throw new Fault(`${name} failed`, FAULT);
    const answer = await run();
    if (isNow) throw new Fault(`${name} landed, its answer is lost`, FAULT);
    return answer;
  };
  const faulty: Archive = {
    put: (name, text) => failing(`put ${name}`, () => archive.put(name, text)),
    get: (name) => failing(`get ${name}`, () => archive.get(name)),
    names: (prefix) => archive.names(prefix),
  };
  const faultySigner: Signer = {
    key: () => signer.key(),
    sign: (message) => failing('sign', () => signer.sign(message)),
  };
  const deps: SealDeps = {
    journal: {
      ...journal,
      read: (kind, id) => failing('read', () => journal.read(kind, id)),
      commit: (writes, at) => failing('note', () => journal.commit(writes, at)),
    },
    markers: {
      async *before(instant) {
        await failing('markers', async () => undefined);
        yield* journal.markers.before(instant);
      },
      // Each by itself, as the table does it: a crash may leave some.
      remove: async (markers) => {
        for (const marker of markers)
          await failing('unmark', () => journal.markers.remove([marker]));
      },
    },
    archive: faulty,
    signer: faultySigner,
    clock: { now: () => now },
    telemetry: {
      info: () => {},
      alarm: (name, fields) => alarms.push(`${name} ${fields['marker']}`),
      measure: (name, figure) => figures.push(`${name} ${figure}`),
      within: (_, run) => run(),
      error: (message) => told.push(message),
    },
    tenant: 'acme',
    table: 'journal',
    code: 'c0'.repeat(32),
  };
  let made = 0;
  return {
    ...{ journal, archive, deps, told, alarms, figures },
    async happen(count: number) {
      for (let i = 0; i < count; i += 1) {
        made += 1;
        const base = absent('refusals', `day-${made}`);
        const event = {
          type: 'CommandRefused',
          v: 1,
          at: now.toISOString(),
          code: 'x',
          command: 'X',
          requestId: null,
          actor: { kind: 'person', id: 'U0BO' },
        } as const;
        await journal.commit([put(base, { day: `day-${made}` }, [event, event])], now);
      }
    },
    pass: (seconds: number) => {
      now = new Date(now.getTime() + seconds * 1000);
    },
    /** Answers the remote calls of the run, or what it threw. */
    async run(next: Plan = null): Promise<{ calls: string[]; error: unknown }> {
      calls = [];
      plan = next;
      const error = await seal(deps).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      plan = null;
      return { calls, error };
    },
    verify: () =>
      verifyAudit({
        source: sourceOf(),
        signatures: { isSigned },
        key: 'k',
        contentOf: () => null,
        now,
      }),
  };

  function sourceOf(): AuditSource {
    return {
      async *checkpoints() {
        for await (const name of archive.names(CHECKPOINTS))
          yield { name, text: await archive.get(name) };
      },
      leaves: (name) => archive.get(name),
      async *rows() {
        const all = [];
        for await (const { kind: _, id: __, ...row } of journal.eventsBetween(new Date(0), FAR))
          all.push({ chain: row.chain, seq: row.seq, row, misplaced: null });
        yield all.sort(compareLeaves);
      },
      heads: null,
      async *policies() {},
    };
  }
}
const FAR = new Date('9999-01-01');
const FAULT = { service: 'archive', retryable: true } as const;

test('events become leaves of one checkpoint, their markers go, and the next one is made without any', async () => {
  const { happen, pass, run, verify, journal } = await world();
  await happen(3);
  pass(60);
  await run();
  expect(await verify()).toMatchObject({
    status: 'ok',
    counts: { checkpoints: 1, leaves: 6, rows: 6, unsealed: 0 },
  });
  pass(300);
  await run();
  expect(await verify()).toMatchObject({ status: 'ok', counts: { checkpoints: 2, leaves: 6 } });
  for await (const marker of journal.markers.before(FAR)) expect(marker).toBeNull();
  expect((await journal.read('seal', 'last')).value).toMatchObject({ n: 2 });
});

test('what is younger than half a minute waits for the next one', async () => {
  const { happen, pass, run, verify } = await world();
  await happen(1);
  pass(29);
  await run();
  expect((await verify()).counts).toMatchObject({ leaves: 0, unsealed: 2 });
  pass(300);
  await run();
  expect((await verify()).counts).toMatchObject({ leaves: 2, unsealed: 0 });
});

test('a fault before or after any call of a run is mended by the next one', async () => {
  const modes: Mode[] = ['before', 'after'];
  for (const mode of modes)
    for (let at = 1; ; at += 1) {
      const { happen, pass, run, verify } = await world();
      await happen(2);
      pass(60);
      await run();
      await happen(3);
      pass(300);
      const { error } = await run({ at, mode });
      if (!error) {
        expect(at).toBeGreaterThan(10);
        break;
      }
      await happen(1);
      pass(300);
      expect((await run()).error).toBeNull();
      pass(60);
      expect(await verify()).toMatchObject({
        status: 'ok',
        counts: { leaves: 12, rows: 12, unsealed: 0 },
      });
    }
});

test('however many faults, events and runs at once: every event is in exactly one checkpoint', async () => {
  const step = fc.record({
    events: fc.nat(3),
    at: fc.integer({ min: 1, max: 20 }),
    mode: fc.constantFrom<Mode>('before', 'after'),
    twice: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 6 }), async (steps) => {
      const { deps, happen, pass, run, verify } = await world();
      for (const { events, at, mode, twice } of steps) {
        await happen(events);
        pass(60);
        if (twice) await Promise.allSettled([seal(deps), seal(deps)]);
        else await run({ at, mode });
      }
      pass(60);
      expect((await run()).error).toBeNull();
      expect(await verify()).toMatchObject({ status: 'ok', counts: { unsealed: 0 } });
    }),
    { numRuns: 40 },
  );
});

test('a checkpoint of another key is not built upon, and nothing is lost by that', async () => {
  const { archive, deps, happen, pass, run, journal } = await world();
  await happen(1);
  pass(60);
  const theirs = { ...deps, signer: await localSigner(null, archiveAt(null)) };
  await seal(theirs).catch(() => null);
  const { error } = await run();
  expect(String(error)).toContain(
    'checkpoints/0000000001.json is not ours: our key did not sign it',
  );
  await archive.put('checkpoints/0000000002.json', 'junk');
  expect(String((await run()).error)).toContain('not ours');
  expect((await journal.read('seal', 'last')).value?.n).toBe(1);
});

test('a record that says more than the archive stops the sealer; one that says less or something else does not', async () => {
  const { archive, deps, happen, pass, run, journal, verify, told } = await world();
  await happen(2);
  pass(60);
  await run();
  await run();
  const note = async (n: number, hash: string) => {
    const stored = await journal.read('seal', 'last');
    await journal.commit([put(stored, { n, hash, to: iso() })], START);
  };
  for (const n of [1, 7]) {
    await note(n, 'e'.repeat(64));
    await happen(1);
    pass(300);
    expect((await run()).error).toBeNull();
    expect(told).not.toEqual([]);
    expect((await verify()).status).toBe('ok');
  }
  const empty = { ...deps, archive: archiveAt(null) };
  await expect(seal(empty)).rejects.toThrow('the archive holds none');
  expect(await archive.get(leavesName({ n: 1, root: 'x' }))).toBeNull();
});

test('more events than one checkpoint takes are sealed by several of the same run', async () => {
  const { deps, pass, run, verify, journal } = await world();
  const many = Array.from({ length: 20_000 }, (_, i) => ({
    chain: 'x',
    seq: i + 1,
    hash: 'e'.repeat(64),
  }));
  let left = [
    { key: 'a', leaves: many },
    { key: 'b', leaves: [{ chain: 'y', seq: 1, hash: 'e'.repeat(64) }] },
  ];
  deps.markers.before = async function* () {
    yield* left;
  };
  deps.markers.remove = async (gone) => {
    left = left.filter(({ key }) => !gone.some((one) => one.key === key));
  };
  pass(60);
  await run();
  expect((await verify()).counts).toMatchObject({ checkpoints: 2, leaves: 20_001 });
  expect((await journal.read('seal', 'last')).value?.n).toBe(2);
});

test('a sign of life is given for what lies in the archive, and for nothing else', async () => {
  const { pass, run, figures } = await world();
  pass(60);
  const { calls } = await run();
  expect(figures).toEqual(['Checkpoints 1']);
  const anchors = calls.findIndex((name) => name.startsWith('put checkpoints/'));
  for (let at = 1; at <= anchors; at += 1) {
    pass(300);
    await run({ at, mode: 'before' });
  }
  expect(figures).toEqual(['Checkpoints 1']);
});

describe('markers that nobody can trust', () => {
  const broken: BrokenMarker = { key: '["acme#unsealed#3","junk"]', leaves: null };
  const leaf = (chain: string, hash = 'e'.repeat(64)) => ({ chain, seq: 1, hash });
  /** Markers put by hand beside those of the journal. */
  async function withMarkers(...by: (Marker | BrokenMarker)[]) {
    const made = await world();
    const { before } = made.deps.markers;
    made.deps.markers.before = async function* (instant) {
      yield* by;
      yield* before(instant);
    };
    await made.happen(2);
    made.pass(60);
    return made;
  }

  test('one that cannot be read wakes a person by its name at every run, and everything else is sealed', async () => {
    const { run, alarms, verify, happen, pass } = await withMarkers(broken);
    expect((await run()).error).toBeNull();
    await happen(1);
    pass(300);
    await run();
    expect(alarms).toEqual(Array.from({ length: 2 }, () => `marker-malformed ${broken.key}`));
    expect(await verify()).toMatchObject({ status: 'ok', counts: { checkpoints: 2, leaves: 6 } });
  });

  test('of those that claim the same event none is sealed, whatever their order; the others are', async () => {
    const one = { key: 'one', leaves: [leaf('x'), leaf('y')] };
    const other = { key: 'other', leaves: [leaf('z'), leaf('x', 'f'.repeat(64))] };
    const itself = { key: 'itself', leaves: [leaf('w'), leaf('w')] };
    for (const by of [
      [one, other, itself],
      [itself, other, one],
    ]) {
      const { run, alarms, archive, journal } = await withMarkers(...by);
      expect((await run()).error).toBeNull();
      expect(alarms.sort()).toEqual(
        ['itself', 'one', 'other'].map((key) => `marker-malformed ${key}`),
      );
      const names: string[] = [];
      for await (const name of archive.names('leaves/')) names.push(name);
      expect(names).toHaveLength(1);
      expect((await archive.get(names[0] ?? ''))?.split('\n')).toHaveLength(5);
      expect((await journal.read('seal', 'last')).value?.n).toBe(1);
    }
  });

  test('however many there are, they take no room from the others', async () => {
    const many = Array.from({ length: 20_000 }, (_, i) => leaf(`x${i}`));
    const { run, verify, figures } = await withMarkers(
      { key: 'a', leaves: many },
      { key: 'b', leaves: many.slice(0, 1) },
    );
    expect((await run()).error).toBeNull();
    expect(figures).toEqual(['Checkpoints 1']);
    expect((await verify()).counts).toMatchObject({ checkpoints: 1, leaves: 4 });
  });
});

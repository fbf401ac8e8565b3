/** What was sealed goes out: whole, by day, in the order of each chain, at least once, and never other than it was sealed. */
import fc from 'fast-check';
import { archiveAt } from '../../local/audit/folder-archive.ts';
import { localSigner } from '../../local/audit/signing-key.ts';
import { memoryJournal } from '../../shared/adapters/memory-journal.ts';
import { type ExportDeps, exportSealed } from '../../shared/application/export-sealed.ts';
import { seal } from '../../shared/application/seal.ts';
import type { Json } from '../../shared/domain/audit/canonical-json.ts';
import { hashEvent } from '../../shared/domain/audit/chain.ts';
import type { ExportFormat } from '../../shared/domain/audit/exported.ts';
import { CHAIN_KINDS } from '../../shared/domain/records.ts';
import { absent, Fault, put } from '../../shared/ports.ts';
import type { Archive, BusEntry, SealedRow } from '../../shared/ports-audit.ts';
import { asked, iso, later, pendingRequest, START } from '../support/samples.ts';

const signing = localSigner(null, archiveAt(null));
const FAULT = { service: 'archive', retryable: true } as const;
const BY = { kind: 'person', id: 'U0BO' } as const;
type Detail = { chain: string; seq: number; hash: string; previous: string; event: Json };

async function world(format: ExportFormat = 'jsonl') {
  const journal = memoryJournal('acme');
  const archive = archiveAt(null);
  const exports = archiveAt(null);
  const alarms: string[] = [];
  const published: BusEntry[] = [];
  let now = later(0);
  /** Of a run: the call that fails, before or after it was carried out. */
  let plan: { at: number; isDone: boolean } | null = null;
  let calls = 0;
  const failing = async <T>(run: () => Promise<T>): Promise<T> => {
    calls += 1;
    const isNow = plan?.at === calls;
    if (isNow && !plan?.isDone) throw new Fault('It failed', FAULT);
    const answer = await run();
    if (isNow) throw new Fault('It landed, its answer is lost', FAULT);
    return answer;
  };
  /** Changed behind our back. */
  const changes = new Map<string, (row: SealedRow) => SealedRow[]>();
  const telemetry = {
    info() {},
    error() {},
    alarm: (name: string, fields: object) => alarms.push(`${name} ${JSON.stringify(fields)}`),
    measure() {},
    within: <T>(_: unknown, run: () => Promise<T>) => run(),
  };
  const failingArchive = (of: Archive): Archive => ({
    put: (name, text) => failing(() => of.put(name, text)),
    get: (name) => failing(() => of.get(name)),
    names: (prefix) => of.names(prefix),
  });
  const deps: ExportDeps = {
    archive: failingArchive(archive),
    exports: failingArchive(exports),
    rows: {
      between: (chain, first, last) =>
        failing(async () => {
          const kind = CHAIN_KINDS.find((each) => chain.startsWith(`${each}#`)) ?? 'pause';
          const rows = await journal.history(kind, chain.slice(kind.length + 1), first - 1);
          return rows
            .filter(({ seq }) => seq <= last)
            .map((row) => ({ ...row, event: row.event }))
            .flatMap((row) => changes.get(`${chain}/${row.seq}`)?.(row) ?? [row]);
        }),
    },
    journal,
    bus: {
      publish: (entries) =>
        failing(async () => {
          published.push(...entries);
        }),
    },
    format,
    telemetry,
  };
  const signer = await signing;
  const sealing = { journal, markers: journal.markers, archive, signer, telemetry };
  return {
    ...{ journal, archive, exports, alarms, published, deps, changes },
    pass: (seconds: number) => {
      now = new Date(now.getTime() + seconds * 1000);
    },
    /** So many events in a chain of pauses. */
    async happen(id: string, count = 1) {
      const type = 'GrantsPaused' as const;
      const event = { type, v: 1 as const, at: now.toISOString(), actor: BY, scope: id };
      const base = await journal.read('pause', id);
      const next = { paused: true, by: BY, at: iso() };
      await journal.commit(
        [
          put(
            base,
            next,
            Array.from({ length: count }, () => event),
          ),
        ],
        now,
      );
    },
    async seal(): Promise<number> {
      now = new Date(now.getTime() + 300_000);
      const clock = { now: () => now };
      return (await seal({ ...sealing, clock, tenant: 'acme', table: 't', code: 'c0'.repeat(32) }))
        .n;
    },
    async run(n: number, next: typeof plan = null): Promise<unknown> {
      [plan, calls] = [next, 0];
      const error = await exportSealed(n, deps).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      plan = null;
      return error;
    },
    async lines(): Promise<Map<string, Detail[]>> {
      const files = new Map<string, Detail[]>();
      for await (const name of exports.names('export/dt=')) {
        const text = (await exports.get(name)) ?? '';
        expect(text.endsWith('\n')).toBe(true);
        files.set(
          name,
          text
            .trim()
            .split('\n')
            .map((line): Detail => JSON.parse(line)),
        );
      }
      return files;
    },
  };
}
const placesOf = (details: readonly Detail[]) => details.map(({ chain, seq }) => `${chain}/${seq}`);
const onBus = (entries: readonly BusEntry[]) =>
  entries.map(({ detail }): Detail => JSON.parse(detail));

test('what a checkpoint seals is one file a day, each line a row that proves itself, and an entry each on the bus', async () => {
  const { happen, seal: sealed, run, lines, published, pass, journal } = await world();
  await journal.commit([put(absent('request', 'AR-7K2M9Q'), pendingRequest(), [asked()])], START);
  await happen('github', 2);
  pass(86_400);
  await happen('gitlab');
  expect(await run(await sealed())).toBeNull();
  const files = await lines();
  expect([...files.keys()]).toEqual([
    `export/dt=${START.toISOString().slice(0, 10)}/0000000001.jsonl`,
    `export/dt=${later(86_400).toISOString().slice(0, 10)}/0000000001.jsonl`,
  ]);
  const all = [...files.values()].flat();
  expect(placesOf(all)).toEqual([
    'pause#github/1',
    'pause#github/2',
    'request#AR-7K2M9Q/1',
    'pause#gitlab/1',
  ]);
  for (const { previous, hash, ...link } of all)
    expect(hashEvent({ ...link, tenant: 'acme' }, previous)).toBe(hash);
  expect(new Set(placesOf(onBus(published)))).toEqual(new Set(placesOf(all)));
  expect(published[0]).toMatchObject({ type: 'GrantsPaused', at: START.toISOString() });
});

test('a checkpoint without events leaves a receipt and no file; a second call does nothing', async () => {
  const { seal: sealed, run, exports, happen, published } = await world();
  await run(await sealed());
  expect(JSON.parse((await exports.get('export/_checkpoints/0000000001.json')) ?? '')).toEqual({
    ...{ v: 1, n: 1, format: 'jsonl', files: [], missing: [] },
  });
  await happen('github');
  const n = await sealed();
  await run(n);
  await run(n);
  await run(n - 1);
  expect(published).toHaveLength(1);
});

test('calls that were lost are made good by the next, oldest first', async () => {
  const { seal: sealed, run, lines, happen, published } = await world();
  for (const id of ['a', 'b', 'c']) {
    await happen(id);
    await sealed();
  }
  await run(3);
  expect(placesOf(onBus(published))).toEqual(['pause#a/1', 'pause#b/1', 'pause#c/1']);
  expect([...(await lines()).values()].flat()).toHaveLength(3);
});

test('no call exports more than a day of checkpoints; what is older waits for its own', async () => {
  const { seal: sealed, run, exports } = await world();
  for (let i = 0; i < 290; i += 1) await sealed();
  expect(await run(290)).toBeNull();
  expect(await exports.get('export/_checkpoints/0000000003.json')).not.toBeNull();
  expect(await exports.get('export/_checkpoints/0000000002.json')).toBeNull();
  await run(2);
  expect(await exports.get('export/_checkpoints/0000000001.json')).not.toBeNull();
});

test('whatever fails wherever: everything is in the files once, and on the bus at least once with the same hash', async () => {
  const step = fc.record({
    events: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }),
    at: fc.integer({ min: 1, max: 14 }),
    isDone: fc.boolean(),
    twice: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async (steps) => {
      const { happen, seal: sealed, run, lines, published, deps, journal } = await world();
      let n = 0;
      for (const { events, at, isDone, twice } of steps) {
        for (const id of events) await happen(id);
        n = await sealed();
        if (twice) await Promise.allSettled([exportSealed(n, deps), exportSealed(n, deps)]);
        else await run(n, { at, isDone });
      }
      expect(await run(n)).toBeNull();
      const filed = [...(await lines()).values()].flat();
      for (const id of ['a', 'b', 'c']) {
        const history = await journal.history('pause', id);
        const ofChain = ({ chain }: Detail) => chain === `pause#${id}`;
        // By name, files are in the order of checkpoints: so is each chain in them.
        expect(filed.filter(ofChain).map(({ hash }) => hash)).toEqual(
          history.map(({ hash }) => hash),
        );
        expect(
          new Set(
            onBus(published)
              .filter(ofChain)
              .map(({ hash }) => hash),
          ),
        ).toEqual(new Set(history.map(({ hash }) => hash)));
      }
    }),
    { numRuns: 40 },
  );
});

test('a bus that is down keeps no file from being written, and gets all of it when it is back', async () => {
  const { happen, seal: sealed, run, lines, deps, published } = await world();
  const { bus } = deps;
  deps.bus = {
    publish: async () => {
      throw new Fault('The bus is down', { service: 'bus', retryable: true });
    },
  };
  for (const id of ['a', 'b']) {
    await happen(id);
    expect(await run(await sealed())).toMatchObject({ service: 'bus' });
  }
  expect((await lines()).size).toBe(2);
  deps.bus = bus;
  expect(await run(2)).toBeNull();
  expect(published).toHaveLength(2);
});

test.each<[string, (row: SealedRow) => SealedRow[]]>([
  ['deleted', () => []],
  ['given another hash', (row) => [{ ...row, hash: 'e'.repeat(64) }]],
  ['edited', (row) => [{ ...row, event: { ...row.event, scope: 'all' } }]],
  [
    'another with a hash that fits it',
    (row) => [rehashed({ ...row, event: { ...row.event, scope: 'x' } })],
  ],
  ['of another chain', (row) => [{ ...row, chain: 'pause#other' }]],
])(
  'a row that was %s after it was sealed wakes a person and is exported nowhere; the others are',
  async (_what, change) => {
    const { happen, seal: sealed, run, lines, alarms, published, changes, exports } = await world();
    await happen('github', 3);
    changes.set('pause#github/2', change);
    expect(await run(await sealed())).toBeNull();
    expect(placesOf([...(await lines()).values()].flat())).toEqual([
      'pause#github/1',
      'pause#github/3',
    ]);
    expect(published).toHaveLength(2);
    expect(alarms).toEqual([expect.stringMatching(/^audit-row-changed .*"pause#github","seq":2/)]);
    const receipt = JSON.parse((await exports.get('export/_checkpoints/0000000001.json')) ?? '');
    expect(receipt.missing).toMatchObject([{ chain: 'pause#github', seq: 2 }]);
  },
);

const rehashed = (row: SealedRow): SealedRow => ({ ...row, hash: hashEvent(row, row.previous) });

test('as OCSF, an event carries its hash, and of a request what it was about', async () => {
  const { seal: sealed, run, exports, published, journal } = await world('ocsf');
  await journal.commit([put(absent('request', 'AR-7K2M9Q'), pendingRequest(), [asked()])], START);
  await run(await sealed());
  const [logged] = await journal.history('request', 'AR-7K2M9Q');
  const day = START.toISOString().slice(0, 10);
  const text = await exports.get(`export/dt=${day}/0000000001.ocsf.jsonl`);
  expect(JSON.parse(text ?? '')).toMatchObject({
    metadata: { uid: logged?.hash, log_name: 'request#AR-7K2M9Q', sequence: 1 },
    unmapped: { type: 'AccessRequested' },
  });
  expect(`${published[0]?.detail}\n`).toBe(text);
});

test('a checkpoint whose leaves are not all there is exported not in part but not at all', async () => {
  const { happen, seal: sealed, deps, run, lines } = await world();
  await happen('github', 2);
  const n = await sealed();
  const { archive } = deps;
  deps.archive = {
    ...archive,
    get: async (name) => {
      const text = await archive.get(name);
      return name.startsWith('leaves/') ? (text ?? '').split('\n').slice(1).join('\n') : text;
    },
  };
  expect(String(await run(n))).toContain('Checkpoint 1 has 2 leaves and the archive 1 of them');
  expect((await lines()).size).toBe(0);
  const empty = await world();
  expect(String(await empty.run(1))).toContain('There is no checkpoints/0000000001.json');
});

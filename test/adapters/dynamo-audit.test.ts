/** Markers and the verifier's view of the tables, against the embedded DynamoDB: what is tampered with there is named. */
import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { archiveAt } from '../../local/audit/folder-archive.ts';
import { localSigner } from '../../local/audit/signing-key.ts';
import { createTables } from '../../local/create-tables.ts';
import { startEmbeddedDynamo } from '../../local/dynamodb/start-embedded-dynamo.ts';
import { dynamoAuditSource } from '../../shared/adapters/dynamo-audit-source.ts';
import { dynamoJournal } from '../../shared/adapters/dynamo-journal.ts';
import { dynamoMarkers } from '../../shared/adapters/dynamo-markers.ts';
import { dynamoSealedRows } from '../../shared/adapters/dynamo-sealed-rows.ts';
import { memoryJournal } from '../../shared/adapters/memory-journal.ts';
import { seal } from '../../shared/application/seal.ts';
import { replay } from '../../shared/domain/access-request/evolve.ts';
import { narrowedTo } from '../../shared/domain/audit/audit-source.ts';
import { holdingIdOf } from '../../shared/domain/audit/chain.ts';
import { verifyAudit } from '../../shared/domain/audit/verify.ts';
import { applyToHolding } from '../../shared/domain/holding/apply-events.ts';
import type { Holding } from '../../shared/domain/holding/model.ts';
import { absent, type Journal, put } from '../../shared/ports.ts';
import { markersContract } from '../contracts/markers.contract.ts';
import {
  approved,
  asked,
  authorized,
  holding,
  later,
  pendingRequest,
  START,
} from '../support/samples.ts';

let embedded: Awaited<ReturnType<typeof startEmbeddedDynamo>>;
let client: DynamoDBClient;
let made = 0;
beforeAll(async () => {
  embedded = await startEmbeddedDynamo({ dataDir: null, now: () => START });
  client = new DynamoDBClient({
    endpoint: embedded.url,
    region: 'eu-central-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
});
afterAll(async () => {
  client.destroy();
  await embedded.close();
});

async function fresh() {
  made += 1;
  const tables = { tenant: 'acme', journal: `journal-${made}`, state: `state-${made}` };
  await createTables(client, tables);
  return {
    tables,
    journal: dynamoJournal({ client, tables }),
    markers: dynamoMarkers(client, tables),
  };
}

markersContract('The state table', fresh);
markersContract('The journal in memory', async () => {
  const journal = memoryJournal('acme');
  return { journal, markers: journal.markers };
});

const GRANT = { role: 'member', requester: 'U0ANA', entitlementId: 'github:acme/deployers' };
const heldBy = (login: string) =>
  holding({ login, holdingId: holdingIdOf({ ...holding().container, login }) });

/** A request whose access is being set up, and what its holding then says. */
async function granted(
  journal: Journal,
  held: Holding,
  { requestId, at }: { requestId: string; at: Date },
): Promise<Holding> {
  const { holdingId } = held;
  const expiresAt = new Date(at.getTime() + 3_600_000).toISOString();
  const events = [asked({ holdingId }), approved(), { ...authorized(), expiresAt }].map(
    (event) => ({
      ...event,
      ...{ requestId, at: at.toISOString() },
    }),
  );
  await journal.commit([put(absent('request', requestId), replay(events), events)], at);
  return applyToHolding(held, GRANT, events);
}

async function sealedTables() {
  const { tables, journal, markers } = await fresh();
  let held = heldBy('ana-dev');
  for (const requestId of ['AR-7K2M9Q', 'AR-000001'])
    held = await granted(journal, held, { requestId, at: START });
  await journal.commit([put(absent('holding', held.holdingId), held)], START);
  const archive = archiveAt(null);
  const signer = await localSigner(null, archive);
  const telemetry = {
    info() {},
    error() {},
    alarm() {},
    measure() {},
    within: <T>(_: unknown, run: () => Promise<T>) => run(),
  };
  let now = later(3600);
  const clock = { now: () => now };
  const sealing = { journal, markers, archive, signer, clock, telemetry };
  const sealAt = (at: Date) => {
    now = at;
    return seal({ ...sealing, tenant: 'acme', table: tables.journal, code: 'c0'.repeat(32) });
  };
  await sealAt(now);
  const source = dynamoAuditSource(client, tables, archive);
  const signatures = await signer.key();
  const verify = () =>
    verifyAudit({ source, signatures, key: 'k', contentOf: () => null, now: later(3600) });
  const verifyOne = (chain: string) =>
    verifyAudit({
      ...{ source: narrowedTo(source, chain), signatures, key: 'k', chain },
      ...{ contentOf: () => null, now: later(3600) },
    });
  const verifySince = (since: Date) =>
    verifyAudit({
      ...{ source, signatures, key: 'k', contentOf: () => null },
      ...{ now, since: since.toISOString() },
    });
  return { tables, journal, verify, verifyOne, verifySince, sealAt };
}

/** Names of the commands that reach the tables while this runs. */
async function commandsOf(run: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = [];
  client.middlewareStack.add(
    (next, context) => (args) => {
      sent.push(String(context.commandName));
      return next(args);
    },
    { step: 'initialize', name: 'counted' },
  );
  await run();
  client.middlewareStack.remove('counted');
  return sent;
}
const AT = { pk: 'acme#request#AR-7K2M9Q', sk: 'event#000002' };
const WHERE = 'request#AR-7K2M9Q/2';

test('tables that nobody touched verify', async () => {
  const { verify } = await sealedTables();
  expect(await verify()).toMatchObject({
    status: 'ok',
    counts: { rows: 6, leaves: 6, chains: 2 },
    findings: [],
  });
});

test('every attribute of an event row, changed or taken away in the table, is found and the row is named', async () => {
  const { tables, verify } = await sealedTables();
  const { Item } = await client.send(
    new GetItemCommand({ TableName: tables.journal, Key: marshall(AT) }),
  );
  const row = unmarshall(Item ?? {});
  const store = (next: Record<string, unknown>) =>
    client.send(new PutItemCommand({ TableName: tables.journal, Item: marshall(next) }));
  const names = Object.keys(row).filter((name) => name !== 'pk' && name !== 'sk');
  expect(names).toEqual(
    expect.arrayContaining([
      'event',
      'hash',
      'dayPk',
      'daySk',
      'kind',
      'id',
      'seq',
      'tenant',
      'previous',
    ]),
  );
  for (const name of names) {
    const value = row[name];
    const { [name]: _, ...without } = row;
    const isIndex = name === 'dayPk' || name === 'daySk';
    const changed =
      typeof value === 'number'
        ? value + 1
        : typeof value === 'string'
          ? `${value}x`
          : { ...value, actor: 'evil' };
    for (const next of [{ ...row, [name]: changed }, without]) {
      await store(next);
      expect(await verify()).toMatchObject({
        status: 'tampered',
        findings: expect.arrayContaining([expect.objectContaining({ where: WHERE })]),
      });
    }
    if (isIndex) {
      await store({ ...row, [name]: String(value).replace('2026', '2025') });
      expect((await verify()).findings).toMatchObject([{ code: 'wrong-place', where: WHERE }]);
    }
  }
  await store({ ...row, more: 1 });
  expect((await verify()).status).toBe('tampered');
  await store(row);
  expect((await verify()).status).toBe('ok');
});

test('rows, records and chains that were deleted or put beside the others in the tables are found', async () => {
  const { tables, verify } = await sealedTables();
  const { Items = [] } = await client.send(new ScanCommand({ TableName: tables.journal }));
  for (const Item of Items) {
    const { pk, sk } = Item;
    if (!pk || !sk) throw new Error('A row without a key');
    await client.send(new DeleteItemCommand({ TableName: tables.journal, Key: { pk, sk } }));
    expect((await verify()).status).toBe('tampered');
    await client.send(new PutItemCommand({ TableName: tables.journal, Item }));
  }
  const event = Items.find(({ sk }) => sk?.S === AT.sk) ?? {};
  for (const key of [
    { pk: 'acme#request#AR-EVIL00', sk: 'event#000001' },
    { pk: 'acme#request#AR-7K2M9Q', sk: 'event#000009' },
    { pk: 'acme#nothing#x', sk: 'event#000001' },
    { pk: 'acme#request#AR-7K2M9Q', sk: 'event#2' },
  ]) {
    await client.send(
      new PutItemCommand({ TableName: tables.journal, Item: { ...event, ...marshall(key) } }),
    );
    expect((await verify()).status).toBe('tampered');
    await client.send(new DeleteItemCommand({ TableName: tables.journal, Key: marshall(key) }));
  }
  expect((await verify()).status).toBe('ok');
});

test('one request is verified by its key: a query for its rows, a read for its record and one for its holding', async () => {
  const { tables, verifyOne } = await sealedTables();
  const chain = 'request#AR-7K2M9Q';
  const sent = await commandsOf(async () => {
    expect(await verifyOne(chain)).toMatchObject({
      status: 'ok',
      counts: { rows: 3, chains: 1, leaves: 6, records: 1 },
    });
  });
  expect(sent).toEqual(['GetItemCommand', 'GetItemCommand', 'QueryCommand']);
  await client.send(new DeleteItemCommand({ TableName: tables.journal, Key: marshall(AT) }));
  expect((await verifyOne(chain)).findings[0]).toMatchObject({ where: WHERE });
  expect((await verifyOne('request#AR-000001')).status).toBe('ok');
  expect((await verifyOne('request#AR-GONE00')).counts).toMatchObject({ rows: 0, chains: 0 });
});

test('the requests of a person or in a container are one query of one index, newest first', async () => {
  const { journal } = await sealedTables();
  const container = { provider: 'github', kind: 'team', resource: 'acme/deployers' } as const;
  const name = `${container.provider}:${container.kind}:${container.resource}`;
  for (const list of [() => journal.requestsOf('U0ANA', 20), () => journal.requestsIn(name, 20)])
    expect(await commandsOf(async () => expect((await list()).length).toBe(2))).toEqual([
      'QueryCommand',
    ]);
});

test('a record whose state was changed in the table is named, be it of a request or of a holding', async () => {
  const { tables, verify } = await sealedTables();
  const { holdingId } = heldBy('ana-dev');
  const places = [
    { TableName: tables.journal, record: 'request#AR-7K2M9Q', change: { status: 'pending' } },
    { TableName: tables.journal, record: 'request#AR-7K2M9Q', change: { subject: 'U0EVIL' } },
    { TableName: tables.state, record: `holding#${holdingId}`, change: { grants: [] } },
  ];
  for (const { TableName, record, change } of places) {
    const { Items = [] } = await client.send(new ScanCommand({ TableName }));
    const Item = Items.find(({ pk, sk }) => pk?.S === `acme#${record}` && sk?.S === 'state');
    const row = unmarshall(Item ?? {});
    const changed = { ...row, value: { ...Object(row['value']), ...change } };
    await client.send(new PutItemCommand({ TableName, Item: marshall(changed) }));
    expect(await verify()).toMatchObject({
      status: 'tampered',
      findings: expect.arrayContaining([
        expect.objectContaining({ code: 'record-altered', where: `record of ${record}` }),
      ]),
    });
    await client.send(new PutItemCommand({ TableName, Item }));
  }
  expect(await verify()).toMatchObject({ status: 'ok', counts: { records: 2 } });
});

test('a record that is hidden from the index by which the sweep or a person finds it is named', async () => {
  const { tables, verify } = await sealedTables();
  for (const TableName of [tables.journal, tables.state]) {
    const { Items = [] } = await client.send(new ScanCommand({ TableName }));
    const records = Items.filter(({ pk, sk }) => sk?.S === 'state' && !pk?.S?.includes('#seal#'));
    for (const Item of records) {
      const row = unmarshall(Item);
      const names = Object.keys(row).filter((name) => /(?:Pk|Sk|dueAt)$/.test(name));
      expect(names).toContain(TableName === tables.state ? 'duePk' : 'personPk');
      for (const name of names) {
        const { [name]: value, ...without } = row;
        for (const next of [without, { ...row, [name]: `${value}x` }]) {
          await client.send(new PutItemCommand({ TableName, Item: marshall(next) }));
          expect(await verify()).toMatchObject({
            status: 'tampered',
            findings: [
              { code: 'wrong-place', where: `record of ${row['pk'].slice('acme#'.length)}` },
            ],
          });
        }
      }
      await client.send(new PutItemCommand({ TableName, Item }));
    }
  }
  expect((await verify()).status).toBe('ok');
});

test('what is not listed under whom it is for, or under somebody whom it is not for, is named', async () => {
  const { tables, journal, verify, sealAt } = await sealedTables();
  const requestId = 'AR-000003';
  const event = asked({ requestId, at: START.toISOString(), subject: 'U0BO' });
  await journal.commit([put(absent('request', requestId), replay([event]), [event])], START);
  await sealAt(later(7200));
  const TableName = tables.journal;
  const rowAt = async (pk: string) => {
    const Key = marshall({ pk, sk: 'event#000001' });
    return unmarshall((await client.send(new GetItemCommand({ TableName, Key }))).Item ?? {});
  };
  const wherever = async (row: Record<string, unknown>) => {
    await client.send(new PutItemCommand({ TableName, Item: marshall(row) }));
    return (await verify()).findings.filter(({ code }) => code === 'wrong-place');
  };
  const held = await rowAt(`acme#request#${requestId}`);
  const { personPk, personSk, ...hidden } = held;
  expect([personPk, personSk]).toEqual(['acme#person#U0BO', `${START.toISOString()}#${requestId}`]);
  expect(await wherever(held)).toEqual([]);
  for (const moved of [hidden, { ...held, personPk: 'acme#person#U0EVE' }])
    expect(await wherever(moved)).toHaveLength(1);
  expect(await wherever({ ...held, personSk: `2020${personSk.slice(4)}` })).toHaveLength(1);
  expect(await wherever(held)).toEqual([]);
  const own = await rowAt('acme#request#AR-7K2M9Q');
  expect(own).not.toHaveProperty('personPk');
  expect(await wherever({ ...own, personPk, personSk })).toHaveLength(1);
});

describe('what happened since an instant', () => {
  const DAY = 86_400;
  /** Two requests on the first day; on the third one of somebody else. */
  async function twoDays() {
    const log = await sealedTables();
    const held = await granted(log.journal, heldBy('bea-dev'), {
      ...{ requestId: 'AR-000002', at: later(2 * DAY) },
    });
    await log.journal.commit([put(absent('holding', held.holdingId), held)], later(2 * DAY));
    await log.sealAt(later(2 * DAY + 3600));
    return log;
  }

  test('is read by the index by day and by key; what has no news is not read', async () => {
    const { verifySince } = await twoDays();
    const sent = await commandsOf(async () => {
      expect(await verifySince(later(DAY))).toMatchObject({
        status: 'ok',
        counts: { checkpoints: 2, leaves: 3, rows: 3, chains: 1, records: 1, unsealed: 0 },
        findings: [],
      });
    });
    expect(sent).not.toContain('ScanCommand');
    // Two days in two shards; rows of the request, of its holding and of the policy.
    expect(sent.filter((name) => name === 'QueryCommand')).toHaveLength(4 + 3);
    expect(sent.length).toBeLessThan(20);
    expect((await verifySince(later(-DAY))).counts).toMatchObject({
      leaves: 9,
      rows: 9,
      chains: 3,
    });
  });

  test('a row that was deleted, changed, added to it or taken out of the index is named', async () => {
    const { tables, verifySince } = await twoDays();
    const [TableName, pk] = [tables.journal, 'acme#request#AR-000002'];
    const Key = marshall({ pk, sk: 'event#000002' });
    const { Item = {} } = await client.send(new GetItemCommand({ TableName, Key }));
    const row = unmarshall(Item);
    const { dayPk: _, daySk: __, ...unlisted } = row;
    for (const next of [
      null,
      { ...row, event: { ...row['event'], factor: null } },
      unlisted,
      { ...row, dayPk: 'acme#day#2020-01-01#0' },
    ]) {
      if (next) await client.send(new PutItemCommand({ TableName, Item: marshall(next) }));
      else await client.send(new DeleteItemCommand({ TableName, Key }));
      expect((await verifySince(later(DAY))).findings[0]).toMatchObject({
        where: 'request#AR-000002/2',
      });
      await client.send(new PutItemCommand({ TableName, Item }));
    }
    const more = marshall({ ...row, pk: 'acme#request#AR-EVIL00' });
    await client.send(new PutItemCommand({ TableName, Item: more }));
    expect((await verifySince(later(DAY))).status).toBe('tampered');
  });

  test('a record, a grant that its holding lists beside, and the policy in force are compared too', async () => {
    const { tables, journal, verifySince } = await twoDays();
    const stored = await journal.read('holding', heldBy('bea-dev').holdingId);
    const [grant] = stored.value?.grants ?? [];
    if (!stored.value || !grant) throw new Error('No grant');
    const planted = { ...grant, grantId: 'AR-7K2M9Q' };
    const value = { ...stored.value, grants: [grant, planted] };
    await journal.commit([put({ ...stored, value }, value)], later(2 * DAY));
    const { findings } = await verifySince(later(DAY));
    expect(findings).toContainEqual(
      expect.objectContaining({
        code: 'record-altered',
        where: `record of holding#${heldBy('bea-dev').holdingId}`,
      }),
    );
    await client.send(
      new PutItemCommand({
        TableName: tables.journal,
        Item: marshall({ pk: 'acme#policy#active', sk: 'event#000001', event: {} }),
      }),
    );
    expect((await verifySince(later(DAY))).findings).toContainEqual(
      expect.objectContaining({ where: 'policy#active/1' }),
    );
  });

  test('what was done to a chain without news goes unnoticed, and only a whole run finds it', async () => {
    const { tables, verify, verifySince } = await twoDays();
    await client.send(new DeleteItemCommand({ TableName: tables.journal, Key: marshall(AT) }));
    expect((await verifySince(later(DAY))).status).toBe('ok');
    expect((await verify()).findings[0]).toMatchObject({ where: WHERE });
  });
});

test('a marker that somebody wrote by hand is handed on by its key and hides no other', async () => {
  const { tables, journal, markers } = await fresh();
  await journal.commit([put(absent('request', 'AR-7K2M9Q'), pendingRequest(), [asked()])], START);
  const { Items = [] } = await client.send(new ScanCommand({ TableName: tables.state }));
  const row = Items.map((item) => unmarshall(item)).find(({ pk }) => pk.includes('#unsealed#'));
  for (const [i, leaves] of [undefined, 'x', [], [{ chain: 'x' }]].entries()) {
    const Item = marshall({ ...row, sk: `0${i}`, leaves }, { removeUndefinedValues: true });
    await client.send(new PutItemCommand({ TableName: tables.state, Item }));
  }
  const found = [];
  for await (const marker of markers.before(later(60))) found.push(marker);
  expect(found.filter(({ leaves }) => leaves === null).map(({ key }) => key)).toEqual(
    [0, 1, 2, 3].map((i) => JSON.stringify([row?.['pk'], `0${i}`])),
  );
  expect(found.filter(({ leaves }) => leaves !== null)).toHaveLength(1);
});

test('rows of a chain are read by their numbers as they stand; what is no row any more is left out', async () => {
  const { tables, journal } = await fresh();
  const events = [asked(), approved(), authorized()];
  await journal.commit([put(absent('request', 'AR-7K2M9Q'), pendingRequest(), events)], START);
  const rows = dynamoSealedRows(client, tables);
  const chain = 'request#AR-7K2M9Q';
  const history = await journal.history('request', 'AR-7K2M9Q');
  expect(await rows.between(chain, 1, 9)).toEqual(history);
  expect(await rows.between(chain, 2, 2)).toEqual([history[1]]);
  expect(await rows.between('request#AR-NOBODY', 1, 9)).toEqual([]);
  const { Item } = await client.send(
    new GetItemCommand({ TableName: tables.journal, Key: marshall(AT) }),
  );
  const row = unmarshall(Item ?? {});
  for (const change of [
    { event: 'x' },
    { event: {} },
    { previous: 'x' },
    { hash: 7 },
    { seq: 0 },
  ]) {
    const next = marshall({ ...row, ...change });
    await client.send(new PutItemCommand({ TableName: tables.journal, Item: next }));
    expect(await rows.between(chain, 1, 9)).toEqual([history[0], history[2]]);
  }
});

import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { createTables } from '../../local/create-tables.ts';
import { startEmbeddedDynamo } from '../../local/dynamodb/start-embedded-dynamo.ts';
import { dynamoJournal } from '../../shared/adapters/dynamo-journal.ts';
import { parseEventKey } from '../../shared/adapters/journal-keys.ts';
import { replay } from '../../shared/domain/access-request/evolve.ts';
import { absent, Fault, put } from '../../shared/ports.ts';
import { journalContract } from '../contracts/journal.contract.ts';
import { asked, iso, pendingRequest, START } from '../support/samples.ts';

let embedded: Awaited<ReturnType<typeof startEmbeddedDynamo>>;
let client: DynamoDBClient;
let made = 0;
beforeAll(async () => {
  embedded = await startEmbeddedDynamo({ dataDir: null, now: () => START });
  client = clientAt(embedded.url);
});
afterAll(async () => {
  client.destroy();
  await embedded.close();
});
const clientAt = (endpoint: string) =>
  new DynamoDBClient({
    endpoint,
    region: 'eu-central-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });

async function fresh() {
  made += 1;
  const names = { journal: `journal-${made}`, state: `state-${made}` };
  await createTables(client, names);
  return { names, journal: dynamoJournal({ client, tables: { tenant: 'acme', ...names } }) };
}

journalContract('The journal on DynamoDB', async () => (await fresh()).journal);

describe('The journal on DynamoDB', () => {
  it('refuses a row that somebody edited into an unknown shape', async () => {
    const { names, journal } = await fresh();
    await journal.commit([put(absent('request', 'AR-7K2M9Q'), pendingRequest(), [asked()])], START);
    await client.send(
      new UpdateItemCommand({
        TableName: names.journal,
        Key: { pk: { S: 'acme#request#AR-7K2M9Q' }, sk: { S: 'state' } },
        UpdateExpression: 'SET #v.#s = :s',
        ExpressionAttributeNames: { '#v': 'value', '#s': 'status' },
        ExpressionAttributeValues: { ':s': { S: 'granted' } },
      }),
    );
    await expect(journal.read('request', 'AR-7K2M9Q')).rejects.toThrow(/status/);
  });

  it('keeps tenants apart in one table', async () => {
    const { names, journal } = await fresh();
    await journal.commit([put(absent('request', 'AR-7K2M9Q'), pendingRequest(), [asked()])], START);
    const other = dynamoJournal({ client, tables: { tenant: 'other', ...names } });
    expect((await other.read('request', 'AR-7K2M9Q')).value).toBeNull();
    expect(await other.requestsOf('U0ANA', 5)).toEqual([]);
  });

  it('lists requests by one query each, however many of another entitlement stand in between', async () => {
    const { names, journal } = await fresh();
    const other = { ...asked().entitlement, id: 'github:acme/deployers-night' };
    for (let i = 0; i < 30; i += 1) {
      const requestId = `AR-0000${String(i).padStart(2, '0')}`;
      const event = asked({ requestId, at: iso(i), ...(i < 5 ? {} : { entitlement: other }) });
      await journal.commit([put(absent('request', requestId), replay([event]), [event])], START);
    }
    const sent: string[] = [];
    const counted = clientAt(embedded.url);
    counted.middlewareStack.add(
      (next, { commandName = '' }) =>
        (args) => {
          sent.push(commandName);
          return next(args);
        },
      { step: 'initialize' },
    );
    const lists = dynamoJournal({ client: counted, tables: { tenant: 'acme', ...names } });
    const there = 'github:team:acme/deployers';
    const found = await lists.requestsIn(there, 5, { entitlement: 'github:acme/deployers' });
    expect(found.map(({ requestId }) => requestId)).toEqual([
      ...['AR-000004', 'AR-000003', 'AR-000002', 'AR-000001', 'AR-000000'],
    ]);
    expect(sent.splice(0)).toEqual(['QueryCommand']);
    expect(await lists.requestsOf('U0ANA', 20)).toHaveLength(20);
    expect(sent.splice(0)).toEqual(['QueryCommand']);
    for (const subject of ['U0BO', 'U0CY', 'U0BO']) {
      const requestId = `AR-0001${String(sent.length).padStart(2, '0')}`;
      sent.push(subject);
      const event = asked({ requestId, at: iso(100 + sent.length), subject });
      await journal.commit([put(absent('request', requestId), replay([event]), [event])], START);
    }
    sent.length = 0;
    const bos = await lists.requestsOf('U0BO', 20);
    expect(bos.map(({ requestId }) => requestId)).toEqual(['AR-000102', 'AR-000100']);
    // What others asked for on their behalf stands there by its first event, and is read by key: all of them in one call.
    expect(sent.splice(0)).toEqual(['QueryCommand', 'BatchGetItemCommand']);
    expect(await lists.requestsOf('U0ANA', 40)).toHaveLength(33);
    expect(sent).toEqual(['QueryCommand']);
    counted.destroy();
  });

  it('says that it is unavailable, and that trying again may help, when nobody answers', async () => {
    const nobody = clientAt('http://127.0.0.1:9');
    const journal = dynamoJournal({
      client: nobody,
      tables: { tenant: 'acme', journal: 'j', state: 's' },
    });
    const failure = await journal.read('pause', 'all').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Fault);
    expect(failure).toMatchObject({ service: 'journal', retryable: true });
    nobody.destroy();
  });

  it('names the chain and number of an event row and of no other row', async () => {
    const { names, journal } = await fresh();
    await journal.commit([put(absent('request', 'AR-7K2M9Q'), pendingRequest(), [asked()])], START);
    const key = { pk: 'acme#request#AR-7K2M9Q', sk: 'event#000001' };
    const row = await client.send(
      new GetItemCommand({
        TableName: names.journal,
        Key: { pk: { S: key.pk }, sk: { S: key.sk } },
      }),
    );
    expect(row.Item?.['hash']?.S).toMatch(/^[0-9a-f]{64}$/);
    expect(parseEventKey('acme', key)).toEqual({ kind: 'request', id: 'AR-7K2M9Q', seq: 1 });
    expect(parseEventKey('acme', { ...key, sk: 'state' })).toBeNull();
    expect(parseEventKey('other', key)).toBeNull();
  });
});

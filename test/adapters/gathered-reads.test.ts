import {
  type BatchGetItemCommandOutput,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { meterDynamo } from '../../local/aws-meter.ts';
import { createTables } from '../../local/create-tables.ts';
import { startEmbeddedDynamo } from '../../local/dynamodb/start-embedded-dynamo.ts';
import { dynamoClient } from '../../shared/adapters/aws-clients.ts';
import { dynamoJournal } from '../../shared/adapters/dynamo-journal.ts';
import { gatheredReads } from '../../shared/adapters/gathered-reads.ts';
import { toItem } from '../../shared/adapters/journal-items.ts';
import { absent, put } from '../../shared/ports.ts';
import { asked, iso, pendingRequest, START } from '../support/samples.ts';

const TABLES = { tenant: 'acme', journal: 'journal', state: 'state' };
let embedded: Awaited<ReturnType<typeof startEmbeddedDynamo>>;
const clients: DynamoDBClient[] = [];
const client = () => {
  const made = dynamoClient({
    endpoint: embedded.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  clients.push(made);
  return made;
};

beforeAll(async () => {
  embedded = await startEmbeddedDynamo({ dataDir: null, now: () => START });
  await createTables(client(), TABLES);
  const journal = dynamoJournal({ client: client(), tables: TABLES });
  await journal.commit(
    [
      put(absent('request', 'AR-7K2M9Q'), pendingRequest(), [asked()]),
      put(absent('heartbeat', 'sweep'), { at: iso() }),
      put(absent('heartbeat', 'drift'), { at: iso(1) }),
    ],
    START,
  );
});
afterAll(async () => {
  for (const each of clients) each.destroy();
  await embedded.close();
});

/** A journal, and the names of the calls it makes. */
function watched() {
  const calls: string[] = [];
  const mine = client();
  meterDynamo(mine, { onCall: ({ name }) => calls.push(name), running: () => null });
  return { journal: dynamoJournal({ client: mine, tables: TABLES }), calls, mine };
}

describe('Reads by key', () => {
  it('that are asked for at the same moment travel in one call, over both tables, each with its own answer', async () => {
    const { journal, calls } = watched();
    const [request, sweep, drift, nothing, again] = await Promise.all([
      journal.read('request', 'AR-7K2M9Q'),
      journal.read('heartbeat', 'sweep'),
      journal.read('heartbeat', 'drift'),
      journal.read('heartbeat', 'digest'),
      journal.read('heartbeat', 'sweep'),
    ]);
    expect(request).toMatchObject({ rev: 1, value: pendingRequest() });
    expect([sweep.value?.at, drift.value?.at, again.value?.at]).toEqual([iso(), iso(1), iso()]);
    expect(nothing).toMatchObject({ rev: 0, value: null });
    expect(calls).toEqual(['BatchGetItem']);
  });

  it('that follow one another are calls of their own: nothing is remembered', async () => {
    const { journal, calls } = watched();
    const first = await journal.read('heartbeat', 'sweep');
    await journal.commit([put(first, { at: iso(5) })], START);
    expect((await journal.read('heartbeat', 'sweep')).value?.at).toBe(iso(5));
    await journal.commit([put(await journal.read('heartbeat', 'sweep'), { at: iso() })], START);
    expect(calls.filter((name) => name === 'GetItem')).toHaveLength(3);
  });

  it('fail alone where a row is malformed', async () => {
    const { journal, mine } = watched();
    const key = toItem({ pk: 'acme#heartbeat#broken', sk: 'state' });
    await mine.send(
      new UpdateItemCommand({
        TableName: TABLES.state,
        Key: key,
        UpdateExpression: 'SET rev = :rev',
        ExpressionAttributeValues: toItem({ ':rev': 'one' }),
      }),
    );
    const [broken, sound] = await Promise.allSettled([
      journal.read('heartbeat', 'broken'),
      journal.read('heartbeat', 'sweep'),
    ]);
    expect(broken.status).toBe('rejected');
    expect(sound).toMatchObject({ status: 'fulfilled', value: { rev: expect.any(Number) } });
  });

  it('are made in calls of a hundred keys, which is what DynamoDB takes', async () => {
    const { journal, calls } = watched();
    const ids = Array.from({ length: 230 }, (_, index) => `home-${index}`);
    const found = await Promise.all(ids.map((id) => journal.read('home', id)));
    expect(found.map(({ id }) => id)).toEqual(ids);
    expect(calls).toEqual(['BatchGetItem', 'BatchGetItem', 'BatchGetItem']);
  });

  it('that DynamoDB left out of its answer are asked for once more', async () => {
    const mine = client();
    mine.middlewareStack.add(
      (next, context) => async (args) => {
        const result = await next(args);
        if (context.commandName !== 'BatchGetItemCommand') return result;
        const output: BatchGetItemCommandOutput = { $metadata: {} };
        output.Responses = {};
        output.UnprocessedKeys = { state: { Keys: [keyOf('sweep'), keyOf('digest')] } };
        return { ...result, output };
      },
      { step: 'initialize', name: 'throttled' },
    );
    const read = gatheredReads(mine);
    const found = await Promise.all(
      ['sweep', 'digest'].map((id) => read({ TableName: 'state', Key: keyOf(id) })),
    );
    expect(found.map((item) => item?.['pk']?.S)).toEqual(['acme#heartbeat#sweep', undefined]);
  });

  it('all fail when the call they share fails, and the next moment is a new one', async () => {
    const { journal, mine } = watched();
    let down = true;
    mine.middlewareStack.add(
      (next) => async (args) => {
        if (down) throw new Error('The network is gone');
        return next(args);
      },
      { step: 'initialize', name: 'down' },
    );
    const both = () =>
      Promise.allSettled(['sweep', 'drift'].map((id) => journal.read('heartbeat', id)));
    expect(await both()).toMatchObject([
      { reason: { service: 'journal' } },
      { reason: { service: 'journal' } },
    ]);
    down = false;
    expect(await both()).toMatchObject([{ status: 'fulfilled' }, { status: 'fulfilled' }]);
  });
});

const keyOf = (id: string) => toItem({ pk: `acme#heartbeat#${id}`, sk: 'state' });

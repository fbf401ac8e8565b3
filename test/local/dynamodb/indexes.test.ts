/** Secondary indexes stay right through transactions, failures and condition checks. */
import { type TransactWriteItem, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { errorOf, openWorld, S, type World } from './embedded-world.ts';

const T = 'things';
let world: World;
beforeEach(async () => {
  world = await openWorld();
  await world.createTable(T);
  await transact([
    put('1', { g: S('open'), h: S('10:00') }),
    put('2', { g: S('open'), h: S('11:00') }),
    put('3', { g: S('closed'), h: S('09:00') }),
  ]);
});
afterEach(() => world.close());

const key = (sk: string) => ({ pk: S('AR'), sk: S(sk) });
const put = (sk: string, more: object): TransactWriteItem => ({
  Put: { TableName: T, Item: { ...key(sk), ...more } },
});
const move = (sk: string, g: string, h: string): TransactWriteItem => ({
  Update: {
    TableName: T,
    Key: key(sk),
    UpdateExpression: 'SET g = :g, h = :h',
    ExpressionAttributeValues: { ':g': S(g), ':h': S(h) },
  },
});
const neverTrue: TransactWriteItem = {
  ConditionCheck: {
    TableName: T,
    Key: key('nobody'),
    ConditionExpression: 'attribute_exists(pk)',
  },
};
const transact = (TransactItems: TransactWriteItem[]) =>
  world.client.send(new TransactWriteItemsCommand({ TransactItems }));

test('a transaction moves, adds and removes index entries together', async () => {
  await transact([
    move('1', 'closed', '12:00'),
    put('2', { g: S('open'), h: S('08:00') }),
    { Delete: { TableName: T, Key: key('3') } },
    put('4', { g: S('open'), h: S('09:00') }),
  ]);
  expect(await world.byG(T, 'open')).toEqual(['AR/2', 'AR/4']);
  expect(await world.byG(T, 'closed')).toEqual(['AR/1']);
});

test('a failed transaction leaves the index exactly as it was', async () => {
  await errorOf(
    transact([
      move('1', 'closed', '12:00'),
      put('2', {}),
      { Delete: { TableName: T, Key: key('3') } },
      put('4', { g: S('open'), h: S('09:00') }),
      neverTrue,
    ]),
  );
  expect(await world.byG(T, 'open')).toEqual(['AR/1', 'AR/2']);
  expect(await world.byG(T, 'closed')).toEqual(['AR/3']);
});

test('an item that loses its index key leaves the index, one that gains it enters', async () => {
  await transact([
    {
      Update: { TableName: T, Key: key('1'), UpdateExpression: 'REMOVE g' },
    },
    put('5', { g: S('open') }),
  ]);
  expect(await world.byG(T, 'open')).toEqual(['AR/2']);
  await transact([move('5', 'open', '07:00')]);
  expect(await world.byG(T, 'open')).toEqual(['AR/5', 'AR/2']);
});

test('an index key of the wrong type cancels the transaction and names the operation', async () => {
  const error = await errorOf(transact([put('6', { h: S('x') }), put('7', { g: { N: '1' } })]));
  expect(error).toMatchObject({
    name: 'TransactionCanceledException',
    CancellationReasons: [{ Code: 'None' }, { Code: 'ValidationError' }],
  });
  expect(await world.count(T)).toBe(3);
});

test('a condition check on an indexed item leaves its entry alone', async () => {
  await transact([
    {
      ConditionCheck: {
        TableName: T,
        Key: key('1'),
        ConditionExpression: 'g = :open',
        ExpressionAttributeValues: { ':open': S('open') },
      },
    },
    put('8', {}),
  ]);
  expect(await world.byG(T, 'open')).toEqual(['AR/1', 'AR/2']);
});

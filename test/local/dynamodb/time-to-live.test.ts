/** Time to live: the setting, and what a sweep deletes on a pushed clock. */
import {
  DescribeTimeToLiveCommand,
  PutItemCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import type { ChangeRecord } from '../../../local/dynamodb/change-log.ts';
import { errorOf, N, openWorld, S, type World } from './embedded-world.ts';

const T = 'things';
let world: World;
beforeEach(async () => {
  world = await openWorld();
  await world.createTable(T, true);
});
afterEach(() => world.close());

const setTtl = (Enabled: boolean, AttributeName = 'expiresAt') =>
  world.client.send(
    new UpdateTimeToLiveCommand({
      TableName: T,
      TimeToLiveSpecification: { AttributeName, Enabled },
    }),
  );
const describeTtl = async () =>
  (await world.client.send(new DescribeTimeToLiveCommand({ TableName: T }))).TimeToLiveDescription;
const putExpiring = (sk: string, expiresAt: { N: string } | { S: string }, more: object = {}) =>
  world.client.send(
    new PutItemCommand({ TableName: T, Item: { pk: S('a'), sk: S(sk), ...more, expiresAt } }),
  );
const inSeconds = (seconds: number) => N(world.clock.now.getTime() / 1000 + seconds);

test('the setting is described, and refuses what DynamoDB refuses', async () => {
  expect(await describeTtl()).toEqual({ TimeToLiveStatus: 'DISABLED' });
  expect((await errorOf(setTtl(false))).message).toBe('TimeToLive is already disabled');
  await setTtl(true);
  expect(await describeTtl()).toEqual({
    TimeToLiveStatus: 'ENABLED',
    AttributeName: 'expiresAt',
  });
  expect((await errorOf(setTtl(true))).message).toBe('TimeToLive is already enabled');
  expect((await errorOf(setTtl(true, 'other'))).message).toContain('different AttributeName');
  await setTtl(false);
  expect(await describeTtl()).toEqual({ TimeToLiveStatus: 'DISABLED' });
});

test('a sweep deletes what has expired by the clock, from the index too, and tells the feed', async () => {
  const removed: ChangeRecord[] = [];
  world.dynamo.changes.subscribe(T, async (batch) => {
    removed.push(...batch.filter(({ eventName }) => eventName === 'REMOVE'));
  });
  await setTtl(true);
  await putExpiring('soon', inSeconds(60), { g: S('g'), h: S('1') });
  await putExpiring('later', inSeconds(600), { g: S('g'), h: S('2') });
  await putExpiring('text', { S: '1' });
  await putExpiring('ancient', inSeconds(-6 * 365 * 86_400));
  expect(await world.dynamo.sweepTtl()).toBe(0);
  world.clock.now = new Date(world.clock.now.getTime() + 60_000);
  expect(await world.dynamo.sweepTtl()).toBe(1);
  expect(await world.byG(T, 'g')).toEqual(['a/later']);
  expect(await world.count(T)).toBe(3);
  await world.dynamo.settled();
  expect(removed.map(({ keys }) => keys)).toEqual([{ pk: S('a'), sk: S('soon') }]);
});

test('a sweep goes through all pages of a large table and leaves tables without the setting alone', async () => {
  const filler = { filler: S('x'.repeat(150_000)) };
  for (let i = 0; i < 12; i += 1) {
    await putExpiring(String(i), inSeconds(i % 2 === 0 ? -1 : 60), filler);
  }
  expect(await world.dynamo.sweepTtl()).toBe(0);
  await setTtl(true);
  expect(await world.dynamo.sweepTtl()).toBe(6);
  expect(await world.count(T)).toBe(6);
});

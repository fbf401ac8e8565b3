import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { DeleteScheduleCommand, UpdateScheduleCommand } from '@aws-sdk/client-scheduler';
import { temporaryFolder } from '../temporary-folder.ts';
import {
  at,
  minute,
  type Options,
  queueArn,
  schedule,
  start,
  startWorld,
  target,
  type World,
} from './world.ts';

const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.stop();
});
async function open(options: Options = {}): Promise<World> {
  const world = await startWorld(options);
  worlds.push(world);
  return world;
}
const stop = async (world: World) => {
  worlds.splice(worlds.indexOf(world), 1);
  await world.stop();
};

it('fires to the second, in order, with the input of the schedule, and deletes what asked for it', async () => {
  const world = await open();
  await world.create({ Name: 'b', ScheduleExpression: at(7200) });
  await world.create({ Name: 'a', ScheduleExpression: at(90) });
  await world.create({ Name: 'kept', ScheduleExpression: at(90), ActionAfterCompletion: 'NONE' });
  await world.clock.advance(89_999);
  expect(world.fired).toEqual([]);
  await world.clock.advance(120 * minute);
  expect(world.fired).toEqual([
    { name: 'a', second: 90, input: '{"holding":"H1"}' },
    { name: 'kept', second: 90, input: '{"holding":"H1"}' },
    { name: 'b', second: 7200, input: '{"holding":"H1"}' },
  ]);
  expect(world.scheduler.list().map(({ name, completed }) => [name, completed])).toEqual([
    ['kept', true],
  ]);
  await world.clock.advance(600 * minute);
  expect(world.fired).toHaveLength(3);
});

it('fires by itself when real time comes, and not before', async () => {
  let happened: (instant: number) => void;
  const fired = new Promise<number>((resolve) => {
    happened = resolve;
  });
  const world = await open({ frozen: false, deliver: async () => happened(Date.now()) });
  // Far enough away for it to be created before, also where that takes long.
  const due = Math.ceil(Date.now() / 1000 + 2) * 1000;
  await world.create({ ScheduleExpression: `at(${new Date(due).toISOString().slice(0, 19)})` });
  expect(await fired).toBeGreaterThanOrEqual(due);
});

it('does not fire while disabled, and does once enabled again', async () => {
  const world = await open();
  await world.create({ State: 'DISABLED' });
  await world.clock.advance(30 * minute);
  expect(world.clock.nextAt()).toBeNull();
  await world.client.send(new UpdateScheduleCommand({ ...schedule, State: 'ENABLED' }));
  await world.clock.advance(30 * minute);
  expect(world.fired.map(({ second }) => second)).toEqual([3600]);
});

it('fills in the context attributes, and sends the default event when there is no input', async () => {
  const world = await open();
  const Input =
    '<aws.scheduler.schedule-arn> <aws.scheduler.scheduled-time> <aws.scheduler.attempt-number> <aws.scheduler.execution-id>';
  await world.create({ Target: { ...target, Input } });
  await world.create({ Name: 'bare', Target: { Arn: target.Arn, RoleArn: target.RoleArn } });
  await world.clock.advance(60 * minute);
  expect(world.fired[0]?.input).toMatch(
    /^arn:aws:scheduler:us-east-1:000000000000:schedule\/default\/AR-7K2M9Q 2026-11-22T11:00:00Z 1 [0-9a-f-]{36}$/,
  );
  expect(JSON.parse(world.fired[1]?.input ?? '')).toMatchObject({
    'detail-type': 'Scheduled Event',
    time: '2026-11-22T11:00:00Z',
    resources: ['arn:aws:scheduler:us-east-1:000000000000:schedule/default/bare'],
  });
});

it('tries a failed delivery again, ever later, and then completes', async () => {
  const tried: number[] = [];
  const world: World = await open({
    async deliver() {
      tried.push((world.clock.now().getTime() - start) / 1000);
      if (tried.length < 5) throw new Error('the queue is away');
    },
  });
  await world.create();
  await world.clock.advance(60 * minute);
  expect(world.scheduler.list()[0]).toMatchObject({ attempts: 1, completed: false });
  await world.clock.advance(minute);
  expect(tried).toEqual([3600, 3601, 3603, 3607, 3615]);
  expect([world.scheduler.list(), world.letters, world.errors]).toEqual([[], [], []]);
});

it.each([
  ['retries are used up', { MaximumRetryAttempts: 2 }, 3],
  ['no retry is wanted', { MaximumRetryAttempts: 0 }, 1],
  ['the event is too old', { MaximumEventAgeInSeconds: 60 }, 6],
])('sends the dead letter when %s', async (_when, RetryPolicy, attempts) => {
  const world = await open({
    deliver: async () => {
      throw new Error('the queue is away');
    },
  });
  const DeadLetterConfig = { Arn: `${queueArn}-dlq` };
  await world.create({ Target: { ...target, RetryPolicy, DeadLetterConfig } });
  await world.clock.advance(24 * 60 * minute);
  expect(world.letters).toEqual([
    {
      arn: queueArn,
      input: target.Input,
      groupName: 'default',
      name: 'AR-7K2M9Q',
      deadLetterArn: DeadLetterConfig.Arn,
      attempts,
      error: 'Error: the queue is away',
    },
  ]);
  expect(world.scheduler.list()).toEqual([]);
});

it('does not bring a schedule back that was deleted or replaced while it was being delivered', async () => {
  const world: World = await open({
    async deliver({ name }) {
      if (name === 'deleted') await world.client.send(new DeleteScheduleCommand({ Name: name }));
      if (name === 'moved' && world.fired.length === 0)
        await world.client.send(
          new UpdateScheduleCommand({ ...schedule, Name: name, ScheduleExpression: at(9000) }),
        );
      if (name === 'deleted') throw new Error('failed after the deletion');
    },
  });
  await world.create({ Name: 'moved' });
  await world.create({ Name: 'deleted', ScheduleExpression: at(3601) });
  await world.clock.advance(120 * minute);
  expect(world.scheduler.list().map(({ name, at: due }) => [name, due])).toEqual([
    ['moved', '2026-11-22T12:30:00.000Z'],
  ]);
  await world.clock.advance(60 * minute);
  expect(world.fired.map(({ name, second }) => [name, second])).toEqual([
    ['moved', 3600],
    ['moved', 9000],
  ]);
});

it('is armed again after a restart; what came due meanwhile fires at once, nothing fires twice', async () => {
  const dataDir = temporaryFolder();
  const first = await open({ dataDir });
  await first.create({ Name: 'done', ScheduleExpression: at(60), ActionAfterCompletion: 'NONE' });
  await first.create({ Name: 'missed', ScheduleExpression: at(600) });
  await first.create({ Name: 'later', ScheduleExpression: at(3600) });
  await first.clock.advance(2 * minute);
  expect(first.fired.map(({ name }) => name)).toEqual(['done']);
  await stop(first);
  const second = await open({ dataDir, realNow: start + 20 * minute });
  await second.clock.advance(0);
  expect(second.fired.map(({ name, second: at }) => [name, at])).toEqual([['missed', 1320]]);
  await second.clock.advance(60 * minute);
  expect(second.fired.map(({ name, second: at }) => [name, at])).toEqual([
    ['missed', 1320],
    ['later', 3600],
  ]);
});

it('goes on with its retries after a restart, and still knows its client tokens', async () => {
  const dataDir = temporaryFolder();
  const failing = { deliver: () => Promise.reject(new Error('away')) };
  const RetryPolicy = { MaximumRetryAttempts: 4 };
  const first = await open({ dataDir, ...failing });
  const once = { ClientToken: 'AR-7K2M9Q-v3', Target: { ...target, RetryPolicy } };
  await first.create(once);
  await first.clock.advance(60 * minute + 3000);
  expect(first.scheduler.list()[0]?.attempts).toBe(3);
  await stop(first);
  const second = await open({ dataDir, ...failing });
  await second.create(once);
  expect(second.scheduler.list()[0]?.attempts).toBe(3);
  await second.clock.advance(minute);
  expect(second.letters.map(({ attempts }) => attempts)).toEqual([5]);
});

it('keeps a schedule that was acknowledged right before a kill -9', async () => {
  const dataDir = temporaryFolder();
  const here = JSON.stringify(join(__dirname, 'world.ts'));
  const script = `
    import { startWorld } from ${here};
    const { create } = await startWorld({ dataDir: process.argv[1] });
    await create();
    process.kill(process.pid, 'SIGKILL');`;
  const flags = ['--import', 'tsx', '--input-type=module', '-e', script, dataDir];
  const child = spawnSync(process.execPath, flags, {
    cwd: join(__dirname, '../../..'),
    encoding: 'utf8',
  });
  expect(child.signal).toBe('SIGKILL');
  const world = await open({ dataDir, realNow: start + 61 * minute });
  await world.clock.advance(0);
  expect(world.fired.map(({ name, second }) => [name, second])).toEqual([['AR-7K2M9Q', 3660]]);
});

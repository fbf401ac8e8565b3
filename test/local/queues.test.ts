import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { type LocalClock, openLocalClock } from '../../local/clock.ts';
import { openFaults } from '../../local/faults.ts';
import {
  type ConsumeOptions,
  type LocalQueues,
  openLocalQueues,
  type QueueHandler,
} from '../../local/queues.ts';
import { startEmbeddedScheduler } from '../../local/scheduler/start-embedded-scheduler.ts';
import { temporaryFolder } from './temporary-folder.ts';

const start = Date.parse('2026-11-22T10:00:00Z');
const minute = 60_000;
const options: ConsumeOptions = {
  concurrency: 2,
  visibilitySeconds: 180,
  batchSize: 1,
  maxReceives: 3,
};
const allGood = { batchItemFailures: [] };

type World = { clock: LocalClock; queues: LocalQueues; errors: string[]; stop(): Promise<void> };
const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.stop();
});

/** Queues on a clock that only moves when pushed, wired to its settling as the local world does. */
function open(dataDir: string | null = null, realNow = start): World {
  const errors: string[] = [];
  const onError = (error: unknown) => void errors.push(String(error));
  const file = dataDir && join(dataDir, 'clock.jsonl');
  const clock = openLocalClock({ file, frozen: true, realNow: () => realNow, onError });
  const queues = openLocalQueues({ dataDir, clock, onError });
  clock.onSettle(() => queues.settled());
  const stop = async () => {
    clock.close();
    await queues.close();
  };
  const world = { clock, queues, errors, stop };
  worlds.push(world);
  return world;
}
const restart = async (world: World, dataDir: string, realNow = start) => {
  worlds.splice(worlds.indexOf(world), 1);
  await world.stop();
  return open(dataDir, realNow);
};

/** A handler that notes body, receive count and local second of each message, and fails the bodies that begin with `bad`. */
function noting(clock: LocalClock) {
  const seen: [body: string, receives: number, second: number][] = [];
  const handler: QueueHandler = async (records) => {
    await sleep(1);
    for (const { body, receiveCount } of records)
      seen.push([body, receiveCount, (clock.now().getTime() - start) / 1000]);
    const failed = records.filter(({ body }) => body.startsWith('bad'));
    return {
      batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })),
    };
  };
  return { seen, handler };
}

it('delivers what was sent before and after the start, and forgets what was dealt with', async () => {
  const { clock, queues } = open();
  const { seen, handler } = noting(clock);
  await queues.send('grants', 'early');
  queues.consume('grants', handler, { ...options, concurrency: 1 });
  await sleep(10);
  await queues.settled();
  expect(seen).toEqual([]);
  expect(queues.depth('grants')).toEqual({ visible: 1, delayed: 0, inFlight: 0, dead: 0 });
  queues.start();
  await queues.send('grants', 'late');
  await queues.send('announce', 'nobody listens');
  await queues.settled();
  expect(seen).toEqual([
    ['early', 1, 0],
    ['late', 1, 0],
  ]);
  expect(queues.depth('grants')).toEqual({ visible: 0, delayed: 0, inFlight: 0, dead: 0 });
  expect(queues.depth('announce').visible).toBe(1);
  await clock.advance(60 * minute);
  expect(seen).toHaveLength(2);
});

it('holds a delayed message back until its second has come on the local clock', async () => {
  const { clock, queues } = open();
  const { seen, handler } = noting(clock);
  queues.consume('removals', handler, options);
  queues.start();
  await queues.send('removals', 'in 900', 900);
  await queues.send('removals', 'in 30', 30);
  expect(queues.depth('removals')).toMatchObject({ visible: 0, delayed: 2 });
  await clock.advance(29_999);
  expect(seen).toEqual([]);
  await clock.advance(60 * minute);
  expect(seen).toEqual([
    ['in 30', 1, 30],
    ['in 900', 1, 900],
  ]);
});

it.each([
  ['a delay above 900 s', 'x', 901, '900'],
  ['a negative delay', 'x', -1, '-1'],
  ['half a second', 'x', 0.5, '0.5'],
  ['no number at all', 'x', Number.NaN, 'NaN'],
  ['an empty body', '', 0, '1 to'],
  ['a body above 256 KB', 'ä'.repeat(131_073), 0, '262146'],
])('refuses %s and keeps nothing', async (_what, body, delay, message) => {
  const { queues } = open();
  await expect(queues.send('grants', body, delay)).rejects.toThrow(message);
  expect(queues.depth('grants').visible).toBe(0);
  await queues.send('grants', 'ä'.repeat(131_072), 900);
  expect(queues.depth('grants').delayed).toBe(1);
});

it('delivers a failed message again after the visibility timeout, not before, and others at once', async () => {
  const { clock, queues, errors } = open();
  const seen: [string, number][] = [];
  queues.consume(
    'grants',
    async ([record]) => {
      seen.push([record?.body ?? '', (clock.now().getTime() - start) / 1000]);
      if (record?.body === 'fails once' && record.receiveCount === 1)
        throw new Error('provider down');
      return allGood;
    },
    options,
  );
  queues.start();
  await queues.send('grants', 'fails once');
  await queues.send('grants', 'good');
  await clock.advance(179_999);
  expect(seen).toEqual([
    ['fails once', 0],
    ['good', 0],
  ]);
  expect(queues.depth('grants')).toMatchObject({ visible: 0, inFlight: 1 });
  await clock.advance(1);
  expect(seen[2]).toEqual(['fails once', 180]);
  expect(errors).toEqual(['Error: provider down']);
  await clock.advance(60 * minute);
  expect(seen).toHaveLength(3);
});

it('takes back only the failed part of a batch', async () => {
  const { clock, queues } = open();
  const { seen, handler } = noting(clock);
  const sizes: number[] = [];
  queues.consume(
    'grants',
    async (records) => {
      sizes.push(records.length);
      return await handler(records);
    },
    { ...options, batchSize: 10 },
  );
  for (const body of ['a', 'bad', 'b']) await queues.send('grants', body);
  queues.start();
  await clock.advance(180_000);
  expect(sizes).toEqual([3, 1]);
  expect(seen.slice(3)).toEqual([['bad', 2, 180]]);
});

it.each(['', 'some-other-id'])(
  'takes the whole batch back when the handler names %j as failed, and says why',
  async (itemIdentifier) => {
    const { clock, queues, errors } = open();
    const handled: string[] = [];
    queues.consume(
      'grants',
      async (records) => {
        const first = handled.length === 0;
        handled.push(...records.map(({ body, receiveCount }) => `${body} ${receiveCount}`));
        return { batchItemFailures: first ? [{ itemIdentifier }] : [] };
      },
      { ...options, batchSize: 10 },
    );
    await queues.send('grants', 'a');
    await queues.send('grants', 'b');
    queues.start();
    await queues.settled();
    expect(queues.depth('grants').inFlight).toBe(2);
    expect(errors[0]).toContain('the whole batch comes again');
    await clock.advance(180_000);
    expect(handled).toEqual(['a 1', 'b 1', 'a 2', 'b 2']);
    expect(queues.depth('grants').inFlight).toBe(0);
  },
);

it('puts a poisoned message among the dead letters and never lets it block another', async () => {
  const { clock, queues } = open();
  const { seen, handler } = noting(clock);
  queues.consume('removals', handler, { ...options, concurrency: 1 });
  queues.start();
  await queues.send('removals', 'bad one');
  for (let i = 0; i < 5; i++) await queues.send('removals', `good ${i}`, i);
  await clock.advance(60 * minute);
  expect(seen.filter(([body]) => body === 'bad one')).toEqual([
    ['bad one', 1, 0],
    ['bad one', 2, 180],
    ['bad one', 3, 360],
  ]);
  expect(seen.filter(([body]) => body.startsWith('good')).map(([, , second]) => second)).toEqual([
    0, 1, 2, 3, 4,
  ]);
  expect(queues.deadLetters('removals')).toMatchObject([{ body: 'bad one', receiveCount: 3 }]);
  expect(queues.deadLetters('grants')).toEqual([]);
  expect(queues.depth('removals')).toEqual({ visible: 0, delayed: 0, inFlight: 0, dead: 1 });
});

it('runs no more handlers at a time than allowed, but that many', async () => {
  const { queues } = open();
  const now = { grants: 0, removals: 0 };
  const most = { grants: 0, removals: 0 };
  const counting =
    (queue: 'grants' | 'removals'): QueueHandler =>
    async () => {
      now[queue] += 1;
      most[queue] = Math.max(most[queue], now[queue]);
      await sleep(5);
      now[queue] -= 1;
      return allGood;
    };
  queues.consume('grants', counting('grants'), { ...options, concurrency: 3 });
  queues.consume('removals', counting('removals'), { ...options, concurrency: 1 });
  for (let i = 0; i < 10; i++) {
    await queues.send('grants', `g${i}`);
    await queues.send('removals', `r${i}`);
  }
  queues.start();
  await queues.settled();
  expect(most).toEqual({ grants: 3, removals: 1 });
  expect([queues.depth('grants').visible, queues.depth('removals').visible]).toEqual([0, 0]);
});

it('delivers a message a second time when its handler outlasts the visibility timeout', async () => {
  const errors: unknown[] = [];
  const clock = openLocalClock({ file: null });
  const queues = openLocalQueues({ dataDir: null, clock, onError: (e) => errors.push(e) });
  const receives: number[] = [];
  let comeAgain = () => {};
  const second = new Promise<void>((resolve) => {
    comeAgain = resolve;
  });
  queues.consume(
    'grants',
    async ([record]) => {
      receives.push(record?.receiveCount ?? 0);
      if (record?.receiveCount === 1) await second;
      else comeAgain();
      return allGood;
    },
    { ...options, visibilitySeconds: 1 },
  );
  queues.start();
  await queues.send('grants', 'slow');
  await queues.settled();
  expect([receives, queues.depth('grants'), errors]).toEqual([
    [1, 2],
    { visible: 0, delayed: 0, inFlight: 0, dead: 0 },
    [],
  ]);
  clock.close();
  await queues.close();
});

it('settles only when handlers that feed another queue are done too', async () => {
  const { queues } = open();
  const seen: string[] = [];
  queues.consume(
    'grants',
    async ([record]) => {
      await sleep(5);
      const left = Number(record?.body);
      if (left > 0) await queues.send('announce', String(left - 1));
      return allGood;
    },
    options,
  );
  queues.consume(
    'announce',
    async ([record]) => {
      seen.push(record?.body ?? '');
      await queues.send('grants', record?.body ?? '');
      return allGood;
    },
    options,
  );
  queues.start();
  await queues.send('grants', '4');
  await queues.settled();
  expect(seen).toEqual(['3', '2', '1', '0']);
});

it('refuses a second consumer and options that make no sense', () => {
  const { clock, queues } = open();
  const { handler } = noting(clock);
  queues.consume('grants', handler, options);
  expect(() => queues.consume('grants', handler, options)).toThrow('already has a consumer');
  expect(() => queues.consume('removals', handler, { ...options, concurrency: 0 })).toThrow(
    'concurrency of the queue removals',
  );
});

describe('after a restart', () => {
  it('still knows delayed messages, failed ones with their count, and dead letters', async () => {
    const dataDir = temporaryFolder();
    const before = open(dataDir);
    before.queues.consume('grants', noting(before.clock).handler, options);
    before.queues.start();
    await before.queues.send('grants', 'bad already dead');
    await before.clock.advance(540_000);
    await before.queues.send('grants', 'delayed', 600);
    await before.queues.send('grants', 'delayed, due while away', 60);
    await before.queues.send('grants', 'bad for the first time');
    await before.queues.settled();
    const after = await restart(before, dataDir, start + 120_000);
    expect(after.queues.deadLetters('grants')).toMatchObject([
      { body: 'bad already dead', receiveCount: 3 },
    ]);
    const { seen, handler } = noting(after.clock);
    after.queues.consume('grants', handler, options);
    after.queues.start();
    await after.clock.advance(10 * minute);
    expect(seen).toEqual([
      ['delayed, due while away', 1, 660],
      ['bad for the first time', 2, 660],
      ['bad for the first time', 3, 840],
      ['delayed', 1, 1140],
    ]);
  });

  it('delivers again what was in flight or delayed when the process was killed', async () => {
    const dataDir = temporaryFolder();
    const here = (path: string) => JSON.stringify(join(__dirname, '../../local', path));
    const script = `
      import { openLocalClock } from ${here('clock.ts')};
      import { openLocalQueues } from ${here('queues.ts')};
      const clock = openLocalClock({ file: null, frozen: true, realNow: () => ${start} });
      const queues = openLocalQueues({ dataDir: process.argv[1], clock, onError: console.error });
      queues.consume('grants', async ([record]) => {
        if (record.body === 'done') return { batchItemFailures: [] };
        process.kill(process.pid, 'SIGKILL');
        return { batchItemFailures: [] };
      }, { concurrency: 1, visibilitySeconds: 900, batchSize: 1, maxReceives: 3 });
      for (const body of ['done', 'in flight', 'behind it']) await queues.send('grants', body);
      await queues.send('removals', 'delayed', 300);
      queues.start();`;
    const flags = ['--import', 'tsx', '--input-type=module', '-e', script, dataDir];
    const cwd = join(__dirname, '../..');
    const child = spawnSync(process.execPath, flags, { cwd, encoding: 'utf8' });
    expect([child.signal, child.stderr]).toEqual(['SIGKILL', '']);
    const { clock, queues } = open(dataDir);
    const { seen, handler } = noting(clock);
    queues.consume('grants', handler, { ...options, concurrency: 1 });
    queues.consume('removals', handler, options);
    queues.start();
    await clock.advance(10 * minute);
    expect(seen).toEqual([
      ['in flight', 2, 0],
      ['behind it', 1, 0],
      ['delayed', 1, 300],
    ]);
  });

  it('gives up on a message that kills the process every time', async () => {
    const dataDir = temporaryFolder();
    let world = open(dataDir);
    await world.queues.send('grants', 'killer');
    for (let life = 1; life <= 3; life++) {
      const reached = new Promise<void>((resolve) => {
        world.queues.consume(
          'grants',
          () => {
            resolve();
            return new Promise(() => undefined);
          },
          options,
        );
      });
      world.queues.start();
      await reached;
      // Abandoned, not closed: nothing is written after this, as after a kill.
      world.clock.close();
      worlds.splice(worlds.indexOf(world), 1);
      world = open(dataDir);
    }
    const { seen, handler } = noting(world.clock);
    world.queues.consume('grants', handler, options);
    world.queues.start();
    await world.queues.settled();
    expect(seen).toEqual([]);
    expect(world.queues.deadLetters('grants')).toMatchObject([{ body: 'killer', receiveCount: 3 }]);
  });
});

it('lets a push of two hours carry schedules through the queue to the handler, in order', async () => {
  const { clock, queues, errors } = open();
  const scheduler = await startEmbeddedScheduler({
    dataDir: null,
    clock,
    faults: openFaults(),
    deliver: ({ input }) => queues.send('removals', input),
  });
  const client = new SchedulerClient({
    region: 'us-east-1',
    endpoint: scheduler.url,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const scheduleAt = (name: string, second: number) =>
    client.send(
      new CreateScheduleCommand({
        Name: name,
        ScheduleExpression: `at(${new Date(start + second * 1000).toISOString().slice(0, 19)})`,
        FlexibleTimeWindow: { Mode: 'OFF' },
        ActionAfterCompletion: 'DELETE',
        Target: {
          Arn: 'arn:aws:sqs:us-east-1:000000000000:removals',
          RoleArn: 'arn:aws:iam::000000000000:role/scheduler',
          Input: name,
        },
      }),
    );
  const { seen, handler } = noting(clock);
  queues.consume(
    'removals',
    async (records) => {
      const [record] = records;
      const result = await handler(records);
      // As a removal that came a minute early: it waits for the exact end, and then plans what follows.
      if (record?.body === 'end-1') await queues.send('removals', 'end-1 exactly', 60);
      if (record?.body === 'end-1 exactly') await scheduleAt('follow-up', 3700);
      return result;
    },
    options,
  );
  queues.start();
  await scheduleAt('end-2', 3600);
  await scheduleAt('end-1', 3540);
  await scheduleAt('end-3', 3650);
  await scheduleAt('tomorrow', 86_400);
  await clock.advance(120 * minute);
  expect(seen).toEqual([
    ['end-1', 1, 3540],
    ['end-2', 1, 3600],
    ['end-1 exactly', 1, 3600],
    ['end-3', 1, 3650],
    ['follow-up', 1, 3700],
  ]);
  expect(scheduler.list().map(({ name }) => name)).toEqual(['tomorrow']);
  expect(errors).toEqual([]);
  client.destroy();
  await scheduler.close();
});

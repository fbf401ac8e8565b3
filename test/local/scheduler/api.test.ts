import {
  ConflictException,
  type CreateScheduleCommandInput,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  InternalServerException,
  ListScheduleGroupsCommand,
  ListSchedulesCommand,
  type ListSchedulesCommandInput,
  paginateListSchedules,
  ResourceNotFoundException,
  ThrottlingException,
  UpdateScheduleCommand,
  ValidationException,
} from '@aws-sdk/client-scheduler';
import { at, minute, queueArn, schedule, start, startWorld, target, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(async () => {
  await world.stop();
  expect(world.errors).toEqual([]);
});
const name = { Name: schedule.Name };

it('gives back what was created, with the defaults of AWS', async () => {
  const { ScheduleArn } = await world.create({ Description: 'end of a grant' });
  expect(ScheduleArn).toBe('arn:aws:scheduler:us-east-1:000000000000:schedule/default/AR-7K2M9Q');
  const got = await world.client.send(new GetScheduleCommand(name));
  expect(got).toMatchObject({
    Arn: ScheduleArn,
    Name: 'AR-7K2M9Q',
    GroupName: 'default',
    Description: 'end of a grant',
    State: 'ENABLED',
    ActionAfterCompletion: 'DELETE',
    ScheduleExpression: at(3600),
    ScheduleExpressionTimezone: 'UTC',
    FlexibleTimeWindow: { Mode: 'OFF' },
    CreationDate: new Date(start),
    LastModificationDate: new Date(start),
    Target: {
      ...target,
      RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
    },
  });
});

it('keeps every part of a target and of a flexible window that the caller named', async () => {
  const named = {
    ScheduleExpressionTimezone: 'Europe/Berlin',
    ScheduleExpression: 'at(2026-11-22T12:00:00)',
    FlexibleTimeWindow: { Mode: 'FLEXIBLE' as const, MaximumWindowInMinutes: 15 },
    State: 'DISABLED' as const,
    StartDate: new Date(start + minute),
    Target: {
      ...target,
      DeadLetterConfig: { Arn: `${queueArn}-dlq` },
      RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 },
      SqsParameters: { MessageGroupId: 'g' },
    },
  };
  await world.create(named);
  expect(await world.client.send(new GetScheduleCommand(name))).toMatchObject(named);
  expect(world.scheduler.list()).toEqual([
    {
      name: 'AR-7K2M9Q',
      groupName: 'default',
      arn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/AR-7K2M9Q',
      at: '2026-11-22T11:00:00.000Z',
      state: 'DISABLED',
      target: { arn: queueArn, input: target.Input },
      attempts: 0,
      completed: false,
    },
  ]);
});

it.each<[string, Partial<CreateScheduleCommandInput>, string]>([
  ['no flexible window', { FlexibleTimeWindow: undefined }, 'flexibleTimeWindow'],
  [
    'a flexible window without a length',
    { FlexibleTimeWindow: { Mode: 'FLEXIBLE' as const } },
    'maximumWindowInMinutes',
  ],
  ['no expression', { ScheduleExpression: undefined }, 'scheduleExpression'],
  ['a past instant', { ScheduleExpression: at(-1) }, 'in the past'],
  [
    'an instant that is past in its time zone',
    { ScheduleExpression: at(3600), ScheduleExpressionTimezone: 'Asia/Tokyo' },
    'in the past',
  ],
  ['rate()', { ScheduleExpression: 'rate(5 minutes)' }, 'not supported here'],
  ['cron()', { ScheduleExpression: 'cron(0 10 * * ? *)' }, 'not supported here'],
  ['nonsense', { ScheduleExpression: 'tomorrow' }, 'Invalid Schedule Expression'],
  ['an unknown time zone', { ScheduleExpressionTimezone: 'Mars/Base' }, 'Timezone'],
  ['a name with a slash', { Name: 'a/b' }, 'name'],
  ['a name of 65 characters', { Name: 'n'.repeat(65) }, 'name'],
  ['no target', { Target: undefined }, 'target'],
  ['a target without a role', { Target: { ...target, RoleArn: undefined } }, 'target.roleArn'],
  ['a role that is none', { Target: { ...target, RoleArn: queueArn } }, 'target.roleArn'],
  ['a target that is no ARN', { Target: { ...target, Arn: 'removals' } }, 'target.arn'],
  [
    'input of more than 256 KB',
    { Target: { ...target, Input: 'ä'.repeat(131_073) } },
    'target.input',
  ],
  [
    '186 retries',
    { Target: { ...target, RetryPolicy: { MaximumRetryAttempts: 186 } } },
    'maximumRetryAttempts',
  ],
  [
    'an event age below a minute',
    { Target: { ...target, RetryPolicy: { MaximumEventAgeInSeconds: 59 } } },
    'maximumEventAgeInSeconds',
  ],
  [
    'a dead-letter target that is no queue',
    { Target: { ...target, DeadLetterConfig: { Arn: target.RoleArn } } },
    'deadLetterConfig',
  ],
  ['a description of 513 characters', { Description: 'd'.repeat(513) }, 'description'],
  ['a token with a space', { ClientToken: 'a b' }, 'clientToken'],
])('refuses %s with a ValidationException and keeps nothing', async (_what, change, message) => {
  const refused = world.create(change);
  await expect(refused).rejects.toBeInstanceOf(ValidationException);
  await expect(refused).rejects.toThrow(message);
  expect(world.scheduler.list()).toEqual([]);
});

it('refuses a second schedule of the same name, unless the same call is only repeated', async () => {
  const ClientToken = 'AR-7K2M9Q-v3';
  const first = await world.create({ ClientToken });
  expect((await world.create({ ClientToken })).ScheduleArn).toBe(first.ScheduleArn);
  await expect(world.create()).rejects.toBeInstanceOf(ConflictException);
  await expect(world.create({ ClientToken, ScheduleExpression: at(7200) })).rejects.toBeInstanceOf(
    ConflictException,
  );
  expect(world.scheduler.list().map((s) => s.at)).toEqual(['2026-11-22T11:00:00.000Z']);
});

it('does not hold a refused call against its token', async () => {
  const ClientToken = 'AR-7K2M9Q-v3';
  await expect(world.create({ ClientToken, ScheduleExpression: at(-5) })).rejects.toThrow('past');
  await world.create({ ClientToken, ScheduleExpression: at(30) });
  await world.client.send(new DeleteScheduleCommand(name));
  await world.create({ ClientToken, ScheduleExpression: at(60) });
  expect(world.scheduler.list()).toHaveLength(1);
});

it('updates a schedule as a whole and moves its end', async () => {
  await world.create({ Description: 'gone after the update' });
  await world.clock.advance(minute);
  const { ActionAfterCompletion, ...rest } = schedule;
  await world.client.send(new UpdateScheduleCommand({ ...rest, ScheduleExpression: at(7200) }));
  const got = await world.client.send(new GetScheduleCommand(name));
  expect([got.Description, got.ActionAfterCompletion, ActionAfterCompletion]).toEqual([
    undefined,
    'NONE',
    'DELETE',
  ]);
  expect([got.CreationDate, got.LastModificationDate]).toEqual([
    new Date(start),
    new Date(start + minute),
  ]);
  await world.clock.advance(60 * minute);
  expect(world.fired).toEqual([]);
  await world.clock.advance(60 * minute);
  expect(world.fired.map(({ second }) => second)).toEqual([7200]);
});

it('refuses to update into the past and leaves the schedule as it was', async () => {
  await world.create();
  const past = new UpdateScheduleCommand({ ...schedule, ScheduleExpression: at(-60) });
  await expect(world.client.send(past)).rejects.toBeInstanceOf(ValidationException);
  await world.clock.advance(61 * minute);
  expect(world.fired.map(({ second }) => second)).toEqual([3600]);
});

it('never fires a deleted schedule and then does not know it any more', async () => {
  await world.create();
  await world.client.send(new DeleteScheduleCommand(name));
  await world.clock.advance(120 * minute);
  expect(world.fired).toEqual([]);
  const { client } = world;
  const moved = { ...schedule, ScheduleExpression: at(9000) };
  for (const call of [
    () => client.send(new GetScheduleCommand(name)),
    () => client.send(new DeleteScheduleCommand(name)),
    () => client.send(new UpdateScheduleCommand(moved)),
  ])
    await expect(call()).rejects.toBeInstanceOf(ResourceNotFoundException);
});

it('lists page by page, by group, prefix and state, and nothing twice', async () => {
  await world.client.send(new CreateScheduleGroupCommand({ Name: 'other' }));
  for (let i = 0; i < 12; i++) await world.create({ Name: `AR-${String(i).padStart(2, '0')}` });
  await world.create({ Name: 'off', State: 'DISABLED' });
  await world.create({ Name: 'AR-99', GroupName: 'other' });
  const pages: string[][] = [];
  for await (const page of paginateListSchedules({ client: world.client, pageSize: 5 }, {})) {
    pages.push(page.Schedules?.map((s) => `${s.GroupName}/${s.Name}`) ?? []);
    if (pages.length === 1) await world.client.send(new DeleteScheduleCommand({ Name: 'AR-03' }));
  }
  expect(pages.map((page) => page.length)).toEqual([5, 5, 4]);
  expect(new Set(pages.flat()).size).toBe(14);
  const list = async (query: ListSchedulesCommandInput) =>
    (await world.client.send(new ListSchedulesCommand(query))).Schedules?.map((s) => s.Name);
  expect(await list({ GroupName: 'other' })).toEqual(['AR-99']);
  expect(await list({ State: 'DISABLED' })).toEqual(['off']);
  expect(await list({ NamePrefix: 'AR-1' })).toEqual(['AR-10', 'AR-11']);
  expect((await world.client.send(new ListSchedulesCommand({}))).Schedules?.[0]).toEqual({
    Arn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/AR-00',
    CreationDate: new Date(start),
    GroupName: 'default',
    LastModificationDate: new Date(start),
    Name: 'AR-00',
    State: 'ENABLED',
    Target: { Arn: queueArn },
  });
  for (const query of [{ NextToken: 'junk' }, { MaxResults: 101 }, { MaxResults: 0 }])
    await expect(list(query)).rejects.toBeInstanceOf(ValidationException);
});

it('keeps schedules of one name apart by group, and forgets them with their group', async () => {
  const { client } = world;
  const made = await client.send(new CreateScheduleGroupCommand({ Name: 'grants' }));
  expect(made.ScheduleGroupArn).toMatch(/:schedule-group\/grants$/);
  await expect(
    client.send(new CreateScheduleGroupCommand({ Name: 'grants' })),
  ).rejects.toBeInstanceOf(ConflictException);
  await world.create({ GroupName: 'grants' });
  await world.create({ ScheduleExpression: at(60) });
  const group = await client.send(new GetScheduleGroupCommand({ Name: 'grants' }));
  expect(group).toMatchObject({ Name: 'grants', State: 'ACTIVE', CreationDate: new Date(start) });
  const groups = await client.send(new ListScheduleGroupsCommand({}));
  expect(groups.ScheduleGroups?.map((g) => g.Name)).toEqual(['default', 'grants']);
  await client.send(new DeleteScheduleGroupCommand({ Name: 'grants' }));
  await world.clock.advance(120 * minute);
  expect(world.fired.map(({ second }) => second)).toEqual([60]);
  await expect(client.send(new GetScheduleGroupCommand({ Name: 'grants' }))).rejects.toBeInstanceOf(
    ResourceNotFoundException,
  );
  await expect(world.create({ GroupName: 'grants' })).rejects.toBeInstanceOf(
    ResourceNotFoundException,
  );
  await expect(
    client.send(new DeleteScheduleGroupCommand({ Name: 'default' })),
  ).rejects.toBeInstanceOf(ValidationException);
});

it('refuses unsigned calls, bodies that are no JSON and operations it does not have', async () => {
  const call = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(`${world.scheduler.url}${path}`, init);
    return [answer.status, answer.headers.get('x-amzn-errortype')];
  };
  const headers = { authorization: 'AWS4-HMAC-SHA256 Credential=local' };
  expect(await call('/schedules')).toEqual([403, 'MissingAuthenticationTokenException']);
  expect(await call('/schedules', { headers })).toEqual([200, null]);
  const junk = { method: 'POST', headers, body: '{"Target":' };
  expect(await call('/schedules/a', junk)).toEqual([400, 'SerializationException']);
  expect(await call('/schedules/a', { ...junk, body: '[]' })).toEqual([400, 'ValidationException']);
  expect(await call('/tags/arn', { headers })).toEqual([404, 'UnknownOperationException']);
});

describe('faults on demand', () => {
  const fault = (on: 'read' | '*', fail: '500' | '409' | '429' | 'lost' | 'timeout', times = 1) =>
    world.faults.set({ target: 'scheduler', on, fail, times });

  it.each([
    ['500' as const, InternalServerException],
    ['429' as const, ThrottlingException],
    ['409' as const, ConflictException],
  ])('answers %s as the SDK knows it and creates nothing', async (fail, error) => {
    fault('*', fail);
    await expect(world.create()).rejects.toBeInstanceOf(error);
    expect(world.scheduler.list()).toEqual([]);
    await world.create();
    expect(world.scheduler.list()).toHaveLength(1);
  });

  it('fails only reads when only reads shall fail', async () => {
    fault('read', '500');
    await world.create();
    const get = new GetScheduleCommand(name);
    await expect(world.client.send(get)).rejects.toBeInstanceOf(InternalServerException);
    expect((await world.client.send(get)).Name).toBe('AR-7K2M9Q');
  });

  it('creates when the answer is lost, and does not when the call timed out', async () => {
    fault('*', 'timeout');
    await expect(world.create()).rejects.toThrow();
    expect(world.scheduler.list()).toEqual([]);
    fault('*', 'lost');
    await expect(world.create()).rejects.toThrow();
    expect(world.scheduler.list()).toHaveLength(1);
  });
});

it('lets the SDK retry lost answers by its client token: one schedule, one deletion, no error', async () => {
  const retrying = await startWorld({ maxAttempts: 3 });
  const lost = () => retrying.faults.set({ target: 'scheduler', on: '*', fail: 'lost', times: 1 });
  lost();
  await retrying.create();
  expect(retrying.scheduler.list()).toHaveLength(1);
  lost();
  await retrying.client.send(new DeleteScheduleCommand(name));
  expect(retrying.scheduler.list()).toEqual([]);
  await retrying.stop();
});

import { LINE, openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const fault = (
  target: 'github' | 'scheduler',
  part: { on: 'read' | 'add' | 'remove' | '*'; fail: '500' | '409' | '429'; times: number },
) => stage.world.faults.set({ target, ...part });

async function approved(line = LINE): Promise<string> {
  const id = await stage.people.ask('U0ANA', line);
  await stage.settle();
  await stage.people.approve('U0BO', id);
  await stage.settle();
  return id;
}

it('GitHub answers 500, then 409, then 429 at the removal: it is tried until it is gone, and only then said', async () => {
  const id = await approved();
  fault('github', { on: 'remove', fail: '500', times: 3 });
  await stage.advance(3 * 60 + 1);
  expect(await stage.status(id)).toBe('removing');
  expect(JSON.stringify(stage.people.card(id)?.blocks)).not.toMatch(/verified gone/);
  await stage.advance(120);
  fault('github', { on: 'remove', fail: '409', times: 2 });
  fault('github', { on: 'remove', fail: '429', times: 2 });
  await stage.advance(8 * 60);
  expect(await stage.status(id)).toBe('ended');
  expect(stage.members()).not.toContain('ana-dev (member)');
  expect(await stage.events(id)).toEqual(expect.arrayContaining(['RemovalFailed', 'GrantRemoved']));
});

it('access that outlives its grant wakes a person and says so on the card', async () => {
  const id = await approved();
  fault('github', { on: 'remove', fail: '500', times: 1000 });
  await stage.advance(3 * 60 + 6 * 60);
  expect(stage.world.telemetry.alarms.map(({ name }) => name)).toContain('grant-overdue');
  expect(JSON.stringify(stage.people.card(id)?.blocks)).toMatch(/STILL HAS ACCESS/);
  stage.world.faults.clear();
  await stage.advance(5 * 60);
  expect(await stage.status(id)).toBe('ended');
  expect(JSON.stringify(stage.people.card(id)?.blocks)).not.toMatch(/STILL HAS ACCESS/);
});

it('when no schedule for its end can be made, nothing is granted', async () => {
  fault('scheduler', { on: '*', fail: '500', times: 1000 });
  const id = await approved('github:acme/deployers member 20m INC-123 rollback');
  await stage.advance(5 * 60);
  expect(await stage.status(id)).toBe('activating');
  expect(stage.mutations('ana-dev')).toBe(0);
  expect(stage.world.telemetry.alarms.map(({ name }) => name)).toContain('activation-stuck');
  stage.world.faults.clear();
  await stage.advance(3 * 60);
  expect(await stage.status(id)).toBe('active');
  expect((await stage.world.state()).schedules).toHaveLength(1);
});

it('a grant that cannot be given before its time is over ends without ever having been given', async () => {
  fault('github', { on: 'add', fail: '500', times: 1000 });
  const id = await approved();
  await stage.advance(8 * 60);
  expect(await stage.status(id)).toBe('ended');
  expect(stage.members()).not.toContain('ana-dev (member)');
});

it('a schedule that was lost costs at most a sweep: the access still ends', async () => {
  const id = await approved();
  const { SchedulerClient, DeleteScheduleCommand } = await import('@aws-sdk/client-scheduler');
  const client = new SchedulerClient({
    endpoint: stage.world.schedulerUrl ?? '',
    region: 'eu-central-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  await client.send(new DeleteScheduleCommand({ Name: id, GroupName: 'default' }));
  client.destroy();
  await stage.advance(3 * 60 + 61);
  expect(await stage.status(id)).toBe('ended');
  expect(stage.members()).not.toContain('ana-dev (member)');
});

it('a stored policy that cannot be read any more stops new access and wakes a person, but no removal', async () => {
  const id = await approved();
  stage.world.policies.active = async () => {
    throw new Error('Stored policy version does not parse to itself');
  };
  await stage.advance(3 * 60 + 1);
  expect(stage.members()).not.toContain('ana-dev (member)');
  expect(await stage.status(id)).toBe('ended');
  expect(stage.world.telemetry.alarms.map(({ name }) => name)).toContain('policy-rejected');
});

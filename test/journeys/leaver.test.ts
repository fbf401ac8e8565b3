import { LINE, openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

it('somebody whose Slack account is deactivated loses their access within a minute, and the log says why', async () => {
  const id = await stage.people.ask('U0ANA', LINE);
  await stage.settle();
  await stage.people.approve('U0BO', id);
  await stage.settle();
  expect(await stage.status(id)).toBe('active');
  await stage.world.slack.client.changePerson('U0ANA', { deleted: true });
  await stage.advance(65);
  expect(await stage.status(id)).toBe('ended');
  expect(stage.members().join()).not.toContain('ana-dev');
  expect(JSON.stringify(stage.people.thread(id))).toContain('its holder left the workspace');
  expect(stage.people.card(id)?.blocks).toBeDefined();
});

it('what a leaver asked for is withdrawn within a minute, and its card says why', async () => {
  const id = await stage.people.ask('U0ANA', 'github:acme/release member 1h INC-124 hotfix');
  await stage.settle();
  await stage.world.slack.client.changePerson('U0ANA', { deleted: true });
  await stage.advance(65);
  expect(await stage.status(id)).toBe('withdrawn');
  expect(JSON.stringify(stage.people.card(id)?.blocks)).toContain('left the workspace');
  expect(JSON.stringify(stage.people.thread(id))).toContain('left the workspace: withdrawn');
  expect(await stage.events(id)).toContain('RequestWithdrawn');
});

it('somebody who left without an event loses their access all the same, a quarter of an hour later at most', async () => {
  const id = await stage.people.ask('U0ANA', 'github:acme/deployers member 2h INC-123 rollback');
  await stage.settle();
  await stage.people.approve('U0BO', id);
  await stage.settle();
  expect(await stage.status(id)).toBe('active');
  stage.world.slack.directory.changePerson('U0ANA', { deleted: true });
  await stage.advance(17 * 60);
  expect(await stage.status(id)).toBe('ended');
  expect(JSON.stringify(stage.people.thread(id))).toContain('its holder left the workspace');
});

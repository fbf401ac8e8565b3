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

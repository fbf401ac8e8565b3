import { openStage, type Stage } from './stage.ts';

const LONG = 'github:acme/deployers member 2h INC-123 rollback';
let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
  // The first sweep of all takes the first look.
  await stage.advance(61);
});
afterEach(() => stage.close());

const alarms = () =>
  stage.world.telemetry.alarms
    .filter(({ name }) => name === 'drift-found')
    .map(({ fields }) => fields);

it('members from before the first look are on record and no news', async () => {
  const stored = await stage.world.journal.read('container', 'github:team:acme/deployers');
  expect(stored.value?.strangers).toHaveLength(1);
  expect(alarms()).toEqual([]);
});

it('a member whom somebody added beside Hallpass is found within the quarter of an hour, and told once', async () => {
  stage.world.github.controls.setTeamMember('acme/deployers', 'cy-rm', { role: 'member' });
  await stage.advance(16 * 60);
  expect(alarms()).toMatchObject([{ container: 'github:team:acme/deployers', actual: 'member' }]);
  await stage.advance(16 * 60);
  expect(alarms()).toHaveLength(1);
  expect(stage.members()).toContain('cy-rm (member)');
  stage.world.github.controls.setTeamMember('acme/deployers', 'cy-rm', null);
  await stage.advance(16 * 60);
  const history = await stage.world.journal.history('container', 'github:team:acme/deployers');
  expect(history.map(({ event }) => event.type).slice(-2)).toEqual([
    'StrangerFound',
    'StrangerGone',
  ]);
});

it('a member through a grant of ours is no stranger', async () => {
  const id = await stage.people.ask('U0ANA', LONG);
  await stage.settle();
  await stage.people.approve('U0BO', id);
  await stage.advance(16 * 60);
  expect(await stage.status(id)).toBe('active');
  expect(alarms()).toEqual([]);
});

it('a grant that somebody took away at GitHub is noticed, reported and not given again', async () => {
  const id = await stage.people.ask('U0ANA', LONG);
  await stage.settle();
  await stage.people.approve('U0BO', id);
  // Beyond the settle window, in which it would be given again.
  await stage.advance(6 * 60);
  stage.world.github.controls.setTeamMember('acme/deployers', 'ana-dev', null);
  await stage.advance(16 * 60);
  expect(alarms()).toMatchObject([{ actual: null, expected: 'member' }]);
  expect(stage.members()).not.toContain('ana-dev (member)');
});

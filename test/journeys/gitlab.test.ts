/** GitLab: a person's own role is raised and put back, to the letter; GitLab's own end stands behind every grant. */
import { LEVELS } from '../../local/gitlab/model.ts';
import { openStage, type Stage } from './stage.ts';

const SHOP = 'acme/shop';
const PLATFORM = 'acme/platform';
const OLD_END = '2099-12-31';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

async function granted(line: string): Promise<string> {
  const id = await stage.people.ask('U0ANA', line);
  await stage.settle();
  expect(await stage.people.approve('U0BO', id)).toEqual({});
  await stage.settle();
  return id;
}

const member = (path: string) => stage.world.gitlab.controls.member(path, 'ana');
const set = (path: string, level: number, more: object = {}) =>
  stage.world.gitlab.controls.setMember(path, 'ana', { level, ...more });
const changes = () =>
  stage.world.gitlab
    .mutations()
    .map(({ method, place, level }) => `${method} ${place} ${level ?? ''}`.trim());
/** The day after the one in which the grant of so many minutes ends. */
const dayAfter = (minutes: number) => {
  const end = stage.world.clock.now().getTime() + minutes * 60_000;
  return new Date(Math.ceil(end / 86_400_000) * 86_400_000).toISOString().slice(0, 10);
};
const cardOf = (id: string) => JSON.stringify(stage.people.card(id)?.blocks);

it('a developer is maintainer for a while, and then developer with the custom role and the end of before', async () => {
  const old = { level: LEVELS.developer, expiresAt: OLD_END, memberRoleId: 31 };
  set(SHOP, LEVELS.developer, old);
  const id = await granted('gitlab:acme/shop maintainer 2m INC-123 rollback');
  expect(await stage.status(id)).toBe('active');
  expect(member(SHOP)).toMatchObject({ level: LEVELS.maintainer, expiresAt: dayAfter(2) });
  await stage.advance(121);
  expect(await stage.status(id)).toBe('ended');
  expect(member(SHOP)).toMatchObject(old);
  expect(changes()).toEqual([`PUT ${SHOP} 40`, `PUT ${SHOP} 30`]);
  expect(cardOf(id)).toMatch(/held before is back/);
  const { providers } = await stage.world.state();
  expect(providers['gitlab']?.[SHOP]).toContainEqual({ account: 'ana', role: 'developer' });
});

it('what a group above gives already is not given again', async () => {
  set('acme', LEVELS.maintainer);
  const id = await granted('gitlab:acme/platform maintainer 2m INC-123 rollback');
  expect(await stage.status(id)).toBe('failed');
  expect(cardOf(id)).toMatch(/already-has-access/);
  expect(changes()).toEqual([]);
});

it('above what a group gives a role is added; only that is taken away, and what lies below stays', async () => {
  set('acme', LEVELS.reporter);
  set('acme/platform/tools', LEVELS.developer);
  const id = await granted('gitlab:acme/platform maintainer 2m INC-123 rollback');
  expect(await stage.status(id)).toBe('active');
  await stage.advance(121);
  expect(await stage.status(id)).toBe('ended');
  expect(member(PLATFORM)).toBeUndefined();
  expect(member('acme')).toMatchObject({ level: LEVELS.reporter });
  expect(member('acme/platform/tools')).toMatchObject({ level: LEVELS.developer });
  expect(changes()).toEqual([`POST ${PLATFORM} 40`, `DELETE ${PLATFORM}`]);
});

it('of two overlapping grants the stronger ends first: lowered to the other, then back to nothing', async () => {
  const long = await granted('gitlab:acme/platform developer 6m INC-123 rollback');
  await stage.advance(31);
  const strong = await granted('gitlab:acme/platform maintainer 2m INC-124 rollback');
  expect(member(PLATFORM)).toMatchObject({ level: LEVELS.maintainer });
  await stage.advance(121);
  expect(await stage.status(strong)).toBe('ended');
  expect(member(PLATFORM)).toMatchObject({ level: LEVELS.developer, expiresAt: dayAfter(4) });
  await stage.advance(300);
  expect(await stage.status(long)).toBe('ended');
  expect(member(PLATFORM)).toBeUndefined();
});

it('a group that rises above the old role meanwhile: nothing of its own is left behind', async () => {
  const id = await granted('gitlab:acme/shop maintainer 2m INC-123 rollback');
  set('acme', LEVELS.maintainer);
  await stage.advance(121);
  expect(await stage.status(id)).toBe('ended');
  expect(member(SHOP)).toBeUndefined();
  expect(member('acme')).toMatchObject({ level: LEVELS.maintainer });
});

it('a project that is moved while somebody has access is still found, by its number', async () => {
  const { controls } = stage.world.gitlab;
  const id = await granted('gitlab:acme/shop maintainer 2m INC-123 rollback');
  controls.movePlace(SHOP, 'acme/retail');
  controls.addPlace('project', SHOP);
  await stage.advance(121);
  expect(await stage.status(id)).toBe('ended');
  expect(member('acme/retail')).toMatchObject({ level: LEVELS.developer, expiresAt: null });
  expect(member(SHOP)).toBeUndefined();
  const holding = (await stage.world.state()).holdings.find(
    ({ container }) => container.provider === 'gitlab',
  );
  await stage.advance(400);
  const cleared = (await stage.world.state()).holdings.find(
    ({ holdingId }) => holdingId === holding?.holdingId,
  );
  expect([holding?.container.id, cleared?.container.id]).toEqual(['8001', undefined]);
});

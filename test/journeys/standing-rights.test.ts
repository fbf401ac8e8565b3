import { LINE, openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

async function granted(line: string, approver = 'U0BO'): Promise<string> {
  const id = await stage.people.ask('U0ANA', line);
  await stage.settle();
  expect(await stage.people.approve(approver, id)).toEqual({});
  await stage.settle();
  return id;
}

it('of two overlapping grants the first to end leaves the second its access', async () => {
  const long = await granted('github:acme/deployers maintainer 8m INC-123 rollback');
  await stage.advance(31);
  const short = await granted('github:acme/deployers member 2m INC-124 rollback');
  expect(await stage.status(short)).toBe('active');
  await stage.advance(3 * 60);
  expect(await stage.status(short)).toBe('ended');
  expect(await stage.status(long)).toBe('active');
  expect(stage.members()).toContain('ana-dev (maintainer)');
  await stage.advance(8 * 60);
  expect(await stage.status(long)).toBe('ended');
  expect(stage.members()).not.toContain('ana-dev (maintainer)');
  expect(stage.members()).not.toContain('ana-dev (member)');
});

it('the stronger grant ends first: the account is lowered to what the other grant gives', async () => {
  await granted('github:acme/deployers member 8m INC-123 rollback');
  await stage.advance(31);
  const strong = await granted('github:acme/deployers maintainer 2m INC-124 rollback');
  expect(stage.members()).toContain('ana-dev (maintainer)');
  await stage.advance(3 * 60);
  expect(await stage.status(strong)).toBe('ended');
  expect(stage.members()).toContain('ana-dev (member)');
});

it('a role that was there before is restored, never removed', async () => {
  stage.world.github.controls.setTeamMember('acme/deployers', 'ana-dev', { role: 'member' });
  const id = await granted('github:acme/deployers maintainer 2m INC-123 rollback');
  expect(stage.members()).toContain('ana-dev (maintainer)');
  await stage.advance(121);
  expect(await stage.status(id)).toBe('ended');
  expect(stage.members()).toContain('ana-dev (member)');
  const deletions = stage.world.github
    .mutations()
    .filter((m) => JSON.stringify(m).includes('DELETE'));
  expect(deletions).toEqual([]);
  expect(JSON.stringify(stage.people.card(id)?.blocks)).toMatch(/held before is back/);
});

it('asking for what one has anyway fails in words and touches nothing', async () => {
  stage.world.github.controls.setTeamMember('acme/deployers', 'ana-dev', { role: 'member' });
  const before = stage.mutations('ana-dev');
  const id = await granted(LINE);
  expect(await stage.status(id)).toBe('failed');
  expect(stage.mutations('ana-dev')).toBe(before);
  await stage.advance(5 * 60);
  expect(stage.members()).toContain('ana-dev (member)');
});

it('somebody who is no member of the organization gets no invitation and a reason', async () => {
  stage.world.github.controls.setOrganizationMember('ana-dev', null);
  const id = await granted(LINE);
  expect(await stage.status(id)).toBe('failed');
  expect(stage.mutations('ana-dev')).toBe(0);
});

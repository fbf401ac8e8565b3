/** Containers that the policy gives to Hallpass, at GitHub and at GitLab: whoever is in them without a grant is taken out. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LEVELS } from '../../local/gitlab/model.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { openStage, type Stage } from './stage.ts';

const SHOP = 'acme/shop';
const LOOK_SECONDS = 15 * 60 + 1;
const MEMBER = { role: 'member' } as const;
const JIT = 'github:acme/jit-prod member 30m INC-123 rollback';

let stage: Stage;
beforeEach(async () => {
  const policyFile = join(temporaryFolder(), 'access.yaml');
  const example = readFileSync('access.yaml', 'utf8');
  const policy = example.replace(
    'resource: acme/shop\n',
    'resource: acme/shop\n    exclusive: true\n',
  );
  expect(policy).not.toBe(example);
  writeFileSync(policyFile, policy);
  stage = await openStage({ policyFile });
});
afterEach(() => stage.close());

const jit = () => stage.members('acme/jit-prod');
const put = (login: string) =>
  stage.world.github.controls.setTeamMember('acme/jit-prod', login, MEMBER);
const said = (channel: string) => {
  const { messages } = stage.world.slack.state();
  return messages.filter((each) => each['channel'] === channel).map((each) => JSON.stringify(each));
};

it('takes a stranger out of the team and the project, tells who it was in Slack, and keeps people and bots with a reason', async () => {
  put('perm-pat');
  stage.world.gitlab.controls.setMember(SHOP, 'pat', { level: LEVELS.developer });
  stage.world.gitlab.controls.setMember(SHOP, 'project_8002_bot_deploy', {
    level: LEVELS.developer,
  });
  // The first look of all comes with the first sweep, and reports.
  await stage.advance(61);
  expect(jit()).toContain('perm-pat (member)');
  const id = await stage.people.ask('U0ANA', JIT);
  await stage.settle();
  expect(await stage.people.approve('U0BO', id)).toEqual({});
  expect(await stage.people.approve('U0CY', id)).toEqual({});
  await stage.settle();
  expect(await stage.status(id)).toBe('active');
  await stage.advance(LOOK_SECONDS);
  await stage.settle();
  expect(jit()).toEqual(['ana-dev (member)']);
  expect(stage.world.gitlab.controls.member(SHOP, 'pat')).toBeUndefined();
  expect(stage.world.gitlab.controls.member(SHOP, 'project_8002_bot_deploy')).toBeDefined();
  const security = said('C0SECURITY').join('\n');
  expect(security).toMatch(/1 member has no grant/);
  expect(security).toMatch(/`perm-pat` was taken out of `github:team:acme\/jit-prod`/);
  const history = await stage.world.journal.history('container', 'github:team:acme/jit-prod');
  expect(history.map(({ event }) => event.type)).toEqual([
    ...['StrangerFound', 'ExclusiveReported', 'StrangerMarked', 'StrangerRemoved'],
  ]);
  expect(JSON.stringify(history)).not.toContain('perm-pat');
});

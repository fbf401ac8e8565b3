/** Rights that come by a Slack user group or an on-call schedule, from the slash command to the provider. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { openStage, type Stage } from './stage.ts';

const LINE = 'github:acme/deployers member 30m INC-123 rollback';
const POLICY = `
version: 1
timezone: Europe/Berlin
enrolment: open
new_authenticator_hold: 0m
security_channel: C0SECURITY
roles: { developer: {}, release-manager: {}, admin: {} }
people:
  ana: { slack: U0ANA, roles: [developer], email: ana@acme.example, accounts: { github: ana-dev } }
  bo: { slack: U0BO, roles: [], email: bo@acme.example, accounts: { github: bo-rm } }
  cy: { slack: U0CY, roles: [developer], email: cy@acme.example, accounts: { github: cy-rm } }
  dee: { slack: U0DEE, roles: [admin], accounts: { github: dee-admin } }
groups:
  managers: { slack_usergroup: S0RELEASE, roles: [release-manager] }
  pager: { on_call: { pagerduty: P123ABC } }
  genie: { on_call: { opsgenie: Platform } }
  rota: { on_call: { ical: "https://calendar.acme.example/rota.ics" } }
entitlements:
  github:acme/deployers: { provider: github, kind: team, resource: acme/deployers, roles: [member] }
  github:acme/release: { provider: github, kind: team, resource: acme/release, roles: [member] }
rules:
  - id: always
    entitlements: ["github:acme/release"]
    requesters: { roles: [developer] }
    max_duration: 2h
    approvals: [{ from: { roles: [release-manager] }, count: 1 }]
  - id: on-call
    entitlements: ["github:acme/deployers"]
    requesters: { roles: [developer] }
    when: { on_call: GROUP }
    max_duration: 2h
    approvals: [{ from: { roles: [release-manager] }, count: 1 }]
    channel: C0ACCESS
`;
function stageWith(group: string): Promise<Stage> {
  const policyFile = join(temporaryFolder(), 'access.yaml');
  writeFileSync(policyFile, POLICY.replace('GROUP', group));
  return openStage({ policyFile });
}

let stage: Stage;
afterEach(() => {
  // A user group that is gone is a refusal of Slack's that the bot expects.
  const expected = stage.world.slack.refused().every(({ error }) => error === 'no_such_subteam');
  return expected ? stage.world.close() : stage.close();
});
const asks = (who: string) => stage.people.type(who, '/request-access', LINE);

it.each([
  ['PagerDuty', 'pager', 'P123ABC', 'api.pagerduty.com'],
  ['Opsgenie', 'genie', 'Platform', 'api.opsgenie.com'],
  ['a calendar', 'rota', 'rota.ics', 'calendar.acme.example'],
])(
  'who is on call by %s may ask, others may not, and a silent system lets nobody',
  async (_, group, schedule, host) => {
    stage = await stageWith(group);
    const { outside } = stage.world;
    outside.controls.putOnCall(schedule, ['cy@acme.example']);
    expect(await asks('U0ANA')).toContain('not-on-call');
    expect(await asks('U0CY')).toContain('AR-');
    outside.controls.putOnCall(schedule, ['ana@acme.example']);
    await stage.advance(60);
    outside.controls.trouble(host, 503);
    expect(await asks('U0ANA')).toContain('group-unknown');
    outside.controls.trouble(host, null);
    const id = await stage.people.ask('U0ANA', LINE);
    await stage.settle();
    expect(await stage.people.approve('U0BO', id)).toEqual({});
    await stage.settle();
    expect(await stage.status(id)).toBe('active');
    expect(stage.members()).toContain('ana-dev (member)');
  },
);

it('an approver by a Slack user group is named on the card, and counts only while in the group', async () => {
  stage = await stageWith('pager');
  const { outside, slack } = stage.world;
  outside.controls.putOnCall('P123ABC', ['ana@acme.example']);
  const id = await stage.people.ask('U0ANA', LINE);
  await stage.settle();
  expect(JSON.stringify(stage.people.card(id)?.blocks)).toContain('<@U0BO>');
  slack.directory.changeUserGroup('S0RELEASE', ['U0CY']);
  await stage.advance(60);
  await stage.people.openApproval('U0BO', id).catch(() => 'no form');
  expect(stage.people.lastEphemeral('U0BO')).toContain('not-an-approver');
  slack.directory.changeUserGroup('S0RELEASE', null);
  await stage.advance(60);
  await stage.people.openApproval('U0CY', id).catch(() => 'no form');
  expect(stage.people.lastEphemeral('U0CY')).toContain('group-unknown');
  expect(await stage.status(id)).toBe('pending');
  expect(slack.refused().map(({ error }) => error)).toContain('no_such_subteam');
  slack.directory.changeUserGroup('S0RELEASE', ['U0BO']);
  await stage.advance(60);
  expect(await stage.people.approve('U0BO', id)).toEqual({});
  await stage.settle();
  expect(await stage.status(id)).toBe('active');
});

it('a guest in the user group approves nothing', async () => {
  stage = await stageWith('pager');
  const { outside, slack } = stage.world;
  outside.controls.putOnCall('P123ABC', ['ana@acme.example']);
  slack.directory.changeUserGroup('S0RELEASE', ['U0BO', 'U0CY']);
  const id = await stage.people.ask('U0ANA', LINE);
  await stage.settle();
  slack.directory.changePerson('U0BO', { isRestricted: true });
  await stage.advance(60);
  await stage.people.openApproval('U0BO', id).catch(() => 'no form');
  expect(stage.people.lastEphemeral('U0BO')).toContain('not-a-full-member');
  expect(await stage.status(id)).toBe('pending');
});

it('access of a right by a group outlives a change of the policy that does not touch it', async () => {
  const policyFile = join(temporaryFolder(), 'access.yaml');
  const text = POLICY.replace('GROUP', 'pager').replace('pager: {', 'pager: { roles: [developer],');
  const byGroup = text.replace('slack: U0ANA, roles: [developer]', 'slack: U0ANA, roles: []');
  writeFileSync(policyFile, byGroup);
  stage = await openStage({ policyFile });
  stage.world.outside.controls.putOnCall('P123ABC', ['ana@acme.example']);
  const id = await stage.people.ask('U0ANA', LINE);
  await stage.settle();
  await stage.people.approve('U0BO', id);
  await stage.settle();
  expect(await stage.status(id)).toBe('active');
  writeFileSync(policyFile, `${byGroup}\n# reviewed`);
  await stage.world.reloadPolicy();
  await stage.advance(300);
  expect(await stage.status(id)).toBe('active');
  expect(stage.members()).toContain('ana-dev (member)');
  writeFileSync(
    policyFile,
    byGroup.replace('roles: [developer] }\n    when', 'roles: [admin] }\n    when'),
  );
  await stage.world.reloadPolicy();
  await stage.advance(300);
  expect(stage.members()).not.toContain('ana-dev (member)');
});

it('the form says which group is unknown instead of offering less without a word', async () => {
  stage = await stageWith('pager');
  stage.world.outside.controls.trouble('api.pagerduty.com', 500);
  await stage.world.slack.client.slash('U0ANA', '/request-access', '');
  const form = JSON.stringify(stage.world.slack.state().views);
  expect(form).toContain('Nobody could say who is in @pager just now');
});

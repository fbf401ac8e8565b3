/**
 * The product as AWS runs it, from an empty account to an empty account: both stacks deployed by the commands of docs/deployment.md into an
 * emulator, every function behind its own role, and the main story from a signed Slack request to a verified removal. Nothing is
 * reached into but by APIs that an operator has too.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployed } from '../../local/operations/deployed.ts';
import { type People, peopleOf } from '../../local/people.ts';
import { LOCAL } from '../../local/slack/workspace.ts';
import { ask, eventsOf, gone, granted, lateness, type Scene, teamOf } from './access.ts';
import { type Cloud, cloudOf } from './cloud.ts';
import { type Internet, SLACK_SECRET, startInternet } from './internet.ts';
import { type Ministack, startMinistack } from './ministack.ts';
import { type Operator, operatorOf } from './operator.ts';
import { enrolOn, type Phone } from './phone.ts';
import { eventually, story } from './protocol.ts';

const TOLD_LINES = 80;
/** A pipeline has nobody to ask. */
const UNASKED = ['--require-approval', 'never'];
/** The end of what emulator and functions logged. */
const step = story(async () => {
  const logged = cloud ? await cloud.logLines() : [];
  const lines = [
    ...(ministack?.log().split('\n') ?? []).slice(-TOLD_LINES),
    ...logged.slice(-TOLD_LINES),
  ];
  return lines.join('\n');
});

let ministack: Ministack;
let operator: Operator;
let internet: Internet;
let deployed: Deployed;
let cloud: Cloud;
let people: People;
let phone: Phone;
let before: string[];
const asked: string[] = [];
const scene = (): Scene => ({ internet, cloud, people, before });

const folderOf = (name: string): string => {
  const folder = process.env[name];
  if (folder === undefined) throw new Error('Run it by: npm run test:deploy');
  return folder;
};
const POLICY = readFileSync(join(__dirname, 'access.yaml'), 'utf8');

afterAll(async () => {
  cloud?.close();
  await internet?.close();
  await ministack?.close();
});

function reachable(): void {
  deployed = operator.deployed();
  internet.leadTo(new URL(deployed.Address));
  cloud?.close();
  cloud = cloudOf(ministack.env['AWS_ENDPOINT_URL'] ?? '', deployed);
}

step('an AWS that nobody here wrote, with IAM switched on, and the world outside it', async () => {
  const work = folderOf('HALLPASS_DEPLOY_FOLDER');
  ministack = await startMinistack(folderOf('HALLPASS_MINISTACK'), work);
  operator = operatorOf(ministack, work);
  operator.writePolicy(POLICY);
  internet = await startInternet();
  before = await teamOf(internet);
  return `the team has ${before.join(', ')}`;
});

step(
  'npm run deploy prepares the account, deploys both stacks and says by name what an operator does next',
  async () => {
    const said = await operator.npm('deploy', UNASKED);
    expect(said).toContain('This account and region were never prepared for CDK: cdk bootstrap.');
    reachable();
    const told = said.slice(said.lastIndexOf('Hallpass dev is deployed.'));
    expect(told).toContain(`Slack request URL   ${deployed.Address}/slack/events\n`);
    expect(told).toContain(`journal table       ${deployed.JournalTable}\n`);
    expect(told).toContain(`state table         ${deployed.StateTable}\n`);
    expect(told).toContain(`audit bucket        ${deployed.AuditBucket}\n`);
    expect(told).toMatch(/dashboard +https:\/\/\S+#dashboards:name=Hallpass-dev\n/);
    const link = /https:\/\/api\.slack\.com\/apps\?new_app=1&manifest_json=(\S+)/.exec(told)?.[1];
    expect(JSON.parse(decodeURIComponent(link ?? ''))).toMatchObject({
      settings: { event_subscriptions: { request_url: `${deployed.Address}/slack/events` } },
    });
    expect(told).toContain(`--secret-id ${deployed.SlackSecret} `);
    expect(told).toContain('Check it: npm run doctor -- -c stage=dev');
    return deployed.Address;
  },
);

step('the doctor says that no workspace is served, and how to change that', async () => {
  const { code, problems } = await operator.doctor();
  expect(code).toBe(1);
  expect(problems).toContainEqual(
    expect.stringMatching(/^Slack token: no workspace is served yet -> .*SlackTeamId/),
  );
  return undefined;
});

step('the operator fills the two secrets and says whom to serve', async () => {
  await cloud.putSecret(deployed.SlackSecret, SLACK_SECRET);
  await cloud.putSecret(deployed.GithubSecret, internet.github.auth);
  const given = {
    SlackTeamId: LOCAL.teamId,
    SlackAppId: LOCAL.appId,
    SlackApiUrl: `${internet.origin}/_slack/api/`,
    GithubApiUrl: internet.github.baseUrl,
  };
  const parameters = Object.entries(given).flatMap(([name, value]) => [
    '--parameters',
    `${name}=${value}`,
  ]);
  const said = await operator.npm('deploy', [...UNASKED, ...parameters]);
  expect(said).not.toMatch(/cdk bootstrap|manifest_json/);
  reachable();
  expect(deployed.Settings).toMatchObject({ slackTeamId: LOCAL.teamId, slackAppId: LOCAL.appId });
  return undefined;
});

step('a request that Slack did not sign is turned away', async () => {
  const body = 'command=%2Faccess&text=mine&user_id=U0DEE&team_id=T0LOCAL';
  const at = String(Math.floor(Date.now() / 1000));
  const forged = { 'x-slack-request-timestamp': at, 'x-slack-signature': `v0=${'0'.repeat(64)}` };
  const knock = (headers: Record<string, string>) =>
    fetch(`${internet.origin}/slack/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body,
    });
  expect([(await knock({})).status, (await knock(forged)).status]).toEqual([401, 401]);
  expect((await fetch(`${internet.origin}/slack/events`)).status).toBe(404);
  return undefined;
});

step('the sweep runs every minute and loads the policy', async () => {
  await eventually('a policy is active', 130, async () => {
    const { value } = await cloud.journal.read('policy', 'active');
    return value;
  });
  return undefined;
});

step(
  'the operator makes Bo a link, Bo scans the key on the deployed page and types the word in Slack',
  async () => {
    const said = await operator.npm('operator', ['enroll', 'U0BO'], {
      JOURNAL_TABLE: deployed.JournalTable,
      STATE_TABLE: deployed.StateTable,
      HALLPASS_TENANT: deployed.Settings.tenant,
      HALLPASS_PUBLIC_URL: deployed.Address,
    });
    const link = new RegExp(`${deployed.Address}(/enroll/[\\w.-]+)`).exec(said)?.[1];
    if (link === undefined) throw new Error(`No link: ${said}`);
    const enrolled = await enrolOn(internet.origin + link);
    phone = enrolled.phone;
    people = peopleOf({
      slack: internet.slack,
      personas: async () => [{ slack: 'U0BO', name: 'Bo', accounts: {}, code: await phone.code() }],
    });
    await people.type('U0BO', '/access', 'enroll');
    const form = internet.slack.state().views.findLast(({ user }) => user === 'U0BO');
    await internet.slack.client.submit('U0BO', form?.id ?? '', { word: enrolled.word });
    const { value } = await cloud.journal.read('authenticator', 'U0BO');
    expect(value?.owner).toBe('U0BO');
    return undefined;
  },
);

step('Ana asks, the card stands in the channel', async () => {
  asked.push(await ask(scene(), '30m'));
  return asked.at(-1);
});

step('Bo approves with a code, Ana is in the team, her end is scheduled', async () => {
  await granted(scene(), asked.at(-1) ?? '');
  expect(await cloud.schedules()).toHaveLength(1);
  return undefined;
});

step('Ana ends it early, she is out, the card says so', async () => {
  const id = asked.at(-1) ?? '';
  await people.press('U0ANA', id, 'end');
  await gone(scene(), id, 60);
  expect(await eventsOf(scene(), id)).toEqual([
    ...['AccessRequested', 'RequestApproved', 'GrantAuthorized', 'GrantActivated'],
    ...['GrantRevoked', 'GrantRemoved'],
  ]);
  return undefined;
});

step('Ana asks again, Bo approves two minutes', async () => {
  asked.push(await ask(scene(), '2m'));
  await granted(scene(), asked.at(-1) ?? '');
  expect(await cloud.schedules()).toHaveLength(1);
  return asked.at(-1);
});

const EXPIRED = [
  ...['AccessRequested', 'RequestApproved', 'GrantAuthorized', 'GrantActivated'],
  ...['GrantExpired', 'GrantRemoved'],
];

step('when they are over, she is out', async () => {
  const id = asked.at(-1) ?? '';
  await gone(scene(), id, 210);
  expect(await eventsOf(scene(), id)).toEqual(EXPIRED);
  const late = await lateness(scene(), id);
  expect(late).toBeGreaterThanOrEqual(0);
  return `read back ${late.toFixed(1)} s after the end`;
});

step(
  'no dead letter, no error of ours, no secret in any log, nothing that Slack would have refused',
  async () => {
    expect(await cloud.waiting(deployed.DeadLetterQueues)).toEqual({});
    expect(internet.slack.refused()).toEqual([]);
    const lines = await cloud.logLines();
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter((line) => /"level":"(ERROR|CRITICAL)"/.test(line))).toEqual([]);
    const keyBody = internet.github.auth.privateKey.split('\n')[1] ?? '';
    for (const secret of [SLACK_SECRET.botToken, SLACK_SECRET.signingSecret, keyBody])
      expect(lines.filter((line) => line.includes(secret))).toEqual([]);
    return `${lines.length} log lines; slowest answer to Slack ${Math.round(internet.slowestAnswerMs())} ms`;
  },
);

step('npm run doctor looks at all of it and finds nothing to mend', async () => {
  const { code, problems, warnings, looked } = await operator.doctor();
  expect({ code, problems, warnings }).toEqual({ code: 0, problems: [], warnings: [] });
  return `${looked} things looked at`;
});

/** What the doctor finds while something is wrong, then all is put back. */
async function diagnosed(found: RegExp, undo: () => unknown, env?: NodeJS.ProcessEnv) {
  const { code, problems } = await operator.doctor(env);
  await undo();
  expect(problems).toContainEqual(expect.stringMatching(found));
  expect(code).toBe(1);
  return problems.find((problem) => found.test(problem));
}

step('a Slack token that was revoked is found', async () => {
  await cloud.putSecret(deployed.SlackSecret, { ...SLACK_SECRET, botToken: 'xoxb-revoked' });
  const undo = () => cloud.putSecret(deployed.SlackSecret, SLACK_SECRET);
  return diagnosed(
    /^Slack token: Slack says invalid_auth -> Put the app's current bot token/,
    undo,
  );
});

step('a Slack app that lost a scope is found', async () => {
  internet.hideScope('chat:write');
  const undo = () => internet.hideScope(null);
  return diagnosed(/^Slack token: lacks the scope chat:write -> Add the scope .*install/, undo);
});

step('a GitHub App that may read and not grant is found', async () => {
  await cloud.putSecret(deployed.GithubSecret, internet.github.reader);
  const undo = () => cloud.putSecret(deployed.GithubSecret, internet.github.auth);
  return diagnosed(
    /^provider github: grant in acme\/deployers: .*may write Members \(unauthorized\) -> Give/,
    undo,
  );
});

step('a clock that is wrong is found', async () => {
  const file = join(folderOf('HALLPASS_DEPLOY_FOLDER'), 'clock-ahead.mjs');
  writeFileSync(
    file,
    `const At = Date, now = () => At.now() + 61_000;
    globalThis.Date = class extends At {
      constructor(...at) { if (at.length > 0) super(...at); else super(now()); }
      static now() { return now(); }
    };`,
  );
  const env = { NODE_OPTIONS: `--import=${file}` };
  return diagnosed(/^clock: is -?6\d s from DynamoDB's: codes are refused/, () => null, env);
});

step('while Ana has access, npm run teardown refuses', async () => {
  asked.push(await ask(scene(), '3m'));
  const id = asked.at(-1) ?? '';
  await granted(scene(), id);
  const { code, said } = await operator.tries('teardown', ['--force']);
  expect(said).toContain(`Still open: ${id}`);
  expect(code).toBe(1);
  return id;
});

step('told to, it destroys the app; what was written stays, and so does her access', async () => {
  const said = await operator.npm('teardown', ['--with-open-requests', '--force']);
  expect(said).toContain('Tables, secrets and audit bucket are still there');
  expect(await eventsOf(scene(), asked.at(-1) ?? '')).toEqual(EXPIRED.slice(0, 4));
  expect(await teamOf(internet)).toContain('ana-dev');
  return undefined;
});

const NOWHERE = `
  - id: nowhere
    entitlements: ["gitlab:acme/shop"]
    requesters: { roles: [developer] }
    max_duration: 1h
    approvals:
      - { from: { roles: [release-manager] }, count: 1 }
    channel: C0NOWHERE
`;
const GITLAB = `entitlements:
  gitlab:acme/shop:
    provider: gitlab
    kind: project
    resource: acme/shop
    roles: [developer]
    owner: bo
`;

step('npm run deploy takes it up again with all it was told before', async () => {
  operator.writePolicy(POLICY.replace('entitlements:\n', GITLAB) + NOWHERE);
  await operator.npm('deploy', UNASKED);
  const { Settings, JournalTable } = deployed;
  reachable();
  expect(deployed).toMatchObject({ Settings, JournalTable });
  return undefined;
});

step('her end still happens, by the sweep: her schedule went with the app', async () => {
  const id = asked.at(-1) ?? '';
  await gone(scene(), id, 300);
  expect(await eventsOf(scene(), id)).toEqual(EXPIRED);
  return `read back ${(await lateness(scene(), id)).toFixed(1)} s after the end`;
});

step('a channel that does not exist and a provider that is not configured are found', async () => {
  const { code, problems } = await operator.doctor();
  expect(problems).toEqual([
    expect.stringMatching(/^channel C0NOWHERE: Slack says channel_not_found -> Correct the id/),
    expect.stringMatching(/^provider gitlab: .*not configured -> Deploy with/),
  ]);
  expect(code).toBe(1);
  return problems.join('; ');
});

step('a journal without its stream is found', async () => {
  await cloud.loseStream();
  return diagnosed(/^table \S+: publishes nothing instead of keys.* -> Deploy/, () => null);
});

step('npm run teardown --data leaves nothing', async () => {
  await operator.npm('teardown', ['--data', '--force']);
  await expect(cloud.journal.read('policy', 'active')).rejects.toThrow();
  return undefined;
});

import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { Hono } from 'hono';
import { openLocalClock } from '../../local/clock.ts';
import { startEmbeddedDynamo } from '../../local/dynamodb/start-embedded-dynamo.ts';
import { openFaults } from '../../local/faults.ts';
import { listenOnLoopback } from '../../local/loopback.ts';
import { peopleOf } from '../../local/people.ts';
import { startEmbeddedScheduler } from '../../local/scheduler/start-embedded-scheduler.ts';
import { readSettings } from '../../local/settings.ts';
import { signed } from '../../local/slack/payloads.ts';
import { openSlackStandIn } from '../../local/slack/stand-in.ts';
import { LOCAL, localChannels, localPeople } from '../../local/slack/workspace.ts';
import { startWorld } from '../../local/world.ts';
import { slackManifest } from '../../shared/config/slack-manifest.ts';
import { serveGithubStandIn } from '../support/github-stand-in-server.ts';
import { serveGitlabStandIn } from '../support/gitlab-stand-in-server.ts';

const quiet = { frozen: true, print: () => undefined };

it('with AWS_ENDPOINT_URL_DYNAMODB the story plays on that DynamoDB, and nothing is kept elsewhere', async () => {
  const elsewhere = await startEmbeddedDynamo({ dataDir: null, now: () => new Date() });
  const settings = {
    ...readSettings({ AWS_ENDPOINT_URL_DYNAMODB: elsewhere.url }),
    port: 0,
    dataDir: null,
  };
  const world = await startWorld({ settings, ...quiet });
  const people = peopleOf(world);
  const id = await people.ask('U0ANA', 'github:acme/deployers member 5m INC-123 rollback');
  await world.clock.advance(1000);
  await people.approve('U0BO', id);
  await world.clock.advance(60_000);
  expect((await world.journal.read('request', id)).value?.status).toBe('active');
  await world.clock.advance(6 * 60_000);
  expect((await world.journal.read('request', id)).value?.status).toBe('ended');
  const client = new DynamoDBClient({
    endpoint: elsewhere.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual([
    'hallpass-journal',
    'hallpass-state',
  ]);
  client.destroy();
  await world.close();
  await elsewhere.close();
});

it('with AWS_ENDPOINT_URL_SCHEDULER the schedule is made there, and the access ends although that one cannot reach our queue', async () => {
  const clock = openLocalClock({ file: null, frozen: true });
  const elsewhere = await startEmbeddedScheduler({
    dataDir: null,
    clock,
    faults: openFaults(),
    deliver: async () => undefined,
  });
  const settings = readSettings({ AWS_ENDPOINT_URL_SCHEDULER: elsewhere.url });
  const world = await startWorld({ settings: { ...settings, port: 0, dataDir: null }, ...quiet });
  const people = peopleOf(world);
  const id = await people.ask('U0ANA', 'github:acme/deployers member 5m INC-123 rollback');
  await world.clock.advance(1000);
  await people.approve('U0BO', id);
  await world.clock.advance(1000);
  expect(elsewhere.list().map(({ name }) => name)).toEqual([id]);
  expect((await world.journal.read('request', id)).value?.status).toBe('active');
  await world.clock.advance(6 * 60_000);
  expect((await world.journal.read('request', id)).value?.status).toBe('ended');
  expect(JSON.stringify(world.github.state())).not.toContain('ana-dev');
  await world.close();
  await elsewhere.close();
  clock.close();
});

it('with SLACK_API_URL the bot believes that Slack’s signatures only, and posts there', async () => {
  const slack = openSlackStandIn({
    dataDir: null,
    clock: { now: () => new Date() },
    people: localPeople,
    channels: localChannels,
    manifest: slackManifest({ baseUrl: 'http://127.0.0.1' }),
    signingSecret: 'its-own-secret',
    botToken: 'xoxb-its-own',
    teamId: LOCAL.teamId,
    appId: LOCAL.appId,
  });
  const served = await listenOnLoopback(new Hono().route('/api', slack.app).fetch);
  const settings = readSettings({
    SLACK_API_URL: `${served.url}/api/`,
    SLACK_BOT_TOKEN: 'xoxb-its-own',
    SLACK_SIGNING_SECRET: 'its-own-secret',
  });
  const world = await startWorld({ settings: { ...settings, port: 0, dataDir: null }, ...quiet });
  const send = async (secret: string, fields: Record<string, string>) => {
    const body = new URLSearchParams(fields).toString();
    const at = world.clock.now();
    const request = signed(
      { secret, at },
      { contentType: 'application/x-www-form-urlencoded', body },
    );
    return fetch(`${world.url}/slack/events`, { method: 'POST', ...request });
  };
  const command = {
    ...{ command: '/request-access', text: 'github:acme/deployers member 5m INC-123 rollback' },
    ...{
      team_id: LOCAL.teamId,
      api_app_id: LOCAL.appId,
      user_id: 'U0ANA',
      channel_id: 'C0GENERAL',
    },
    ...{ trigger_id: 't1', token: 'x', response_url: `${served.url}/response/x` },
  };
  expect((await send(LOCAL.signingSecret, command)).status).toBe(401);
  const card = await (await send('its-own-secret', command)).text();
  const id = /AR-[0-9A-Z]{6}/.exec(card)?.[0] ?? '';
  const payload = {
    ...{ type: 'block_actions', token: 'x', trigger_id: 't2', api_app_id: LOCAL.appId },
    ...{ team: { id: LOCAL.teamId }, user: { id: 'U0ANA' } },
    actions: [
      { type: 'button', action_id: 'submit', block_id: 'b', value: JSON.stringify({ id, v: 0 }) },
    ],
  };
  await send('its-own-secret', { payload: JSON.stringify(payload) });
  await world.clock.advance(1000);
  expect(slack.state().messages.map(({ text }) => text)).toContain(`${id}: waiting for approval`);
  expect(world.slack.state().messages).toEqual([]);
  await world.close();
  await served.close();
  slack.close();
});

it('with GITHUB_API_URL the team is changed there and not in the stand-in', async () => {
  const github = await serveGithubStandIn();
  const { appId, privateKey, installationId } = github.standIn.credentials;
  const settings = readSettings({
    GITHUB_API_URL: github.baseUrl,
    GITHUB_APP_ID: appId,
    GITHUB_APP_PRIVATE_KEY: privateKey,
    GITHUB_APP_INSTALLATION_ID: String(installationId),
  });
  const world = await startWorld({ settings: { ...settings, port: 0, dataDir: null }, ...quiet });
  const people = peopleOf(world);
  const id = await people.ask('U0ANA', 'github:acme/deployers member 5m INC-123 rollback');
  await world.clock.advance(1000);
  await people.approve('U0BO', id);
  await world.clock.advance(1000);
  expect(JSON.stringify(github.standIn.state())).toContain('ana-dev');
  expect(JSON.stringify(world.github.state())).not.toContain('ana-dev');
  await world.close();
  await github.close();
});

it('with GITLAB_API_URL the member is changed there and not in the stand-in', async () => {
  const gitlab = await serveGitlabStandIn();
  const env = { GITLAB_API_URL: gitlab.baseUrl, GITLAB_TOKEN: gitlab.standIn.token };
  const settings = { ...readSettings(env), port: 0, dataDir: null };
  const world = await startWorld({ settings, ...quiet });
  gitlab.clock.now = world.clock.now();
  const people = peopleOf(world);
  const id = await people.ask('U0ANA', 'gitlab:acme/shop maintainer 5m INC-123 rollback');
  await world.clock.advance(1000);
  await people.approve('U0BO', id);
  await world.clock.advance(1000);
  const maintainer = { account: 'ana', role: 'maintainer' };
  expect(gitlab.standIn.state()['acme/shop']).toContainEqual(maintainer);
  expect(world.gitlab.state()['acme/shop']).not.toContainEqual(maintainer);
  await world.close();
  await gitlab.close();
});

it('beside a Slack that is not on loopback the controls, the stand-ins and the personas are off', async () => {
  const settings = readSettings({
    SLACK_API_URL: 'https://slack.example.com/api/',
    SLACK_BOT_TOKEN: 'xoxb-1',
    SLACK_SIGNING_SECRET: 's',
    SLACK_TEAM_ID: 'T1REAL',
    SLACK_APP_ID: 'A1REAL',
    HALLPASS_PUBLIC_URL: 'https://hallpass.example.com',
  });
  const world = await startWorld({ settings: { ...settings, port: 0, dataDir: null }, ...quiet });
  for (const path of [
    '/_local/state',
    '/_local/personas',
    '/_local/clock',
    '/_slack/state',
    '/_github/users/ana-dev',
    '/_gitlab/api/v4/users',
    '/',
  ])
    expect([path, (await fetch(world.url + path)).status]).toEqual([path, 404]);
  expect((await fetch(`${world.url}/healthz`)).status).toBe(200);
  await world.close();
});

it.each([
  [{ SLACK_API_URL: 'https://slack.com/api/' }, 'SLACK_BOT_TOKEN'],
  [
    { SLACK_API_URL: 'https://slack.com/api/', SLACK_BOT_TOKEN: 'x', SLACK_SIGNING_SECRET: 'y' },
    'HALLPASS_PUBLIC_URL',
  ],
  [{ GITHUB_API_URL: 'https://api.github.com' }, 'GITHUB_APP_PRIVATE_KEY'],
  [{ GITLAB_API_URL: 'https://gitlab.com' }, 'GITLAB_TOKEN'],
  [{ GITLAB_API_URL: 'https://gitlab.com', GITLAB_TOKEN: 'a b' }, 'GITLAB_TOKEN'],
  [{ PORT: 'many' }, 'PORT'],
  [{ AWS_ENDPOINT_URL_DYNAMODB: 'here' }, 'AWS_ENDPOINT_URL_DYNAMODB'],
])('a switch that is missing or wrong is named: %j', (env, named) => {
  expect(() => readSettings(env)).toThrow(named);
});

it('a broken policy file is answered with file, line, column and the fix; the last good policy stays', async () => {
  const settings = {
    ...readSettings({ HALLPASS_POLICY: 'test/support/broken-access.yaml' }),
    port: 0,
    dataDir: null,
  };
  const printed: string[] = [];
  const world = await startWorld({ settings, frozen: true, print: (line) => printed.push(line) });
  const loaded = await world.reloadPolicy();
  expect(loaded).toMatchObject({
    ok: false,
    error: [{ file: 'test/support/broken-access.yaml', line: 6, fix: expect.any(String) }],
  });
  expect(printed.join('\n')).toContain('policy-rejected');
  const said = await peopleOf(world).type(
    'U0ANA',
    '/request-access',
    'github:acme/deployers member 5m INC-123 rollback',
  );
  expect(said).toMatch(/policy-unavailable/);
  expect((await fetch(`${world.url}/healthz`)).status).toBe(503);
  await world.close();
});

it('nothing of it listens on anything but loopback', async () => {
  const server = await listenOnLoopback(() => new Response('ok'));
  expect(new URL(server.url).hostname).toBe('127.0.0.1');
  await server.close();
});

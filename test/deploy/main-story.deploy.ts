/**
 * The product as AWS runs it: both stacks deployed by CDK into an emulator, every function behind its own role, and the main story
 * from a signed Slack request to a verified removal. Nothing is reached into but by APIs that an operator has too.
 */
import { type People, peopleOf } from '../../local/people.ts';
import { findChainBreak } from '../../shared/domain/audit/chain.ts';
import { run } from '../support/child-process.ts';
import { type Cloud, cloudOf } from './cloud.ts';
import { bootstrap, deploy, type Outputs } from './deployment.ts';
import { type Internet, SLACK_SECRET, startInternet } from './internet.ts';
import { type Ministack, startMinistack } from './ministack.ts';
import { enrolOn, type Phone } from './phone.ts';
import { eventually, story } from './protocol.ts';

const TEAM = 'deployers';
const LINE = (duration: string) => `github:acme/${TEAM} member ${duration} INC-123 rollback`;
const TOLD_LINES = 80;
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
let internet: Internet;
let outputs: Outputs;
let cloud: Cloud;
let people: People;
let phone: Phone;
let before: string[];
const asked: string[] = [];

const folderOf = (name: string): string => {
  const folder = process.env[name];
  if (folder === undefined) throw new Error('Run it by: npm run test:deploy');
  return folder;
};

afterAll(async () => {
  cloud?.close();
  await internet?.close();
  await ministack?.close();
});

step('an AWS that nobody here wrote, with IAM switched on, and the world outside it', async () => {
  ministack = await startMinistack(
    folderOf('HALLPASS_MINISTACK'),
    folderOf('HALLPASS_DEPLOY_FOLDER'),
  );
  internet = await startInternet();
  before = await internet.github.members(TEAM);
  return `the team has ${before.join(', ')}`;
});

step('bootstrap', async () => {
  await bootstrap(ministack, folderOf('HALLPASS_DEPLOY_FOLDER'));
  return undefined;
});

step('deploy', async () => {
  outputs = await deploy(ministack, folderOf('HALLPASS_DEPLOY_FOLDER'), {
    slackApiUrl: `${internet.origin}/_slack/api/`,
    githubApiUrl: internet.github.baseUrl,
  });
  internet.leadTo(new URL(outputs.Address));
  cloud = cloudOf(ministack.env['AWS_ENDPOINT_URL'] ?? '', outputs);
  return outputs.Address;
});

step('the operator fills the two secrets', async () => {
  await cloud.putSecret(outputs.SlackSecret, SLACK_SECRET);
  await cloud.putSecret(outputs.GithubSecret, internet.github.auth);
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
    const made = await run(
      process.execPath,
      ['--import', 'tsx', 'local/operator.ts', 'enroll', 'U0BO'],
      {
        env: {
          ...ministack.env,
          JOURNAL_TABLE: outputs.JournalTable,
          STATE_TABLE: outputs.StateTable,
          HALLPASS_TENANT: outputs.Settings.tenant,
          HALLPASS_PUBLIC_URL: outputs.Address,
        },
        withinMs: 60_000,
      },
    );
    const link = new RegExp(`${outputs.Address}(/enroll/[\\w.-]+)`).exec(made.said)?.[1];
    if (link === undefined) throw new Error(`No link: ${made.said}`);
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

async function ask(duration: string): Promise<string> {
  const id = await people.ask('U0ANA', LINE(duration));
  asked.push(id);
  await eventually('the card stands in the channel', 30, async () => people.card(id) ?? null);
  expect(await statusOf(id)).toBe('pending');
  expect(await internet.github.members(TEAM)).toEqual(before);
  return id;
}

const statusOf = async (id: string) => (await cloud.journal.read('request', id)).value?.status;

async function granted(id: string): Promise<void> {
  expect(await people.approve('U0BO', id)).toEqual({});
  await eventually('the access is active', 60, async () =>
    (await statusOf(id)) === 'active' ? true : null,
  );
  expect(await internet.github.members(TEAM)).toEqual([...before, 'ana-dev'].sort());
  await cardSays(id, /Active until/);
}

async function gone(id: string, withinSeconds: number): Promise<void> {
  await eventually('the access has ended', withinSeconds, async () =>
    (await statusOf(id)) === 'ended' ? true : null,
  );
  expect(await internet.github.members(TEAM)).toEqual(before);
  await cardSays(id, /verified gone/);
  await eventually('its schedule is gone', 30, async () =>
    (await cloud.schedules()).length === 0 ? true : null,
  );
}

const cardSays = (id: string, words: RegExp) =>
  eventually(`the card says ${words}`, 30, async () =>
    words.test(JSON.stringify(people.card(id)?.blocks)) ? true : null,
  );

/** Event types of a request, after its chain was verified. */
async function eventsOf(id: string): Promise<string[]> {
  const history = await cloud.journal.history('request', id);
  const { head } = await cloud.journal.read('request', id);
  expect(findChainBreak(history, head)).toBeNull();
  return history.map(({ event }) => event.type);
}

step('Ana asks, the card stands in the channel', async () => ask('30m'));

step('Bo approves with a code, Ana is in the team, her end is scheduled', async () => {
  const [id = ''] = asked;
  await granted(id);
  expect(await cloud.schedules()).toHaveLength(1);
  return undefined;
});

step('Ana ends it early, she is out, the card says so', async () => {
  const [id = ''] = asked;
  await people.press('U0ANA', id, 'end');
  await gone(id, 60);
  expect(await eventsOf(id)).toEqual([
    'AccessRequested',
    'RequestApproved',
    'GrantAuthorized',
    'GrantActivated',
    'GrantRevoked',
    'GrantRemoved',
  ]);
  return undefined;
});

step('Ana asks again, Bo approves two minutes', async () => {
  const id = await ask('2m');
  await granted(id);
  expect(await cloud.schedules()).toHaveLength(1);
  return id;
});

step('when they are over, she is out', async () => {
  const id = asked.at(-1) ?? '';
  const { value } = await cloud.journal.read('request', id);
  const end = value && 'expiresAt' in value ? Date.parse(value.expiresAt) : 0;
  await gone(id, 210);
  expect(await eventsOf(id)).toEqual([
    'AccessRequested',
    'RequestApproved',
    'GrantAuthorized',
    'GrantActivated',
    'GrantExpired',
    'GrantRemoved',
  ]);
  const removed = (await cloud.journal.history('request', id)).at(-1)?.event.at ?? '';
  const late = (Date.parse(removed) - end) / 1000;
  expect(late).toBeGreaterThanOrEqual(0);
  return `read back ${late.toFixed(1)} s after the end`;
});

step(
  'no dead letter, no error of ours, no secret in any log, nothing that Slack would have refused',
  async () => {
    expect(await cloud.waiting(outputs.DeadLetterQueues)).toEqual({});
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

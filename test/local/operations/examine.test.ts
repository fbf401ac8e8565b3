/** `npm run doctor` against AWS's own protocols and the Slack stand-in: a sound deployment, and each thing that can be wrong with one. */
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { archiveChecks } from '../../../local/operations/checks/archive.ts';
import { findingsOf } from '../../../local/operations/checks/finding.ts';
import { providerChecks } from '../../../local/operations/checks/providers.ts';
import {
  channelChecks,
  messagesCheck,
  tokenCheck,
} from '../../../local/operations/checks/slack.ts';
import { tableChecks } from '../../../local/operations/checks/tables.ts';
import type { Deployed } from '../../../local/operations/deployed.ts';
import { examine, type Report } from '../../../local/operations/examine.ts';
import { LOCAL } from '../../../local/slack/workspace.ts';
import { dynamoClient } from '../../../shared/adapters/aws-clients.ts';
import { readPolicy } from '../../../shared/adapters/policy-file.ts';
import { s3Client } from '../../../shared/adapters/s3-client.ts';
import { tableDefinitions } from '../../../shared/config/tables.ts';
import { type AccessProvider, ProviderFault } from '../../../shared/ports.ts';
import { rawHttpServer } from '../../support/raw-http-server.ts';
import { openWorkshop, type Workshop } from '../slack/workshop.ts';

const described = (definition: (typeof tableDefinitions)['journal' | 'state']) => ({
  TableStatus: 'ACTIVE',
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: Object.entries(definition.indexes).map(([IndexName, index]) => ({
    IndexName,
    KeySchema: [{ AttributeName: index.partitionKey }, { AttributeName: index.sortKey }],
  })),
  StreamSpecification: { StreamViewType: 'KEYS_ONLY' },
  DeletionProtectionEnabled: true,
});

/** What AWS answers, by operation and, where it matters, by name. */
const sound = (): Record<string, unknown> => ({
  'DescribeTable journal': { Table: described(tableDefinitions.journal) },
  'DescribeTable state': { Table: described(tableDefinitions.state) },
  DescribeTimeToLive: { TimeToLiveDescription: { AttributeName: 'ttl' } },
  DescribeContinuousBackups: {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'ENABLED' },
    },
  },
  GetQueueAttributes: { Attributes: { ApproximateNumberOfMessages: '0' } },
  GetScheduleGroup: { State: 'ACTIVE' },
  'DescribeKey codes': {
    KeyMetadata: { KeyId: 'codes', KeyUsage: 'ENCRYPT_DECRYPT', KeyState: 'Enabled' },
  },
  'DescribeKey seals': {
    KeyMetadata: { KeyId: 'seals', KeyUsage: 'SIGN_VERIFY', KeyState: 'Enabled' },
  },
  GetItem: {},
  GetSecretValue: {
    SecretString: JSON.stringify({
      botToken: LOCAL.botToken,
      signingSecret: 'local-signing-secret',
    }),
  },
});

/** What S3 answers, by what the address asks of the bucket. */
const soundArchive = (): Record<string, string> => ({
  versioning: '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>',
  'object-lock': lockedFor('COMPLIANCE', 400),
  policy: JSON.stringify({
    Statement: [
      { Effect: 'Deny', Principal: '*', Action: ['s3:DeleteObject', 's3:DeleteObjectVersion'] },
    ],
  }),
});
const lockedFor = (mode: string, days: number) =>
  `<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>${mode}</Mode><Days>${days}</Days></DefaultRetention></Rule></ObjectLockConfiguration>`;

function answerS3(request: IncomingMessage, response: ServerResponse): void {
  const { search } = new URL(request.url ?? '', 'http://s3');
  response.setHeader('connection', 'close');
  if (request.method === 'HEAD') {
    response.statusCode = head === null ? 404 : 200;
    for (const [name, value] of Object.entries(head ?? {})) response.setHeader(name, value);
    response.end();
    return;
  }
  const answer = archive[/^\?([a-z-]+)/.exec(search)?.[1] ?? ''];
  response.statusCode = answer === undefined ? 404 : 200;
  response.end(answer ?? '<Error><Code>NoSuchBucket</Code><Message>gone</Message></Error>');
}

let archive: Record<string, string>;
/** What S3 says about the last checkpoint; null: it is not there. */
let head: Record<string, string> | null;
let answers: Record<string, unknown>;
let date: Date;
let shop: Workshop;
let aws: Awaited<ReturnType<typeof rawHttpServer>>;
const before = { ...process.env };

function answerAws(body: string, request: IncomingMessage, response: ServerResponse): void {
  const operation =
    String(request.headers['x-amz-target'] ?? '.GetScheduleGroup').split('.')[1] ?? '';
  const { TableName = '', KeyId = '' } = body === '' ? {} : JSON.parse(body);
  const answer = answers[`${operation} ${TableName}${KeyId}`] ?? answers[operation];
  response.setHeader('connection', 'close');
  response.setHeader('date', date.toUTCString());
  response.setHeader('content-type', 'application/x-amz-json-1.0');
  response.statusCode = answer === undefined ? 400 : 200;
  response.end(
    JSON.stringify(answer ?? { __type: 'ResourceNotFoundException', message: `no ${operation}` }),
  );
}

beforeAll(async () => {
  shop = await openWorkshop();
  aws = await rawHttpServer((request, response) => {
    if (request.url?.startsWith('/audit')) return answerS3(request, response);
    request.toArray().then(
      (parts) => answerAws(Buffer.concat(parts).toString(), request, response),
      () => response.destroy(),
    );
  });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: aws.baseUrl,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
});
afterAll(async () => {
  process.env = before;
  await aws.close();
  await shop.close();
});
beforeEach(() => {
  answers = sound();
  archive = soundArchive();
  head = {
    'last-modified': new Date(Date.now() - 4 * 60_000).toUTCString(),
    'x-amz-object-lock-mode': 'COMPLIANCE',
    'x-amz-object-lock-retain-until-date': new Date(Date.now() + 86_400_000).toISOString(),
  };
  date = new Date();
});

const deployed = (settings: Partial<Deployed['Settings']> = {}): Deployed => ({
  stage: 'prod',
  ...{ JournalTable: 'journal', StateTable: 'state', AuditBucket: 'audit' },
  ...{ AuthenticatorKey: 'codes', AuditSigningKey: 'seals' },
  ...{ SlackSecret: 'slack', GithubSecret: 'github', GitlabSecret: 'gitlab' },
  SlackRequestUrl: 'https://jit.example.com/slack/events',
  Address: 'https://jit.example.com',
  DashboardUrl: 'https://console.aws.amazon.com/cloudwatch/home#dashboards:name=Hallpass',
  ScheduleGroup: 'Hallpass-prod-ends',
  Queues: { Removals: `${aws.baseUrl}/1/removals` },
  DeadLetterQueues: { removals: `${aws.baseUrl}/1/removals-dead` },
  Settings: {
    tenant: 'main',
    slackTeamId: LOCAL.teamId,
    slackAppId: 'A0LOCAL',
    slackApiUrl: `${shop.url}/_slack/api/`,
    githubApiUrl: 'https://api.github.com',
    ...{ githubAppKeyId: '', gitlabApiUrl: '' },
    ...settings,
  },
});

async function reports(of: Deployed): Promise<Report[]> {
  const outside = { now: () => new Date(), wait: async () => undefined, payloads: null };
  const all: Report[] = [];
  for await (const report of examine(of, outside)) all.push(report);
  return all;
}
const problemsIn = (all: readonly Report[]) =>
  all
    .filter(({ level }) => level === 'problem')
    .map(({ check, what, fix }) => `${check}: ${what} -> ${fix}`);

test('of a sound deployment before its first minutes nothing is wrong but that no policy is in force and no checkpoint made', async () => {
  expect(problemsIn(await reports(deployed()))).toEqual([
    expect.stringMatching(/^last checkpoint: there is none -> .*five minutes/),
    expect.stringMatching(/^policy: none is in force.* -> .*within a minute/),
  ]);
});

test.each<[string, string, unknown, RegExp]>([
  [
    'a table without its stream',
    'DescribeTable journal',
    { Table: { ...described(tableDefinitions.journal), StreamSpecification: undefined } },
    /table journal: publishes nothing instead of keys.* -> Deploy/,
  ],
  [
    'a table that lost an index',
    'DescribeTable state',
    { Table: { ...described(tableDefinitions.state), GlobalSecondaryIndexes: [] } },
    /table state: lacks the index due \(duePk, dueAt\)/,
  ],
  [
    'another table',
    'DescribeTable state',
    { Table: { ...described(tableDefinitions.state), KeySchema: [{ AttributeName: 'id' }] } },
    /table state: has the keys id ->/,
  ],
  [
    'a table that a mistake could delete',
    'DescribeTable journal',
    { Table: { ...described(tableDefinitions.journal), DeletionProtectionEnabled: false } },
    /table journal: can be deleted by a mistake/,
  ],
  [
    'no table at all',
    'DescribeTable journal',
    undefined,
    /table journal: could not be checked: ResourceNotFoundException/,
  ],
  [
    'no backups',
    'DescribeContinuousBackups',
    {},
    /no point-in-time recovery -> aws dynamodb update-continuous-backups --table-name/,
  ],
  ['nothing that expires', 'DescribeTimeToLive', {}, /table state: does not expire by ttl/],
  [
    'dead letters',
    'GetQueueAttributes',
    { Attributes: { ApproximateNumberOfMessages: '3' } },
    /dead letters of removals: 3 could not be processed -> docs\/runbook\.md#removals-dead-letters/,
  ],
  [
    'a group that is going',
    'GetScheduleGroup',
    { State: 'DELETING' },
    /schedule group Hallpass-prod-ends: is DELETING/,
  ],
  [
    'a key that is going',
    'DescribeKey codes',
    { KeyMetadata: { KeyId: 'codes', KeyUsage: 'ENCRYPT_DECRYPT', KeyState: 'PendingDeletion' } },
    /key of the authenticators: is PendingDeletion -> aws kms cancel-key-deletion/,
  ],
  [
    'a key for something else',
    'DescribeKey seals',
    { KeyMetadata: { KeyId: 'seals', KeyUsage: 'ENCRYPT_DECRYPT', KeyState: 'Enabled' } },
    /key of the checkpoints: is for ENCRYPT_DECRYPT/,
  ],
])('%s is found, with what to do', async (_what, operation, answer, found) => {
  answers[operation] = answer;
  expect(problemsIn(await reports(deployed()))).toContainEqual(expect.stringMatching(found));
});

test('a clock that is a minute away is found', async () => {
  date = new Date(Date.now() - 61_000);
  expect(problemsIn(await reports(deployed()))).toContainEqual(
    expect.stringMatching(/^clock: is 6\d s from DynamoDB's: codes are refused.* -> .*chrony/),
  );
});

test('what dev may do is no problem there: tables without protection', async () => {
  answers['DescribeTable journal'] = {
    Table: { ...described(tableDefinitions.journal), DeletionProtectionEnabled: false },
  };
  const client = dynamoClient();
  const checks = tableChecks(client, { ...deployed(), stage: 'dev' });
  const found = (await Promise.all(checks.map(findingsOf))).flat();
  client.destroy();
  expect(found.filter(({ level }) => level !== 'ok')).toEqual([]);
});

test.each<[string, () => void, RegExp]>([
  [
    'no audit bucket',
    () => {
      archive = {};
    },
    /^audit bucket audit: could not be checked: NoSuchBucket/,
  ],
  [
    'an audit bucket without versions',
    () => {
      archive['versioning'] = '<VersioningConfiguration/>';
    },
    /^audit bucket audit: keeps no versions \(never switched on\) -> Deploy the data stack/,
  ],
  [
    'a lock that an administrator can lift',
    () => {
      archive['object-lock'] = lockedFor('GOVERNANCE', 400);
    },
    /locks nothing as it should: GOVERNANCE for 400 days instead of COMPLIANCE/,
  ],
  [
    'a lock of no days',
    () => {
      archive['object-lock'] = '<ObjectLockConfiguration/>';
    },
    /locks nothing as it should: no mode for 0 days/,
  ],
  [
    'a bucket from which anybody with the right may delete',
    () => {
      archive['policy'] = JSON.stringify({
        Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:DeleteObjectVersion' }],
      });
    },
    /has no policy that denies deleting.* -> .*CloudTrail/,
  ],
])('%s is found, with what to do', async (_what, harm, found) => {
  harm();
  expect(problemsIn(await reports(deployed()))).toContainEqual(expect.stringMatching(found));
});

describe('the last checkpoint', () => {
  const judged = async () => {
    const client = s3Client();
    const value = { n: 7, hash: 'a'.repeat(64), to: new Date().toISOString() };
    const journal = { read: async () => ({ value }) };
    const [, check] = archiveChecks(client, deployed(), { journal, now: () => new Date() });
    const found = await findingsOf(check ?? { name: '', run: async () => [] });
    client.destroy();
    return found.map(({ level, what, fix }) => `${level} ${what} ${fix ?? ''}`);
  };

  test('is young and locked', async () => {
    expect(await judged()).toEqual([
      expect.stringMatching(/^ok is 7, 4 min old/),
      expect.stringMatching(/^ok is locked until \d{4}-\d\d-\d\d/),
    ]);
  });

  test('is found missing, old or open to whoever deletes', async () => {
    head = { ...head, 'last-modified': new Date(Date.now() - 12 * 60_000).toUTCString() };
    expect(await judged()).toContainEqual(
      expect.stringMatching(/^problem is 7, 12 min old.*#seal-heartbeat/),
    );
    head = { 'last-modified': new Date().toUTCString() };
    expect(await judged()).toContainEqual(expect.stringMatching(/^problem is not locked/));
    head = null;
    expect(await judged()).toEqual([
      expect.stringMatching(/^problem checkpoints\/\S+7\.json is on record and not in the bucket/),
    ]);
  });
});

const slackAt = (token: string = LOCAL.botToken) => ({
  apiUrl: `${shop.url}/_slack/api/`,
  token: async () => token,
});
const words = async (check: Parameters<typeof findingsOf>[0]) =>
  (await findingsOf(check)).map(({ level, what, fix }) => `${level} ${what} ${fix ?? ''}`);

test('before any workspace is served the doctor says so and asks Slack nothing', async () => {
  const asked = {
    apiUrl: 'http://127.0.0.1:1/',
    token: async () => Promise.reject(new Error('asked')),
  };
  expect(await words(tokenCheck(asked, deployed({ slackTeamId: 'TNOTYET' })))).toEqual([
    expect.stringMatching(/^problem no workspace is served yet .*SlackTeamId/),
  ]);
});

test('a token of another workspace, and one that Slack refuses, are named without being quoted', async () => {
  expect(await words(tokenCheck(slackAt(), deployed({ slackTeamId: 'T0OTHER' })))).toContainEqual(
    expect.stringMatching(
      /^problem is of workspace T0LOCAL, but T0OTHER is served .*SlackTeamId=T0LOCAL/,
    ),
  );
  expect(await words(tokenCheck(slackAt(), deployed({ slackAppId: 'A0OTHER' })))).toContainEqual(
    expect.stringMatching(/^problem is of app A0LOCAL, but A0OTHER is served .*SlackAppId=A0LOCAL/),
  );
  const refused = await words(tokenCheck(slackAt('xoxb-wrong-token'), deployed()));
  expect(refused).toEqual([
    expect.stringMatching(/^problem Slack says \w+ Put the app's current bot token into slack/),
  ]);
  expect(refused.join()).not.toContain('xoxb');
});

test('scopes are held against the manifest: a lacking one, an optional one, one too many', async () => {
  const slack = await rawHttpServer((request, response) => {
    response.setHeader(
      'x-oauth-scopes',
      'commands,chat:write,users:read,files:write,channels:read,admin',
    );
    response.setHeader('connection', 'close');
    const answer = request.url === '/auth.test' ? { ok: true, team_id: 'T0LOCAL' } : { ok: false };
    response.end(JSON.stringify(answer));
  });
  const found = await words(
    tokenCheck({ apiUrl: `${slack.baseUrl}/`, token: async () => 'xoxb-x' }, deployed()),
  );
  await slack.close();
  expect(found.filter((line) => !line.startsWith('ok'))).toEqual([
    expect.stringMatching(/^problem lacks the scope users:read.email Add the scope/),
    expect.stringMatching(/^warning lacks the scope usergroups:read, which is optional/),
    expect.stringMatching(/^warning has the scope admin, which nothing uses/),
  ]);
});

const policy = (() => {
  const read = readPolicy(readFileSync('access.yaml'), 'access.yaml');
  if (!read.ok) throw new Error('access.yaml is broken');
  return read.value.policy;
})();

test('channels of the policy are looked up one by one', async () => {
  const there = channelChecks(slackAt(), policy);
  expect(there.map(({ name }) => name)).toEqual(['channel C0ACCESS', 'channel C0SECURITY']);
  const [gone] = channelChecks(slackAt(), { ...policy, rules: [], security_channel: 'C0GONE' });
  expect(await words(gone!)).toEqual([
    expect.stringMatching(/^problem Slack says channel_not_found Correct the id/),
  ]);
});

test('golden messages that Slack would not take are named with their pointer', async () => {
  const message = (blocks: object[]) => ({
    name: 'card 1',
    argument: { message: JSON.stringify({ blocks }) },
  });
  const wait = async () => undefined;
  const judged = (blocks: object[]) =>
    words(messagesCheck(slackAt(), { payloads: () => [message(blocks)], wait }));
  expect(await judged([{ type: 'divider' }])).toEqual([
    expect.stringMatching(/^ok Slack takes all 1/),
  ]);
  expect(await judged([{ type: 'section' }])).toEqual([
    expect.stringMatching(/^problem Slack refuses 1 of 1: refused\s+card 1/),
  ]);
});

const answering = (over: Partial<AccessProvider> = {}): AccessProvider => ({
  ...{ name: 'github', inflightSeconds: 30, completeness: 'R0', roles: () => ['member'] },
  resolveAccount: async (login) => ({ accountId: '1', login }),
  currentAccount: async () => null,
  checkEligible: async () => undefined,
  read: async () => ({ role: null, direct: true, until: null }),
  setRole: () => Promise.reject(new Error('the doctor changed something')),
  remove: () => Promise.reject(new Error('the doctor changed something')),
  list: async () => [],
  ...over,
});
const provided = async (provider: AccessProvider) =>
  (
    await Promise.all(
      providerChecks(policy, [{ name: 'github', make: async () => provider }]).map(words),
    )
  ).flat();

test('a provider is asked for every container of the policy, and never changed', async () => {
  const found = await provided(answering());
  expect(found.filter((line) => line.startsWith('ok'))).toHaveLength(8);
  expect(found.filter((line) => line.startsWith('problem'))).toEqual([
    expect.stringMatching(/granted? there|grants there, but it is not configured/),
  ]);
});

test('a credential that may read and not grant is told apart from one that may neither', async () => {
  const unauthorized = () =>
    Promise.reject(
      new ProviderFault('the App may not write Members', {
        code: 'unauthorized',
        retryable: false,
        applied: 'no',
      }),
    );
  const noGrant = await provided(answering({ checkEligible: unauthorized }));
  expect(noGrant).toContainEqual(expect.stringMatching(/^ok read acme\/deployers/));
  expect(noGrant).toContainEqual(
    expect.stringMatching(
      /^problem grant in acme\/deployers: the App may not write Members \(unauthorized\) Give the credential/,
    ),
  );
  const neither = await provided(answering({ list: unauthorized, checkEligible: unauthorized }));
  expect(neither).toContainEqual(expect.stringMatching(/^problem read acme\/deployers/));
});

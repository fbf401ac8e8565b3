import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCommandLine } from '../../../local/operations/command-line.ts';
import { type Deployed, readDeployed } from '../../../local/operations/deployed.ts';
import { needsBootstrap } from '../../../local/operations/needs-bootstrap.ts';
import { nextSteps } from '../../../local/operations/next-steps.ts';
import { openRequests, whyNot } from '../../../local/operations/open-requests.ts';
import { unreachableProviders, unreachableWords } from '../../../local/operations/unreachable.ts';
import { memoryJournal } from '../../../shared/adapters/memory-journal.ts';
import { readPolicy } from '../../../shared/adapters/policy-file.ts';
import type { Policy } from '../../../shared/domain/policy/policy.ts';
import { put } from '../../../shared/ports.ts';
import { grant } from '../../domain/holding/given.ts';
import { holding } from '../../support/samples.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-operations-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the stage is taken from -c, our own words are kept apart, everything else goes on to cdk as it was', () => {
  const args = ['-c', 'stage=prod', '--parameters', 'SlackTeamId=T1', '--data', '-c', 'x=y'];
  expect(readCommandLine(args, ['--data'])).toEqual({
    stage: 'prod',
    context: ['-c', 'stage=prod', '-c', 'x=y'],
    own: new Set(['--data']),
    rest: ['--parameters', 'SlackTeamId=T1'],
  });
  expect(readCommandLine([], [])).toMatchObject({ stage: 'dev', context: [], rest: [] });
});

test.each([['stage=production'], ['stage='], ['stage=dev '], ['stage=__proto__']])(
  'a stage that does not exist is refused: %s',
  (given) => {
    expect(readCommandLine(['-c', given], [])).toMatch(/^There are two stages: .* not stage=/);
  },
);

test('what is open is in the way of a teardown, by the ids that people know and however far off its end; a notice is not', async () => {
  const HELD = 'github:team:acme/deployers:0011223344556677';
  const LEFT = 'github:team:acme/deployers:8899aabbccddeeff';
  const journal = memoryJournal('acme');
  const dueAt = '2026-12-22T09:00:00.000Z';
  const grants = [grant({ grantId: 'AR-7K2M9Q' }), grant({ grantId: 'AR-8K2M9Q' })];
  const at = new Date('2026-11-22T09:00:00.000Z');
  for (const record of [
    holding({ holdingId: HELD, grants, dueAt }),
    holding({ holdingId: LEFT, dueAt }),
  ])
    await journal.commit([put(await journal.read('holding', record.holdingId), record)], at);
  const due = async function* (before: Date) {
    expect(before.getUTCFullYear()).toBe(9999);
    yield { kind: 'request' as const, id: 'AR-7K2M9Q', dueAt };
    yield { kind: 'notice' as const, id: 'U0ANA', dueAt };
    yield { kind: 'holding' as const, id: HELD, dueAt };
    yield { kind: 'holding' as const, id: LEFT, dueAt };
  };
  const open = await openRequests({ ...journal, allDue: due });
  expect(open).toEqual({ requests: ['AR-7K2M9Q', 'AR-8K2M9Q'], watched: [LEFT] });
  expect(whyNot(open)).toMatch(/^Still open: AR-7K2M9Q, AR-8K2M9Q\. .*--with-open-requests/);
  const many = Array.from({ length: 12 }, (_, n) => `AR-${n}`);
  expect(whyNot({ requests: many, watched: [] })).toMatch(/AR-9 and 2 more\./);
});

test('what has just ended is in the way for as long as a late call could change it, and is told as that', () => {
  const why = whyNot({ requests: [], watched: ['github:team:acme/deployers:8899aabbccddeeff'] });
  expect(why).toMatch(
    /^No request is open any more, .*: github:team:acme\/deployers:8899aabbccddeeff\./,
  );
  expect(why).toMatch(/watched for 5 minutes .*--with-open-requests/);
  expect(whyNot({ requests: [], watched: [] })).toBeNull();
});

test('only an account that was never prepared is prepared', () => {
  const said =
    "Hallpass-dev-data: SSM parameter /cdk-bootstrap/hnb659fds/version not found in aws://000000000000/eu-central-1. Has the environment been bootstrapped? Please run 'cdk bootstrap'";
  expect(needsBootstrap({ code: 1, complaint: said })).toBe(true);
  expect(needsBootstrap({ code: 0, complaint: said })).toBe(false);
  expect(needsBootstrap({ code: 1, complaint: 'AccessDenied: not authorized' })).toBe(false);
});

const DATA = {
  ...{ JournalTable: 'journal', StateTable: 'state', AuditBucket: 'audit' },
  ...{ AuthenticatorKey: 'codes', AuditSigningKey: 'seals', ExportsOutputX: 'x' },
  ...{ SlackSecret: 'arn:slack', GithubSecret: 'arn:github', GitlabSecret: 'arn:gitlab' },
};
const SETTINGS = {
  ...{ tenant: 'main', slackTeamId: 'TNOTYET', slackAppId: 'ANOTYET' },
  ...{ slackApiUrl: 'https://slack.com/api/', githubApiUrl: 'https://api.github.com' },
  ...{ githubAppKeyId: '', gitlabApiUrl: '' },
};
const APP = {
  SlackRequestUrl: 'https://x.example.com/slack/events',
  Address: 'https://x.example.com',
  DashboardUrl: 'https://console.aws.amazon.com/cloudwatch/home#dashboards:name=Hallpass',
  ScheduleGroup: 'Hallpass-dev-ends',
  Queues: '{"Grants":"https://sqs.example.com/1/grants"}',
  DeadLetterQueues: '{}',
  Settings: JSON.stringify(SETTINGS),
};

function read(content: string): Deployed | string {
  const file = join(folder, 'outputs.json');
  writeFileSync(file, content);
  return readDeployed('dev', file);
}
const written = (app: object) =>
  JSON.stringify({ 'Hallpass-dev-data': DATA, 'Hallpass-dev': { ...APP, ...app } });

test.each([
  ['nothing', '', /check a whole stack/],
  ['no JSON', '{', /check a whole stack/],
  ['another stage', JSON.stringify({ 'Hallpass-prod': APP }), /check a whole stack/],
  ['no address', written({ Address: undefined }), /check Address/],
  ['settings of another version', written({ Settings: '{"tenant":"main"}' }), /check Settings/],
  ['settings that are no JSON', written({ Settings: 'x' }), /check Settings/],
])('a file with %s is refused with how to get a good one', (_what, content, expected) => {
  const said = read(content);
  expect(said).toMatch(expected);
  expect(said).toMatch(/Run: npm run deploy -- -c stage=dev/);
});

test('no file is the same as nothing deployed', () => {
  expect(readDeployed('prod', join(folder, 'absent.json'))).toMatch(
    /cannot be read \(ENOENT\).*npm run deploy -- -c stage=prod/,
  );
});

test('what the policy names and the deployment was given no address for is told', () => {
  const policy = examplePolicy();
  const settings = { ...SETTINGS, publicUrl: '' };
  expect(unreachableProviders(policy, settings).map(unreachableWords)).toEqual([
    expect.stringMatching(/^The policy names gitlab.*asks for it are refused \(provider-not-conf/),
  ]);
  const given = { ...settings, gitlabApiUrl: 'https://gitlab.com' };
  expect(unreachableProviders(policy, given)).toEqual([]);
});

function examplePolicy(): Policy {
  const read = readPolicy(readFileSync('access.yaml'), 'access.yaml');
  if (!read.ok) throw new Error('access.yaml is broken');
  return read.value.policy;
}

test('after the first deploy an operator is led through what only they can do; after that only to the doctor', () => {
  const first = read(written({}));
  if (typeof first === 'string') throw new Error(first);
  const steps = nextSteps(first).join('\n');
  const link =
    /https:\/\/api\.slack\.com\/apps\?new_app=1&manifest_json=(\S+)/.exec(steps)?.[1] ?? '';
  expect(JSON.parse(decodeURIComponent(link))).toMatchObject({
    settings: { interactivity: { request_url: 'https://x.example.com/slack/events' } },
  });
  expect(steps).toMatch(/put-secret-value --secret-id arn:slack/);
  expect(steps).toMatch(/journal[\s\S]*state[\s\S]*audit[\s\S]*npm run doctor/);
  const served = read(
    written({ Settings: JSON.stringify({ ...SETTINGS, slackTeamId: 'T1', slackAppId: 'A1' }) }),
  );
  if (typeof served === 'string') throw new Error(served);
  expect(nextSteps(served).join('\n')).not.toMatch(/manifest_json|put-secret-value/);
});

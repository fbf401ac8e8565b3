import { environments, parseEnv } from '../../shared/config/env.ts';

const ROUTE = {
  HALLPASS_TENANT: 'main',
  JOURNAL_TABLE: 'journal',
  GRANTS_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/1/grants',
  REMOVALS_QUEUE_URL: 'http://127.0.0.1:4100/removals',
  ANNOUNCE_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/1/announce',
};

test('a complete environment is returned without the variables that the function does not name', () => {
  expect(parseEnv(environments.route, { ...ROUTE, PATH: '/bin' })).toEqual(ROUTE);
});

test('one error names every missing, empty and malformed variable', () => {
  const { JOURNAL_TABLE: _left, ...rest } = ROUTE;
  const broken = { ...rest, GRANTS_QUEUE_URL: '', ANNOUNCE_QUEUE_URL: 'ftp://queue' };
  expect(() => parseEnv(environments.route, broken)).toThrow(
    'JOURNAL_TABLE is missing; GRANTS_QUEUE_URL is missing; ANNOUNCE_QUEUE_URL must be an http or https address.',
  );
});

test.each([
  ['route', { ...ROUTE, HALLPASS_TENANT: 'canary#value' }],
  ['slack', { SLACK_TEAM_ID: 'canary', SLACK_APP_ID: 'canary', PUBLIC_URL: 'canary/' }],
  ['ensure', { REMOVALS_QUEUE_ARN: 'canary', GITHUB_API_URL: 'canary' }],
] as const)('the error of %s never repeats a value', (name, env) => {
  expect(() => parseEnv(environments[name], env)).toThrow(/HALLPASS_TENANT/);
  expect(() => parseEnv(environments[name], env)).not.toThrow(/canary/);
});

test('the addresses of Slack and GitHub have public defaults; GitLab is off without one', () => {
  expect(environments.ensure.shape.GITHUB_API_URL.parse(undefined)).toBe('https://api.github.com');
  expect(environments.ensure.shape.GITLAB_API_URL.parse(undefined)).toBeUndefined();
  expect(environments.slack.shape.SLACK_API_URL.parse(undefined)).toBe('https://slack.com/api/');
});

test.each([
  ['slack', /^GIT(?:HUB|LAB)|^SCHEDULER|POLICY|GRANTS|REMOVALS/],
  ['enroll', /^GIT(?:HUB|LAB)|^SLACK|^SCHEDULER|QUEUE/],
  ['route', /SECRET|KEY|STATE_TABLE/],
  ['ensure', /^SLACK_(?!TEAM)|AUTHENTICATOR|POLICY/],
  ['announce', /^GIT(?:HUB|LAB)|AUTHENTICATOR|GRANTS|REMOVALS|POLICY|^SCHEDULER/],
  ['seal', /SECRET|SLACK|^GIT|AUTHENTICATOR|POLICY|GRANTS|REMOVALS|ANNOUNCE/],
  ['export', /SECRET|KEY|STATE_TABLE|QUEUE|SLACK|^GIT|POLICY/],
  ['sweep', /(?<!^TICKETS_)SECRET|KEY|^SLACK_(?!TEAM)|^GIT(?:HUB|LAB)/],
] as const)('%s is told nothing that another function is for', (name, foreign) => {
  expect(Object.keys(environments[name].shape).filter((key) => foreign.test(key))).toEqual([]);
});

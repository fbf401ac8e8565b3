import { type LintProblem, lint } from '../../../shared/domain/policy/lint.ts';
import { deployRule, policy, withRule, written } from './given.ts';

const brief = ({ severity, path, at, message, fix }: LintProblem) =>
  `${severity} ${path.join('.')} (${at}): ${message}. ${fix}`;
const found = (changes: object) => lint(policy(changes)).map(brief);
const rules = (...changes: object[]) => ({
  rules: changes.map((each) => ({ ...deployRule, ...each })),
});
const people = (changes: object) => ({ people: { ...written.people, ...changes } });

test('the company has no problem', () => {
  expect(found({})).toEqual([]);
});

test('a policy without a security channel works, and says who will not hear of it', () => {
  expect(found({ security_channel: undefined })).toEqual([
    expect.stringMatching(
      /^warning version \(key\): No `security_channel`: nobody but the owner hears/,
    ),
  ]);
});

test.each<[string, object, RegExp[]]>([
  [
    'a role nobody defined, where it is included',
    { roles: { ...written.roles, auditor: { includes: ['reveiwer'] } } },
    [
      /^error roles\.auditor\.includes\.0 \(value\): There is no role "reveiwer"\. Did you mean "reviewer"\?$/,
    ],
  ],
  [
    'a role nobody defined, where a person has it',
    people({ ana: { slack: 'U0ANA', roles: ['developer', 'king'], accounts: {} } }),
    [/^error people\.ana\.roles\.1 .*"king".*Add it under `roles`/],
  ],
  [
    'a role nobody defined, where a group gives it',
    { groups: { ops: { slack_usergroup: 'S0OPS', roles: ['king'] } } },
    [/^error groups\.ops\.roles\.0 /],
  ],
  [
    'a role nobody defined, in a rule',
    rules({
      requesters: { roles: ['developer', 'devloper'] },
      subjects: { roles: ['king'] },
      approvals: [{ from: { roles: ['release-manager', 'queen'] } }],
      escalate: { after: '5m', to: { roles: ['prince'] } },
    }),
    [
      /^error rules\.0\.requesters\.roles\.1 .*Did you mean "developer"/,
      /^error rules\.0\.subjects\.roles\.0 /,
      /^error rules\.0\.escalate\.to\.roles\.0 /,
      /^error rules\.0\.approvals\.0\.from\.roles\.1 /,
    ],
  ],
  [
    'a container that Hallpass owns and nobody answers for',
    {
      entitlements: {
        ...written.entitlements,
        'github:acme/jit': {
          provider: 'github',
          kind: 'team',
          resource: 'acme/jit',
          roles: ['member'],
          exclusive: true,
        },
        'github:acme/own': {
          provider: 'github',
          kind: 'team',
          resource: 'acme/own',
          roles: ['member'],
          exclusive: true,
          owner: 'bo',
        },
      },
    },
    [
      /^error entitlements\.github:acme\/jit\.exclusive \(value\): "github:acme\/jit" is exclusive and has no owner/,
    ],
  ],
  [
    'a person nobody listed',
    {
      ...rules({ approvals: [{ from: { people: ['bo', 'boo'] } }] }),
      entitlements: {
        ...written.entitlements,
        'github:acme/x': {
          provider: 'github',
          kind: 'team',
          resource: 'acme/x',
          roles: ['member'],
          owner: 'zoe',
        },
      },
    },
    [
      /^error entitlements\.github:acme\/x\.owner .*There is no person "zoe"/,
      /^error rules\.0\.approvals\.0\.from\.people\.1 .*Did you mean "bo"\?$/,
      /^warning rules\.0\.approvals \(value\): Nobody could approve what bo asks/,
    ],
  ],
  [
    'roles that include each other',
    { roles: { ...written.roles, developer: { includes: ['admin'] } } },
    [
      /^error roles\.\S+ \(value\): Roles include each other in a circle: developer > admin > release-manager > reviewer > developer\. Remove "developer" from what "reviewer" includes$/,
    ],
  ],
  [
    'a role that includes itself',
    { roles: { ...written.roles, auditor: { includes: ['auditor'] } } },
    [/^error roles\.auditor\.includes\.0 .*circle: auditor > auditor/],
  ],
  [
    'two people with one Slack id',
    people({ ann: { slack: 'U0ANA', roles: [], accounts: { github: 'ann' } } }),
    [/^error people\.ann\.slack .*"ann" and "ana" have the same Slack id U0ANA/],
  ],
  [
    'two people with one account, in other letters',
    people({ ann: { slack: 'U0ANN', roles: [], accounts: { github: 'Ana-DEV' } } }),
    [/^error people\.ann\.accounts\.github .*"ann" and "ana" have the same github account ana-dev/],
  ],
  [
    'an entitlement whose id says something else',
    {
      entitlements: {
        ...written.entitlements,
        'github:acme/other': {
          provider: 'github',
          kind: 'team',
          resource: 'acme/prod',
          roles: ['member'],
        },
      },
    },
    [/^error entitlements\.github:acme\/other \(key\).*Write github:acme\/prod/],
  ],
  [
    'a pattern that matches nothing',
    rules({ entitlements: ['github:acme/*', 'github:acmee/*'] }),
    [/^warning rules\.0\.entitlements\.1 .*"github:acmee\/\*" matches no entitlement/],
  ],
  [
    'an entitlement that does not exist',
    rules({ entitlements: ['github:acme/deployer'] }),
    [/^error rules\.0\.entitlements\.0 .*Did you mean "github:acme\/deployers"\?$/],
  ],
  [
    'a pattern over every provider',
    rules({ entitlements: ['*'] }),
    [/^warning rules\.0\.entitlements\.0 .*every provider/],
  ],
  [
    'extensions shorter than the first grant',
    rules({ max_duration: '2h', max_total: '1h' }),
    [/^error rules\.0\.max_total .*shorter than max_duration/],
  ],
  [
    'an escalation after the end',
    rules({ lapse_after: '30m', escalate: { after: '30m', to: { roles: ['admin'] } } }),
    [/^warning rules\.0\.escalate\.after .*lapses before it escalates/],
  ],
  [
    'two rules with one id',
    rules({ entitlements: ['gitlab:*'] }, {}),
    [/^error rules\.1\.id .*Two rules are called "prod-deploy"/],
  ],
  [
    'too few people for the approvals',
    rules({ approvals: [{ from: { roles: ['release-manager'] }, count: 4 }] }),
    [/^error rules\.0\.approvals .*needs 4 approvals of different people and this policy has 3/],
  ],
  [
    'one person in both groups',
    rules({ approvals: [{ from: { people: ['dee'] } }, { from: { roles: ['admin'] } }] }),
    [/^error rules\.0\.approvals .*needs 2 approvals of different people and this policy has 1/],
  ],
  [
    'as many people as approvals, all of whom may ask',
    rules({ approvals: [{ from: { roles: ['release-manager'] }, count: 3 }] }),
    [/^warning rules\.0\.approvals .*Nobody could approve what bo, cy, dee asks/],
  ],
  [
    'a rule behind one that takes everything',
    rules(
      {},
      { id: 'second', entitlements: ['github:acme/deploy*'], requesters: { people: ['ana'] } },
    ),
    [/^warning rules\.1\.id \(key\): Rule "second" is never reached: rule "prod-deploy" takes all/],
  ],
  [
    'a rule for a role that nobody has',
    {
      ...rules({ requesters: { roles: ['robot'] } }),
      roles: { ...written.roles, robot: {} },
    },
    [/^warning rules\.0\.requesters .*Nobody may ask by rule "prod-deploy"/],
  ],
  [
    'a rule whose entitlements and people several rules before it take, each a part',
    rules(
      { id: 'deployers', entitlements: ['github:acme/deployers'] },
      { id: 'rest', entitlements: ['github:acme/payroll'] },
      { id: 'last' },
    ),
    [/^warning rules\.2\.id .*"last" is never reached: rules "deployers", "rest" take all/],
  ],
  [
    'a rule under a deny rule that takes everything',
    { rules: [deployRule, { id: 'freeze', entitlements: ['github:*'], deny: true }] },
    [/^warning rules\.0\.id \(key\): Rule "prod-deploy" is never reached: rule "freeze"/],
  ],
])('%s', (_, changes, expected) => {
  const problems = found(changes);
  expect(problems).toHaveLength(expected.length);
  for (const [index, pattern] of expected.entries()) expect(problems[index]).toMatch(pattern);
});

test('a condition on working hours needs working hours', () => {
  const without = withRule({ when: { working_hours: true } }, { working_hours: undefined });
  expect(lint(without).map(brief)).toEqual([
    expect.stringMatching(/^error rules\.0\.when\.working_hours .*names none/),
  ]);
});

test('a rule is not shadowed by one for other people, other entitlements or emergencies', () => {
  const glass = {
    break_glass: { max_duration: '30m', per_person_per_week: 2, review_within: '24h' },
  };
  const { id, entitlements, requesters } = deployRule;
  const emergency = { id: 'glass', entitlements, requesters, ...glass };
  for (const first of [
    { requesters: { roles: ['reviewer'] } },
    { requesters: { people: ['bo'] } },
    { entitlements: ['github:acme/d*'] },
  ])
    expect(found(rules({ id: 'first', ...first }, {}))).toEqual([]);
  expect(found({ rules: [emergency, deployRule] })).toEqual([]);
  expect(id).toBe('prod-deploy');
});

test('a rule for a role that only a group gives is within reach, and behind one for everybody it is not', () => {
  const groups = { ops: { slack_usergroup: 'S0OPS', roles: ['robot'] } };
  const roles = { ...written.roles, robot: {} };
  const byGroup = { id: 'by-group', requesters: { roles: ['robot'] } };
  expect(found({ ...rules(byGroup), roles, groups })).toEqual([]);
  const all = { requesters: { people: Object.keys(written.people) } };
  expect(found({ ...rules(all, byGroup), roles, groups })).toEqual([
    expect.stringMatching(
      /^warning rules\.1\.id .*"by-group" is never reached: rule "prod-deploy"/,
    ),
  ]);
});

describe('approvers from a Slack user group', () => {
  const groups = { ops: { slack_usergroup: 'S0OPS', roles: ['admin'] } };
  const needing = (count: number) =>
    found({ ...rules({ approvals: [{ from: { roles: ['release-manager'] }, count }] }), groups });

  test('may be anybody whom the policy lists', () => {
    expect(needing(4)).toEqual([]);
  });

  test('are never more than those', () => {
    expect(needing(6)).toEqual([
      expect.stringMatching(/^error rules\.0\.approvals .*needs 6 .*this policy has 5/),
    ]);
  });

  test('do not help a group of approvers that nobody can fill', () => {
    const approvals = [{ from: { roles: ['admin'] } }, { from: { people: ['bo'] }, count: 2 }];
    expect(found({ ...rules({ approvals }), groups })).toEqual([
      expect.stringMatching(/^error rules\.0\.approvals .*needs 3 .*this policy has 2/),
    ]);
  });
});

test('a rule whose requesters are just those it needs to approve can never be satisfied', () => {
  const both = { requesters: { people: ['bo', 'cy'] } };
  const approvals = [{ from: { people: ['bo', 'cy'] }, count: 2 }];
  expect(found(rules({ ...both, approvals }))).toEqual([
    expect.stringMatching(
      /^error rules\.0\.approvals .*whoever asks by it is needed to approve it/,
    ),
  ]);
});

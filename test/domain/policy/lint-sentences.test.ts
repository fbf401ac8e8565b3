/** What the policy's check says, word for word: where, what is wrong, and what to write instead. */
import { type LintProblem, lint } from '../../../shared/domain/policy/lint.ts';
import { deployRule, policy, written } from './given.ts';

const brief = ({ severity, path, at, message, fix }: LintProblem) =>
  `${severity} ${path.join('.')} (${at}): ${message}. ${fix}`;
const found = (changes: object) => lint(policy(changes)).map(brief);
const rule = (changes: object) => ({ rules: [{ ...deployRule, ...changes }] });
const { working_hours: _, ...silent } = written;
const without = (changes: object) => ({ ...silent, working_hours: undefined, ...changes });
const once = { from: '2026-12-20T18:00', to: '2027-01-04T08:00' };
const budget = { per_person_per_day: 1 };
const pager = { on_call: { pagerduty: 'P123ABC' } };
const email = (name: 'ana' | 'bo', address: string) => ({
  ...{ [name]: { ...written.people[name], email: address } },
});

test.each<[string, object, string[]]>([
  [
    'two freezes of one name',
    { freeze: ['a', 'b', 'a'].map((name) => ({ name, ...once })) },
    ['error freeze.2.name (value): Two are called "a". Give each its own'],
  ],
  [
    'a freeze for nothing, beside freezes for something and for everything',
    {
      freeze: [
        { name: 'a', ...once, entitlements: ['github:acme/payroll', 'gitlab:acme/payroll'] },
        { name: 'b', ...once, entitlements: ['*', 'github:*', 'github:acmee/*'] },
      ],
    },
    [
      'warning freeze.0.entitlements.1 (value): "gitlab:acme/payroll" matches no entitlement of this policy. Correct it, or remove it',
      'warning freeze.1.entitlements.2 (value): "github:acmee/*" matches no entitlement of this policy. Correct it, or remove it',
    ],
  ],
  [
    'duties that one entitlement has both of, and one that nothing has',
    {
      separation: [
        { name: 'good', entitlements: [['github:acme/deployers'], ['gitlab:*']] },
        {
          name: 'bad',
          entitlements: [
            ['gitlab:*', 'github:acme/pay*'],
            ['github:*', 'x:y'],
          ],
        },
      ],
    },
    [
      'error separation.1.entitlements (value): "github:acme/payroll" is in two groups of "bad": nobody could hold it twice, or beside its like. Leave it in one group',
      'warning separation.1.entitlements.1.1 (value): "x:y" matches no entitlement of this policy. Correct it, or remove it',
    ],
  ],
  [
    'two separations of one name',
    {
      separation: ['a', 'a'].map((name) => ({
        ...{ name, entitlements: [['github:acme/deployers'], ['gitlab:*']] },
      })),
    },
    ['error separation.1.name (value): Two are called "a". Give each its own'],
  ],
  [
    'automatic approval where two humans are needed, of what is privileged',
    rule({
      entitlements: ['gitlab:*', 'github:acme/pay*'],
      approvals: [{ from: { roles: ['release-manager'] }, count: 2 }],
      auto_approve: { when: { max_duration: '1h' }, budget },
    }),
    [
      'error rules.0.auto_approve (value): Rule "prod-deploy" needs two humans and approves by itself. Remove auto_approve, or lower the count to 1',
      'error rules.0.auto_approve (value): Rule "prod-deploy" would approve "github:acme/payroll" by itself, which is privileged. Give what is privileged a rule of its own, with approvals only',
    ],
  ],
  [
    'automatic approval on conditions that can never hold',
    without(
      rule({
        entitlements: ['github:acme/deployers'],
        auto_approve: { when: { working_hours: true, on_call: 'pager' }, budget },
      }),
    ),
    [
      'error rules.0.auto_approve.when.working_hours (value): This depends on working hours and the policy names none. Add `working_hours: { days: [...], from: "08:00", to: "19:00" }` at the top',
      'error rules.0.auto_approve.when.on_call (value): There is no group "pager": nobody would ever be on call. Add it under `groups`, or name one of them',
    ],
  ],
  [
    'automatic approval on a length alone, without working hours',
    without(
      rule({
        entitlements: ['github:acme/deployers'],
        auto_approve: { when: { max_duration: '1h' }, budget },
      }),
    ),
    [],
  ],
  [
    'a rule that allows more at once than a day does',
    { limits: { max_per_day: '1h' } },
    [
      'warning rules.0.max_duration (value): Rule "prod-deploy" allows longer at once than max_per_day on one day. Shorten max_duration, or raise max_per_day',
    ],
  ],
  ['a rule that allows at once what a day does', { limits: { max_per_day: '2h' } }, []],
  [
    'a condition on a group that nobody wrote',
    rule({ when: { on_call: 'pager' } }),
    [
      'error rules.0.when.on_call (value): There is no group "pager": nobody could ever be on call. Add it under `groups`, with `on_call` or `slack_usergroup`',
    ],
  ],
  [
    'one address of three people',
    {
      people: {
        ...{ ...written.people, ...email('ana', 'a@x.example'), ...email('bo', 'A@x.example') },
        cy: { ...written.people.cy, email: 'cy@x.example' },
        dee: { ...written.people.dee, email: 'a@X.example' },
      },
    },
    [
      'error people.bo.email (value): "bo" and "ana" have the same e-mail address: neither would be on call by it. Give each person their own, or make them one entry',
      'error people.dee.email (value): "dee" and "ana" have the same e-mail address: neither would be on call by it. Give each person their own, or make them one entry',
    ],
  ],
  [
    'schedules that could name nobody',
    {
      groups: {
        pager,
        rota: { on_call: { ical: 'https://calendar.example/a.ics' } },
        slack: { slack_usergroup: 'S0OPS', roles: ['developer'] },
      },
    },
    [
      'warning groups.pager.on_call (value): Nobody in this policy could be on call for "pager". Give people an `email`, or `accounts: { pagerduty: … }`',
      'warning groups.rota.on_call (value): Nobody in this policy could be on call for "rota". Give people an `email`',
    ],
  ],
  [
    'a schedule that could name one by their account there',
    {
      groups: { pager },
      people: {
        ...written.people,
        ana: { ...written.people.ana, accounts: { github: 'ana-dev', pagerduty: 'PANA001' } },
      },
    },
    [],
  ],
  [
    'a schedule that could name one by their address',
    { groups: { pager }, people: { ...written.people, ...email('ana', 'a@x.example') } },
    [],
  ],
  [
    'a freeze that excepts people and roles nobody wrote',
    { freeze: [{ name: 'a', ...once, except: { roles: ['king'], people: ['zoe'] } }] },
    [
      'error freeze.0.except.roles.0 (value): There is no role "king". Add it under `roles`, or remove it here',
      'error freeze.0.except.people.0 (value): There is no person "zoe". Add it under `people`, or remove it here',
    ],
  ],
  [
    'two rules with one id, each for other entitlements',
    { rules: [deployRule, { ...deployRule, entitlements: ['gitlab:*'] }] },
    ['error rules.1.id (value): Two rules are called "prod-deploy". Give each its own id'],
  ],
  [
    'figures that contradict each other',
    rule({
      ...{ max_duration: '2h', max_total: '1h', lapse_after: '30m' },
      escalate: { after: '30m', to: { roles: ['admin'] } },
    }),
    [
      'error rules.0.max_total (value): max_total is shorter than max_duration. Make it at least as long: it is the time with all extensions',
      'warning rules.0.escalate.after (value): The request lapses before it escalates. Make escalate.after shorter than lapse_after',
    ],
  ],
  [
    'a condition on working hours that nobody wrote',
    without(rule({ when: { working_hours: true } })),
    [
      'error rules.0.when.working_hours (value): This rule depends on working hours and the policy names none. Add `working_hours: { days: [...], from: "08:00", to: "19:00" }` at the top',
    ],
  ],
  [
    'a pattern over every provider, in a rule that gives, not in one that denies',
    {
      rules: [
        { ...deployRule, entitlements: ['github:acme/deployers', '*'] },
        { id: 'no', entitlements: ['*'], requesters: { people: ['eve'] }, deny: true },
      ],
    },
    [
      'warning rules.0.entitlements.1 (value): "*" reaches over every provider, also those added later. Begin it with a provider, for example github:acme/*',
    ],
  ],
  [
    'more approvals than there are people for',
    rule({ approvals: [{ from: { roles: ['release-manager'] }, count: 4 }] }),
    [
      'error rules.0.approvals (value): Nobody can satisfy rule "prod-deploy": it needs 4 approvals of different people and this policy has 3. Lower the count, or give more people the role',
    ],
  ],
  [
    'approvers who are missed by themselves alone',
    rule({ approvals: [{ from: { people: ['bo'] } }] }),
    [
      'warning rules.0.approvals (value): Nobody could approve what bo asks by rule "prod-deploy": nobody approves their own request. Give one more person a role that approves',
    ],
  ],
  [
    'a rule behind another, and one under a deny rule',
    {
      rules: [
        deployRule,
        { ...deployRule, id: 'second' },
        { ...deployRule, id: 'third', entitlements: ['gitlab:acme/web'] },
        { id: 'no', entitlements: ['gitlab:*'], deny: true },
      ],
    },
    [
      'warning rules.1.id (key): Rule "second" is never reached: rule "prod-deploy" takes all it matches. Move it up, or remove it',
      'warning rules.2.id (key): Rule "third" is never reached: rule "no" takes all it matches. Narrow the deny rule, or remove this one',
    ],
  ],
  [
    'a group whose name is nearly one of the policy',
    { ...rule({ when: { on_call: 'pagr' } }), groups: { pager: { slack_usergroup: 'S0PAGER' } } },
    [
      'error rules.0.when.on_call (value): There is no group "pagr": nobody could ever be on call. Did you mean "pager"?',
    ],
  ],
  [
    'roles in a circle that others lead to, by what one includes last',
    {
      roles: {
        ...written.roles,
        a: { includes: ['b'] },
        b: { includes: ['developer', 'c'] },
        c: { includes: ['auditor', 'b'] },
      },
    },
    [
      'error roles.c.includes.1 (value): Roles include each other in a circle: b > c > b. Remove "b" from what "c" includes',
    ],
  ],
  [
    'one Slack id of three people',
    {
      people: {
        ...written.people,
        x: { slack: 'U0EVE', roles: [], accounts: {} },
        y: { slack: 'U0EVE', roles: [], accounts: { github: 'EVE-audit' } },
      },
    },
    [
      'error people.x.slack (value): "x" and "eve" have the same Slack id U0EVE: they would count as one human. Give each person their own, or make them one entry',
      'error people.y.slack (value): "y" and "eve" have the same Slack id U0EVE: they would count as one human. Give each person their own, or make them one entry',
      'error people.y.accounts.github (value): "y" and "eve" have the same github account eve-audit: they would count as one human. Give each person their own, or make them one entry',
    ],
  ],
  [
    'an entitlement by another name than its own, exclusive and without an owner',
    {
      entitlements: {
        ...written.entitlements,
        'github:acme/x': {
          ...{ provider: 'github', kind: 'team', resource: 'acme/y', roles: ['member'] },
          exclusive: true,
        },
      },
    },
    [
      'error entitlements.github:acme/x (key): The id "github:acme/x" is not its provider and resource. Write github:acme/y, or correct provider and resource',
      'error entitlements.github:acme/x.exclusive (value): "github:acme/x" is exclusive and has no owner: nobody would be told who was taken out of it. Add `owner:` with the name of a person, or remove `exclusive`',
    ],
  ],
  [
    'no security channel',
    { security_channel: undefined },
    [
      'warning version (key): No `security_channel`: nobody but the owner hears that an authenticator was replaced, and how far the audit log is sealed is told to admins alone. Add security_channel: C… (channel details, at the bottom) and invite the bot there',
    ],
  ],
  [
    'entitlements that there are not',
    rule({ entitlements: ['github:acme/deployer', 'x:y', 'z:*', 'github:*'] }),
    [
      'error rules.0.entitlements.0 (value): There is no entitlement "github:acme/deployer". Did you mean "github:acme/deployers"?',
      'error rules.0.entitlements.1 (value): There is no entitlement "x:y". Add it under `entitlements`, or remove it here',
      'warning rules.0.entitlements.2 (value): "z:*" matches no entitlement. Add it under `entitlements`, or remove it here',
    ],
  ],
  [
    'a freeze of everything where there is nothing yet',
    { entitlements: {}, rules: [], freeze: [{ name: 'a', ...once }] },
    [],
  ],
  ['a time in all as long as one', rule({ max_duration: '2h', max_total: '2h' }), []],
  [
    'approvers by a group alone, among roles that nobody has',
    {
      ...rule({ approvals: [{ from: { roles: ['idle', 'ops'] } }] }),
      roles: { ...written.roles, idle: {}, ops: {} },
      groups: { ops: { slack_usergroup: 'S0OPS', roles: ['ops'] } },
    },
    [],
  ],
  [
    'an approver who is missed, and others who are not',
    rule({ approvals: [{ from: { people: ['bo'] } }, { from: { people: ['cy', 'dee'] } }] }),
    [
      'warning rules.0.approvals (value): Nobody could approve what bo asks by rule "prod-deploy": nobody approves their own request. Give one more person a role that approves',
    ],
  ],
  [
    'an approver who would be missed and never asks',
    rule({ requesters: { people: ['ana'] }, approvals: [{ from: { people: ['bo'] } }] }),
    [],
  ],
  [
    'an approver who alone asks',
    rule({ requesters: { people: ['bo'] }, approvals: [{ from: { people: ['bo'] } }] }),
    [
      'error rules.0.approvals (value): Nobody can satisfy rule "prod-deploy": whoever asks by it is needed to approve it, and nobody approves their own request. Give one more person a role that approves',
    ],
  ],
  [
    'six who are all needed, and one who asks besides: five are named',
    {
      people: {
        ana: written.people.ana,
        ...Object.fromEntries(
          ['b', 'c', 'd', 'e', 'f', 'g'].map((name) => [
            name,
            { slack: `U0${name.toUpperCase()}`, roles: ['reviewer'], accounts: {} },
          ]),
        ),
      },
      ...rule({ approvals: [{ from: { roles: ['reviewer'] }, count: 6 }] }),
    },
    [
      'warning rules.0.approvals (value): Nobody could approve what b, c, d, e, f asks by rule "prod-deploy": nobody approves their own request. Give one more person a role that approves',
    ],
  ],
])('%s', (_name, changes, expected) => {
  expect(found(changes)).toEqual(expected);
});

describe('a rule behind another', () => {
  const more = Object.fromEntries(
    ['a', 'b', 'c', 'd'].map((name) => [
      `gitlab:x/${name}`,
      { provider: 'gitlab', kind: 'team', resource: `x/${name}`, roles: ['member'] },
    ]),
  );
  const second = (changes: object) => ({ ...deployRule, id: 'second', ...changes });
  const behind = (first: object, then: object, before: object[] = []) =>
    lint(
      policy({
        entitlements: { ...written.entitlements, ...more },
        rules: [...before, { ...deployRule, ...first }, second(then)],
      }),
    ).map(brief);
  const one = (id: string) => ({ ...deployRule, id, entitlements: [`gitlab:x/${id}`] });
  const SHADOWED =
    'warning rules.1.id (key): Rule "second" is never reached: rule "prod-deploy" takes all it matches. Move it up, or remove it';
  const NARROW = 'Move it up, narrow what stands before it, or remove it';

  test.each<[string, object, object, string[]]>([
    ['in part', {}, { entitlements: ['github:acme/*', 'gitlab:acme/*'] }, []],
    [
      'by one of its patterns',
      { entitlements: ['gitlab:acme/*', 'github:*'] },
      { entitlements: ['github:acme/*'] },
      [SHADOWED],
    ],
    ['by one of its roles', { requesters: { roles: ['auditor', 'developer'] } }, {}, [SHADOWED]],
    ['for one of its roles', {}, { requesters: { roles: ['developer', 'auditor'] } }, []],
    ['for somebody by their role', {}, { requesters: { people: ['ana'] } }, [SHADOWED]],
    ['for somebody else', {}, { requesters: { people: ['ana', 'eve'] } }, []],
    [
      'for somebody by name',
      { requesters: { people: ['eve'] } },
      { requesters: { people: ['eve'] } },
      [SHADOWED],
    ],
    [
      'that names nobody there is',
      {},
      { requesters: { roles: ['king'], people: ['zoe'] } },
      [
        'error rules.1.requesters.roles.0 (value): There is no role "king". Add it under `roles`, or remove it here',
        'error rules.1.requesters.people.0 (value): There is no person "zoe". Add it under `people`, or remove it here',
      ],
    ],
    [
      'that names a role nobody wrote',
      {},
      { requesters: { roles: ['king'] } },
      [
        'error rules.1.requesters.roles.0 (value): There is no role "king". Add it under `roles`, or remove it here',
      ],
    ],
    [
      'that names a person nobody wrote',
      {},
      { requesters: { people: ['zoe'] } },
      [
        'error rules.1.requesters.people.0 (value): There is no person "zoe". Add it under `people`, or remove it here',
      ],
    ],
    [
      'which takes it thing by thing',
      { entitlements: ['gitlab:x/a', 'gitlab:x/b', 'gitlab:x/c', 'gitlab:x/d'] },
      { entitlements: ['gitlab:x/*'] },
      [
        `warning rules.1.id (key): Rule "second" is never reached: rule "prod-deploy" takes all it matches. ${NARROW}`,
      ],
    ],
    [
      'for one of two who are alike, by name',
      { requesters: { people: ['bo'] } },
      { requesters: { people: ['cy'] } },
      [],
    ],
  ])('%s', (_, first, then, expected) => {
    expect(behind(first, then)).toEqual(expected);
  });

  test('that several take together names three of them', () => {
    const all = { entitlements: ['gitlab:x/*'] };
    expect(behind(one('d'), all, [one('a'), one('b'), one('c')])).toEqual([
      `warning rules.4.id (key): Rule "second" is never reached: rules "a", "b", "c", others take all it matches. ${NARROW}`,
    ]);
    expect(
      behind({ ...one('c'), entitlements: ['gitlab:x/c', 'gitlab:x/d'] }, all, [
        one('a'),
        one('b'),
      ]),
    ).toEqual([
      `warning rules.3.id (key): Rule "second" is never reached: rules "a", "b", "c" take all it matches. ${NARROW}`,
    ]);
  });

  test('that rules of another kind or that deny take', () => {
    const deny = (id: string, ...names: string[]) => ({
      ...{ id, deny: true, requesters: { roles: ['developer'] } },
      entitlements: names.map((name) => `gitlab:x/${name}`),
    });
    const all = { entitlements: ['gitlab:x/*'] };
    expect(behind({}, all, [deny('no', 'a', 'b'), deny('never', 'c', 'd')])).toEqual([
      `warning rules.3.id (key): Rule "second" is never reached: rules "no", "never" take all it matches. ${NARROW}`,
    ]);
    const glass = {
      ...{ id: 'glass', entitlements: ['gitlab:*'], requesters: { roles: ['developer'] } },
      break_glass: { max_duration: '1h', per_person_per_week: 1, review_within: '1d' },
    };
    expect(behind({}, all, [glass])).toEqual([]);
    expect(
      behind({}, { ...all, requesters: { people: ['eve'] } }, [deny('no', 'a', 'b', 'c', 'd')]),
    ).toEqual([]);
  });

  test('that nobody may ask by, and one that denies nobody', () => {
    const idle = { roles: { ...written.roles, idle: {} } };
    const by = (rules: object[], changes: object = {}) => found({ ...idle, rules, ...changes });
    const nobody =
      'warning rules.1.requesters (value): Nobody may ask by rule "second": nobody in this policy is what it wants of a requester. Give somebody the role, or remove the rule';
    expect(by([deployRule, second({ requesters: { roles: ['idle'] } })])).toEqual([nobody]);
    expect(
      by([
        deployRule,
        { id: 'no', entitlements: ['*'], requesters: { roles: ['idle'] }, deny: true },
      ]),
    ).toEqual([]);
    const twins = Object.fromEntries(
      ['x', 'y'].map((name) => [name, { slack: 'U0TWIN', roles: [], accounts: {} }]),
    );
    expect(
      by([deployRule, second({ requesters: { people: ['x'] } })], {
        people: { ...written.people, ...twins },
      }).at(-1),
    ).toBe(nobody);
  });
});

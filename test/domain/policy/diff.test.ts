/** What a change of the policy gives and takes, and that nothing that gives more is ever called narrower. */
import fc from 'fast-check';
import { diffRights, effectiveRights } from '../../../shared/domain/policy/diff.ts';
import { evaluate, type PolicyFacts } from '../../../shared/domain/policy/evaluate.ts';
import { Policy } from '../../../shared/domain/policy/policy.ts';
import {
  ANA,
  approvedBy,
  ask,
  BO,
  CY,
  DEE,
  deployRule,
  EVE,
  facts,
  policy,
  withRule,
  written,
} from './given.ts';

// How often each case was met is asserted too: the same runs each time, or chance would turn it red.
fc.configureGlobal({ seed: 20261123 });

const effects = (before: Policy, now: Policy) => {
  const { changes, counts, widerAtTheTop, widens } = diffRights(before, now);
  return { changes, counts, widerAtTheTop, widens };
};
const NONE = { gained: 0, lost: 0, wider: 0, narrower: 0 };

test('the same policy, and one that only looks different, changes nothing', () => {
  const shuffled = Policy.parse(
    JSON.parse(
      JSON.stringify({
        ...written,
        people: Object.fromEntries(Object.entries(written.people).reverse()),
      }),
    ),
  );
  for (const now of [policy(), shuffled, policy({ digest: { at: '10:00' } })])
    expect(effects(policy(), now)).toEqual({
      changes: [],
      counts: NONE,
      widerAtTheTop: [],
      widens: false,
    });
});

test('who may ask for what is told with the rules that decide, alike people as one', () => {
  const rules = [deployRule, { ...deployRule, id: 'audit', requesters: { roles: ['auditor'] } }];
  const change = effects(policy(), policy({ rules }));
  expect(change).toMatchObject({ widens: true, counts: { ...NONE, gained: 2 + 3 * 2 } });
  expect(change.changes).toContainEqual({
    ...{ right: 'ask', effect: 'gained', before: null, now: 'audit' },
    people: ['U0EVE'],
    entitlements: ['github:acme/deployers'],
  });
  expect(change.changes).toContainEqual({
    ...{ right: 'approve', effect: 'gained', before: null, now: 'audit' },
    people: [BO, CY, DEE],
    entitlements: ['github:acme/payroll'],
  });
  expect(effects(policy({ rules }), policy())).toMatchObject({
    widens: false,
    counts: { lost: 8 },
  });
});

const people = (name: string, roles: readonly string[]) => ({
  people: {
    ...written.people,
    [name]: { slack: `U0${name.toUpperCase()}`, roles, accounts: { github: `${name}-x` } },
  },
});
const { github, ...rest } = written.people.ana.accounts;
const gitlab = {
  people: {
    ...written.people,
    ana: { ...written.people.ana, accounts: { github, ...rest, gitlab: 'ana' } },
  },
};

test.each([
  ['a longer time', {}, { max_duration: '3h' }],
  ['a longer time in all', {}, { max_total: '5h' }],
  ['time in all that was not written', { max_total: undefined }, { max_total: '3h' }],
  ['no code', {}, { code: [] }],
  ['no ticket', {}, { justification: { min: 10 } }],
  ['a shorter reason', {}, { justification: { min: 9, ticket: '[A-Z]+-[0-9]+' } }],
  ['no condition', { when: { working_hours: true } }, { when: undefined }],
  ['another condition', { when: { working_hours: true } }, { when: { working_hours: false } }],
  [
    'fewer approvals',
    { approvals: [{ from: { roles: ['reviewer'] }, count: 2 }] },
    { approvals: [{ from: { roles: ['reviewer'] }, count: 1 }] },
  ],
  ['other approvers', {}, { approvals: [{ from: { roles: ['reviewer'] } }] }],
  [
    'automatic approval',
    {},
    { auto_approve: { when: { working_hours: true }, budget: { per_person_per_day: 1 } } },
  ],
  ['asking for others', {}, { subjects: { people: ['eve'] } }],
  ['a limit less', { limits: { max_per_day: '2h' } }, { limits: {} }],
  ['a higher limit', { limits: { asks_per_hour: 2 } }, { limits: { asks_per_hour: 3 } }],
  [
    'a shorter cool-down',
    { limits: { cool_down_after_denial: '2h' } },
    { limits: { cool_down_after_denial: '1h' } },
  ],
  ['extending without approval', {}, { extend: { approval: 'none' } }],
])('a rule with %s is wider, and the other way round it is not', (_, before, now) => {
  expect(effects(withRule(before), withRule(now))).toMatchObject({ widens: true });
  const back = effects(withRule(now), withRule(before));
  // Two that are merely different are wider both ways.
  if (!['another condition', 'other approvers', 'extending without approval'].includes(_))
    expect(back).toMatchObject({ widens: false });
});

test.each<[string, object, object]>([
  ['another person', {}, people('fay', ['developer'])],
  ['a further role', {}, people('eve', ['auditor', 'developer'])],
  ['a role that a person had no right by before', {}, people('eve', ['admin'])],
  [
    'an account at another provider',
    { rules: [{ ...deployRule, entitlements: ['*'] }] },
    { ...gitlab, rules: [{ ...deployRule, entitlements: ['*'] }] },
  ],
  [
    'another login',
    {},
    {
      people: {
        ...written.people,
        ana: { ...written.people.ana, accounts: { github: 'mallory' } },
      },
    },
  ],
  [
    'a role of an entitlement',
    {},
    {
      entitlements: {
        ...written.entitlements,
        'github:acme/payroll': {
          ...written.entitlements['github:acme/payroll'],
          roles: ['member', 'maintainer'],
        },
      },
    },
  ],
  [
    'an entitlement that is no longer privileged',
    {},
    {
      entitlements: {
        ...written.entitlements,
        'github:acme/payroll': {
          ...written.entitlements['github:acme/payroll'],
          privileged: false,
        },
      },
    },
  ],
  [
    'a freeze less',
    { freeze: [{ name: 'x', from: '2026-01-01T00:00', to: '2026-01-02T00:00' }] },
    {},
  ],
  [
    'an exception of a freeze',
    { freeze: [{ name: 'x', from: '2026-01-01T00:00', to: '2026-01-02T00:00' }] },
    {
      freeze: [
        {
          name: 'x',
          from: '2026-01-01T00:00',
          to: '2026-01-02T00:00',
          except: { people: ['ana'] },
        },
      ],
    },
  ],
  [
    'duties that are no longer apart',
    { separation: [{ name: 'x', entitlements: [['github:*'], ['gitlab:*']] }] },
    {},
  ],
  ['a limit less at the top', { limits: { asks_per_hour: 2 } }, {}],
  ['a shorter hold', { new_authenticator_hold: '1h' }, { new_authenticator_hold: '30m' }],
  ['a shorter delay', { widening_delay: '1h' }, { widening_delay: '0m' }],
  ['easier enrolment', { enrolment: 'oidc' }, { enrolment: 'open' }],
  [
    'a deny rule less',
    { rules: [deployRule, { id: 'no', entitlements: ['github:acme/payroll'], deny: true }] },
    {},
  ],
  [
    'another group of Slack behind a name',
    { groups: { a: { slack_usergroup: 'S0A', roles: ['auditor'] } } },
    { groups: { a: { slack_usergroup: 'S0B', roles: ['auditor'] } } },
  ],
  ['a group', {}, { groups: { a: { slack_usergroup: 'S0A', roles: ['developer'] } } }],
  [
    'a role that includes more',
    {},
    { roles: { ...written.roles, auditor: { includes: ['developer'] } } },
  ],
])('%s is wider', (_, before, now) => {
  expect(effects(policy(before), policy(now))).toMatchObject({ widens: true });
});

test.each<[string, object, object]>([
  ['a person less', {}, { people: { ana: written.people.ana, bo: written.people.bo } }],
  ['a deny rule', {}, { rules: [deployRule, { id: 'no', entitlements: ['*'], deny: true }] }],
  ['no rules', {}, { rules: [] }],
  [
    'a freeze more',
    {},
    { freeze: [{ name: 'x', from: '2026-01-01T00:00', to: '2026-01-02T00:00' }] },
  ],
  [
    'an entitlement that is privileged',
    {},
    {
      entitlements: {
        ...written.entitlements,
        'github:acme/deployers': {
          ...written.entitlements['github:acme/deployers'],
          privileged: true,
        },
      },
    },
  ],
  ['stricter enrolment', {}, { enrolment: 'oidc' }],
])('%s is not', (_, before, now) => {
  expect(effects(policy(before), policy(now))).toMatchObject({ widens: false });
});

test('somebody whom a rule names is told apart from those with the same roles', () => {
  const named = { ...deployRule, id: 'named', requesters: { people: ['cy'] } };
  const { changes } = effects(policy({ rules: [] }), policy({ rules: [named] }));
  expect(changes.filter(({ right }) => right === 'ask').map((each) => each.people)).toEqual([
    [CY],
    [CY],
  ]);
});

test('what a policy gives at all is told the same way', () => {
  const { changes } = effectiveRights(policy());
  expect(changes).toContainEqual({
    ...{ right: 'ask', effect: 'gained', before: null, now: 'prod-deploy' },
    people: [ANA, BO, CY, DEE],
    entitlements: ['github:acme/deployers'],
  });
  expect(changes).toContainEqual({
    ...{ right: 'power', effect: 'gained', before: null, now: 'admin' },
    people: [DEE],
    entitlements: [],
  });
});

test.each(['auditor', 'security'])(
  'the role %s is power, given or taken, and nothing else',
  (name) => {
    const roles = { ...written.roles, [name]: {} };
    const EVE = 'U0EVE';
    const eve = { ...written.people, eve: { slack: EVE, roles: [name] } };
    const plain = policy({ roles, people: { ...eve, eve: { slack: EVE, roles: [] } } });
    const given = policy({ roles, people: eve });
    const power = { right: 'power', people: [EVE], entitlements: [] };
    expect(effects(plain, given)).toMatchObject({
      widens: true,
      changes: [{ ...power, effect: 'gained', before: null, now: name }],
    });
    expect(effects(given, plain)).toMatchObject({
      widens: false,
      changes: [{ ...power, effect: 'lost', before: name, now: null }],
    });
  },
);

/** Random policies over the same small company. */
const role = fc.constantFrom('developer', 'reviewer', 'release-manager', 'auditor');
const someone = fc.constantFrom('ana', 'bo', 'cy', 'eve');
const selector = fc.oneof(
  role.map((one) => ({ roles: [one] })),
  someone.map((one) => ({ people: [one] })),
);
const rule = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      entitlements: fc.constantFrom(['github:acme/*'], ['github:acme/deployers'], ['*']),
      requesters: selector,
      max_duration: fc.constantFrom('1h', '2h'),
      approvals: fc.array(fc.record({ from: selector, count: fc.integer({ min: 1, max: 2 }) }), {
        minLength: 1,
        maxLength: 2,
      }),
      code: fc.constantFrom([], ['approver']),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      entitlements: fc.constantFrom(['github:acme/payroll'], ['*']),
      requesters: selector,
      deny: fc.constant(true),
    }),
  },
);
const random = fc
  .record({
    rules: fc.array(rule, { minLength: 1, maxLength: 3 }),
    eve: fc.uniqueArray(role, { maxLength: 2 }),
    bo: fc.uniqueArray(role, { maxLength: 2 }),
  })
  .map(({ rules, eve, bo }) => ({
    rules: rules.map((each, index) => ({ id: `rule-${index}`, ...each })),
    people: {
      ...written.people,
      eve: { ...written.people.eve, roles: eve },
      bo: { ...written.people.bo, roles: bo },
    },
  }));

test('a change that is not called wider permits nothing that was not permitted before', () => {
  let narrower = 0;
  fc.assert(
    fc.property(
      random,
      random,
      fc.boolean(),
      fc.array(fc.constantFrom(BO, CY, DEE, 'U0EVE'), { maxLength: 2 }),
      (one, other, small, approvers) => {
        // Often a change of one thing: two policies at random are nearly always wider.
        const [before, now] = [
          policy(one),
          policy(
            small ? { ...one, rules: other.rules.slice(0, 1) } : { ...other, rules: one.rules },
          ),
        ];
        if (diffRights(before, now).widens) return;
        narrower += 1;
        nothingNew([before, now], [ANA, BO, 'U0EVE'], { approvals: approvedBy(...approvers) });
      },
    ),
    { numRuns: 120 },
  );
  expect(narrower).toBeGreaterThan(10);
});

test('neither does it to somebody who is in a group, whatever they lose of their own', () => {
  const flat = fc.constantFrom('developer', 'auditor', 'operator');
  const own = fc.uniqueArray(flat, { maxLength: 3 });
  const terms = { entitlements: ['*'], approvals: [{ from: { people: ['bo'] } }] };
  const first = fc.constantFrom<object>(
    { entitlements: ['*'], deny: true },
    { ...terms, max_duration: '1h' },
  );
  let narrower = 0;
  fc.assert(
    fc.property(first, flat, flat, flat, own, own, (stricter, by, later, ofGroup, ...roles) => {
      const [before, now] = roles.map((each) =>
        policy({
          roles: { ...written.roles, operator: {} },
          groups: { team: { slack_usergroup: 'S0TEAM', roles: [ofGroup] } },
          people: { ...written.people, eve: { ...written.people.eve, roles: each } },
          rules: [
            { ...stricter, id: 'first', requesters: { roles: [by] } },
            { ...terms, id: 'second', requesters: { roles: [later] }, max_duration: '2h' },
          ],
        }),
      );
      if (!before || !now || diffRights(before, now).widens) return;
      narrower += 1;
      const groupMembers = new Map([['S0TEAM', [EVE]]]);
      nothingNew([before, now], [EVE], { approvals: approvedBy(BO), groupMembers });
    }),
    { numRuns: 100 },
  );
  expect(narrower).toBeGreaterThan(10);
});

/** Of people who ask: what `now` permits was permitted `before`, on terms no stricter. */
function nothingNew(
  [before, now]: readonly [Policy, Policy],
  requesters: readonly string[],
  about: Partial<PolicyFacts>,
): void {
  for (const requester of requesters)
    for (const entitlement of ['github:acme/deployers', 'github:acme/payroll'])
      for (const durationSeconds of [3600, 7200]) {
        const asked = ask({ requester, entitlement, durationSeconds });
        const known = facts(about);
        const [was, is] = [evaluate(before, asked, known), evaluate(now, asked, known)];
        if (!is.permitted) continue;
        expect(was.permitted || was.refusal.code === 'nobody-can-approve').toBe(true);
        if (was.permitted && is.approvals.satisfied) expect(was.approvals.satisfied).toBe(true);
        if (was.permitted) expect(is.codeFrom.approver || !was.codeFrom.approver).toBe(true);
      }
}

test('a thousand people, five thousand entitlements and five hundred rules are compared whole', () => {
  const slack = (i: number) => `U0B${i.toString(36).toUpperCase().padStart(6, '0')}`;
  const big = (first: string) =>
    policy({
      people: Object.fromEntries(
        Array.from({ length: 1000 }, (_, i) => [
          `person-${i}`,
          {
            slack: slack(i),
            roles: [i % 10 === 0 ? 'release-manager' : i % 7 === 0 ? 'reviewer' : 'developer'],
            accounts: { github: `p-${i}` },
          },
        ]),
      ),
      entitlements: Object.fromEntries(
        Array.from({ length: 5000 }, (_, i) => [
          `github:acme/team-${i}`,
          { provider: 'github', kind: 'team', resource: `acme/team-${i}`, roles: ['member'] },
        ]),
      ),
      rules: Array.from({ length: 500 }, (_, i) => ({
        ...deployRule,
        id: `rule-${i}`,
        entitlements: Array.from({ length: 10 }, (_each, j) => `github:acme/team-${i * 10 + j}`),
        max_duration: i === 0 ? first : '2h',
      })),
    });
  const [before, now] = [big('2h'), big('3h')];
  const diff = diffRights(before, now);
  expect(diff).toMatchObject({
    widens: true,
    truncated: false,
    counts: { ...NONE, wider: 10_000 },
  });
  expect(diff.changes).toHaveLength(1);
});

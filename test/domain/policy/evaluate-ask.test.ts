/** Who may ask for what, for how long and with which words. */
import { evaluate, type Verdict } from '../../../shared/domain/policy/evaluate.ts';
import {
  ANA,
  ask,
  BO,
  CY,
  DEE,
  deployRule,
  EVE,
  evidence,
  facts,
  NOW,
  policy,
  withRule,
  written,
} from './given.ts';

const refusal = (verdict: Verdict) => (verdict.permitted ? 'permitted' : verdict.refusal);
const permitted = (verdict: Verdict) => {
  if (!verdict.permitted) throw new Error(`refused: ${JSON.stringify(verdict.refusal)}`);
  return verdict;
};

test('a permitted ask carries what the rest of its life needs', () => {
  const verdict = permitted(evaluate(policy(), ask(), facts()));
  expect(verdict).toEqual({
    permitted: true,
    rule: 'prod-deploy',
    maxDurationSeconds: 7200,
    maxTotalSeconds: 14_400,
    extensionApproval: 'required',
    lapseAfterSeconds: 1800,
    codeFrom: { requester: false, approver: true },
    channel: 'C0ACCESS',
    dmApprovers: false,
    privileged: false,
    escalate: null,
    automatic: false,
    approvals: {
      needed: 1,
      have: 0,
      satisfied: false,
      groups: [{ from: ['release-manager'], people: [], count: 1 }],
    },
    approvers: [BO, CY, DEE],
    candidate: null,
    reasons: [
      'Rule prod-deploy is the first that covers this entitlement for this requester.',
      'It allows up to 2h.',
      '0 of 1 approvals count.',
    ],
  });
});

test('a rule may want its approvers asked by direct message as well', () => {
  const rules = [{ ...deployRule, dm_approvers: true }];
  const verdict = permitted(evaluate(policy({ rules }), ask(), facts()));
  expect(verdict.dmApprovers).toBe(true);
});

test('what a rule does not say takes its default', () => {
  const { id, entitlements, requesters, max_duration, approvals } = deployRule;
  const bare = { id, entitlements, requesters, max_duration, approvals };
  const verdict = permitted(evaluate(policy({ rules: [bare] }), ask(), facts()));
  expect(verdict.lapseAfterSeconds).toBe(3600);
  expect(verdict.maxTotalSeconds).toBeNull();
  expect(verdict.channel).toBeNull();
  expect(verdict.codeFrom).toEqual({ requester: false, approver: true });
  expect(
    evaluate(policy({ rules: [bare] }), ask({ justification: { text: '' } }), facts()),
  ).toEqual(verdict);
});

test.each([
  [[], { requester: false, approver: false }],
  [['requester'], { requester: true, approver: false }],
  [['requester', 'approver'], { requester: true, approver: true }],
])('code: %j is demanded as written', (code, codeFrom) => {
  expect(permitted(evaluate(withRule({ code }), ask(), facts())).codeFrom).toEqual(codeFrom);
});

test('a privileged entitlement says so', () => {
  const verdict = evaluate(policy(), ask({ entitlement: 'github:acme/payroll' }), facts());
  expect(permitted(verdict).privileged).toBe(true);
});

test('escalation names whom to tell, without the requester', () => {
  const escalate = { after: '10m', to: { roles: ['release-manager'] } };
  const verdict = evaluate(withRule({ escalate }), ask({ requester: BO }), facts());
  expect(permitted(verdict).escalate).toEqual({ afterSeconds: 600, to: [CY, DEE] });
});

describe('names that lead nowhere', () => {
  test.each([
    '',
    'github:acme',
    'github:acme/*',
    'GitHub:acme/deployers',
    'constructor',
    '__proto__',
  ])('entitlement %j', (entitlement) => {
    const verdict = evaluate(policy(), ask({ entitlement }), facts());
    expect(refusal(verdict)).toEqual({ code: 'unknown-entitlement', entitlement });
  });

  test.each(['', 'owner', 'Member', 'member ', 'toString'])('role %j', (role) => {
    expect(refusal(evaluate(policy(), ask({ role }), facts()))).toEqual({
      code: 'unknown-role',
      entitlement: 'github:acme/deployers',
      role,
      roles: ['member', 'maintainer'],
    });
  });

  test('who is not in the policy is told so before anything about it is', () => {
    const stranger = ask({ requester: 'U0NOBODY', entitlement: 'no:such' });
    const verdict = evaluate(policy(), stranger, facts({}, [evidence('U0NOBODY')]));
    expect(refusal(verdict)).toEqual({ code: 'unknown-person', person: 'U0NOBODY' });
  });

  test('an unknown subject is refused too', () => {
    const verdict = evaluate(policy(), ask({ subject: 'constructor' }), facts());
    expect(refusal(verdict)).toEqual({ code: 'unknown-person', person: 'constructor' });
  });

  test('a Slack id that the policy gives to two people belongs to neither', () => {
    const people = { ...written.people, ann: { slack: ANA, roles: ['admin'], accounts: {} } };
    const verdict = evaluate(policy({ people }), ask(), facts());
    expect(refusal(verdict)).toEqual({ code: 'unknown-person', person: ANA });
  });

  test('a subject without an account at the provider cannot hold anything there', () => {
    const rules = [{ ...deployRule, entitlements: ['gitlab:*'] }];
    const verdict = evaluate(policy({ rules }), ask({ entitlement: 'gitlab:acme/web' }), facts());
    expect(refusal(verdict)).toEqual({ code: 'no-account', provider: 'gitlab', person: ANA });
  });

  test('what lies at a provider that this deployment cannot reach is refused, whatever the rule says', () => {
    const reaching = (...names: string[]) =>
      evaluate(policy(), ask(), facts({ reachableProviders: new Set(names) }));
    expect(refusal(reaching('gitlab'))).toEqual({
      code: 'provider-not-configured',
      provider: 'github',
    });
    expect(refusal(reaching())).toMatchObject({ code: 'provider-not-configured' });
    expect(reaching('gitlab', 'github').permitted).toBe(true);
  });
});

describe('evidence about the requester', () => {
  const with_ = (changes: object) => facts({}, [evidence(ANA, changes)]);
  test.each([
    ['deactivated', { deleted: true }],
    ['bot', { isBot: true }],
    ['guest', { isRestricted: true }],
    ['guest', { isUltraRestricted: true }],
    ['stranger', { isStranger: true }],
    ['other-workspace', { teamId: 'T0OTHER' }],
    ['email-unverified', { emailVerified: false }],
  ])('%s is refused', (why, changes) => {
    expect(refusal(evaluate(policy(), ask(), with_(changes)))).toEqual({
      code: 'not-a-full-member',
      person: ANA,
      why,
    });
  });

  test.each([
    ['61 s old', { observedAt: new Date(NOW.getTime() - 61_000).toISOString() }],
    ['of an hour ahead', { observedAt: new Date(NOW.getTime() + 3_600_000).toISOString() }],
    ['without a time', { observedAt: '' }],
  ])('%s is too old', (_, changes) => {
    const stale = { code: 'evidence-stale', person: ANA };
    expect(refusal(evaluate(policy(), ask(), with_(changes)))).toEqual(stale);
  });

  test('missing evidence, and evidence about somebody else, is none', () => {
    const stale = { code: 'evidence-stale', person: ANA };
    expect(refusal(evaluate(policy(), ask(), facts({ evidence: new Map() })))).toEqual(stale);
    const swapped = facts({ evidence: new Map([[ANA, evidence(BO)]]) });
    expect(refusal(evaluate(policy(), ask(), swapped))).toEqual(stale);
  });

  test('the subject is judged like the requester', () => {
    const other = withRule({ subjects: { people: ['bo'] } });
    const gone = facts({}, [evidence(BO, { deleted: true })]);
    expect(refusal(evaluate(other, ask({ subject: BO }), gone))).toEqual({
      code: 'not-a-full-member',
      person: BO,
      why: 'deactivated',
    });
  });
});

test('the first rule of the file decides, named or by a pattern', () => {
  const named = { ...deployRule, id: 'named', entitlements: ['github:acme/deployers'] };
  const pattern = { ...deployRule, id: 'pattern' };
  for (const rules of [
    [pattern, named],
    [named, pattern],
    [{ ...deployRule, entitlements: ['gitlab:*'] }, pattern, named],
  ])
    expect(evaluate(policy({ rules }), ask(), facts())).toMatchObject({
      rule: rules.find(({ id }) => id !== 'prod-deploy')?.id,
    });
});

describe('the rule that decides', () => {
  const rule = (id: string, changes: object = {}) => ({ ...deployRule, id, ...changes });
  const decides = (...rules: object[]) => {
    const verdict = evaluate(policy({ rules }), ask(), facts());
    return verdict.permitted ? verdict.rule : verdict.refusal.code;
  };

  test('is the first that matches', () => {
    expect(decides(rule('one'), rule('two'))).toBe('one');
    expect(decides(rule('one', { entitlements: ['gitlab:*'] }), rule('two'))).toBe('two');
    expect(decides(rule('one', { requesters: { people: ['bo'] } }), rule('two'))).toBe('two');
  });

  test('must match one of several patterns', () => {
    expect(decides(rule('one', { entitlements: ['gitlab:*', '*deployers'] }))).toBe('one');
    expect(decides(rule('one', { entitlements: ['gitlab:*', '*payroll'] }))).toBe(
      'no-matching-rule',
    );
  });

  test('reaches requesters by role, by included role and by name', () => {
    for (const requesters of [
      { roles: ['developer'] },
      { people: ['ana'] },
      { people: ['ana'], roles: ['admin'] },
    ])
      expect(decides(rule('one', { requesters }))).toBe('one');
    for (const requesters of [
      { roles: ['reviewer'] },
      { people: ['dee'] },
      { roles: [ANA] },
      { people: [ANA] },
    ])
      expect(decides(rule('one', { requesters }))).toBe('no-matching-rule');
    const admin = evaluate(policy(), ask({ requester: DEE }), facts());
    expect(permitted(admin).rule).toBe('prod-deploy');
    const auditor = evaluate(policy(), ask({ requester: EVE }), facts());
    expect(refusal(auditor)).toEqual({
      code: 'no-matching-rule',
      entitlement: 'github:acme/deployers',
    });
  });

  test('roles that include each other in a circle still end', () => {
    const roles = { ...written.roles, developer: { includes: ['reviewer'] } };
    const verdict = evaluate(policy({ roles }), ask(), facts());
    expect(permitted(verdict).rule).toBe('prod-deploy');
  });

  test('with an unmet condition refuses; a later rule is not tried', () => {
    const strict = rule('strict', { when: { working_hours: false } });
    expect(decides(strict, rule('lax'))).toBe('inside-working-hours');
  });

  test.each([
    ['denies by role', { requesters: { roles: ['developer'] } }],
    ['denies by name', { requesters: { people: ['ana'] } }],
    ['denies everybody', {}],
    ['denies by pattern', { entitlements: ['*deploy*'] }],
  ])('is the deny rule, last though it stands, when it %s', (_, changes) => {
    const deny = { id: 'no', entitlements: ['github:acme/deployers'], deny: true, ...changes };
    const verdict = evaluate(policy({ rules: [deployRule, deny] }), ask(), facts());
    expect(verdict).toMatchObject({
      permitted: false,
      rule: 'no',
      refusal: { code: 'denied-by-rule', rule: 'no' },
    });
  });

  test.each([
    ['another entitlement', { entitlements: ['github:acme/payroll'] }],
    ['another person', { requesters: { people: ['bo'] } }],
    ['another role', { requesters: { roles: ['release-manager'] } }],
  ])('is not a deny rule about %s', (_, changes) => {
    const deny = { id: 'no', entitlements: ['github:*'], deny: true, ...changes };
    expect(decides(deployRule, deny)).toBe('prod-deploy');
  });
});

/** Who may ask for what, for how long and with which words. */
import {
  evaluate,
  preview,
  standsBehind,
  type Verdict,
} from '../../../shared/domain/policy/evaluate.ts';
import { POLICY_REFUSAL_CODES } from '../../../shared/domain/policy/refusal.ts';
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
    lapseAfterSeconds: 1800,
    codeFrom: { requester: false, approver: true },
    channel: 'C0ACCESS',
    privileged: false,
    escalate: null,
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

describe('roles from Slack user groups', () => {
  const groups = { oncall: { slack_usergroup: 'S0ONCALL', roles: ['release-manager'] } };
  const inGroup = (...slack: string[]) => facts({ groupMembers: new Map([['S0ONCALL', slack]]) });
  const onlyManagers = withRule({ requesters: { roles: ['reviewer'] } }, { groups });

  test('count for who is in the group, with what they include', () => {
    expect(permitted(evaluate(onlyManagers, ask(), inGroup(ANA))).rule).toBe('prod-deploy');
  });

  test('do not count for who is not, nor when nobody knows who is in it', () => {
    for (const known of [inGroup(BO), facts()])
      expect(refusal(evaluate(onlyManagers, ask(), known))).toMatchObject({
        code: 'no-matching-rule',
      });
  });

  test('make approvers of people the policy lists, and of nobody else', () => {
    const verdict = evaluate(policy({ groups }), ask(), inGroup(EVE, 'U0NOBODY'));
    expect(permitted(verdict).approvers).toEqual([BO, CY, DEE, EVE]);
  });

  test('deny by role reaches everybody while the members of the group are unknown', () => {
    const deny = {
      id: 'no',
      entitlements: ['*'],
      requesters: { roles: ['release-manager'] },
      deny: true,
    };
    const denying = policy({ rules: [deployRule, deny], groups });
    expect(refusal(evaluate(denying, ask(), facts()))).toMatchObject({ code: 'denied-by-rule' });
    expect(refusal(evaluate(denying, ask(), inGroup(BO)))).toBe('permitted');
    expect(refusal(evaluate(denying, ask(), inGroup(ANA)))).toMatchObject({
      code: 'denied-by-rule',
    });
  });
});

describe('asking for somebody else', () => {
  const forBo = ask({ subject: BO });
  test('is refused unless the rule says for whom', () => {
    for (const rules of [policy(), withRule({ subjects: { people: ['cy'] } })])
      expect(refusal(evaluate(rules, forBo, facts()))).toEqual({
        code: 'on-behalf-not-allowed',
        rule: 'prod-deploy',
        person: BO,
      });
  });

  test('is permitted for whom the rule names, by name or role', () => {
    for (const subjects of [{ people: ['bo'] }, { roles: ['reviewer'] }])
      expect(permitted(evaluate(withRule({ subjects }), forBo, facts())).rule).toBe('prod-deploy');
  });

  test('is denied when a deny rule names the subject', () => {
    const deny = { id: 'no', entitlements: ['*'], requesters: { people: ['bo'] }, deny: true };
    const rules = [{ ...deployRule, subjects: { people: ['bo'] } }, deny];
    expect(refusal(evaluate(policy({ rules }), forBo, facts()))).toMatchObject({
      code: 'denied-by-rule',
    });
  });

  test("needs the subject's account, not the requester's", () => {
    const people = { ...written.people, ana: { slack: ANA, roles: ['developer'] } };
    const rules = withRule({ subjects: { people: ['bo'] } }, { people });
    expect(permitted(evaluate(rules, forBo, facts())).rule).toBe('prod-deploy');
    expect(refusal(evaluate(rules, ask(), facts()))).toMatchObject({ code: 'no-account' });
  });
});

describe('duration', () => {
  test.each([
    [60, 'permitted'],
    [7200, 'permitted'],
    [7201, { code: 'duration-too-long', maxSeconds: 7200 }],
    [863_913_600, { code: 'duration-too-long', maxSeconds: 7200 }],
    [Number.POSITIVE_INFINITY, { code: 'duration-too-long', maxSeconds: 7200 }],
    [59, { code: 'duration-too-short', minSeconds: 60 }],
    [0, { code: 'duration-too-short', minSeconds: 60 }],
    [-3600, { code: 'duration-too-short', minSeconds: 60 }],
    [Number.NaN, { code: 'duration-too-short', minSeconds: 60 }],
  ])('%d seconds: %j', (durationSeconds, expected) => {
    expect(refusal(evaluate(policy(), ask({ durationSeconds }), facts()))).toEqual(expected);
  });
});

describe('justification', () => {
  const said = (text: string) =>
    refusal(evaluate(policy(), ask({ justification: { text } }), facts()));
  const short = (have: number) => ({ code: 'justification-too-short', min: 10, have });

  test.each([
    ['INC-123 rollback', 'permitted'],
    ['fix INC-12', 'permitted'],
    ['fix INC-1', short(9)],
    ['', short(0)],
    [`INC-1${' '.repeat(50)}`, short(5)],
    [`INC-1${' '.repeat(50)}x`, short(7)],
    [`INC-1${'\u200b'.repeat(50)}`, short(5)],
    [`INC-1${'\u{e0041}'.repeat(50)}\u202e`, short(5)],
    ['INC-1\n\n\n\n\n\n\n\n', short(5)],
    ['roll back the release', { code: 'ticket-missing', pattern: '[A-Z]+-[0-9]+' }],
    ['ＩＮＣ-１２３ rollback', { code: 'ticket-missing', pattern: '[A-Z]+-[0-9]+' }],
    ['INC 123 rollback', { code: 'ticket-missing', pattern: '[A-Z]+-[0-9]+' }],
  ])('%j: %j', (text, expected) => {
    expect(said(text)).toEqual(expected);
  });

  test('characters are counted as people see them, not as UTF-16 does', () => {
    const rule = withRule({ justification: { min: 10 } });
    const text = '😀'.repeat(9);
    expect(refusal(evaluate(rule, ask({ justification: { text } }), facts()))).toEqual(short(9));
  });

  test('once accepted it is not judged again', () => {
    const verdict = evaluate(policy(), ask({ justification: { accepted: true } }), facts());
    expect(permitted(verdict).rule).toBe('prod-deploy');
  });
});

describe('working hours as a condition', () => {
  const at = (now: string) => {
    const instant = new Date(now);
    const observedAt = instant.toISOString();
    return facts({ now: instant }, [evidence(ANA, { observedAt })]);
  };
  const inside = withRule({ when: { working_hours: true } });
  const hours = written.working_hours;

  test('hold inside and refuse outside, with what the sentence needs', () => {
    expect(refusal(evaluate(inside, ask(), at('2026-11-23T09:00:00Z')))).toBe('permitted');
    expect(refusal(evaluate(inside, ask(), at('2026-11-22T09:00:00Z')))).toEqual({
      code: 'outside-working-hours',
      rule: 'prod-deploy',
      timezone: 'Europe/Berlin',
      hours,
    });
  });

  test('refuse both ways when the policy names no working hours', () => {
    for (const wanted of [true, false]) {
      const { working_hours, ...silent } = written;
      expect(working_hours).toBeDefined();
      const rules = [{ ...deployRule, when: { working_hours: wanted } }];
      const verdict = evaluate(
        policy({ ...silent, working_hours: undefined, rules }),
        ask(),
        facts(),
      );
      expect(refusal(verdict)).toMatchObject({ hours: null });
    }
  });
});

describe('break-glass', () => {
  const glass = {
    id: 'glass',
    entitlements: ['github:acme/*'],
    requesters: { roles: ['developer'] },
    break_glass: { max_duration: '30m', per_person_per_week: 2, review_within: '24h' },
  };
  const rules = [glass, deployRule];

  test('a break-glass rule never matches an ordinary ask', () => {
    expect(permitted(evaluate(policy({ rules }), ask(), facts())).rule).toBe('prod-deploy');
    expect(refusal(evaluate(policy({ rules: [glass] }), ask(), facts()))).toMatchObject({
      code: 'no-matching-rule',
    });
  });

  test('an ordinary rule never matches a break-glass ask', () => {
    expect(refusal(evaluate(policy(), ask({ breakGlass: true }), facts()))).toMatchObject({
      code: 'no-matching-rule',
    });
  });

  test('is refused as long as its quota cannot be kept', () => {
    expect(refusal(evaluate(policy({ rules }), ask({ breakGlass: true }), facts()))).toEqual({
      code: 'break-glass-not-available',
      rule: 'glass',
    });
  });

  test('cannot break a deny rule', () => {
    const deny = { id: 'no', entitlements: ['*'], deny: true };
    const denying = policy({ rules: [...rules, deny] });
    expect(refusal(evaluate(denying, ask({ breakGlass: true }), facts()))).toMatchObject({
      code: 'denied-by-rule',
    });
  });
});

describe('looking without deciding', () => {
  const noEvidence = facts({ evidence: new Map() });

  test('a preview needs no evidence and still obeys what there is', () => {
    expect(preview(policy(), ask(), noEvidence).permitted).toBe(true);
    const gone = facts({}, [evidence(ANA, { deleted: true })]);
    expect(refusal(preview(policy(), ask(), gone))).toMatchObject({ code: 'not-a-full-member' });
    const shut = withRule({ when: { working_hours: false } });
    expect(refusal(preview(shut, ask(), noEvidence))).toMatchObject({
      code: 'inside-working-hours',
    });
  });

  test('a policy stands behind a grant after hours and after the last approver left', () => {
    const shut = withRule({ when: { working_hours: false } });
    expect(standsBehind(shut, ask(), noEvidence).permitted).toBe(true);
    const alone = policy({ people: { ana: written.people.ana } });
    expect(standsBehind(alone, ask(), noEvidence).permitted).toBe(true);
  });

  test('a policy no longer stands behind what it would not permit today', () => {
    const deny = { id: 'no', entitlements: ['*'], deny: true };
    for (const narrower of [
      withRule({ max_duration: '1h', max_total: '1h' }),
      withRule({ requesters: { people: ['bo'] } }),
      policy({ rules: [deployRule, deny] }),
      policy({ rules: [] }),
      policy({ people: { bo: written.people.bo } }),
    ])
      expect(standsBehind(narrower, ask(), noEvidence).permitted).toBe(false);
  });
});

test('every code is listed once', () => {
  expect(new Set(POLICY_REFUSAL_CODES).size).toBe(POLICY_REFUSAL_CODES.length);
  expect(POLICY_REFUSAL_CODES).toContain('same-identity');
});

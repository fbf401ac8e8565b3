/** Groups, asking for others, durations, words, hours and emergencies. */
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
  policy,
  withRule,
  written,
} from './given.ts';

const refusal = (verdict: Verdict) => (verdict.permitted ? 'permitted' : verdict.refusal);
const permitted = (verdict: Verdict) => {
  if (!verdict.permitted) throw new Error(`refused: ${JSON.stringify(verdict.refusal)}`);
  return verdict;
};

describe('roles from Slack user groups', () => {
  const groups = { oncall: { slack_usergroup: 'S0ONCALL', roles: ['release-manager'] } };
  const inGroup = (...slack: string[]) => facts({ groupMembers: new Map([['S0ONCALL', slack]]) });
  const onlyManagers = withRule({ requesters: { roles: ['reviewer'] } }, { groups });

  test('count for who is in the group, with what they include', () => {
    expect(permitted(evaluate(onlyManagers, ask(), inGroup(ANA))).rule).toBe('prod-deploy');
  });

  test('do not count for who is not, nor when nobody knows who is in it', () => {
    const code = (known: ReturnType<typeof facts>) => refusal(evaluate(onlyManagers, ask(), known));
    expect(code(inGroup(BO))).toMatchObject({ code: 'no-matching-rule' });
    expect(code(facts())).toEqual({ code: 'group-unknown', groups: ['oncall'] });
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
    expect(refusal(evaluate(denying, ask(), facts()))).toEqual({
      ...{ code: 'group-unknown', groups: ['oncall'] },
    });
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

  test('is refused to a requester who is gone, whoever it is for', () => {
    const rules = withRule({ subjects: { people: ['bo'] } });
    const gone = facts({}, [evidence(ANA, { deleted: true })]);
    expect(refusal(evaluate(rules, forBo, gone))).toEqual({
      code: 'not-a-full-member',
      person: ANA,
      why: 'deactivated',
    });
    const silent = facts({ evidence: new Map([[BO, evidence(BO)]]) });
    expect(refusal(evaluate(rules, forBo, silent))).toEqual({
      code: 'evidence-stale',
      person: ANA,
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
      code: 'break-glass-not-available',
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

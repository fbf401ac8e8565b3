/** Automatic approval: all conditions, the budget, and everything that still takes a human. */
import {
  evaluate,
  preview,
  standsBehind,
  type Verdict,
} from '../../../shared/domain/policy/evaluate.ts';
import { lint } from '../../../shared/domain/policy/lint.ts';
import type { Use } from '../../../shared/domain/policy/usage.ts';
import { ANA, approvedBy, ask, BO, evidence, facts, NOW, policy, withRule } from './given.ts';

const auto = (when: object, more: object = {}, top: object = {}) =>
  withRule({ auto_approve: { when, budget: { per_person_per_day: 2 } }, ...more }, top);
const none: readonly Use[] = [];
const spent = (changes: Partial<Use> = {}): Use => ({
  requestId: 'AR-000001',
  requester: ANA,
  subject: ANA,
  entitlement: 'github:acme/release',
  status: 'over',
  requestedAt: NOW.toISOString(),
  deniedAt: null,
  held: null,
  auto: true,
  ...changes,
});
const permitted = (verdict: Verdict) => {
  if (!verdict.permitted) throw new Error(`refused: ${JSON.stringify(verdict.refusal)}`);
  return verdict;
};
const isAutomatic = (verdict: Verdict) => {
  const { automatic, approvals } = permitted(verdict);
  expect(approvals.satisfied).toBe(automatic);
  expect(approvals.needed).toBe(automatic ? 0 : 1);
  return automatic;
};
const hour = { max_duration: '1h' };
const short = ask({ durationSeconds: 3600 });

describe('every condition must hold', () => {
  test.each([
    [{ max_duration: '1h' }, 3600, true],
    [{ max_duration: '1h' }, 3601, false],
    [{ working_hours: true }, 3600, true],
    [{ working_hours: false }, 3600, false],
    [{ working_hours: true, max_duration: '30m' }, 3600, false],
    [{ on_call: 'oncall' }, 3600, true],
    [{ on_call: 'others' }, 3600, false],
    [{ on_call: 'nothing' }, 3600, false],
    [{ on_call: 'constructor' }, 3600, false],
  ])('%j for %d seconds: %s', (when, durationSeconds, expected) => {
    const groups = {
      oncall: { slack_usergroup: 'S0ONCALL', roles: ['reviewer'] },
      others: { slack_usergroup: 'S0OTHERS', roles: ['reviewer'] },
    };
    const groupMembers = new Map([
      ['S0ONCALL', [ANA]],
      ['S0OTHERS', [BO]],
    ]);
    const verdict = evaluate(
      auto(when, {}, { groups }),
      ask({ durationSeconds }),
      facts({ usage: none, groupMembers }),
    );
    expect(isAutomatic(verdict)).toBe(expected);
  });

  test('a group that nobody could ask about is no proof of being in it', () => {
    const groups = { oncall: { slack_usergroup: 'S0ONCALL', roles: ['reviewer'] } };
    const verdict = evaluate(
      auto({ on_call: 'oncall' }, {}, { groups }),
      short,
      facts({ usage: none }),
    );
    expect(verdict.permitted && verdict.automatic).toBe(false);
  });
});

describe('humans decide all the same', () => {
  test('where two of them are needed', () => {
    for (const approvals of [
      [{ from: { roles: ['release-manager'] }, count: 2 }],
      [{ from: { people: ['bo'] } }, { from: { people: ['cy'] } }],
    ]) {
      const verdict = permitted(evaluate(auto(hour, { approvals }), short, facts({ usage: none })));
      expect(verdict).toMatchObject({
        automatic: false,
        approvals: { needed: 2, satisfied: false },
      });
    }
  });

  test('about what is privileged', () => {
    const payroll = ask({ entitlement: 'github:acme/payroll', durationSeconds: 3600 });
    expect(isAutomatic(evaluate(auto(hour), payroll, facts({ usage: none })))).toBe(false);
  });

  test('about asks for somebody else', () => {
    const rules = auto(hour, { subjects: { people: ['bo'] } });
    const forBo = ask({ subject: BO, durationSeconds: 3600 });
    expect(isAutomatic(evaluate(rules, forBo, facts({ usage: none })))).toBe(false);
  });

  test('about asks for later: the conditions are those of now', () => {
    const start = { notBefore: '2026-11-23T22:00:00.000Z', until: null };
    expect(isAutomatic(evaluate(auto(hour), { ...short, start }, facts({ usage: none })))).toBe(
      false,
    );
  });

  test('about a request that waits already, even when the conditions hold by now', () => {
    const waits = { ...short, requestId: 'AR-7K2M9Q' };
    const verdict = evaluate(auto(hour), waits, facts({ usage: none, candidate: BO }));
    expect(isAutomatic(verdict)).toBe(false);
    expect(verdict).toMatchObject({ candidate: { may: true } });
  });

  test('when the budget of the day is used up, by whichever account of the human', () => {
    const judged = (usage: readonly Use[], same = false) =>
      isAutomatic(
        evaluate(
          auto(hour),
          short,
          facts(
            { usage },
            same
              ? [evidence(ANA, { email: 'a@x.example' }), evidence(BO, { email: 'a@x.example' })]
              : [],
          ),
        ),
      );
    expect(judged([spent()])).toBe(true);
    expect(judged([spent(), spent()])).toBe(false);
    expect(judged([spent(), spent({ auto: false })])).toBe(true);
    expect(judged([spent(), spent({ requestedAt: '2026-11-22T22:59:59.000Z' })])).toBe(true);
    expect(judged([spent(), spent({ requestedAt: '2026-11-22T23:00:00.000Z' })])).toBe(false);
    expect(judged([spent(), spent({ requester: BO, subject: BO })])).toBe(true);
    expect(judged([spent(), spent({ requester: BO, subject: BO })], true)).toBe(false);
    expect(judged([spent(), spent({ requester: BO, subject: ANA })])).toBe(false);
    expect(judged([spent(), spent({ requester: ANA, subject: BO })])).toBe(false);
  });

  test('when nobody knows what was spent', () => {
    expect(isAutomatic(evaluate(auto(hour), short, facts()))).toBe(false);
    expect(isAutomatic(preview(auto(hour), short, facts()))).toBe(true);
  });
});

test('an automatic grant is issued by a rule that still approves by itself, and by no other', () => {
  expect(standsBehind(auto(hour), short, facts())).toMatchObject({
    approvals: { satisfied: true },
  });
  expect(standsBehind(policy(), short, facts())).toMatchObject({ approvals: { satisfied: false } });
});

test('what people approved rests on them, also where the rule could have done without', () => {
  const behind = (approver: string) =>
    standsBehind(auto(hour), short, facts({ approvals: approvedBy(approver) }));
  expect(behind(BO)).toMatchObject({ automatic: false, approvals: { satisfied: true } });
  expect(behind('U0EVE')).toMatchObject({ automatic: false, approvals: { satisfied: false } });
});

test('it needs no approver to be there', () => {
  const alone = auto(
    hour,
    {},
    {
      people: policy().people && {
        ana: { slack: ANA, roles: ['developer'], accounts: { github: 'ana-dev' } },
      },
    },
  );
  expect(isAutomatic(evaluate(alone, short, facts({ usage: none })))).toBe(true);
  const long = evaluate(alone, ask(), facts({ usage: none }));
  expect(long).toMatchObject({ permitted: false, refusal: { code: 'nobody-can-approve' } });
});

test.each([
  [auto(hour), 'would approve "github:acme/payroll" by itself, which is privileged'],
  [
    auto(hour, {
      entitlements: ['github:acme/deployers'],
      approvals: [{ from: { roles: ['release-manager'] }, count: 2 }],
    }),
    'needs two humans and approves by itself',
  ],
  [auto({ working_hours: true }, {}, { working_hours: undefined }), 'the policy names none'],
  [auto({ on_call: 'nobody' }), 'There is no group "nobody"'],
])('lint finds what contradicts itself %#', (written, message) => {
  const errors = lint(written).filter(({ severity }) => severity === 'error');
  expect(errors.map((each) => each.message).join('\n')).toContain(message);
});

test('lint accepts one that does not', () => {
  const fine = auto(hour, { entitlements: ['github:acme/deployers'] });
  expect(lint(fine).filter(({ severity }) => severity === 'error')).toEqual([]);
});

test.each([
  [
    { separation: [{ name: 'x', entitlements: [['github:*'], ['github:acme/deployers']] }] },
    'in two groups of "x"',
  ],
  [
    { freeze: [1, 2].map(() => ({ name: 'x', from: '2026-01-01T00:00', to: '2026-01-02T00:00' })) },
    'Two are called "x"',
  ],
  [
    {
      freeze: [
        {
          name: 'x',
          from: '2026-01-01T00:00',
          to: '2026-01-02T00:00',
          except: { roles: ['amdin'] },
        },
      ],
    },
    'There is no role "amdin"',
  ],
  [
    {
      freeze: [
        {
          name: 'x',
          from: '2026-01-01T00:00',
          to: '2026-01-02T00:00',
          entitlements: ['github:acne/*'],
        },
      ],
    },
    'matches no entitlement',
  ],
  [
    { separation: [{ name: 'x', entitlements: [['github:acme/pay*'], ['gihub:*']] }] },
    'matches no entitlement',
  ],
  [{ limits: { max_per_day: '1h' } }, 'longer at once than max_per_day'],
])('lint says what does nothing or contradicts itself: %j', (top, message) => {
  expect(
    lint(policy(top))
      .map((each) => each.message)
      .join('\n'),
  ).toContain(message);
});

/** Whose earlier approval still counts, and whether anybody can satisfy a rule. */
import {
  evaluate,
  type PolicyFacts,
  type Verdict,
} from '../../../shared/domain/policy/evaluate.ts';
import type { Policy } from '../../../shared/domain/policy/policy.ts';
import {
  ANA,
  approvedBy,
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

const permitted = (verdict: Verdict) => {
  if (!verdict.permitted) throw new Error(`refused: ${JSON.stringify(verdict.refusal)}`);
  return verdict;
};
const judged = (
  rules: Policy,
  changes: Partial<PolicyFacts> = {},
  who = ANA,
  about = [evidence(ANA)],
) => permitted(evaluate(rules, ask({ requester: who }), facts(changes, about)));
const candidate = (rules: Policy, person: string, changes: Partial<PolicyFacts> = {}) => {
  const { candidate: verdict } = judged(rules, { ...changes, candidate: person });
  return verdict?.may ? 'may' : verdict?.refusal;
};
const approvals = (...groups: object[]) => withRule({ approvals: groups });
const two = approvals({ from: { roles: ['release-manager'] }, count: 2 });
const managerAndAdmin = approvals(
  { from: { roles: ['release-manager'] }, count: 1 },
  { from: { roles: ['admin'] }, count: 1 },
);

describe('earlier approvals', () => {
  const have = (rules: Policy, ...approvers: string[]) => {
    const { approvals: all } = judged(rules, { approvals: approvedBy(...approvers) });
    return [all.have, all.needed, all.satisfied];
  };

  test.each<[string, Policy, string[], [number, number, boolean]]>([
    ['none', two, [], [0, 2, false]],
    ['one of two', two, [BO], [1, 2, false]],
    ['two of two', two, [BO, CY], [2, 2, true]],
    ['the same person twice', two, [BO, BO], [1, 2, false]],
    ["the requester's own", two, [ANA, BO], [1, 2, false]],
    ['of somebody without the right', two, [EVE, BO], [1, 2, false]],
    ['of somebody unknown', two, ['U0NOBODY', BO], [1, 2, false]],
    ['three of two', two, [BO, CY, DEE], [2, 2, true]],
    ['two managers are no admin', managerAndAdmin, [BO, CY], [1, 2, false]],
    ['an admin alone is one human', managerAndAdmin, [DEE], [1, 2, false]],
    ['an admin and a manager', managerAndAdmin, [DEE, BO], [2, 2, true]],
    ['a manager and an admin', managerAndAdmin, [BO, DEE], [2, 2, true]],
  ])('%s', (_, rules, approvers, expected) => {
    expect(have(rules, ...approvers)).toEqual(expected);
  });

  test('of two accounts of one human count once', () => {
    const about = [evidence(BO, { email: 'x@a.example' }), evidence(CY, { email: 'x@a.example' })];
    const verdict = judged(two, { approvals: approvedBy(BO, CY) }, ANA, about);
    expect(verdict.approvals).toMatchObject({ have: 1, satisfied: false });
    expect(verdict.approvers).toEqual([DEE]);
  });

  test('stop counting when the role, the person or the account is gone', () => {
    const demoted = { ...written.people, bo: { ...written.people.bo, roles: ['developer'] } };
    const { bo, ...without } = written.people;
    expect(bo.slack).toBe(BO);
    const given = { approvals: approvedBy(BO) };
    for (const people of [demoted, without])
      expect(judged(policy({ people }), given).approvals.have).toBe(0);
    for (const changes of [{ deleted: true }, { isRestricted: true }, { teamId: 'T0OTHER' }]) {
      const verdict = judged(policy(), given, ANA, [evidence(BO, changes)]);
      expect(verdict.approvals.have).toBe(0);
    }
    expect(judged(policy(), given).approvals.have).toBe(1);
  });

  test('count without new evidence about who gave them', () => {
    const only = new Map([[ANA, evidence(ANA)]]);
    const verdict = judged(policy(), { approvals: approvedBy(BO), evidence: only });
    expect(verdict.approvals).toMatchObject({ have: 1, satisfied: true });
  });

  test('when all are given, nobody is asked any more', () => {
    const verdict = judged(policy(), { approvals: approvedBy(BO), candidate: CY });
    expect(verdict.approvers).toEqual([]);
    expect(verdict.candidate).toEqual({ may: false, refusal: { code: 'approval-not-needed' } });
  });

  test('of one who lost the right free the place for another account of the same human', () => {
    const demoted = { ...written.people, bo: { ...written.people.bo, roles: [] } };
    const about = [evidence(BO, { email: 'x@a.example' }), evidence(CY, { email: 'x@a.example' })];
    const given = { approvals: approvedBy(BO), candidate: CY };
    expect(judged(policy({ people: demoted }), given, ANA, about).candidate).toEqual({ may: true });
  });
});

describe('a rule that nobody can satisfy is refused when it is asked', () => {
  const refused = (rules: Policy, who = ANA, about = [evidence(who)]) => {
    const verdict = evaluate(rules, ask({ requester: who }), facts({}, about));
    return verdict.permitted ? 'permitted' : verdict.refusal;
  };
  const only = (...names: (keyof typeof written.people)[]) => ({
    people: Object.fromEntries(names.map((name) => [name, written.people[name]])),
  });

  test('because nobody has the role', () => {
    expect(refused(withRule({}, only('ana', 'eve')))).toEqual({
      code: 'nobody-can-approve',
      rule: 'prod-deploy',
      needed: 1,
      from: ['release-manager'],
    });
  });

  test('because the only one who has it asks', () => {
    expect(refused(withRule({}, only('ana', 'bo')), BO)).toMatchObject({
      code: 'nobody-can-approve',
    });
    expect(refused(withRule({}, only('ana', 'bo')), ANA)).toBe('permitted');
  });

  test('because too few have it, though enough places could be filled by one alone', () => {
    const both = {
      approvals: [
        { from: { roles: ['release-manager'] }, count: 1 },
        { from: { people: ['dee'] }, count: 1 },
      ],
    };
    expect(refused(withRule(both, only('ana', 'dee')))).toMatchObject({
      code: 'nobody-can-approve',
      needed: 2,
      from: ['release-manager', 'dee'],
    });
    expect(refused(withRule(both, only('ana', 'dee', 'bo')))).toBe('permitted');
  });

  test('because the only other one is the same human', () => {
    const about = [evidence(ANA, { email: 'x@a.example' }), evidence(BO, { email: 'x@a.example' })];
    expect(refused(withRule({}, only('ana', 'bo')), ANA, about)).toMatchObject({
      code: 'nobody-can-approve',
    });
  });

  test('because the only other one is known to be gone', () => {
    const about = [evidence(BO, { deleted: true })];
    expect(refused(withRule({}, only('ana', 'bo')), ANA, about)).toMatchObject({
      code: 'nobody-can-approve',
    });
  });

  test('because two who could are two accounts of one human', () => {
    const about = [evidence(BO, { email: 'x@a.example' }), evidence(CY, { email: 'x@a.example' })];
    const rules = withRule(
      { approvals: [{ from: { roles: ['release-manager'] }, count: 2 }] },
      only('ana', 'bo', 'cy'),
    );
    expect(refused(rules)).toBe('permitted');
    expect(refused(rules, ANA, about)).toMatchObject({ code: 'nobody-can-approve' });
  });
});

test('who has two accounts of different rights approves from the one that leaves the request a way on', () => {
  const groups = [{ from: { people: ['bo', 'dee'] } }, { from: { people: ['cy'] } }];
  const about = [evidence(BO, { email: 'x@a.example' }), evidence(CY, { email: 'x@a.example' })];
  const asBo = judged(approvals(...groups), { candidate: BO }, ANA, about);
  expect(asBo.approvers).toEqual([CY, DEE]);
  expect(asBo.candidate).toEqual({ may: false, refusal: { code: 'approval-not-needed' } });
  const asCy = judged(approvals(...groups), { candidate: CY }, ANA, about);
  expect(asCy.candidate).toEqual({ may: true });
});

test('the rule that is judged for the approver is the one of the requester', () => {
  const rules = policy({
    rules: [
      {
        ...deployRule,
        id: 'mine',
        requesters: { people: ['bo'] },
        approvals: [{ from: { people: ['eve'] } }],
      },
      deployRule,
    ],
  });
  expect(candidate(rules, BO)).toBe('may');
  expect(candidate(rules, EVE)).toMatchObject({ code: 'not-an-approver' });
});

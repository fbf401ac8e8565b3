/** Who may approve, whose approval counts, and whether anybody can. */
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
  NOW,
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

describe('a person may approve', () => {
  test('with the role, with a role that includes it, or by name', () => {
    expect(candidate(policy(), BO)).toBe('may');
    expect(candidate(policy(), DEE)).toBe('may');
    expect(candidate(approvals({ from: { people: ['eve'] }, count: 1 }), EVE)).toBe('may');
  });

  test('and is not asked about when nobody is a candidate', () => {
    expect(judged(policy()).candidate).toBeNull();
  });
});

describe('a person may not approve', () => {
  test('their own request, whatever role they have', () => {
    const own = judged(policy(), { candidate: BO }, BO);
    expect(own.candidate).toEqual({ may: false, refusal: { code: 'self-approval' } });
    expect(own.approvers).toEqual([CY, DEE]);
  });

  test('access that they would hold', () => {
    const rules = withRule({ subjects: { people: ['bo'] } });
    const verdict = permitted(evaluate(rules, ask({ subject: BO }), facts({ candidate: BO })));
    expect(verdict.candidate).toEqual({ may: false, refusal: { code: 'subject-approval' } });
    expect(verdict.approvers).toEqual([CY, DEE]);
  });

  test('without the right', () => {
    const refusal = { code: 'not-an-approver', from: ['release-manager'] };
    expect(candidate(policy(), EVE)).toEqual(refusal);
  });

  test('when the policy does not list them', () => {
    expect(candidate(policy(), 'U0NOBODY')).toEqual({ code: 'unknown-person', person: 'U0NOBODY' });
    expect(candidate(policy(), 'constructor')).toMatchObject({ code: 'unknown-person' });
  });

  test('by being the requester in other letters', () => {
    expect(candidate(policy(), 'u0ana')).toMatchObject({ code: 'unknown-person' });
    expect(candidate(policy(), `${ANA} `)).toMatchObject({ code: 'unknown-person' });
  });

  test.each([
    ['deactivated', { deleted: true }],
    ['bot', { isBot: true }],
    ['guest', { isRestricted: true }],
    ['guest', { isUltraRestricted: true }],
    ['stranger', { isStranger: true }],
    ['other-workspace', { teamId: 'T0OTHER' }],
    ['email-unverified', { emailVerified: false }],
  ])('as %s', (why, changes) => {
    const about = [evidence(BO, changes)];
    const verdict = judged(policy(), { candidate: BO }, ANA, about);
    expect(verdict.candidate).toEqual({
      may: false,
      refusal: { code: 'not-a-full-member', person: BO, why },
    });
    expect(verdict.approvers).toEqual([CY, DEE]);
  });

  test('on evidence that is stale, missing or about somebody else', () => {
    const old = evidence(BO, { observedAt: new Date(NOW.getTime() - 61_000).toISOString() });
    const stale = { may: false, refusal: { code: 'evidence-stale', person: BO } };
    expect(judged(policy(), { candidate: BO }, ANA, [old]).candidate).toEqual(stale);
    for (const known of [[evidence(ANA)], [evidence(ANA), evidence(CY)]]) {
      const map = new Map(known.map((each) => [each.slackUserId, each]));
      expect(judged(policy(), { candidate: BO, evidence: map }).candidate).toEqual(stale);
    }
    const swapped = new Map([
      [ANA, evidence(ANA)],
      [BO, evidence(CY)],
    ]);
    expect(judged(policy(), { candidate: BO, evidence: swapped }).candidate).toEqual(stale);
  });

  describe('from a second account of the requester: the same', () => {
    const same = { may: false, refusal: { code: 'same-identity', as: 'requester' } };
    test.each([
      ['e-mail', { email: 'ana@acme.example' }, { email: 'Ana@ACME.example ' }],
      ['mailbox', { email: 'ana@acme.example' }, { email: 'ana+bo@acme.example' }],
      ['enterprise id', { enterpriseUserId: 'W0ANA' }, { enterpriseUserId: 'W0ANA' }],
      ['enterprise id as Slack id', { enterpriseUserId: BO }, {}],
    ])('%s', (_, ana, bo) => {
      const about = [evidence(ANA, ana), evidence(BO, bo)];
      const verdict = judged(policy(), { candidate: BO }, ANA, about);
      expect(verdict.candidate).toEqual(same);
      expect(verdict.approvers).toEqual([CY, DEE]);
    });

    test('provider account, linked', () => {
      const linkedAccounts = new Map([
        [ANA, ['github:1']],
        [BO, ['github:2', 'github:1']],
      ]);
      const verdict = judged(policy(), { candidate: BO, linkedAccounts });
      expect(verdict.candidate).toEqual(same);
      expect(verdict.approvers).toEqual([CY, DEE]);
    });

    test('provider login in the policy', () => {
      const bo = { ...written.people.bo, accounts: { github: 'Ana-Dev' } };
      const verdict = judged(policy({ people: { ...written.people, bo } }), { candidate: BO });
      expect(verdict.candidate).toEqual(same);
      expect(verdict.approvers).toEqual([CY, DEE]);
    });

    test('human by way of a third account that shares one key with each', () => {
      const about = [
        evidence(ANA, { email: 'ana@acme.example' }),
        evidence('U0ALT', { email: 'ana@acme.example', enterpriseUserId: 'W0BO' }),
        evidence(BO, { enterpriseUserId: 'W0BO' }),
      ];
      expect(judged(policy(), { candidate: BO }, ANA, about).candidate).toEqual(same);
    });
  });

  test('from a second account of the subject', () => {
    const rules = withRule({ subjects: { people: ['cy'] } });
    const about = [evidence(CY, { email: 'x@a.example' }), evidence(BO, { email: 'x@a.example' })];
    const verdict = evaluate(rules, ask({ subject: CY }), facts({ candidate: BO }, about));
    expect(permitted(verdict).candidate).toEqual({
      may: false,
      refusal: { code: 'same-identity', as: 'subject' },
    });
  });

  test('twice', () => {
    const verdict = judged(two, { candidate: BO, approvals: approvedBy(BO) });
    expect(verdict.candidate).toEqual({
      may: false,
      refusal: { code: 'already-approved', by: BO },
    });
    expect(verdict.approvers).toEqual([CY, DEE]);
  });

  test('twice from two accounts', () => {
    const about = [evidence(BO, { email: 'x@a.example' }), evidence(CY, { email: 'X@a.example' })];
    const changes = { candidate: CY, approvals: approvedBy(BO) };
    const verdict = judged(two, changes, ANA, about);
    expect(verdict.candidate).toEqual({
      may: false,
      refusal: { code: 'already-approved', by: BO },
    });
    expect(verdict.approvers).toEqual([DEE]);
  });

  test('where every place they could fill is filled', () => {
    const changes = { candidate: CY, approvals: approvedBy(BO) };
    const verdict = judged(managerAndAdmin, changes);
    expect(verdict.candidate).toEqual({ may: false, refusal: { code: 'approval-not-needed' } });
    expect(verdict.approvers).toEqual([DEE]);
  });
});

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

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

test('whoever may not is told who may, by role and by name, each once', () => {
  const refused = (...groups: object[]) => {
    const rules = withRule({ approvals: groups.map((from) => ({ from })) });
    return permitted(evaluate(rules, ask(), facts({ candidate: EVE }))).candidate;
  };
  const from = (...names: string[]) => ({
    ...{ may: false, refusal: { code: 'not-an-approver', from: names } },
  });
  expect(refused({ people: ['bo'] })).toEqual(from('bo'));
  expect(refused({ roles: ['admin'] })).toEqual(from('admin'));
  expect(
    refused({ roles: ['admin', 'reviewer'], people: ['bo'] }, { roles: ['reviewer'] }),
  ).toEqual(from('admin', 'reviewer', 'bo'));
});

/** Who may get an authenticator, who may answer for somebody, and who may take part in a reset. */
import {
  barredFromEnrolment,
  barredFromVouching,
  isAdmin,
  vouchersFor,
} from '../../../shared/domain/authenticator/enrolment-rights.ts';
import {
  barredFromConfirming,
  barredFromStarting,
  barredFromUsing,
  type ConfirmedReset,
  confirmersFor,
} from '../../../shared/domain/authenticator/reset.ts';
import type { PersonEvidence } from '../../../shared/domain/policy/identity.ts';
import { everybody, evidenceOf, inForce, TEAM } from '../../support/company.ts';
import { iso, later } from '../../support/samples.ts';

const policies = [inForce().policy] as const;
const [ANA, AL, BO, CY, DEE, EVE] = ['U0ANA', 'U0AL', 'U0BO', 'U0CY', 'U0DEE', 'U0EVE'];
const GHOST = 'U0GHOST';

const facts = (about: Readonly<Record<string, Partial<PersonEvidence>>> = {}) => ({
  now: later(0),
  teamId: TEAM,
  evidence: new Map(
    everybody.map((slack) => [slack, evidenceOf(slack, later(0), about[slack])] as const),
  ),
  linkedAccounts: new Map<string, readonly string[]>(),
});
const gone = (slack: string) => facts({ [slack]: { deleted: true } });
const sameHuman = (...slack: string[]) =>
  facts(Object.fromEntries(slack.map((each) => [each, { email: 'one@acme.example' }])));
const GONE = (person: string) => ({ code: 'not-a-full-member', person, why: 'deactivated' });

describe('an authenticator', () => {
  test('is for full members whom the policy lists, by fresh evidence', () => {
    expect(barredFromEnrolment(policies, ANA, facts())).toBeNull();
    expect(barredFromEnrolment(policies, GHOST, facts())).toEqual({
      ...{ code: 'unknown-person', person: GHOST },
    });
    expect(barredFromEnrolment(policies, ANA, gone(ANA))).toEqual(GONE(ANA));
    const old = facts({ [ANA]: { observedAt: iso(-61) } });
    expect(barredFromEnrolment(policies, ANA, old)).toEqual({
      code: 'evidence-stale',
      person: ANA,
    });
  });

  test('admins are told by their role, in the policy alone', () => {
    expect([ANA, BO, DEE, EVE, GHOST].filter((slack) => isAdmin(policies, slack))).toEqual([DEE]);
  });
});

describe('a voucher', () => {
  test('is whose approval a rule accepts, or an admin, never the person or an account of theirs', () => {
    expect(vouchersFor(policies, ANA, facts())).toEqual([BO, CY, DEE]);
    expect(vouchersFor(policies, BO, facts())).toEqual([CY, DEE]);
    expect(vouchersFor(policies, ANA, sameHuman(ANA, CY))).toEqual([BO, DEE]);
    const { policy: noRules } = inForce({ rules: [] });
    expect(vouchersFor([noRules], ANA, facts())).toEqual([DEE]);
    const deny = { id: 'no', entitlements: ['*'], requesters: { people: ['al'] }, deny: true };
    expect(vouchersFor([inForce({ rules: [deny] }).policy], ANA, facts())).toEqual([DEE]);
  });

  test('of several groups of a rule, or of several rules, any one will do', () => {
    const two = [
      { from: { people: ['eve'] }, count: 1 },
      { from: { people: ['al'] }, count: 1 },
    ];
    const rule = { ...inForceRule(), approvals: two };
    const other = { ...inForceRule(), id: 'other', approvals: [two[0]] };
    expect(vouchersFor([inForce({ rules: [rule] }).policy], ANA, facts())).toEqual([AL, DEE, EVE]);
    expect(vouchersFor([inForce({ rules: [inForceRule(), other] }).policy], ANA, facts())).toEqual([
      ...[BO, CY, DEE, EVE],
    ]);
  });

  test('is judged when they vouch', () => {
    const by = (voucher: string, known = facts()) =>
      barredFromVouching(policies, { voucher, owner: ANA }, known);
    expect(by(BO)).toBeNull();
    expect(by(ANA)).toEqual({ code: 'self-vouch' });
    expect(by(BO, gone(BO))).toEqual(GONE(BO));
    expect(by(BO, sameHuman(ANA, BO))).toEqual({ code: 'same-human' });
    expect(by(EVE)).toEqual({ code: 'not-a-voucher', vouchers: [BO, CY, DEE] });
    expect(by(GHOST)).toEqual({ code: 'unknown-person', person: GHOST });
  });
});

function inForceRule() {
  return {
    id: 'first',
    entitlements: ['github:acme/deployers'],
    requesters: { roles: ['developer'] },
    max_duration: '2h',
    approvals: [{ from: { roles: ['release-manager'] }, count: 1 }],
    lapse_after: '60m',
    channel: 'C0ACCESS',
  };
}

describe('a reset', () => {
  test('is started by an admin for somebody else', () => {
    const by = (admin: string, owner = ANA, known = facts()) =>
      barredFromStarting(policies, { admin, owner }, known);
    expect(by(DEE)).toBeNull();
    expect(by(DEE, DEE)).toEqual({ code: 'self-reset' });
    expect(by(DEE, ANA, sameHuman(DEE, ANA))).toEqual({ code: 'self-reset' });
    expect(by(BO)).toEqual({ code: 'not-an-admin' });
    expect(by(DEE, ANA, gone(DEE))).toEqual(GONE(DEE));
    expect(by(DEE, ANA, gone(ANA))).toEqual(GONE(ANA));
    expect(by(DEE, GHOST)).toEqual({ code: 'unknown-person', person: GHOST });
  });

  test('wants a second person: a voucher who is neither the admin nor the owner, in no disguise', () => {
    expect(confirmersFor(policies, { admin: DEE, owner: ANA }, facts())).toEqual([BO, CY]);
    const disguised = sameHuman(DEE, CY);
    expect(confirmersFor(policies, { admin: DEE, owner: ANA }, disguised)).toEqual([BO]);
    const by = (peer: string, known = facts(), admin = DEE) =>
      barredFromConfirming(policies, { admin, peer, owner: ANA }, known);
    expect(by(BO)).toBeNull();
    expect(by(ANA)).toEqual({ code: 'self-reset' });
    expect(by(DEE)).toEqual({ code: 'second-person-needed', confirmers: [BO, CY] });
    expect(by(CY, disguised)).toEqual({ code: 'second-person-needed', confirmers: [BO] });
    expect(by(BO, sameHuman(BO, ANA))).toEqual({ code: 'self-reset' });
    expect(by(EVE)).toMatchObject({ code: 'not-a-voucher' });
    expect(by(BO, facts(), CY)).toEqual({ code: 'reset-not-supported', person: CY });
  });

  test('is used for as long as both of them still may', () => {
    const reset: ConfirmedReset = {
      ...{ stage: 'confirmed', resetId: 'reset-0001', startedBy: DEE, startedAt: iso() },
      ...{ confirmedBy: BO, confirmedAt: iso(60), opensAt: iso(120), closesAt: iso(180) },
    };
    const use = (known = facts(), changes: Partial<ConfirmedReset> = {}) =>
      barredFromUsing(policies, { reset: { ...reset, ...changes }, owner: ANA }, known);
    expect(use()).toBeNull();
    expect(use(gone(DEE))).toEqual({ code: 'reset-not-supported', person: DEE });
    expect(use(gone(BO))).toEqual({ code: 'reset-not-supported', person: BO });
    expect(use(facts(), { confirmedBy: EVE })).toEqual({
      ...{ code: 'reset-not-supported', person: EVE },
    });
  });
});

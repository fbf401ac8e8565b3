/** Ending early, expiring and extending. */

import { end, endBy, expire, extend } from '../../support/commands.ts';
import { evidenceOf, factsAt, inForce, ruled, writtenCompany } from '../../support/company.ts';
import { approval, asked, extended, HISTORIES, iso, later } from '../../support/samples.ts';
import type { Expected } from '../../support/story.ts';
import { given } from '../../support/story.ts';

const active = HISTORIES.active;
const revokedBecause = (
  cause: 'requester' | 'approver' | 'admin' | 'policy' | 'operator',
): Expected => ({
  type: 'GrantRevoked',
  cause,
});

describe('a live grant is ended early', () => {
  test.each([
    ['its requester', 'U0ANA', 'requester'],
    ['whoever approved it', 'U0BO', 'approver'],
    ['somebody who could have approved it', 'U0CY', 'approver'],
    ['an admin', 'U0DEE', 'admin'],
  ] as const)('by %s', (_who, person, cause) => {
    for (const history of [HISTORIES.activating, active]) {
      const state = given(...history)
        .when(endBy(person), factsAt(600))
        .thenEvents(revokedBecause(cause));
      expect(state).toMatchObject({
        status: 'removing',
        endedBecause: 'revoked',
        revokeCause: cause,
      });
    }
  });

  test('by its subject', () => {
    given(asked({ subject: 'U0FAY' }), ...active.slice(1))
      .when(endBy('U0FAY'), factsAt(600))
      .thenEvents(revokedBecause('requester'));
  });

  test.each(['policy', 'operator'] as const)('by the %s', (kind) => {
    given(...active)
      .when(end({ kind }), factsAt(600))
      .thenEvents(revokedBecause(kind));
  });

  test.each(['U0FAY', 'U0EVE', 'U0MALLORY'])('but not by %s', (person) => {
    given(...active)
      .when(endBy(person), factsAt(600))
      .thenRefused({ code: 'not-allowed-to-end' });
  });

  test.each(['U0ANA', 'U0BO', 'U0DEE'])(
    'by %s though Slack says nothing about anybody',
    (person) => {
      const state = given(...active).when(endBy(person), factsAt(600, { evidence: new Map() }));
      expect(state.thenEvents({ type: 'GrantRevoked' }).status).toBe('removing');
    },
  );

  test('by its approver though the policy of today knows nobody any more', () => {
    const people = {
      ana: writtenCompany.people.ana,
      cy: writtenCompany.people.cy,
      dee: writtenCompany.people.dee,
    };
    given(...active)
      .when(endBy('U0BO'), factsAt(600, { policies: [inForce({ people })] }))
      .thenEvents(revokedBecause('approver'));
  });

  test('and remembers whether it was ever active', () => {
    const early = given(...HISTORIES.activating).when(endBy('U0ANA'), factsAt(600));
    expect(early.thenEvents({ type: 'GrantRevoked' })).toMatchObject({ activatedAt: null });
    const late = given(...active).when(endBy('U0ANA'), factsAt(600));
    expect(late.thenEvents({ type: 'GrantRevoked' })).toMatchObject({ activatedAt: iso(90) });
  });
});

describe('a grant expires', () => {
  test('not a millisecond before its end', () => {
    given(...active)
      .when(expire(), factsAt(7259.999))
      .thenRefused({ code: 'not-due', dueAt: iso(7260) });
  });

  test('at its end', () => {
    const state = given(...active)
      .when(expire(), factsAt(7260))
      .thenEvents({ type: 'GrantExpired' });
    expect(state).toMatchObject({ status: 'removing', endedBecause: 'expired', revokeCause: null });
  });

  test('though it was never activated', () => {
    given(...HISTORIES.activating)
      .when(expire(), factsAt(7260))
      .thenEvents({ type: 'GrantExpired' });
  });

  test('at its new end once it was extended', () => {
    given(...active, extended())
      .when(expire(), factsAt(7260))
      .thenRefused({ code: 'not-due', dueAt: iso(10_860) });
  });
});

describe('an extension', () => {
  test('moves the end by what an approver allows', () => {
    const state = given(...active)
      .when(extend(3600), factsAt(600))
      .thenEvents({
        type: 'GrantExtended',
        expiresAt: iso(10_860),
        factor: { kind: 'totp', step: 59_000_100 },
      });
    expect(state).toMatchObject({
      status: 'active',
      expiresAt: iso(10_860),
      authorizedAt: iso(60),
    });
  });

  test('reaches the total of the rule exactly, and not a second more', () => {
    given(...active)
      .when(extend(7200), factsAt(600))
      .thenEvents({ type: 'GrantExtended' });
    given(...active)
      .when(extend(7201), factsAt(600))
      .thenRefused({ code: 'extension-too-long', maxTotalSeconds: 14_400 });
  });

  test('counts what earlier ones added', () => {
    given(...active, extended())
      .when(extend(3601), factsAt(900))
      .thenRefused({ code: 'extension-too-long', maxTotalSeconds: 14_400 });
  });

  test('is impossible where the rule names no total', () => {
    const { max_total: _, ...rule } = writtenCompany.rules[0] ?? { max_total: '' };
    given(...active)
      .when(extend(60), factsAt(600, { policies: [inForce({ rules: [rule] })] }))
      .thenRefused({ code: 'extension-too-long', maxTotalSeconds: 7200 });
  });

  test.each([0, -60, Number.NaN])('by %s seconds is none', (bySeconds) => {
    given(...active)
      .when(extend(bySeconds), factsAt(600))
      .thenRefused({ code: 'extension-too-long', maxTotalSeconds: 14_400 });
  });

  test('by one person is refused where several had to approve', () => {
    const policy = ruled({ approvals: [{ from: { roles: ['release-manager'] }, count: 2 }] });
    const second = approval({ actor: { kind: 'person', id: 'U0CY' } });
    given(...active.toSpliced(2, 0, second))
      .when(extend(60), factsAt(600, { policies: [policy] }))
      .thenRefused({ code: 'extension-too-long', maxTotalSeconds: 7200 });
  });

  test.each([
    ['the requester', 'U0ANA', { code: 'self-approval' }],
    ['a developer', 'U0FAY', { code: 'not-an-approver', from: ['release-manager'] }],
  ] as const)('is not up to %s', (_who, person, refusal) => {
    given(...active)
      .when(extend(60, person), factsAt(600))
      .thenRefused(refusal);
  });

  test('needs a code where an approval does, given for this request', () => {
    const refusal = { code: 'code-required', from: 'approver' } as const;
    given(...active)
      .when(extend(60), factsAt(600, { code: null }))
      .thenRefused(refusal);
    const code = { factor: { kind: 'totp', step: 5 } as const, contentHash: 'b'.repeat(64) };
    given(...active)
      .when(extend(60), factsAt(600, { code }))
      .thenRefused(refusal);
  });

  test('comes too late at the end', () => {
    given(...active)
      .when(extend(60), factsAt(7260))
      .thenRefused({
        code: 'wrong-status',
        status: 'active',
        by: { kind: 'person', id: 'U0BO' },
        at: iso(60),
      });
  });

  test('needs fresh evidence about the approver', () => {
    const facts = factsAt(600);
    const evidence = new Map(facts.evidence).set('U0BO', evidenceOf('U0BO', later(500)));
    given(...active)
      .when(extend(60), { ...facts, evidence })
      .thenRefused({ code: 'evidence-stale', person: 'U0BO' });
  });
});

/** Ending early and expiring. */

import type { PolicyInForce } from '../../../shared/domain/access-request/facts.ts';
import type { RevokeCause } from '../../../shared/domain/access-request/model.ts';
import { end, endBy, expire, withdraw } from '../../support/commands.ts';
import { factsAt, inForce, ruled, writtenCompany } from '../../support/company.ts';
import {
  activated,
  approval,
  asked,
  authorized,
  extended,
  HISTORIES,
  iso,
} from '../../support/samples.ts';
import type { Expected } from '../../support/story.ts';
import { given } from '../../support/story.ts';

const active = HISTORIES.active;
const revokedBecause = (cause: RevokeCause): Expected => ({
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

  test('by its requester, where somebody else holds it', () => {
    given(asked({ subject: 'U0FAY' }), ...active.slice(1))
      .when(endBy('U0ANA'), factsAt(600))
      .thenEvents(revokedBecause('requester'));
  });

  test('by the sweep, once its ticket is closed or its holder left', () => {
    const bySweep = end({ kind: 'sweep' });
    given(...active)
      .when(bySweep, factsAt(600))
      .thenEvents(revokedBecause('ticket'));
    given(...active)
      .when({ ...bySweep, because: 'left' }, factsAt(600))
      .thenEvents(revokedBecause('left'));
  });

  test('by any of those who approved it, though the policy of today knows them no more', () => {
    const { bo: _bo, cy: _cy, ...people } = writtenCompany.people;
    const policies = [inForce({ people })] as const;
    const cy = approval({ actor: { kind: 'person', id: 'U0CY' } });
    for (const person of ['U0BO', 'U0CY'])
      given(asked(), approval(), cy, authorized(), activated())
        .when(endBy(person), factsAt(600, { policies }))
        .thenEvents(revokedBecause('approver'));
  });

  test('before it started: nobody had anything', () => {
    given(...HISTORIES.scheduled)
      .when(endBy('U0ANA'), factsAt(600))
      .thenEvents({ type: 'GrantNotStarted', why: 'ended', reason: null });
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

  describe('while a wider file waits, by an admin of both', () => {
    const { dee, ...others } = writtenCompany.people;
    const without = inForce({ people: { ...others, dee: { ...dee, roles: ['auditor'] } } });
    const taken = { code: 'not-allowed-to-end' } as const;

    test('so that who is to lose the role has lost it', () => {
      for (const policies of [[inForce(), without] as const, [without, inForce()] as const]) {
        given(...active)
          .when(endBy('U0DEE'), factsAt(600, { policies }))
          .thenRefused(taken);
        given(asked())
          .when(withdraw('U0DEE'), factsAt(600, { policies }))
          .thenRefused({ code: 'not-your-request' });
      }
    });

    test('nor does it need the file under which it was asked to let somebody approve', () => {
      const others = ruled({ approvals: [{ from: { people: ['dee'] }, count: 1 }] });
      const ended = (policies: readonly [PolicyInForce, PolicyInForce]) =>
        given(...active).when(endBy('U0CY'), factsAt(600, { policies }));
      ended([inForce(), { ...others, past: true }]).thenEvents(revokedBecause('approver'));
      ended([inForce(), others]).thenRefused({ code: 'not-allowed-to-end' });
      ended([others, inForce()]).thenRefused({ code: 'not-allowed-to-end' });
    });

    test('and not of the file under which it was asked, which is over', () => {
      const policies = [inForce(), { ...without, past: true }] as const;
      given(...active)
        .when(endBy('U0DEE'), factsAt(600, { policies }))
        .thenEvents(revokedBecause('admin'));
      given(asked())
        .when(withdraw('U0DEE'), factsAt(600, { policies }))
        .thenEvents({ type: 'RequestWithdrawn' });
    });
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

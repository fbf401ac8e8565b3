/** What ensure reports: believed with its evidence only. */
import { wrongStatus } from '../../../shared/domain/access-request/command.ts';
import { replay } from '../../../shared/domain/access-request/evolve.ts';
import type { RemovalOutcome } from '../../../shared/domain/access-request/model.ts';
import {
  activationFailure,
  confirmActivated,
  confirmRemoved,
  removalFailure,
} from '../../support/commands.ts';
import { factsAt } from '../../support/company.ts';
import { HISTORIES, iso, removalFailed, revoked } from '../../support/samples.ts';
import { given } from '../../support/story.ts';

const neverActive = [...HISTORIES.activating, revoked()];

test('an activation is recorded with the account and the read-back that showed it', () => {
  const state = given(...HISTORIES.activating)
    .when(confirmActivated(), factsAt(90))
    .thenEvents({ type: 'GrantActivated', accountId: '4711', readBackAt: iso(89) });
  expect(state).toMatchObject({ status: 'active', activatedAt: iso(90), accountId: '4711' });
});

test('an activation that comes after the end changes nothing', () => {
  given(...HISTORIES.removing)
    .when(confirmActivated(), factsAt(7261))
    .thenRefused(wrongStatus(replay(HISTORIES.removing)));
});

test.each(['not-issued', 'read-back-gone'] as const)(
  'a failed activation is recorded with its evidence: %s',
  (evidence) => {
    const state = given(...HISTORIES.activating)
      .when(activationFailure(evidence), factsAt(90))
      .thenEvents({ type: 'ActivationFailed', code: 'account-not-found', evidence });
    expect(state).toMatchObject({
      status: 'failed',
      failedAt: iso(90),
      failure: 'account-not-found',
    });
  },
);

test('an active grant cannot fail to activate', () => {
  given(...HISTORIES.active)
    .when(activationFailure('read-back-gone'), factsAt(100))
    .thenRefused(wrongStatus(replay(HISTORIES.active)));
});

test.each(['removed', 'restored', 'covered', 'left'] satisfies RemovalOutcome[])(
  'a grant ends as %s after the provider was read back, and not without',
  (outcome) => {
    const state = given(...HISTORIES.removing)
      .when(confirmRemoved({ outcome }), factsAt(7265))
      .thenEvents({ type: 'GrantRemoved', outcome, readBackAt: iso(7264) });
    expect(state).toMatchObject({ status: 'ended', removedAt: iso(7265), outcome });
    for (const history of [HISTORIES.removing, neverActive])
      given(...history)
        .when(confirmRemoved({ outcome, readBackAt: null }), factsAt(7265))
        .thenRefused(wrongStatus(replay(history)));
  },
);

test('a grant that never became active may end as never granted without a read-back', () => {
  given(...neverActive)
    .when(confirmRemoved({ outcome: 'never-granted', readBackAt: null }), factsAt(1201))
    .thenEvents({ type: 'GrantRemoved', outcome: 'never-granted', readBackAt: null });
});

test('a grant that was active never ends without a read-back, whatever the report calls it', () => {
  given(...HISTORIES.removing)
    .when(confirmRemoved({ outcome: 'never-granted', readBackAt: null }), factsAt(7265))
    .thenRefused(wrongStatus(replay(HISTORIES.removing)));
});

test('failed removals are counted and leave the grant in removing', () => {
  const state = given(...HISTORIES.removing, removalFailed(1), removalFailed(2))
    .when(removalFailure(), factsAt(7300))
    .thenEvents({ type: 'RemovalFailed', attempt: 3, code: 'unavailable' });
  expect(state).toMatchObject({
    status: 'removing',
    removalFailures: 3,
    lastFailure: 'unavailable',
  });
});

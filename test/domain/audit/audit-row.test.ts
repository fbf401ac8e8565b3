/** Whom and what a row of the audit log is about. */

import type { AccessRequestEvent } from '../../../shared/domain/access-request/events.ts';
import {
  EVERYTHING,
  fits,
  type LoggedRow,
  peopleIn,
} from '../../../shared/domain/audit/audit-row.ts';
import type { AnyEvent } from '../../../shared/domain/records.ts';
import { EVENT_SAMPLES } from '../../support/event-samples.ts';
import { asked, authorized, HASH, iso, lapsed } from '../../support/samples.ts';

const { requestId, entitlement } = asked();
const rowOf = (event: AccessRequestEvent): LoggedRow => ({
  logged: {
    tenant: 'acme',
    chain: `request#${requestId}`,
    kind: 'request',
    id: requestId,
    seq: 1,
    event,
    previous: HASH,
    hash: HASH,
  },
  about: {
    request: { requestId, requester: 'U0ANA', subject: 'U0FAY', entitlement },
    holder: null,
  },
});

test('concerns who asked, who holds, who did it and every approver', () => {
  const event = { ...authorized(), approvers: ['U0BO', 'U0CY'] };
  expect(peopleIn(rowOf(event))).toEqual(new Set(['U0ANA', 'U0BO', 'U0CY', 'U0FAY']));
  expect(peopleIn(rowOf(lapsed()))).toEqual(new Set(['U0ANA', 'U0FAY']));
});

test('concerns whose words were erased, and which admin began a reset', () => {
  const own = { v: 1, at: iso(), actor: { kind: 'operator' } } as const;
  const people = (event: AnyEvent) =>
    peopleIn({ ...rowOf(lapsed()), logged: { ...rowOf(lapsed()).logged, event } });
  expect(people({ type: 'PersonErased', ...own, person: 'U0EVE', texts: 1, links: 0 })).toEqual(
    new Set(['U0ANA', 'U0FAY', 'U0EVE']),
  );
  const reset = EVENT_SAMPLES.map(({ event }) => event).find(
    (event) => event.type === 'AuthenticatorResetConfirmed',
  );
  if (reset?.type !== 'AuthenticatorResetConfirmed') throw new Error('No sample');
  expect(people({ ...reset, actor: own.actor, owner: 'U0ANA', startedBy: 'U0DAN' })).toEqual(
    new Set(['U0ANA', 'U0FAY', 'U0DAN']),
  );
});

test.each([
  ['everything', {}, true],
  ['its subject', { person: 'U0FAY' }, true],
  ['a stranger', { person: 'U0EVE' }, false],
  ['its provider', { provider: 'github' }, true],
  ['a provider that begins the same', { provider: 'git' }, false],
  ['its kind', { kind: 'request' as const }, true],
  ['another kind', { kind: 'holding' as const }, false],
  ['its entitlement', { entitlement: { id: entitlement.id, container: null } }, true],
  // Two entitlements may stand for one container.
  [
    'another entitlement of its container',
    { entitlement: { id: 'github:acme/other', container: 'github:team:acme/deployers' } },
    false,
  ],
])('narrowed to %s it fits: %j %s', (_, narrowing, wanted) => {
  expect(fits(rowOf(asked()), { ...EVERYTHING, ...narrowing })).toBe(wanted);
});

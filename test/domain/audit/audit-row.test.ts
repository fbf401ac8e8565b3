/** Whom and what a row of the audit log is about. */

import type { AccessRequestEvent } from '../../../shared/domain/access-request/events.ts';
import {
  EVERYTHING,
  fits,
  type LoggedRow,
  peopleIn,
} from '../../../shared/domain/audit/audit-row.ts';
import { asked, authorized, HASH } from '../../support/samples.ts';

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
  expect([...peopleIn(rowOf(event))].sort()).toEqual(['U0ANA', 'U0BO', 'U0CY', 'U0FAY']);
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

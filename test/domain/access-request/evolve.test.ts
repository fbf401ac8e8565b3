/** Folding history: every legal history has a state, every impossible one throws and names itself. */

import type { AccessRequestEvent } from '../../../shared/domain/access-request/events.ts';
import { evolve, INITIAL, replay } from '../../../shared/domain/access-request/evolve.ts';
import { AccessRequest, type RequestStatus } from '../../../shared/domain/access-request/model.ts';
import {
  activated,
  activationFailed,
  approval,
  asked,
  authorized,
  denied,
  escalated,
  escalationPlanned,
  expired,
  extended,
  extensionApproved,
  extensionAsked,
  extensionDenied,
  extensionWithdrawn,
  HISTORIES,
  iso,
  lapsed,
  notStarted,
  nudged,
  removalFailed,
  removed,
  reviewed,
  reviewOverdue,
  revoked,
  scheduled,
  started,
  withdrawn,
} from '../../support/samples.ts';

const ANA = { kind: 'person', id: 'U0ANA' } as const;
const CY = { kind: 'person', id: 'U0CY' } as const;

const EVENTS = {
  AccessRequested: asked(),
  RequestApproved: approval(),
  GrantAuthorized: authorized(),
  GrantScheduled: scheduled(),
  GrantStarted: started(),
  GrantNotStarted: notStarted(),
  BreakGlassReviewed: reviewed(),
  ReviewOverdue: reviewOverdue(),
  RequestDenied: denied(),
  RequestWithdrawn: withdrawn(),
  RequestLapsed: lapsed(),
  GrantActivated: activated(),
  ActivationFailed: activationFailed(),
  GrantExtended: extended(),
  ExtensionRequested: extensionAsked(),
  ExtensionApproved: extensionApproved(),
  ExtensionDenied: extensionDenied(),
  ExtensionWithdrawn: extensionWithdrawn(),
  ApproversNudged: nudged(),
  EscalationPlanned: escalationPlanned(),
  RequestEscalated: escalated(),
  GrantExpired: expired(),
  GrantRevoked: revoked(),
  GrantRemoved: removed(),
  RemovalFailed: removalFailed(),
} satisfies Record<AccessRequestEvent['type'], AccessRequestEvent>;

/** Where each event leads to; every pair that is not here is impossible. */
const LEADS: Record<RequestStatus, Partial<Record<AccessRequestEvent['type'], RequestStatus>>> = {
  new: { AccessRequested: 'pending' },
  pending: {
    RequestApproved: 'pending',
    ApproversNudged: 'pending',
    EscalationPlanned: 'pending',
    RequestEscalated: 'pending',
    GrantAuthorized: 'activating',
    GrantScheduled: 'scheduled',
    RequestDenied: 'denied',
    RequestWithdrawn: 'withdrawn',
    RequestLapsed: 'lapsed',
  },
  scheduled: {
    GrantStarted: 'scheduled',
    GrantAuthorized: 'activating',
    GrantNotStarted: 'not-started',
    RequestWithdrawn: 'withdrawn',
  },
  'not-started': {},
  activating: {
    GrantActivated: 'active',
    ActivationFailed: 'failed',
    GrantExpired: 'removing',
    GrantRevoked: 'removing',
  },
  active: {
    ExtensionRequested: 'active',
    GrantExtended: 'active',
    GrantExpired: 'removing',
    GrantRevoked: 'removing',
  },
  removing: { GrantRemoved: 'ended', RemovalFailed: 'removing' },
  denied: {},
  withdrawn: {},
  lapsed: {},
  ended: {},
  failed: {},
};

const statuses = AccessRequest.options.map((option) => option.shape.status.value);
const pairs = statuses.flatMap((status) =>
  Object.values(EVENTS).map((event) => ({
    status,
    type: event.type,
    event,
    leadsTo: LEADS[status][event.type],
  })),
);

test.each(pairs.filter(({ leadsTo }) => leadsTo))(
  '$type in state $status leads to $leadsTo',
  ({ status, event, leadsTo }) => {
    const before = replay(HISTORIES[status]);
    const next = AccessRequest.parse(evolve(before, event));
    const version = before.status === 'new' ? 0 : before.version;
    expect(next).toMatchObject({ status: leadsTo, version: version + 1 });
  },
);

test.each(pairs.filter(({ leadsTo }) => !leadsTo))(
  '$type in state $status is an impossible history',
  ({ status, event }) => {
    expect(() => evolve(replay(HISTORIES[status]), event)).toThrow(
      `Impossible history of AR-7K2M9Q: ${event.type} in state ${status}. Run the audit verification on this request.`,
    );
  },
);

describe('a break-glass', () => {
  const breakGlass = { incident: 'INC-123', reviewBy: iso(86_400) };
  const taken = [asked({ breakGlass }), authorized(), activated()];
  test.each([
    ['while it lives', taken],
    ['while it ends', [...taken, expired()]],
    ['when it is over', [...taken, expired(), removed()]],
  ])('is reviewed once, %s, and stays where it is', (_, history) => {
    const before = replay(history);
    const after = replay([...history, reviewed()]);
    expect(after.status).toBe(before.status);
    expect(after).toMatchObject({ review: { by: 'U0BO', verdict: 'justified' } });
    expect(() => evolve(after, reviewed())).toThrow('Impossible history');
    expect(() => evolve(after, reviewOverdue())).toThrow('Impossible history');
  });
  test('may be overdue before it is reviewed', () => {
    const late = replay([...taken, reviewOverdue()]);
    expect(late).toMatchObject({ status: 'active', reviewOverdueAt: iso(86_460), review: null });
    expect(evolve(late, reviewed())).toMatchObject({ review: { by: 'U0BO' } });
  });
  test('is reviewed by a person, never by a timer', () => {
    expect(() => evolve(replay(taken), reviewed({ actor: { kind: 'sweep' } }))).toThrow(
      'Impossible history',
    );
  });
});

test('an approval that no person gave is impossible', () => {
  const byTimer = approval({ actor: { kind: 'timer' } });
  expect(() => replay([asked(), byTimer])).toThrow('Impossible history');
});

test('approvals of several people stand beside each other, in their order', () => {
  const state = replay([
    ...[asked(), approval(), approval({ actor: CY, at: iso(70) })],
    approval({ at: iso(80), durationSeconds: 600 }),
  ]);
  expect(state).toMatchObject({
    approvals: [
      { approver: 'U0CY', at: iso(70), durationSeconds: 7200 },
      { approver: 'U0BO', at: iso(80), durationSeconds: 600 },
    ],
  });
});

describe('more time', () => {
  const live = replay(HISTORIES.active);
  const waiting = replay([...HISTORIES.active, extensionAsked()]);
  const none = { extension: null, deniedExtension: null };
  const asOf = (version: number, part: object) => ({ ...live, version, ...part });

  test('is asked for, reminded of, approved and given', () => {
    const { bySeconds, contentHash, policyHash, approvalsNeeded } = extensionAsked();
    const extension = {
      ...{ bySeconds, contentHash, policyHash, approvalsNeeded },
      ...{ askedBy: 'U0ANA', askedAt: iso(500), approvals: [], nudgedAt: [] },
    };
    expect(waiting).toEqual(asOf(5, { extension }));
    const reminded = { ...extension, nudgedAt: [iso(510), iso(520)] };
    const nudgedTwice = [nudged(510), nudged(520)].reduce(evolve, waiting);
    expect(nudgedTwice).toEqual(asOf(7, { extension: reminded }));
    const approvals = [{ approver: 'U0BO', at: iso(550), coded: true }];
    const approved = evolve(nudgedTwice, extensionApproved());
    expect(approved).toEqual(asOf(8, { extension: { ...reminded, approvals } }));
    const { expiresAt } = extended();
    expect(evolve(approved, extended())).toEqual(asOf(9, { ...none, expiresAt }));
  });

  test('that is denied says by whom, until it is asked for again; that is taken back says nothing', () => {
    const deniedExtension = {
      ...{ by: 'U0BO', at: iso(550), bySeconds: 3600, reason: null, event: 6 },
    };
    const noMore = evolve(waiting, extensionDenied());
    expect(noMore).toEqual(asOf(6, { extension: null, deniedExtension }));
    expect(evolve(noMore, extensionAsked())).toMatchObject({ deniedExtension: null });
    expect(evolve(waiting, extensionWithdrawn())).toEqual(asOf(6, none));
  });

  test('waits once at a time, and is a matter between people', () => {
    const byTimer = { actor: { kind: 'timer' as const } };
    for (const [state, event] of [
      [waiting, extensionAsked()],
      [live, extensionAsked(byTimer)],
      [waiting, extensionApproved(byTimer)],
      [waiting, { ...extensionDenied(), ...byTimer }],
      [live, nudged()],
    ] as const)
      expect(() => evolve(state, event)).toThrow('Impossible history of AR-7K2M9Q');
  });

  test('dies with the grant, asked for or denied, and nothing of it is left', () => {
    const { accountId: _a, extension: _e, deniedExtension: _d, ...granted } = activeState();
    const over = { removalFailures: 0, lastFailure: null, status: 'removing' };
    const denied = evolve(waiting, extensionDenied());
    for (const state of [waiting, denied])
      expect(evolve(state, revoked())).toEqual({
        ...{ ...granted, ...over, version: state === waiting ? 6 : 7 },
        ...{ endedBecause: 'revoked', revokeCause: 'requester', endedAt: iso(1200), endedBy: ANA },
      });
  });

  function activeState() {
    if (live.status !== 'active') throw new Error(live.status);
    return live;
  }
});

test('what ends before it was active was never active', () => {
  const state = replay(HISTORIES.activating);
  expect(evolve(state, expired())).toEqual({
    ...{ ...state, version: 4, status: 'removing', activatedAt: null },
    ...{ endedBecause: 'expired', revokeCause: null, endedAt: iso(7260) },
    ...{ endedBy: { kind: 'timer' }, removalFailures: 0, lastFailure: null },
  });
});

test('an event that does not exist is a defect that names itself', () => {
  const unknown = { ...asked(), type: 'EverythingGranted' };
  expect(() => Reflect.apply(evolve, null, [replay([asked()]), unknown])).toThrow(
    'Unhandled case: {"type":"EverythingGranted"',
  );
});

test('a second approval of the same person takes the place of the first', () => {
  const again = approval({ at: iso(90), durationSeconds: 600, factor: null });
  expect(replay([asked(), approval(), again])).toMatchObject({
    version: 3,
    approvals: [{ approver: 'U0BO', at: iso(90), durationSeconds: 600, coded: false }],
  });
});

test('the number of events is the version, so a button knows what it was drawn from', () => {
  for (const status of statuses) {
    const state = replay(HISTORIES[status]);
    expect(state.status === 'new' ? 0 : state.version).toBe(HISTORIES[status].length);
  }
});

test('folding changes neither the state before nor the events', () => {
  const frozen = HISTORIES.ended.map((event) => Object.freeze(structuredClone(event)));
  let state = INITIAL;
  for (const event of frozen) state = Object.freeze(evolve(state, event));
  expect(state).toEqual(replay(HISTORIES.ended));
});

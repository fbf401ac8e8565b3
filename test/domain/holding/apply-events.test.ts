/** What decisions about requests change on the holding, in the same transaction. */
import type { AccessRequestEvent } from '../../../shared/domain/access-request/events.ts';
import { applyToHolding, concernsHolding } from '../../../shared/domain/holding/apply-events.ts';
import { Holding } from '../../../shared/domain/holding/model.ts';
import {
  activated,
  activationFailed,
  approval,
  asked,
  authorized,
  denied,
  expired,
  extended,
  holding,
  iso,
  lapsed,
  removalFailed,
  removed,
  revoked,
  withdrawn,
} from '../../support/samples.ts';

const about = { role: 'member', requester: 'U0ANA', entitlementId: 'github:acme/deployers' };
const after = (before: Holding, ...events: AccessRequestEvent[]) =>
  Holding.parse(applyToHolding(before, about, events));
const live = after(holding(), asked(), approval(), authorized());
const scheduled = (at: string): Holding => ({
  ...live,
  grants: live.grants.map((grant) => ({ ...grant, scheduledFor: at, issued: true })),
});

test('an authorized grant is listed at once, not issued yet, and ensure must look now', () => {
  const { grants, dueAt } = after(holding(), asked(), approval(), authorized());
  expect(grants).toEqual([
    {
      ...about,
      grantId: 'AR-7K2M9Q',
      policyHash: authorized().policyHash,
      approvers: ['U0BO'],
      expiresAt: iso(7260),
      authorizedAt: iso(60),
      phase: 'activating',
      endedAt: null,
      issued: false,
      scheduledFor: null,
    },
  ]);
  expect(dueAt).toBe(iso(60));
  expect(after(live, authorized()).grants).toEqual(grants);
  expect(after({ ...holding(), dueAt: iso(30) }, authorized()).dueAt).toBe(iso(30));
  expect(after({ ...holding(), dueAt: iso(90) }, authorized()).dueAt).toBe(iso(60));
});

test('grants of other requests are left alone', () => {
  const other = { ...authorized('AR-000001'), expiresAt: iso(9000) };
  const two = after(live, other);
  expect(two.grants.map(({ grantId }) => grantId)).toEqual(['AR-7K2M9Q', 'AR-000001']);
  const ended = after(two, expired());
  expect(ended.grants).toMatchObject([{ phase: 'removing' }, { phase: 'activating' }]);
  expect(after(ended, removed()).grants).toEqual(two.grants.slice(1));
});

test('an activated grant is active, and nobody is woken for it', () => {
  const waiting = { ...live, dueAt: iso(7200), attempts: 2, nextAttemptAt: iso(99) };
  expect(after(waiting, activated())).toEqual({
    ...waiting,
    grants: [expect.objectContaining({ phase: 'active' })],
  });
});

test.each([
  ['expired', expired(), { phase: 'removing', endedAt: iso(7260) }],
  ['revoked', revoked(), { phase: 'removing', endedAt: iso(1200) }],
  ['extended', extended(), { phase: 'activating', expiresAt: iso(10_860) }],
] as const)(
  'a grant that was %s wakes ensure, whatever an earlier fault asked to wait for',
  (_what, event, part) => {
    const waiting = { ...live, dueAt: iso(9000), attempts: 4, nextAttemptAt: iso(9000) };
    const next = after(waiting, event);
    expect(next.grants).toMatchObject([part]);
    expect(next).toMatchObject({ dueAt: event.at, attempts: 0, nextAttemptAt: null });
  },
);

test('what is due earlier stays due earlier', () => {
  expect(after({ ...live, dueAt: iso(5) }, expired()).dueAt).toBe(iso(5));
});

test.each([
  ['failed', activationFailed()],
  ['was removed', removed({ at: iso(1300) })],
])(
  'a grant that %s is forgotten; its schedule, still to come, is to be deleted',
  (_what, event) => {
    const next = after(scheduled(iso(7260)), event);
    expect(next.grants).toEqual([]);
    expect(next.staleSchedules).toEqual(['AR-7K2M9Q']);
  },
);

test('a schedule that fired already, or never was, needs no deletion', () => {
  expect(after(scheduled(iso(7260)), removed()).staleSchedules).toEqual([]);
  expect(after(live, removed({ at: iso(1300) })).staleSchedules).toEqual([]);
});

test('only events that concern access bring the holding into the transaction', () => {
  const quiet = [asked(), approval(), denied(), withdrawn(), lapsed(), removalFailed()];
  const loud = [
    authorized('AR-000001'),
    activated(),
    activationFailed(),
    extended(),
    expired(),
    revoked(),
  ];
  for (const event of quiet) {
    expect(concernsHolding([event])).toBe(false);
    expect(after(live, event)).toEqual(live);
  }
  for (const event of [...loud, removed()]) {
    expect(concernsHolding([asked(), event])).toBe(true);
    expect(after(live, event)).not.toEqual(live);
  }
});

test('the schedule of a grant that ended before it is deleted, of that grant alone', () => {
  const two = {
    ...live,
    grants: [
      ...live.grants.map((grant) => ({ ...grant, grantId: 'AR-000001', scheduledFor: iso(9000) })),
      ...live.grants.map((grant) => ({ ...grant, scheduledFor: iso(7260) })),
    ],
  };
  const gone = (seconds: number) => after(two, removed({ at: iso(seconds) })).staleSchedules;
  expect(gone(7259)).toEqual(['AR-7K2M9Q']);
  expect(gone(7260)).toEqual([]);
  expect(after(live, removed({ at: iso(1) })).staleSchedules).toEqual([]);
  expect(after({ ...two, grants: [] }, removed({ at: iso(1) })).staleSchedules).toEqual([]);
});

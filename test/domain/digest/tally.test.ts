/** What counts as what, judged from a request's facts alone. */
import fc from 'fast-check';
import type { AccessRequestEvent } from '../../../shared/domain/access-request/events.ts';
import { replay } from '../../../shared/domain/access-request/evolve.ts';
import { HALTS_KEPT, LISTED } from '../../../shared/domain/digest/model.ts';
import {
  anomalyIn,
  countedAs,
  isCounted,
  openTally,
  saysNothing,
} from '../../../shared/domain/digest/tally.ts';
import { TIMING } from '../../../shared/domain/holding/timing.ts';
import {
  activated,
  approval,
  asked,
  authorized,
  expired,
  extended,
  HISTORIES,
  iso,
  removed,
  revoked,
} from '../../support/samples.ts';

/** How the last event of a history is counted. */
function counted(history: AccessRequestEvent[]): string | null {
  const state = replay(history);
  const last = history.at(-1);
  if (!last || state.status === 'new') throw new Error('An empty history');
  return isCounted(last) ? countedAs(last, state) : null;
}
const live = [asked(), approval(), authorized(), activated()];
const LIMIT = TIMING.overdueSeconds;
const END = 7260;

test.each([
  ['pending', 'asked'],
  ['denied', 'denied'],
  ['withdrawn', 'withdrawn'],
  ['lapsed', 'lapsed'],
  ['activating', null],
  ['active', 'granted'],
  ['removing', null],
  ['ended', 'endedOnTime'],
  ['failed', 'failed'],
] as const)('the event that led to %s counts as %s', (status, name) => {
  expect(counted(HISTORIES[status])).toBe(name);
});

test.each([
  ['at its end', [expired(), removed({ at: iso(END) })], 'endedOnTime'],
  ['within the bound', [expired(), removed({ at: iso(END + LIMIT) })], 'endedOnTime'],
  ['a second later', [expired(), removed({ at: iso(END + LIMIT + 1) })], 'endedOverdue'],
  ['days later', [expired(), removed({ at: iso(END + 200_000) })], 'endedOverdue'],
  ['revoked, at once', [revoked(), removed({ at: iso(1201) })], 'endedEarly'],
  ['revoked, at the bound', [revoked(), removed({ at: iso(1200 + LIMIT) })], 'endedEarly'],
  [
    'revoked, but gone only after the bound though before its time',
    [revoked(), removed({ at: iso(1200 + LIMIT + 1) })],
    'endedOverdue',
  ],
  [
    'revoked after its time, when nobody had ended it yet',
    [revoked({ at: iso(END + 60) }), removed({ at: iso(END + 61) })],
    'endedOnTime',
  ],
  [
    'expired late: the bound counts from its time, not from the record',
    [{ ...expired(), at: iso(END + LIMIT) }, removed({ at: iso(END + LIMIT + 5) })],
    'endedOverdue',
  ],
  [
    'extended, at its new end',
    [extended(), { ...expired(), at: iso(10_860) }, removed({ at: iso(10_862) })],
    'endedOnTime',
  ],
  [
    'another grant still covers the role',
    [expired(), removed({ at: iso(END), outcome: 'covered' })],
    'endedOnTime',
  ],
] as const)('access that is gone %s', (_when, ending, name) => {
  expect(counted([...live, ...ending])).toBe(name);
});

test('access that never was did not end', () => {
  const never = removed({ at: iso(130), outcome: 'never-granted', readBackAt: null });
  expect(counted([asked(), approval(), authorized(), revoked({ at: iso(120) }), never])).toBeNull();
});

test('what somebody should look at: late ends, failed grants, memberships that others changed', () => {
  const kindOf = (history: AccessRequestEvent[]) => {
    const state = replay(history);
    const last = history.at(-1);
    if (!last || state.status === 'new' || !isCounted(last)) throw new Error('Not counted');
    return anomalyIn(last, state);
  };
  const late = removed({ at: iso(END + 200) });
  expect(kindOf([...live, expired(), late])).toEqual({
    ...{ kind: 'overdue', at: iso(END + 200), lateSeconds: 200 },
    ...{ requestId: 'AR-7K2M9Q', subject: 'U0ANA' },
    ...{ entitlementId: 'github:acme/deployers', role: 'member' },
  });
  expect(kindOf(HISTORIES.failed)).toMatchObject({ kind: 'failed', code: 'account-not-found' });
  expect(kindOf([...live, expired(), removed({ outcome: 'left' })])).toMatchObject({
    kind: 'left',
  });
  expect(kindOf(HISTORIES.ended)).toBeNull();
  expect(kindOf(HISTORIES.denied)).toBeNull();
});

test('a list counts everything, keeps the first few by time whatever their order, and no more', () => {
  const line = { requestId: 'AR-7K2M9Q', subject: 'U0ANA', entitlementId: 'x:y', role: 'member' };
  const seconds = fc.array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 40 });
  fc.assert(
    fc.property(seconds, (all) => {
      const tally = openTally();
      for (const second of all) tally.waiting({ ...line, at: iso(second) });
      const { count, first } = tally.content().waiting;
      expect(count).toBe(all.length);
      const earliest = [...all].sort((a, b) => a - b).slice(0, LISTED);
      expect(first.map(({ at }) => at)).toEqual(earliest.map((second) => iso(second)));
    }),
    { numRuns: 50 },
  );
});

test('only the removal itself tells of a late end, once the request has ended', () => {
  const late = replay([...live, expired(), removed({ at: iso(END + 200) })]);
  if (late.status === 'new') throw new Error('An empty history');
  for (const event of [asked(), activated()]) expect(anomalyIn(event, late)).toBeNull();
  const early = replay(live);
  if (early.status === 'new') throw new Error('An empty history');
  expect(anomalyIn(removed({ outcome: 'left' }), early)).toBeNull();
});

test('lines of the same instant stay in the order in which they were told', () => {
  const tally = openTally();
  const tell = (requestId: string, seconds: number) =>
    tally.waiting({
      ...{ requestId, subject: 'U0ANA', entitlementId: 'x:y', role: 'member', at: iso(seconds) },
    });
  for (const [id, seconds] of [
    ['AR-000003', 5],
    ['AR-000001', 1],
    ['AR-000004', 5],
    ['AR-000002', 1],
  ] as const)
    tell(id, seconds);
  expect(tally.content().waiting.first.map(({ requestId }) => requestId)).toEqual([
    ...['AR-000001', 'AR-000002', 'AR-000003', 'AR-000004'],
  ]);
});

test('what stands in the way is told as far as there is room', () => {
  const halts = Array.from({ length: HALTS_KEPT + 1 }, (_, n) => ({
    ...{ kind: 'paused' as const, scope: `provider-${n}`, since: iso(n) },
    by: { kind: 'person' as const, id: 'U0DEE' },
  }));
  const tally = openTally();
  tally.halts(halts);
  expect(tally.content().halts).toEqual(halts.slice(0, HALTS_KEPT));
  expect(saysNothing(tally.content())).toBe(false);
});

test('a removal counts as an end once the request has ended, and is none before', () => {
  const gone = removed();
  const before = replay([...live, expired()]);
  if (before.status === 'new' || !isCounted(gone)) throw new Error('Not counted');
  expect(countedAs(gone, before)).toBeNull();
  expect(anomalyIn(gone, before)).toBeNull();
});

test('everything has a number and a list of its own', () => {
  const tally = openTally();
  const line = (n: number) => ({
    ...{ requestId: `AR-00000${n}`, subject: 'U0ANA', entitlementId: 'x:y', role: 'member' },
    at: iso(n),
  });
  for (const name of ['asked', 'asked', 'endedEarly'] as const) tally.count(name);
  for (const n of [2, 1, 3]) tally.waiting(line(n));
  tally.ending(line(4));
  tally.overdue(line(5));
  tally.review({ ...line(6), reviewers: [] });
  tally.anomaly({ kind: 'left', ...line(7) });
  expect(tally.content()).toEqual({
    counts: {
      ...{ asked: 2, granted: 0, denied: 0, lapsed: 0, withdrawn: 0, failed: 0 },
      ...{ endedOnTime: 0, endedEarly: 1, endedOverdue: 0 },
    },
    waiting: { count: 3, first: [line(1), line(2), line(3)] },
    ending: { count: 1, first: [line(4)] },
    overdue: { count: 1, first: [line(5)] },
    reviews: { count: 1, first: [{ ...line(6), reviewers: [] }] },
    anomalies: { count: 1, first: [{ kind: 'left', ...line(7) }] },
    halts: [],
  });
});

test('nothing is said only when every number is zero', () => {
  expect(saysNothing(openTally().content())).toBe(true);
  const one = openTally();
  one.count('lapsed');
  expect(saysNothing(one.content())).toBe(false);
  const owed = openTally();
  const access = { requestId: 'AR-7K2M9Q', subject: 'U0ANA', entitlementId: 'x:y', role: 'member' };
  owed.review({ ...access, at: iso(), reviewers: [] });
  expect(saysNothing(owed.content())).toBe(false);
  const line = {
    requestId: 'AR-7K2M9Q',
    subject: 'U0ANA',
    entitlementId: 'x:y',
    role: 'r',
    at: iso(),
  };
  for (const list of ['waiting', 'ending', 'overdue'] as const) {
    const tally = openTally();
    tally[list](line);
    expect(saysNothing(tally.content())).toBe(false);
  }
});

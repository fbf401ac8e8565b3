/** What one request is to limits, budgets and separated duties, in each state it can be in. */

import type { AccessRequestEvent } from '../../../shared/domain/access-request/events.ts';
import { replay } from '../../../shared/domain/access-request/evolve.ts';
import { useOf } from '../../../shared/domain/access-request/use-of.ts';
import {
  activated,
  approval,
  asked,
  authorized,
  HISTORIES,
  iso,
  later,
  removed,
  revoked,
  scheduled,
} from '../../support/samples.ts';

const used = (history: readonly AccessRequestEvent[], seconds = 0) => {
  const state = replay(history);
  if (state.status === 'new') throw new Error('Nothing was asked');
  return useOf(state, later(seconds));
};
const held = (from: number, to: number) => ({ from: iso(from), to: iso(to) });

test('a request that waits is known by who asked, for whom, for what and when', () => {
  expect(used([asked({ subject: 'U0FAY' })])).toEqual({
    ...{ requestId: 'AR-7K2M9Q', requester: 'U0ANA', subject: 'U0FAY' },
    ...{ entitlement: 'github:acme/deployers', requestedAt: iso(), status: 'waiting' },
    ...{ deniedAt: null, held: null, auto: false },
  });
});

test.each([
  ['pending', 'waiting', null],
  ['denied', 'over', null],
  ['withdrawn', 'over', null],
  ['lapsed', 'over', null],
  ['not-started', 'over', null],
  ['scheduled', 'live', held(36_000, 43_200)],
  ['activating', 'live', held(60, 7260)],
  ['active', 'live', held(60, 7260)],
  ['removing', 'live', held(60, 7260)],
  ['ended', 'over', held(60, 7265)],
  ['failed', 'over', held(60, 95)],
] as const)('%s is %s, with the time of access %j', (status, standing, time) => {
  expect(used(HISTORIES[status])).toMatchObject({ status: standing, held: time });
});

test('only a denial is known as one', () => {
  expect(used(HISTORIES.denied).deniedAt).toBe(iso(120));
  for (const status of ['withdrawn', 'lapsed', 'ended'] as const)
    expect(used(HISTORIES[status]).deniedAt).toBeNull();
});

test('access that is still there beyond its end is held until now', () => {
  expect(used(HISTORIES.active, 9000).held).toEqual(held(60, 9000));
  expect(used(HISTORIES.removing, 0).held).toEqual(held(60, 7260));
  expect(used(HISTORIES.removing, 9000).held).toEqual(held(60, 9000));
});

test('access that never was is held for no time', () => {
  const never = removed({ at: iso(130), outcome: 'never-granted', readBackAt: null });
  const history = [asked(), approval(), authorized(), revoked({ at: iso(120) }), never];
  expect(used(history)).toMatchObject({ status: 'over', held: null });
  const ended = [
    asked(),
    approval(),
    authorized(),
    activated(),
    revoked(),
    removed({ at: iso(1300) }),
  ];
  expect(used(ended).held).toEqual(held(60, 1300));
});

test('access that nobody saw but that had to be taken away is held: the provider may have given it', () => {
  const history = [
    ...[asked(), approval(), authorized(), revoked({ at: iso(120) })],
    removed({ at: iso(130), outcome: 'removed' }),
  ];
  expect(used(history)).toMatchObject({ status: 'over', held: held(60, 130) });
});

test('access that was seen is held, whatever its removal says of it', () => {
  const history = [...HISTORIES.active, revoked(), removed({ outcome: 'never-granted' })];
  expect(used(history)).toMatchObject({ status: 'over', held: held(60, 7265) });
});

test('a state that does not exist is a defect that names itself', () => {
  const unknown = { ...replay([asked()]), status: 'forgotten' };
  expect(() => Reflect.apply(useOf, null, [unknown, later(0)])).toThrow('Unhandled case: {');
});

test('a window that was approved ahead is held to its end, or as long as was approved', () => {
  const ahead = (until: number) => {
    const start = { notBefore: iso(36_000), until: iso(until) };
    return used([asked({ start, lapsesAt: iso(36_000) }), approval(), scheduled({ start })]).held;
  };
  expect(ahead(50_000)).toEqual(held(36_000, 50_000));
  expect(ahead(40_000)).toEqual(held(36_000, 43_200));
});

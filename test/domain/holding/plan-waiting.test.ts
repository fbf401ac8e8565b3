/** When a holding is looked at again: at the next instant that can change anything, and never in the past. */
import type { Holding } from '../../../shared/domain/holding/model.ts';
import { TIMING } from '../../../shared/domain/holding/timing.ts';
import {
  active,
  END,
  given,
  grant,
  intent,
  iso,
  member,
  NONE,
  OVER,
  other,
  removing,
  seen,
  wrote,
} from './given.ts';

const until = (state: Partial<Holding>, facts: Parameters<typeof given>[1] = {}) => {
  const step = given(state, facts);
  return step.do === 'wait' ? step.until : step.do;
};
const standing = { grants: [active()], ours: 'member' };
const there = { observation: seen(member) };
const SOON = iso(TIMING.rereadSeconds);

test('what stands is looked at again at its end, the first of several', () => {
  expect(until(standing, there)).toBe(iso(END));
  const grants = [active(), other({ phase: 'active', expiresAt: iso(90), scheduledFor: iso(90) })];
  expect(until({ ...standing, grants }, there)).toBe(iso(90));
});

test('nothing at all waits for nothing', () => {
  expect(until({ baseline: null })).toBeNull();
});

test('a fault is waited for, and nothing before it', () => {
  const attempt = (seconds: number) => ({ ...standing, nextAttemptAt: iso(seconds) });
  expect(until(attempt(30), there)).toBe(iso(30));
  const open = { ...attempt(30), intents: [intent(1)], ...wrote(1) };
  expect(until(open, there)).toBe(iso(30));
  expect(until(attempt(0), there)).toBe(iso(END));
  expect(until({ grants: [grant()], nextAttemptAt: iso(0.001) })).toBe(iso(0.001));
  expect(given({ grants: [grant()], nextAttemptAt: iso(0) }).do).toBe('add');
});

test('an open call is waited for until it can take effect no more', () => {
  const open = { ...standing, intents: [intent(10)], ...wrote(10) };
  expect(until(open, there)).toBe(iso(OVER - 10));
});

test('what has passed without a look is looked at in a moment', () => {
  const state = { intents: [intent(OVER + 1)], nextAttemptAt: null, ...wrote(OVER + 1) };
  expect(until({ ...standing, ...state }, { observation: seen(member, iso(-10)) })).toBe(SOON);
});

test('a grant that is not there yet is looked at every whole minute', () => {
  const paused = until({ grants: [grant()] }, { paused: true });
  expect(paused).toBe(iso(60));
});

test('a baseline is kept until no late call can matter, and forgotten then', () => {
  const idle = { grants: [], baseline: NONE, ...wrote(100) };
  expect(until(idle)).toBe(iso(TIMING.settleSeconds - 100));
  const passed = { grants: [], baseline: NONE, settleUntil: iso(-1) };
  expect(given(passed)).toEqual({ do: 'clear', observedAt: iso(0) });
  expect(until(passed, { observation: seen(NONE, iso(-2)) })).toBe(SOON);
  expect(given({ ...passed, settleUntil: null })).toEqual({ do: 'clear', observedAt: iso(0) });
  expect(until({ ...passed, intents: [intent(1)] })).not.toBe('clear');
});

test('a schedule that nobody needs is deleted first', () => {
  expect(given({ grants: [], staleSchedules: ['AR-AAAAAA'] })).toEqual({
    ...{ do: 'delete-schedules', grantIds: ['AR-AAAAAA'] },
  });
});

test('a grant is over once and is not ended again', () => {
  const over = { expiresAt: iso(0), scheduledFor: iso(0) };
  expect(given({ grants: [active(over)] })).toEqual({
    do: 'end',
    grants: [{ grantId: 'AR-AAAAAA', why: 'expired' }],
  });
  expect(given({ grants: [active()] }, { allowed: new Set() })).toEqual({
    do: 'end',
    grants: [{ grantId: 'AR-AAAAAA', why: 'policy' }],
  });
  const gone = { grants: [removing(over)], ours: 'member' };
  expect(given(gone, { ...there, allowed: new Set() })).toEqual({
    ...{ do: 'lower', to: NONE, grantIds: ['AR-AAAAAA'] },
  });
});

test('what ended before anything was issued was never granted; what may have been issued is read', () => {
  const gone = [removing({ issued: false })];
  expect(given({ grants: gone, baseline: null })).toEqual({
    do: 'record',
    closing: { closed: [], holding: {} },
    outcomes: [{ grantId: 'AR-AAAAAA', result: 'removed', outcome: 'never-granted' }],
  });
  for (const touched of [{ ours: 'member' }, { intents: [intent(1)] }, { baseline: NONE }])
    expect(given({ grants: gone, baseline: null, ...touched }, { observation: null })).toEqual({
      ...{ do: 'read' },
    });
});

test('a removal that was answered and is not seen yet is not repeated', () => {
  const removal = intent(1, { kind: 'remove', role: null, answer: 'answered' });
  const gone = { grants: [removing()], ours: 'member', ...wrote(1) };
  expect(until({ ...gone, intents: [removal] }, there)).toBe(SOON);
  const unanswered = { ...gone, intents: [{ ...removal, answer: 'ambiguous' as const }] };
  expect(given(unanswered, there).do).toBe('lower');
  const add = { ...gone, intents: [{ ...removal, kind: 'add' as const, role: 'maintainer' }] };
  expect(given(add, there).do).toBe('lower');
});

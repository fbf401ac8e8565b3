/** What switches say: the record in one text whatever the order of its fields, and what their events lead to. */
import { isSwitch, openSwitchFold, switchText } from '../../../shared/domain/audit/switch-fold.ts';
import { instant } from '../../support/audit-fixture.ts';

const AT = instant(1);
const actor = { kind: 'person', id: 'U0ADA' };
const HASH = 'a'.repeat(64);
const folded = (...events: readonly unknown[]) => {
  const fold = openSwitchFold();
  for (const event of events) fold.add(event);
  const text = fold.text();
  return text === null ? null : JSON.parse(text);
};

test.each([
  ['policy#active', true],
  ['pause#all', true],
  ['stop#all', true],
  ['request#AR-7K2M9Q', false],
  ['holding#policy#', false],
])('%s is a switch: %s', (chain, expected) => {
  expect(isSwitch(chain)).toBe(expected);
});

test('a record is told without the time at which it was cleared; what is none is refused', () => {
  const record = { standing: null, clearedAt: AT, proposal: null };
  expect(switchText(record)).toBe('{"proposal":null,"standing":null}');
  for (const none of [null, 'text', [], 7, undefined]) expect(() => switchText(none)).toThrow();
});

describe('a policy', () => {
  const changed = { type: 'PolicyChanged', hash: HASH, at: AT };
  const scheduled = { type: 'PolicyScheduled', hash: 'b', effectiveAt: instant(9) };
  const inForce = { hash: HASH, activatedAt: AT };

  test('is the one that was set last, and the one that waits', () => {
    expect(folded(changed)).toEqual(inForce);
    expect(folded(changed, scheduled)).toEqual({
      ...inForce,
      pending: { hash: 'b', effectiveAt: instant(9) },
    });
    expect(folded(changed, scheduled, { type: 'PolicyUnscheduled' })).toEqual(inForce);
    expect(folded(changed, scheduled, changed)).toEqual(inForce);
  });
  test('whose event leaves out what it is has none', () => {
    expect(folded({ type: 'PolicyChanged' })).toEqual({ hash: null, activatedAt: null });
  });
});

test('a pause is on or off, by somebody at some time', () => {
  const [paused, resumed] = ['GrantsPaused', 'GrantsResumed'].map((type) => ({
    type,
    actor,
    at: AT,
  }));
  expect(folded(paused)).toEqual({ paused: true, by: actor, at: AT });
  expect(folded(paused, resumed)).toEqual({ paused: false, by: actor, at: AT });
  expect(folded({ type: 'GrantsPaused' })).toEqual({ paused: true, by: null, at: null });
});

describe('a stop', () => {
  const proposed = { type: 'StopProposed', what: 'stop', actor, at: AT, until: instant(2) };
  const proposal = { what: 'stop', by: 'U0ADA', at: AT, until: instant(2) };
  const confirmed = { type: 'EverythingStopped', actor, at: instant(2), proposedBy: 'U0BEA' };
  const standing = { since: instant(2), proposedBy: 'U0BEA', confirmedBy: 'U0ADA' };

  test('stands once a second person said so, until it is lifted', () => {
    expect(folded(proposed)).toEqual({ standing: null, proposal });
    expect(folded(proposed, confirmed)).toEqual({ standing, proposal: null });
    expect(folded(proposed, confirmed, proposed)).toEqual({ standing, proposal });
    expect(folded(proposed, confirmed, { type: 'StopLifted' })).toEqual({
      ...{ standing: null, proposal: null },
    });
  });
  test('by nobody names nobody', () => {
    const { actor: _, ...unnamed } = proposed;
    for (const one of [
      unnamed,
      { ...proposed, actor: 'text' },
      { ...proposed, actor: { kind: 'x' } },
    ])
      expect(folded(one)).toEqual({ standing: null, proposal: { ...proposal, by: null } });
  });
});

test('an event that no switch has, that is none, or that no record can carry leads nowhere from then on', () => {
  const lost = [{ type: 'Other' }, null, 'text', [], { type: 'PolicyChanged', hash: '\ud800' }];
  for (const event of lost) {
    const fold = openSwitchFold();
    fold.add(event);
    expect(fold.text()).toBeNull();
  }
  for (const event of lost.slice(0, -1)) expect(folded(event, { type: 'StopLifted' })).toBeNull();
});

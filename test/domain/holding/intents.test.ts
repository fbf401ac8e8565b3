/** When a recorded write may be called over, and what is ours afterwards: never less than what may still take effect. */
import { isOurs, mayLag, writtenRole } from '../../../shared/domain/holding/facts.ts';
import { closableIntents } from '../../../shared/domain/holding/intents.ts';
import type { Holding, Intent, Membership } from '../../../shared/domain/holding/model.ts';
import { holding, intent, maintainer, member, NONE, OVER, observed, seen, wrote } from './given.ts';

const closing = (state: Partial<Holding>, membership: Membership) =>
  closableIntents(holding(state), observed({ observation: seen(membership) }));
const one = (part: Partial<Intent>, membership: Membership, state: Partial<Holding> = {}) =>
  closing({ intents: [intent(10, part)], ...wrote(10), ...state }, membership);
const answered = { answer: 'answered' } as const;
const removal = { kind: 'remove', role: null } as const;
const direct = (role: string): Membership => ({ ...member, role });
const inherited: Membership = { ...NONE, role: 'member' };
const result = (closed: ReturnType<typeof closing>) => closed.closed[0]?.result ?? 'open';

test.each<[string, Partial<Intent>, Membership, Partial<Holding>, string]>([
  ['an add that was answered and is seen', answered, member, {}, 'confirmed'],
  ['an add that was answered and is seen as more', answered, maintainer, {}, 'confirmed'],
  ['an add of more than is seen', { ...answered, role: 'maintainer' }, member, {}, 'open'],
  ['an add that is seen by inheritance alone', answered, inherited, {}, 'open'],
  ['an add that nobody answered', {}, member, {}, 'open'],
  ['a removal that was answered and is seen', { ...answered, ...removal }, NONE, {}, 'confirmed'],
  [
    'a removal that leaves what is inherited',
    { ...answered, ...removal },
    inherited,
    {},
    'confirmed',
  ],
  ['a removal that is not seen yet', { ...answered, ...removal }, maintainer, {}, 'open'],
  [
    'a removal down to the baseline',
    { ...answered, ...removal },
    member,
    { baseline: member },
    'confirmed',
  ],
  [
    'a removal while nothing is known of before',
    { ...answered, ...removal },
    member,
    { baseline: null },
    'open',
  ],
  [
    'a direct membership without a role',
    { ...answered, ...removal },
    { ...member, role: null },
    {},
    'confirmed',
  ],
  [
    'a removal that leaves a direct membership without the role of before',
    { ...answered, ...removal },
    { ...member, role: null },
    { baseline: member },
    'confirmed',
  ],
  ['a lowering that is seen', { ...answered, kind: 'remove' }, member, {}, 'confirmed'],
  ['a lowering that is not seen yet', { ...answered, kind: 'remove' }, maintainer, {}, 'open'],
])('%s: %#', (_name, part, membership, state, expected) => {
  expect(result(one(part, membership, state))).toBe(expected);
});

test('what is too old to take effect is settled, and confirmed where it is seen', () => {
  const old = (seconds: number, membership: Membership) =>
    closing({ intents: [intent(seconds)] }, membership);
  expect(result(old(OVER - 0.001, NONE))).toBe('open');
  expect(old(OVER, NONE)).toEqual({
    closed: [{ intentId: 'i1', result: 'settled' }],
    holding: { intents: [], ours: null },
  });
  expect(old(OVER, member)).toEqual({
    closed: [{ intentId: 'i1', result: 'confirmed' }],
    holding: { intents: [], ours: 'member' },
  });
});

test('what is not over stays on record beside what is, and nothing changes while nothing is over', () => {
  const two = [intent(10, answered), intent(5, { intentId: 'i2', role: 'maintainer' })];
  expect(closing({ intents: two, ...wrote(5) }, member)).toEqual({
    closed: [{ intentId: 'i1', result: 'confirmed' }],
    holding: { intents: [two[1]], ours: 'member' },
  });
  expect(closing({ intents: two, ours: 'member', ...wrote(5) }, NONE)).toEqual({
    ...{ closed: [], holding: {} },
  });
});

describe('what is ours', () => {
  const left = (part: Partial<Intent>, membership: Membership, state: Partial<Holding> = {}) =>
    one({ ...answered, ...part }, membership, state).holding.ours;

  test('never becomes less by an add', () => {
    expect(left({}, maintainer, { ours: 'maintainer' })).toBe('maintainer');
    expect(left({ role: 'maintainer' }, maintainer, { ours: 'member' })).toBe('maintainer');
  });

  test('is what was added, though somebody had as much by other means once', () => {
    expect(left({}, member, { baseline: member })).toBe('member');
  });

  test('becomes less by a removal that is the last thing anybody knows of', () => {
    const state = { ours: 'maintainer', settleUntil: null };
    expect(left(removal, NONE, state)).toBeNull();
  });

  test('becomes less by a removal after which nothing was issued', () => {
    expect(left(removal, NONE, { ours: 'maintainer' })).toBeNull();
    expect(left({ kind: 'remove' }, member, { ours: 'maintainer' })).toBe('member');
    expect(left({ kind: 'remove' }, member, { ours: 'maintainer', baseline: member })).toBeNull();
    expect(left({ kind: 'remove' }, member, { ours: 'maintainer', baseline: maintainer })).toBe(
      'member',
    );
    expect(left({ kind: 'remove' }, member, { ours: 'maintainer', baseline: null })).toBe('member');
  });

  test('stays where something was issued after the removal', () => {
    expect(left(removal, NONE, { ours: 'maintainer', ...wrote(9) })).toBe('maintainer');
    expect(left({ kind: 'remove' }, member, { ours: null, ...wrote(9) })).toBe('member');
  });
});

describe('what is seen', () => {
  const ours = (membership: Membership, state: Partial<Holding>, exclusive = false) =>
    isOurs(holding(state), observed({ observation: seen(membership), exclusive }));

  test('is ours up to the strongest role that we wrote or may have written', () => {
    expect(ours(member, { ours: 'member' })).toBe(true);
    expect(ours(maintainer, { ours: 'member' })).toBe(false);
    expect(ours(maintainer, { ours: 'member', intents: [intent(5, { role: 'maintainer' })] })).toBe(
      true,
    );
    expect(ours(member, {})).toBe(false);
    expect(ours(inherited, { ours: 'maintainer' })).toBe(false);
    expect(ours(NONE, { ours: 'maintainer' })).toBe(false);
    expect(ours({ ...member, role: null }, { ours: 'maintainer' })).toBe(false);
    expect(ours(direct('owner'), { ours: 'maintainer' })).toBe(false);
  });

  test('is ours, whatever it is, where nobody else gives anything', () => {
    expect(ours(maintainer, {}, true)).toBe(true);
    expect(ours(inherited, {}, true)).toBe(false);
    expect(ours({ ...member, role: null }, {}, true)).toBe(false);
  });

  test('a removal on record wrote no role', () => {
    expect(writtenRole(holding({ intents: [intent(5, removal)] }), observed())).toBeNull();
  });

  test('may be from before our last write until that is over', () => {
    const lags = (seconds: number) => mayLag(holding(wrote(seconds)), observed());
    expect([lags(OVER - 0.001), lags(OVER), mayLag(holding(), observed())]).toEqual([
      ...[true, false, false],
    ]);
  });
});

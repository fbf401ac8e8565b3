/** The next step where several grants, calls and roles meet on one account, and at the exact instants between two answers. */
import type { Holding, Membership } from '../../../shared/domain/holding/model.ts';
import { heldRole } from '../../../shared/domain/holding/standing.ts';
import { TIMING } from '../../../shared/domain/holding/timing.ts';
import {
  active,
  END,
  given,
  intent,
  iso,
  maintainer,
  member,
  NONE,
  OVER,
  other,
  outcomes,
  removing,
  seen,
  wrote,
} from './given.ts';

const DAY = 86_400;
const SOON = iso(TIMING.rereadSeconds);
const there = (membership: Membership, startedAt?: string) => ({
  observation: seen(membership, startedAt),
});
const until = (state: Partial<Holding>, facts: Parameters<typeof given>[1] = {}) => {
  const step = given(state, facts);
  return step.do === 'wait' ? step.until : step.do;
};
const lowering = (role: string | null, part: Parameters<typeof intent>[1] = {}) =>
  intent(10, { kind: 'remove', role, ...part });

describe('several grants', () => {
  test('an add is for those who lack it, not for those who have theirs', () => {
    const grants = [
      active(),
      other({ role: 'maintainer', expiresAt: iso(60), scheduledFor: iso(60) }),
    ];
    expect(given({ grants, ours: 'member', ...wrote(100) }, there(member))).toEqual({
      ...{ do: 'add', role: 'maintainer', until: iso(60), grantIds: ['AR-BBBBBB'] },
    });
  });

  test('one that was active and is missing is drift, though another is only on its way', () => {
    const role = 'maintainer';
    const grants = [active({ role }), other({ role })];
    expect(given({ grants, ours: role, ...wrote(900) }, { paused: true })).toEqual({
      ...{ do: 'report-drift', actual: null, expected: 'maintainer' },
    });
  });

  test('one that stands does not make a read final for one that is on its way out', () => {
    const grants = [active(), removing({ grantId: 'AR-BBBBBB', role: 'maintainer' })];
    expect(until({ grants, ours: 'maintainer', ...wrote(OVER - 1) }, there(member))).toBe(SOON);
  });

  test('a weaker one that lasts longer does not move the end of a stronger one', () => {
    const late = { expiresAt: iso(2 * END), scheduledFor: iso(2 * END) };
    const grants = [active({ role: 'maintainer' }), other({ ...late, phase: 'active' })];
    const ends = { ...maintainer, until: iso(END) };
    expect(until({ grants, ours: 'maintainer', ...wrote(900) }, there(ends))).toBe(iso(END));
  });

  test('the end that we left is taken back in the name of those who are over', () => {
    const grants = [removing({ role: 'maintainer' }), other({ phase: 'active', issued: true })];
    const state = { grants, ours: 'maintainer', baseline: member, ...wrote(900) };
    expect(given(state, there({ ...member, until: iso(END + DAY) }))).toEqual({
      ...{ do: 'lower', to: member, grantIds: ['AR-AAAAAA'] },
    });
  });

  test('the end that we left is known by any grant that is over, not by all of them', () => {
    const old = { expiresAt: iso(-3 * DAY), scheduledFor: iso(-3 * DAY) };
    const grants = [removing({ role: 'maintainer' }), removing({ ...old, grantId: 'AR-BBBBBB' })];
    const state = { grants, ours: 'maintainer', baseline: member, ...wrote(900) };
    expect(given(state, there({ ...member, until: iso(END + DAY) })).do).toBe('lower');
  });
});

describe('calls that are not over', () => {
  test('of a removal that was answered and is behind, the end that we left is read again', () => {
    const open = lowering('maintainer', { issuedAt: iso(-1), answer: 'answered' });
    const state = { grants: [removing({ role: 'maintainer' })], intents: [open], ...wrote(1) };
    const left = there({ ...member, until: iso(END + DAY) });
    expect(until({ ...state, ours: 'maintainer', baseline: member }, left)).toBe(SOON);
    const add = [{ ...open, kind: 'add' as const }];
    const raising = { ...state, intents: add, ours: 'maintainer', baseline: member };
    expect(until(raising, left)).not.toBe(SOON);
  });

  test('that were answered so long ago that they can take effect no more are repeated', () => {
    const answered = { answer: 'answered', issuedAt: iso(-OVER) } as const;
    const state = { grants: [removing()], ours: 'member', ...wrote(OVER) };
    expect(
      given({ ...state, intents: [lowering(null, answered)] }, there(member, iso(-1))),
    ).toMatchObject({ do: 'lower' });
    const justNow = [lowering(null, { ...answered, issuedAt: iso(-OVER + 0.001) })];
    expect(until({ ...state, intents: justNow }, there(member, iso(-1)))).toBe(SOON);
  });

  test('keep nobody from being over unless they may bring more than what stays', () => {
    const gone = { grants: [removing()], ours: null, ...wrote(900) };
    expect(outcomes(given({ ...gone, intents: [lowering(null)] }))).toMatchObject([
      { outcome: 'removed' },
    ]);
    const back = { grants: [removing({ role: 'maintainer' })], baseline: member, ...wrote(900) };
    const toMember = { ...back, intents: [lowering('member')] };
    expect(outcomes(given({ ...toMember, ours: null }, there(member)))).toMatchObject([
      { outcome: 'restored' },
    ]);
    const toMaintainer = { ...back, intents: [lowering('maintainer')], ours: null };
    expect(given(toMaintainer, there(member)).do).not.toBe('record');
  });

  test('and what we wrote does not either, where it is no more than what stays', () => {
    const back = { grants: [removing({ role: 'maintainer' })], baseline: member, ...wrote(10) };
    for (const ours of [null, 'member'])
      expect(outcomes(given({ ...back, ours }, there(member)))).toMatchObject([
        { outcome: 'restored' },
      ]);
    expect(until({ ...back, ours: 'maintainer' }, there(member))).toBe(SOON);
  });

  test('are waited for to the instant at which they are over, and looked at in a moment then', () => {
    const standing = { grants: [active()], ours: 'member' };
    const at = (age: number) =>
      until({ ...standing, intents: [intent(age)], ...wrote(900) }, there(member, iso(-10)));
    expect([at(OVER - 1), at(OVER)]).toEqual([iso(1), SOON]);
    expect(until({ intents: [intent(1)] })).toBe(iso(OVER - 1));
  });
});

describe('a settle window', () => {
  const standing = { grants: [active()], ours: 'member' };
  test('is waited for while it lasts, whatever stands', () => {
    expect(until({ ...standing, ...wrote(100) }, there(member))).toBe(
      iso(TIMING.settleSeconds - 100),
    );
    expect(until({ ...standing, settleUntil: iso(0) }, there(member))).toBe(iso(END));
  });

  test('that is over leaves nothing to wait for where nothing is left', () => {
    const facts = there(NONE, iso(-2));
    expect(until({ baseline: null, settleUntil: iso(-1) }, facts)).toBeNull();
    expect(until({ baseline: null }, { observation: null })).toBeNull();
  });
});

describe('what is left of us at a provider', () => {
  test('is read, although no grant is left', () => {
    const nothing = { grants: [], baseline: null };
    for (const part of [{ ours: 'member' }, { intents: [intent(1)] }, { baseline: NONE }])
      expect(given({ ...nothing, ...part }, { observation: null })).toEqual({ do: 'read' });
  });

  test('is taken away, although nobody knows any more what was there before', () => {
    const state = { grants: [removing()], ours: 'member', baseline: null, ...wrote(900) };
    expect(given(state, there(member))).toEqual({
      ...{ do: 'lower', to: NONE, grantIds: ['AR-AAAAAA'] },
    });
    expect(outcomes(given(state))).toEqual([
      { grantId: 'AR-AAAAAA', result: 'removed', outcome: 'removed' },
    ]);
  });

  test('was granted, where something of ours was there, whatever the grant itself says', () => {
    const unissued = { grants: [removing({ issued: false })], ...wrote(900) };
    expect(outcomes(given({ ...unissued, ours: 'member' }))).toMatchObject([
      { outcome: 'removed' },
    ]);
    expect(outcomes(given({ ...unissued, ours: null }))).toMatchObject([
      { outcome: 'never-granted' },
    ]);
  });

  test('is nothing where nothing is known', () => {
    expect(heldRole(['member'], null)).toBeNull();
  });
});

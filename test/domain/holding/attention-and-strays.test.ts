/** What of a holding lasts longer than it should; and how the mark on a stranger ends. */
import { attentionTo } from '../../../shared/domain/holding/attention.ts';
import type { Holding, Membership, Stray } from '../../../shared/domain/holding/model.ts';
import {
  accountDriven,
  endSeen,
  endUnseen,
  holderOf,
  isOursNow,
  mayLower,
  withoutStray,
} from '../../../shared/domain/holding/stray.ts';
import {
  active,
  END,
  given,
  grant,
  holding,
  intent,
  iso,
  member,
  NONE,
  observed,
  removing,
  seen,
} from './given.ts';

const at = (seconds: number) => new Date(iso(seconds));

describe('attention', () => {
  test('is due to access ninety seconds past its end, from its own end on', () => {
    const overdue = (part: Partial<Holding>, seconds: number) =>
      attentionTo(holding(part), at(seconds)).overdue;
    const late = removing({ endedAt: iso(END + 50) });
    expect(overdue({ grants: [late] }, END + 90)).toEqual([]);
    expect(overdue({ grants: [late] }, END + 91)).toEqual([{ grant: late, since: iso(END) }]);
    const early = removing({ endedAt: iso(100) });
    expect(overdue({ grants: [early] }, 190)).toEqual([]);
    expect(overdue({ grants: [early, active()] }, 191)).toEqual([
      { grant: early, since: iso(100) },
    ]);
  });

  test('is due to a call of which nobody knows the end for two minutes', () => {
    const open = intent(0);
    const ambiguous = (seconds: number) =>
      attentionTo(holding({ intents: [open] }), at(seconds)).ambiguous;
    expect([ambiguous(120), ambiguous(121)]).toEqual([[], [open]]);
  });

  test('is due to a grant that is being set up for three minutes, and to none that stands', () => {
    const grants = [grant({ authorizedAt: iso(0) }), active({ authorizedAt: iso(0) })];
    const stuck = (seconds: number) => attentionTo(holding({ grants }), at(seconds)).stuck;
    expect([stuck(180), stuck(181)]).toEqual([[], [grants[0]]]);
  });
});

const stray = (part: Partial<Stray> = {}): Stray => ({
  ...{ accountId: '99', role: 'member', markedAt: iso(-60), until: iso(60), issued: false },
  ...part,
});
const late = stray({ until: iso(0) });
const exclusive = observed({ exclusive: true });

describe('the mark on a stranger', () => {
  test('is what calls go by until something is granted', () => {
    expect(accountDriven(holding({ stray: stray() }))).toBe('99');
    expect(accountDriven(holding({ stray: stray(), grants: [grant()] }))).toBe('1');
    expect(accountDriven(holding())).toBe('1');
    expect(withoutStray(holding({ stray: stray() }))).toEqual(holding());
  });

  test('is none of what we gave, are giving or may have given', () => {
    expect(isOursNow(holding({ stray: stray() }))).toBe(false);
    for (const part of [{ grants: [grant()] }, { ours: 'member' }, { intents: [intent(1)] }])
      expect(isOursNow(holding(part))).toBe(true);
  });

  test('lets a removal be issued within its time, in a container that is still exclusive', () => {
    expect(mayLower(holding(), observed())).toBe(true);
    expect(mayLower(holding({ stray: stray() }), exclusive)).toBe(true);
    expect(mayLower(holding({ stray: stray() }), observed())).toBe(false);
    expect(mayLower(holding({ stray: late }), exclusive)).toBe(false);
    expect(mayLower(holding({ stray: stray({ until: iso(0.001) }) }), exclusive)).toBe(true);
  });

  test('ends unseen with a grant, with its time, or with the container being exclusive', () => {
    const end = (part: Partial<Holding>, facts = exclusive) => endUnseen(holding(part), facts);
    expect(end({})).toBeNull();
    expect(end({ stray: stray() })).toBeNull();
    expect(end({ stray: stray(), grants: [grant()] })).toEqual({ result: 'kept', why: 'granted' });
    expect(end({ stray: late })).toEqual({ result: 'kept', why: 'late' });
    expect(end({ stray: stray() }, observed())).toEqual({ result: 'kept', why: 'not-exclusive' });
    expect(end({ stray: late, intents: [intent(1)] })).toBeNull();
  });

  test('ends seen once they are no member any more and no call of ours is open', () => {
    const end = (part: Partial<Holding>, membership: Membership) =>
      endSeen(holding(part), observed({ exclusive: true, observation: seen(membership) }));
    expect(end({ stray: stray() }, NONE)).toEqual({ result: 'kept', why: 'gone' });
    expect(end({ stray: stray({ issued: true }) }, NONE)).toEqual({ result: 'removed' });
    expect(end({ stray: stray() }, { ...NONE, role: 'member' })).toMatchObject({ why: 'gone' });
    expect(end({ stray: stray() }, { ...member, role: null })).toMatchObject({ why: 'gone' });
    expect(end({ stray: stray() }, member)).toBeNull();
    expect(end({ stray: stray(), intents: [intent(1)] }, NONE)).toBeNull();
    expect(end({}, NONE)).toBeNull();
  });

  test('on an account that the policy does not know names nobody', () => {
    expect(holderOf(holding())).toBe('U0ANA');
    expect(() => holderOf(holding({ subject: null }))).toThrow('belongs to nobody');
  });
});

describe('a marked stranger', () => {
  const step = (part: Partial<Holding>, membership: Membership, facts = {}) =>
    given(
      { stray: stray(), baseline: null, ...part },
      { exclusive: true, observation: seen(membership), ...facts },
    );

  test('is taken out, once seen', () => {
    expect(step({}, member)).toEqual({ do: 'lower', to: NONE, grantIds: [] });
    expect(step({}, member, { observation: null })).toEqual({ do: 'read' });
  });

  test('is settled once gone, or once the mark is over', () => {
    expect(step({}, NONE)).toEqual({
      ...{ do: 'settle-stray', end: { result: 'kept', why: 'gone' } },
    });
    expect(step({ stray: late }, member)).toEqual({
      ...{ do: 'settle-stray', end: { result: 'kept', why: 'late' } },
    });
  });

  test('is left alone while an open call only has to be watched to its end', () => {
    const open = [intent(5, { kind: 'remove', role: null })];
    expect(step({ stray: late, intents: open }, member).do).toBe('wait');
  });
});

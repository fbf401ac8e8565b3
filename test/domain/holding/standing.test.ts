/** The next step where the provider ends memberships itself, and where roles also come from above. */
import { TIMING } from '../../../shared/domain/holding/timing.ts';
import {
  active,
  END,
  given,
  grant,
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
const until = (seconds: number, what: typeof member = member) => ({ ...what, until: iso(seconds) });

describe('a baseline that the provider would have ended by itself', () => {
  const raised = { grants: [removing({ role: 'maintainer' })], ours: 'maintainer', ...wrote(900) };
  test('is put back with its end while that lies ahead', () => {
    expect(
      given({ ...raised, baseline: until(DAY) }, { observation: seen(maintainer) }),
    ).toMatchObject({ do: 'lower', to: until(DAY) });
  });
  test.each([0, -1, -DAY])('is not put back once it is over (%i s)', (seconds) => {
    expect(
      given({ ...raised, baseline: until(seconds) }, { observation: seen(maintainer) }),
    ).toMatchObject({ do: 'lower', to: NONE });
    expect(
      outcomes(given({ ...raised, baseline: until(seconds) }, { observation: seen(NONE) })),
    ).toMatchObject([{ outcome: 'removed' }]);
  });
  test('does not stand in the way of a grant any more', () => {
    const asked = { grants: [grant()], baseline: until(-1) };
    expect(given(asked)).toMatchObject({ do: 'add', role: 'member' });
    expect(outcomes(given({ ...asked, baseline: until(DAY) }))).toMatchObject([
      { result: 'failed', code: 'already-has-access' },
    ]);
  });
});

describe('the end that we left with the provider', () => {
  const running = { grants: [active({ role: 'maintainer' })], ours: 'maintainer', ...wrote(900) };
  const shown = (seconds: number) => ({ observation: seen(until(seconds, maintainer)) });
  test('is left alone while it lies at or after the end of the grant', () => {
    for (const end of [END, END + DAY]) expect(given(running, shown(end)).do).toBe('wait');
    expect(given(running, { observation: seen(maintainer) }).do).toBe('wait');
  });
  test('moves with the grant that was extended, and with a longer one that came later', () => {
    const longer = other({ ...active({ role: 'maintainer' }), grantId: 'AR-BBBBBB' });
    const late = { ...longer, expiresAt: iso(3 * END), scheduledFor: iso(3 * END) };
    expect(given({ ...running, grants: [...running.grants, late] }, shown(2 * END))).toEqual({
      do: 'add',
      role: 'maintainer',
      until: iso(3 * END),
      grantIds: ['AR-AAAAAA', 'AR-BBBBBB'],
    });
  });
  test('is not moved while access is paused, for a grant that is about to end, or on what a human wrote', () => {
    expect(given(running, { ...shown(END - 1), paused: true }).do).toBe('wait');
    const soon = active({
      role: 'maintainer',
      expiresAt: iso(TIMING.httpTimeoutSeconds),
      scheduledFor: iso(TIMING.httpTimeoutSeconds),
    });
    expect(given({ ...running, grants: [soon] }, shown(1)).do).toBe('wait');
    expect(given({ ...running, ours: 'member' }, shown(END - 1)).do).toBe('wait');
  });
  test('is not moved on a read that may still show the end of before', () => {
    const step = given({ ...running, ...wrote(OVER - 1) }, shown(END - 1));
    expect(step).toMatchObject({ do: 'wait' });
  });
});

describe('the role was taken back by hand, our end stayed', () => {
  const over = { grants: [removing({ role: 'maintainer' })], baseline: member, ...wrote(900) };
  const shown = (seconds: number) => ({ observation: seen(until(seconds)) });
  test('what was there before gets its own end back before the grant counts as over', () => {
    const ours = { ...over, ours: 'maintainer' };
    expect(given(ours, shown(END + DAY))).toEqual({
      do: 'lower',
      to: member,
      grantIds: ['AR-AAAAAA'],
    });
    expect(outcomes(given(ours, { observation: seen(member) }))).toMatchObject([
      { outcome: 'restored' },
    ]);
  });
  test('at the grant’s end exactly and two days after it is ours, and of a live grant it is not', () => {
    const ours = { ...over, ours: 'maintainer' };
    for (const end of [END, END + 2 * DAY]) expect(given(ours, shown(end)).do).toBe('lower');
    const two = [
      ...over.grants,
      other({ phase: 'removing', expiresAt: iso(10), endedAt: iso(-1) }),
    ];
    expect(given({ ...ours, grants: two }, shown(END + DAY))).toEqual({
      ...{ do: 'lower', to: member, grantIds: ['AR-AAAAAA', 'AR-BBBBBB'] },
    });
    const living = { ...ours, grants: [active()] };
    expect(given(living, shown(END + DAY)).do).toBe('wait');
  });
  test('what was not direct before, or is not what it was, is no end that we left', () => {
    const ours = { ...over, ours: 'maintainer' };
    const inherited = { role: 'member', direct: false, until: null };
    for (const [baseline, membership] of [
      [inherited, until(END + DAY)],
      [member, { ...until(END + DAY), direct: false }],
      [{ ...member, role: 'maintainer' }, until(END + DAY)],
      [until(END + DAY), until(END + DAY)],
      [NONE, NONE],
    ] as const)
      expect(given({ ...ours, baseline }, { observation: seen(membership) }).do).toBe('record');
  });
  test('a removal of ours that was answered is read again, not repeated', () => {
    const ours = { ...over, ours: 'maintainer', ...wrote(1) };
    const lowering = { intentId: 'i1', kind: 'remove', role: 'member', issuedAt: iso(-1) } as const;
    const state = { ...ours, intents: [{ ...lowering, answer: 'answered' as const }] };
    expect(given(state, { observation: seen(maintainer) })).toEqual({
      ...{ do: 'wait', until: iso(TIMING.rereadSeconds) },
    });
  });
  test('an end that somebody else set is left alone', () => {
    const ours = { ...over, ours: 'maintainer' };
    for (const end of [END - 1, END + 3 * DAY]) {
      expect(outcomes(given(ours, shown(end)))).toMatchObject([{ outcome: 'restored' }]);
    }
    expect(outcomes(given({ ...over, ours: null }, shown(END + DAY)))).toMatchObject([
      { outcome: 'restored' },
    ]);
  });
});

test('"restored" is said of what was read: where the role of before is gone too, the grant is only gone', () => {
  const ended = {
    grants: [removing({ role: 'maintainer' })],
    ours: 'maintainer',
    baseline: member,
    ...wrote(900),
  };
  expect(outcomes(given(ended, { observation: seen(NONE) }))).toMatchObject([
    { outcome: 'removed' },
  ]);
  expect(outcomes(given(ended, { observation: seen(member) }))).toMatchObject([
    { outcome: 'restored' },
  ]);
});

test('a baseline that is over leaves what comes from above', () => {
  const over = { ...until(-1), inherited: 'member' };
  const raised = { grants: [removing({ role: 'maintainer' })], ours: 'maintainer', ...wrote(900) };
  const step = given({ ...raised, baseline: over }, { observation: seen(maintainer) });
  expect(step).toMatchObject({ do: 'lower', to: NONE });
  const gone = given(
    { ...raised, baseline: over },
    { observation: seen({ ...NONE, role: 'member' }) },
  );
  expect(outcomes(gone)).toMatchObject([{ outcome: 'restored' }]);
});

test('what another grant still needs stays, with its own end, when a stronger one is over', () => {
  const grants = [
    active({ expiresAt: iso(9000), scheduledFor: iso(9000) }),
    other({ phase: 'active', issued: true }),
    removing({ grantId: 'AR-CCCCCC', role: 'maintainer' }),
  ];
  const state = { grants, ours: 'maintainer', ...wrote(900) };
  expect(given(state, { observation: seen(maintainer) })).toEqual({
    ...{ do: 'lower', to: { ...member, until: iso(9000) }, grantIds: ['AR-CCCCCC'] },
  });
  expect(given({ ...state, baseline: member }, { observation: seen(maintainer) })).toMatchObject({
    do: 'lower',
    to: member,
  });
});

describe('a stronger role from above', () => {
  const both = { ...member, inherited: 'maintainer' };
  test('is "you already have it", although the direct role is weaker', () => {
    expect(
      outcomes(
        given(
          { grants: [grant({ role: 'maintainer' })], baseline: both },
          { observation: seen(both) },
        ),
      ),
    ).toMatchObject([{ result: 'failed', code: 'already-has-access' }]);
  });
  test('that appears while a grant is on its way makes it active without a write', () => {
    expect(
      outcomes(given({ grants: [grant({ role: 'maintainer' })] }, { observation: seen(both) })),
    ).toEqual([{ grantId: 'AR-AAAAAA', result: 'activated' }]);
  });
  test('does not keep our own direct role from being taken away', () => {
    const ours = { grants: [removing()], ours: 'member', ...wrote(900) };
    expect(given(ours, { observation: seen(both) })).toMatchObject({ do: 'lower', to: NONE });
  });
});

/** The next step of ensure towards access, and in doubt. Rules a to c are those of the protocol's design. */
import { TIMING } from '../../../shared/domain/holding/timing.ts';
import {
  active,
  END,
  given,
  grant,
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

describe('before anything is written', () => {
  test('a grant past its end is ended first, whatever else there is to do', () => {
    expect(given({ grants: [grant({ expiresAt: iso(0) })] })).toEqual({
      do: 'end',
      grants: [{ grantId: 'AR-AAAAAA', why: 'expired' }],
    });
  });
  test("a grant that today's policy does not stand behind is ended", () => {
    expect(given({ grants: [active()] }, { allowed: new Set() })).toMatchObject({
      do: 'end',
      grants: [{ why: 'policy' }],
    });
  });
  test('a live grant gets a schedule for its end before any add, and a new one when the end has moved', () => {
    for (const scheduledFor of [null, iso(END - 60)])
      expect(given({ grants: [grant({ scheduledFor })] })).toMatchObject({ do: 'schedule' });
  });
  test('the account is looked up, then the provider is read, once per run', () => {
    const grants = [grant()];
    expect(given({ grants }, { accountKnown: false })).toEqual({ do: 'look-up-account' });
    expect(given({ grants }, { observation: null })).toEqual({ do: 'read' });
  });
  test('what the account had by other means is kept before the first add', () => {
    expect(
      given(
        { grants: [grant({ role: 'maintainer' })], baseline: null },
        { observation: seen(member) },
      ),
    ).toMatchObject({ do: 'capture-baseline', membership: member });
  });
  test('in an exclusive container nobody has anything by other means', () => {
    expect(
      given({ grants: [grant()], baseline: null }, { observation: seen(member), exclusive: true }),
    ).toMatchObject({ do: 'capture-baseline', membership: NONE });
  });
  test('a baseline that stands is inherited, never captured again', () => {
    expect(given({ grants: [grant()], baseline: NONE })).toMatchObject({ do: 'add' });
  });
  test('nothing is tried before the next attempt is due, but an end is', () => {
    const nextAttemptAt = iso(30);
    expect(given({ grants: [grant()], nextAttemptAt })).toMatchObject({
      do: 'wait',
      until: iso(30),
    });
    expect(given({ grants: [grant({ expiresAt: iso(0) })], nextAttemptAt }).do).toBe('end');
  });
});

describe('adding', () => {
  test('the strongest wanted role is added, for all who want it, until the last of them ends', () => {
    const later = other({
      role: 'maintainer',
      expiresAt: iso(2 * END),
      scheduledFor: iso(2 * END),
    });
    expect(given({ grants: [grant(), later] })).toEqual({
      do: 'add',
      role: 'maintainer',
      until: iso(2 * END),
      grantIds: ['AR-AAAAAA', 'AR-BBBBBB'],
    });
  });
  test('a call that might take longer than the grant is not made', () => {
    const expiresAt = iso(TIMING.httpTimeoutSeconds);
    expect(given({ grants: [grant({ expiresAt, scheduledFor: expiresAt })] }).do).toBe('wait');
  });
  test('while grants are paused nothing is added, and what is given is still taken away', () => {
    expect(given({ grants: [grant()] }, { paused: true }).do).toBe('wait');
    expect(
      given({ grants: [removing()], ours: 'member' }, { paused: true, observation: seen(member) })
        .do,
    ).toBe('lower');
  });
  test('somebody who has as much by other means already is told so', () => {
    expect(
      outcomes(given({ grants: [grant()], baseline: member }, { observation: seen(member) })),
    ).toEqual([
      {
        grantId: 'AR-AAAAAA',
        result: 'failed',
        code: 'already-has-access',
        evidence: 'not-issued',
      },
    ]);
  });
  test('an answered add that is not seen yet is read again, not repeated', () => {
    const intents = [intent(3, { answer: 'answered' })];
    expect(given({ grants: [grant({ issued: true })], intents, ...wrote(3) })).toEqual({
      do: 'wait',
      until: iso(TIMING.rereadSeconds),
    });
  });
  test('a grant is active once its add was answered and is seen', () => {
    const step = given(
      {
        grants: [grant({ issued: true })],
        intents: [intent(1, { answer: 'answered' })],
        ...wrote(1),
      },
      { observation: seen(member) },
    );
    expect(step).toMatchObject({
      do: 'record',
      closing: { closed: [{ intentId: 'i1', result: 'confirmed' }], holding: { ours: 'member' } },
      outcomes: [{ result: 'activated' }],
    });
  });
  test('what a removal of ours left in a lagging read activates nobody', () => {
    const step = given(
      { grants: [grant()], ours: null, ...wrote(5) },
      { observation: seen(member) },
    );
    expect(step).toEqual({ do: 'wait', until: iso(TIMING.rereadSeconds) });
  });
});

describe('settling', () => {
  test('rule b: an active grant that is missing inside the window is added again', () => {
    expect(given({ grants: [active()], ours: 'member', ...wrote(100) })).toMatchObject({
      do: 'add',
    });
  });
  test('after the window a missing grant is drift, reported once', () => {
    const late = { grants: [active()], ours: 'member', ...wrote(TIMING.settleSeconds) };
    expect(given(late)).toEqual({ do: 'report-drift', actual: null, expected: 'member' });
    expect(given({ ...late, drift: 'null/member' }).do).toBe('wait');
  });
  test.each(['add', 'remove'] as const)(
    'rule a: the window of an %s keeps the baseline',
    (kind) => {
      const role = kind === 'add' ? 'member' : null;
      const closed = { intents: [intent(50, { kind, role })], ...wrote(50) };
      expect(given(closed).do).toBe('record');
      expect(given({ ...wrote(50) })).toEqual({
        do: 'wait',
        until: iso(TIMING.settleSeconds - 50),
      });
      expect(given({ ...wrote(TIMING.settleSeconds) })).toEqual({
        do: 'clear',
        observedAt: iso(0),
      });
    },
  );
  test('a read from before the end of the window does not clear', () => {
    const observation = seen(NONE, iso(-1));
    expect(given({ ...wrote(TIMING.settleSeconds) }, { observation }).do).toBe('wait');
  });
});

describe('ambiguous calls (rule c)', () => {
  test.each([
    ['an add that is seen', { kind: 'add', role: 'member' }, member],
    ['an add that is not seen', { kind: 'add', role: 'member' }, NONE],
    ['a removal that is seen', { kind: 'remove', role: null }, NONE],
    ['a removal that is not seen', { kind: 'remove', role: null }, member],
  ] as const)('%s stays open until it can no longer land', (_, part, membership) => {
    const at = (age: number) =>
      given({ intents: [intent(age, part)], ...wrote(age) }, { observation: seen(membership) });
    const early = at(OVER - 1);
    expect(early.do === 'record' ? early.closing.closed : []).toEqual([]);
    expect(at(OVER)).toMatchObject({ do: 'record', closing: { closed: [{ intentId: 'i1' }] } });
  });
  test('a grant is not over while an add may still land', () => {
    const state = { grants: [removing()], intents: [intent(OVER - 1)], ...wrote(OVER - 1) };
    expect(given(state).do).toBe('wait');
  });
  test('an old intent that settles late never makes what we wrote weaker', () => {
    const state = { grants: [active({ role: 'maintainer' })], ours: 'maintainer' };
    const step = given(
      { ...state, intents: [intent(OVER)], ...wrote(OVER - 5) },
      { observation: seen(maintainer) },
    );
    expect(step).toMatchObject({ do: 'record', closing: { holding: { ours: 'maintainer' } } });
  });
  test('a lowering that landed after the removal that followed it is still ours to take away', () => {
    const late = intent(OVER, { kind: 'remove', role: 'member' });
    const step = given(
      { grants: [removing()], intents: [late], ours: null, ...wrote(OVER - 10) },
      { observation: seen(member) },
    );
    expect(step).toMatchObject({
      do: 'record',
      closing: { holding: { ours: 'member' } },
      outcomes: [],
    });
  });
});

/** From a link to an authenticator: which link is live, what it allows next, what the authenticator keeps of the one before. */
import {
  codesLinkOf,
  confirmed,
  enrolledFrom,
  linkOf,
  liveLink,
  reserveCode,
  reserveWord,
} from '../../../shared/domain/authenticator/enrolment.ts';
import type { Enrolment } from '../../../shared/domain/authenticator/model.ts';
import { HASH, iso, later } from '../../support/samples.ts';
import {
  authenticator,
  codesLink,
  confirmedLink,
  done,
  LIVE,
  offered,
  revealed,
  SEALED,
  TOKEN,
  vouched,
} from './given.ts';

const told = <T, E extends { code: string }>(
  result: { ok: true; value: T } | { ok: false; error: E },
) => (result.ok ? result.value : result.error.code);

describe('a link', () => {
  test.each(LIVE.map((link) => [link.stage, link] as const))(
    '%s lives until it ends',
    (_, link) => {
      expect(liveLink(link, later(599.999))).toBe(link);
      expect(told(linkOf(link, TOKEN, later(599.999)))).toBe(link);
      expect(liveLink(link, later(600))).toBeNull();
      expect(told(linkOf(link, TOKEN, later(600)))).toBe('link-expired');
    },
  );

  test('is none before there is one, after it was used, and for new recovery codes', () => {
    for (const other of [null, vouched(), codesLink(), done()])
      expect(liveLink(other, later(0))).toBeNull();
  });

  test.each<[string, Enrolment | null, string, string]>([
    ['nothing', null, TOKEN, 'link-unknown'],
    ['a word of somebody else alone', vouched(), TOKEN, 'link-unknown'],
    ['another link', offered(), HASH, 'link-unknown'],
    ['a link for recovery codes', codesLink(), TOKEN, 'link-unknown'],
    ['a link that led to its end', done(), TOKEN, 'link-used'],
    ['another one that did', done(), HASH, 'link-unknown'],
  ])('tells nothing but %s', (_, enrolment, token, code) => {
    expect(told(linkOf(enrolment, token, later(0)))).toBe(code);
  });

  test('for new recovery codes is one of its own', () => {
    expect(told(codesLinkOf(codesLink(), TOKEN, later(599.999)))).toEqual(codesLink());
    expect(told(codesLinkOf(codesLink(), TOKEN, later(600)))).toBe('link-expired');
    expect(told(codesLinkOf(codesLink(), HASH, later(0)))).toBe('link-unknown');
    expect(told(codesLinkOf(done(), TOKEN, later(0)))).toBe('link-used');
    for (const other of [null, vouched(), ...LIVE])
      expect(told(codesLinkOf(other, TOKEN, later(0)))).toBe('link-unknown');
  });
});

describe('a code on the page', () => {
  test('is counted before it is looked at, five times at most, once the key was shown', () => {
    expect(told(reserveCode(offered()))).toBe('key-not-shown-yet');
    expect(told(reserveCode(revealed(4)))).toEqual(revealed(5));
    expect(told(reserveCode(revealed(5)))).toBe('too-many-tries');
    expect(told(reserveCode(confirmedLink({ codeTries: 1 })))).toEqual(
      confirmedLink({ codeTries: 2 }),
    );
  });

  test('that is right shows a word, and recovery codes once', () => {
    const right = { step: 300, wordHash: TOKEN, recovery: [HASH] };
    expect(confirmed(revealed(3), right)).toEqual(
      confirmedLink({ confirmedStep: 300, wordHash: TOKEN, recovery: [HASH] }),
    );
    const again = confirmedLink({ codeTries: 2, wordTries: 3, recovery: [TOKEN] });
    expect(confirmed(again, right)).toEqual(
      confirmedLink({ confirmedStep: 300, wordHash: TOKEN, wordTries: 3, recovery: [TOKEN] }),
    );
  });

  test('of an earlier step than one seen before takes nothing back', () => {
    const right = { step: 199, wordHash: HASH, recovery: [] };
    expect(confirmed(confirmedLink({ confirmedStep: 200 }), right).confirmedStep).toBe(200);
  });
});

describe('the word in Slack', () => {
  const tries = (wordTries: number) => confirmedLink({ wordTries });

  test('is counted before it is compared, five times at most', () => {
    expect(told(reserveWord(tries(4), later(0)))).toEqual(tries(5));
    expect(told(reserveWord(tries(5), later(0)))).toBe('too-many-tries');
  });

  test('comes after the first right code and before the link ends', () => {
    expect(told(reserveWord(tries(0), later(600)))).toBe('link-expired');
    expect(told(reserveWord(offered(), later(0)))).toBe('word-too-early');
    expect(told(reserveWord(revealed(), later(0)))).toBe('word-too-early');
    for (const other of [null, vouched(), codesLink(), done()])
      expect(told(reserveWord(other, later(0)))).toBe('no-enrolment');
  });
});

describe('the authenticator that an enrolment leaves', () => {
  const times = { now: later(100), holdSeconds: 60 };
  const UNTRIED = { attempts: 0, failuresInRow: 0, lockedUntil: null, needsProof: false };

  test('may approve after its hold, and knows the codes that the page showed', () => {
    expect(enrolledFrom(confirmedLink({ recovery: [HASH] }), null, times)).toEqual({
      ...{ owner: 'U0ANA', authenticatorId: 'auth-0002', sealed: SEALED },
      ...{ enrolledAt: iso(100), mayApproveFrom: iso(160), lastStep: 200 },
      ...UNTRIED,
      ...{ recovery: { digests: [HASH], ...UNTRIED }, reset: null, approvalsVoidUntil: null },
    });
    expect(enrolledFrom(confirmedLink(), null, times).recovery).toBeNull();
  });

  test('accepts no step that its predecessor accepted, and keeps void what was void', () => {
    const before = authenticator({ lastStep: 900, approvalsVoidUntil: iso(50) });
    expect(enrolledFrom(confirmedLink(), before, times)).toMatchObject({
      lastStep: 900,
      approvalsVoidUntil: iso(50),
    });
  });
});

import { codeAt } from '../../local/code-at.ts';
import { oneTimeCodes } from '../../shared/adapters/one-time-codes.ts';
import { fromBase32 } from '../support/totp.ts';

/** RFC 6238, appendix B, SHA-1: the secret is the ASCII text, the codes have eight digits. */
const SECRET = Buffer.from('12345678901234567890');
const VECTORS = [
  [59, '94287082'],
  [1111111109, '07081804'],
  [1111111111, '14050471'],
  [1234567890, '89005924'],
  [2000000000, '69279037'],
  [20000000000, '65353130'],
] as const;
const at = (seconds: number) => new Date(seconds * 1000);
const codes = oneTimeCodes();

describe('the oracle of these tests', () => {
  it.each(VECTORS)('makes the code of RFC 6238 at second %d', (second, code) => {
    expect(codeAt(SECRET, at(second), 8)).toBe(code);
  });
});

describe('one-time codes', () => {
  it.each(VECTORS)('accept the last six digits of the RFC vector at second %d', (second, code) => {
    expect(codes.matchStep(SECRET, code.slice(2), at(second))).toBe(Math.floor(second / 30));
  });

  it.each([0, 1, 29])('accept exactly this step and the one before, %d s into a step', (into) => {
    const now = 1_772_442_000 + into;
    const accepted: number[] = [];
    for (let offset = -90; offset <= 90; offset += 1) {
      const made = codeAt(SECRET, at(now + offset));
      const step = codes.matchStep(SECRET, made, at(now));
      if (step === null) continue;
      accepted.push(offset);
      expect(step).toBe(Math.floor((now + offset) / 30));
    }
    const [first, last] = [-30 - into, 29 - into];
    expect(accepted).toEqual(Array.from({ length: last - first + 1 }, (_, i) => first + i));
  });

  it('accept only the current step in the strict mode', () => {
    const strict = oneTimeCodes({ accept: 'now-only' });
    const now = 1_772_442_005;
    expect(strict.matchStep(SECRET, codeAt(SECRET, at(now)), at(now))).toBe(Math.floor(now / 30));
    expect(strict.matchStep(SECRET, codeAt(SECRET, at(now - 30)), at(now))).toBeNull();
  });

  it('agree with the oracle for many secrets and instants', () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const secret = Uint8Array.from({ length: 20 }, (_, i) => (seed * 37 + i * 101) % 256);
      const now = at(1_700_000_000 + seed * 7919);
      const step = Math.floor(now.getTime() / 30_000);
      expect(codes.matchStep(secret, codeAt(secret, now), now)).toBe(step);
    }
  });

  it.each(['', '12345', '1234567', '٠٨١٨٠٤', '07081８', '07081804'])(
    'match nothing for %j, without an error',
    (typed) => {
      expect(codes.matchStep(SECRET, typed, at(1111111109))).toBeNull();
    },
  );

  it('give an authenticator app everything it needs, and the key as people type it', () => {
    const secret = Uint8Array.from({ length: 20 }, (_, i) => i * 13);
    const { uri, key } = codes.provisioning(secret, 'dee & co');
    const parsed = new URL(uri);
    expect(uri.startsWith('otpauth://totp/Hallpass:dee%20%26%20co?')).toBe(true);
    expect(Object.fromEntries(parsed.searchParams)).toEqual({
      secret: key.replaceAll(' ', ''),
      issuer: 'Hallpass',
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    });
    expect(key).toMatch(/^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/);
    expect(fromBase32(key)).toEqual(secret);
  });
});

/** Attempts are counted before a code is verified: five, then a quarter of an hour; ten in a row, then only a new proof helps. */
import {
  acceptStep,
  type Counter,
  canonicalCode,
  reserveAttempt,
  returnAttempt,
  UNTRIED,
} from '../../../shared/domain/authenticator/attempts.ts';
import { iso, later } from '../../support/samples.ts';
import { authenticator } from './given.ts';

/** So many attempts one after another, each at its second. */
const tried = (...seconds: number[]): Counter | null =>
  seconds.reduce<Counter | null>(
    (counted, at) => counted && reserveAttempt(counted, later(at)),
    UNTRIED,
  );

test('an attempt is counted, and the fifth carries the lock that it would cause', () => {
  expect(tried(0)).toEqual({
    ...{ attempts: 1, failuresInRow: 1, lockedUntil: null, needsProof: false },
  });
  expect(tried(0, 1, 2, 3)).toMatchObject({ attempts: 4, lockedUntil: null });
  expect(tried(0, 1, 2, 3, 4)).toEqual({
    ...{ attempts: 5, failuresInRow: 5, lockedUntil: iso(904), needsProof: false },
  });
});

test('while it is locked nothing may be tried; from the end of the lock on five more may', () => {
  expect(tried(0, 1, 2, 3, 4, 903)).toBeNull();
  expect(tried(0, 1, 2, 3, 4, 904)).toEqual({
    ...{ attempts: 1, failuresInRow: 6, lockedUntil: null, needsProof: false },
  });
});

test('the tenth failure in a row needs a new proof, whatever time passes', () => {
  const nine = [0, 1, 2, 3, 4, 1000, 1001, 1002, 1003];
  expect(tried(...nine)).toMatchObject({ failuresInRow: 9, needsProof: false });
  expect(tried(...nine, 1004)).toMatchObject({ failuresInRow: 10, needsProof: true });
  expect(tried(...nine, 1004, 9_999_999)).toBeNull();
});

test('an attempt keeps whatever else is known of what is tried', () => {
  const present = authenticator({ lastStep: 7 });
  expect(reserveAttempt(present, later(0))).toEqual({
    ...present,
    attempts: 1,
    failuresInRow: 1,
  });
});

test('a right code leaves nothing counted, and no step up to its own will do again', () => {
  const present = authenticator({ attempts: 4, failuresInRow: 9, lockedUntil: iso(1) });
  expect(acceptStep(present, 300)).toEqual(authenticator({ lastStep: 300 }));
});

describe('an attempt that is given back', () => {
  const back = (changes: Partial<Counter>) => returnAttempt(authenticator(changes));

  test('counts nowhere, and takes back the lock and the proof that it alone had caused', () => {
    const fifth = { attempts: 5, failuresInRow: 10, lockedUntil: iso(900), needsProof: true };
    expect(back(fifth)).toEqual(authenticator({ attempts: 4, failuresInRow: 9 }));
    expect(back({ attempts: 1, failuresInRow: 1 })).toEqual(authenticator());
  });

  test('takes back no lock and no proof that earlier ones had caused', () => {
    const more = { attempts: 6, failuresInRow: 11, lockedUntil: iso(900), needsProof: true };
    expect(back(more)).toEqual(authenticator({ ...more, attempts: 5, failuresInRow: 10 }));
  });

  test('never makes a credit of it', () => {
    expect(back({})).toEqual(authenticator());
  });
});

test.each([
  ['123456', '123456'],
  [' 123 456 ', '123456'],
  ['12345', null],
  ['1234567', null],
  ['12345a', null],
  ['a123456', null],
  ['１２３４５６', null],
  ['123\t456', null],
  [`123456${' '.repeat(26)}`, '123456'],
  [`123456${' '.repeat(27)}`, null],
  ['', null],
])('what was typed, %j, is read as the code %j', (typed, code) => {
  expect(canonicalCode(typed)).toBe(code);
});

/** The red button: two admins who are two humans, within ten minutes, each with a code for exactly what they saw. */
import fc from 'fast-check';
import { digestOf } from '../../../shared/domain/audit/digest.ts';
import { judgePress, pressed } from '../../../shared/domain/stop/decide.ts';
import { NOTHING_STOPPED, type Stop, type StopWhat } from '../../../shared/domain/stop/model.ts';
import { evidenceOf, factsAt, inForce, TEAM, writtenCompany } from '../../support/company.ts';
import { iso, later } from '../../support/samples.ts';

const { people } = writtenCompany;
const admin = (name: 'bo' | 'cy' | 'dee') => ({ ...people[name], roles: ['admin'] });
const { policy } = inForce({ people: { ...people, bo: admin('bo'), cy: admin('cy') } });

const at = (seconds: number, email: Readonly<Record<string, string>> = {}) => {
  const now = later(seconds);
  const { evidence } = factsAt(seconds);
  const told = Object.entries(email).map(
    ([slack, address]) => [slack, evidenceOf(slack, now, { email: address })] as const,
  );
  const facts = { now, teamId: TEAM, evidence: new Map([...evidence, ...told]) };
  return {
    policies: [policy] as const,
    facts: { ...facts, linkedAccounts: new Map<string, readonly string[]>() },
  };
};

function press(stop: Stop, by: string, seconds: number, what: StopWhat = 'stop'): Stop {
  const may = judgePress(stop, { person: by, what }, at(seconds));
  if (!may.ok) throw new Error(may.error.code);
  return pressed(stop, may.value, { person: by, now: later(seconds) });
}

const proposed = press(NOTHING_STOPPED, 'U0DEE', 0);
const standing = press(proposed, 'U0BO', 60);

test('the first press proposes, another admin’s stops everything', () => {
  const first = press(NOTHING_STOPPED, 'U0DEE', 0);
  expect(first).toEqual({
    standing: null,
    proposal: { what: 'stop', by: 'U0DEE', at: iso(0), until: iso(600) },
    clearedAt: null,
  });
  expect(press(first, 'U0BO', 60)).toEqual({
    standing: { since: iso(60), proposedBy: 'U0DEE', confirmedBy: 'U0BO' },
    proposal: null,
    clearedAt: null,
  });
});

test('and it takes two to lift it', () => {
  const wanted = press(standing, 'U0BO', 120, 'lift');
  expect(wanted.standing).toEqual(standing.standing);
  expect(press(wanted, 'U0DEE', 130, 'lift')).toEqual(NOTHING_STOPPED);
});

test('nobody confirms their own proposal, from no account', () => {
  const refusal = { ok: false, error: { code: 'second-admin-needed', until: iso(600) } };
  const again = { person: 'U0DEE', what: 'stop' } as const;
  expect(judgePress(proposed, again, at(60))).toEqual(refusal);
  const other = { person: 'U0BO', what: 'stop' } as const;
  const same = at(60, { U0BO: 'x@acme.example', U0DEE: 'x@acme.example' });
  expect(judgePress(proposed, other, same)).toEqual(refusal);
});

test.each([
  [599.999, 'confirm'],
  [600, 'propose'],
] as const)(
  'a proposal counts for ten minutes: at %s s the next press is to %s',
  (seconds, step) => {
    const may = judgePress(proposed, { person: 'U0BO', what: 'stop' }, at(seconds));
    expect(may).toMatchObject({ ok: true, value: { step } });
  },
);

test('the proposal of somebody who is no admin any more is none', () => {
  const { policy: today } = inForce({
    people: { ...people, bo: admin('bo'), dee: { ...people.dee, roles: ['developer'] } },
  });
  const may = judgePress(
    proposed,
    { person: 'U0BO', what: 'stop' },
    { ...at(60), policies: [today] as const },
  );
  expect(may).toMatchObject({ ok: true, value: { step: 'propose' } });
});

test('a wish to stop is not confirmed by a wish to lift', () => {
  expect(() => press(proposed, 'U0BO', 60, 'lift')).toThrow('nothing-stopped');
  expect(() => press(standing, 'U0BO', 120)).toThrow('already-stopped');
});

test.each([
  ['whom the policy does not list', 'U0GHOST', { code: 'unknown-person', person: 'U0GHOST' }],
  [
    'who was deactivated',
    'U0BO',
    { code: 'not-a-full-member', person: 'U0BO', why: 'deactivated' },
  ],
])('somebody %s may not press', (_, person, error) => {
  const told = at(60);
  told.facts.evidence.set('U0BO', evidenceOf('U0BO', later(60), { deleted: true }));
  expect(judgePress(proposed, { person, what: 'stop' }, told)).toEqual({ ok: false, error });
});

test.each(['U0ANA', 'U0EVE'])('%s is no admin', (person) => {
  const may = judgePress(proposed, { person, what: 'stop' }, at(60));
  expect(may).toEqual({ ok: false, error: { code: 'admins-only' } });
});

test('evidence about who presses must be fresh', () => {
  const stale = at(60);
  stale.facts.evidence.set('U0BO', evidenceOf('U0BO', later(-1)));
  const may = judgePress(proposed, { person: 'U0BO', what: 'stop' }, stale);
  expect(may).toEqual({ ok: false, error: { code: 'evidence-stale', person: 'U0BO' } });
});

test('each press has a content of its own for its code', () => {
  const hash = (stop: Stop, person: string, what: StopWhat = 'stop') => {
    const may = judgePress(stop, { person, what }, at(60));
    return may.ok ? may.value.contentHash : may.error.code;
  };
  const hashes = [
    hash(NOTHING_STOPPED, 'U0DEE'),
    hash(NOTHING_STOPPED, 'U0BO'),
    hash(proposed, 'U0BO'),
    hash(standing, 'U0BO', 'lift'),
    hash(press(NOTHING_STOPPED, 'U0DEE', 1), 'U0BO'),
  ];
  expect(new Set(hashes).size).toBe(hashes.length);
  // What a code was given for stays the same from one version to the next.
  const [first, , second] = hashes;
  expect(first).toBe(digestOf('red-button', { step: 'propose', what: 'stop', by: 'U0DEE' }));
  const confirmed = { step: 'confirm', what: 'stop', by: 'U0DEE', proposedAt: iso(0) };
  expect(second).toBe(digestOf('red-button', confirmed));
});

test('whatever is pressed by whom and when, what stands was wanted by two of them within ten minutes', () => {
  const step = fc.record({
    by: fc.constantFrom('U0BO', 'U0CY', 'U0DEE', 'U0ANA'),
    what: fc.constantFrom<StopWhat>('stop', 'lift'),
    wait: fc.constantFrom(1, 60, 599, 600, 900),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      let stop = NOTHING_STOPPED;
      let seconds = 0;
      const log: { by: string; what: StopWhat; seconds: number }[] = [];
      for (const { by, what, wait } of steps) {
        seconds += wait;
        const before = stop;
        const may = judgePress(stop, { person: by, what }, at(seconds));
        if (!may.ok) continue;
        stop = pressed(stop, may.value, { person: by, now: later(seconds) });
        const changed = (before.standing === null) !== (stop.standing === null);
        const recent = log.filter((one) => one.what === what && seconds - one.seconds < 600);
        if (changed) expect(recent.some((one) => one.by !== by)).toBe(true);
        log.push({ by, what, seconds });
      }
    }),
    { numRuns: 100 },
  );
});

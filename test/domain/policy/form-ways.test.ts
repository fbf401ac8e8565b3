/** What a form may offer beside what, as which role and for how long; and that none of it is more than the evaluator would let through. */
import { catalogOf } from '../../../shared/domain/policy/catalog.ts';
import { type Chosen, choicesFor, whyNotOffered } from '../../../shared/domain/policy/choices.ts';
import { Policy } from '../../../shared/domain/policy/policy.ts';
import { NO_WAYS, waysOf } from '../../../shared/domain/policy/ways.ts';
import { deployRule, inForce, TEAM, writtenCompany } from '../../support/company.ts';

const DEPLOYERS = 'github:acme/deployers';
const glass = {
  id: 'glass',
  entitlements: ['github:acme/*'],
  requesters: { roles: ['developer'] },
  break_glass: {
    ...{ max_duration: '30m', per_person_per_week: 2, review_within: '24h' },
    incident_pattern: 'INC-[0-9]+',
  },
  channel: 'C0ACCESS',
};
const forOthers = { ...deployRule, subjects: { people: ['al'] }, start_within: '2d' };
const { policy } = inForce({ rules: [forOthers, glass] });
const plain = inForce().policy;
const facts = {
  now: new Date('2026-11-22T09:00:00.000Z'),
  teamId: TEAM,
  evidence: new Map(),
  linkedAccounts: new Map(),
};
const chosen: Chosen = {
  ...{ requester: 'U0ANA', entitlement: DEPLOYERS, role: 'member', durationSeconds: 900 },
};
const refusalOf = (change: Partial<Chosen>, by = policy) => {
  const verdict = choicesFor(by, { ...chosen, ...change }, facts)?.verdict;
  return verdict?.permitted === false ? verdict.refusal.code : null;
};

describe('which fields there are', () => {
  const ways = (entitlement: string | null, by = policy, requester = 'U0ANA') =>
    waysOf(by, { requester, entitlement }, facts);

  test('those that a rule of the target could have a use for', () => {
    expect(ways(DEPLOYERS)).toEqual({
      ...{ forOthers: true, startWithinSeconds: 2 * 86_400, breakGlass: true },
    });
    expect(ways(DEPLOYERS, plain)).toEqual({
      ...{ forOthers: false, startWithinSeconds: 7 * 86_400, breakGlass: false },
    });
  });

  test('before a target is chosen, those of any rule; a start only where it could open something', () => {
    expect(ways(null)).toEqual({ forOthers: true, startWithinSeconds: null, breakGlass: true });
    expect(ways(null, plain)).toEqual(NO_WAYS);
    const rules = [{ ...deployRule, when: { working_hours: true } }];
    const hours = { days: ['mon'], from: '09:00', to: '10:00' };
    const byDay = inForce({ rules, working_hours: hours }).policy;
    expect(ways(null, byDay).startWithinSeconds).toBe(7 * 86_400);
  });

  test.each([
    ['an auditor', 'U0EVE'],
    ['a stranger', 'U0NOBODY'],
  ])('none for %s', (_, requester) => {
    expect(ways(null, policy, requester)).toEqual(NO_WAYS);
    expect(ways(DEPLOYERS, policy, requester)).toEqual(NO_WAYS);
  });

  test('none by what a rule leaves out, though it has the key', () => {
    const rules = [{ ...deployRule, subjects: undefined, when: undefined }];
    expect(ways(null, Policy.parse({ ...writtenCompany, rules }))).toEqual(NO_WAYS);
  });

  test('none by a rule that denies', () => {
    const rules = [{ ...{ id: 'no', entitlements: ['github:acme/*'] }, deny: true }];
    expect(ways(null, inForce({ rules }).policy)).toEqual(NO_WAYS);
  });
});

describe('what is chosen is judged as it would be asked, words aside', () => {
  const start = { notBefore: '2026-11-22T10:00:00.000Z', until: null };
  test.each<[string, Partial<Chosen>, string | null]>([
    ['somebody the rule names', { subject: 'U0AL' }, null],
    ['oneself', { subject: 'U0ANA' }, null],
    ['somebody it does not name', { subject: 'U0FAY' }, 'on-behalf-not-allowed'],
    ['somebody of elsewhere', { subject: 'U0NOBODY' }, 'unknown-person'],
    ['a later start', { start }, null],
    [
      'a start that has passed',
      { start: { ...start, notBefore: '2026-11-22T08:00:00.000Z' } },
      'start-in-the-past',
    ],
    [
      'a start too far ahead',
      { start: { ...start, notBefore: '2026-11-25T08:00:00.000Z' } },
      'start-too-far',
    ],
    [
      'a window that ends before it begins',
      { start: { ...start, until: '2026-11-22T09:30:00.000Z' } },
      'window-empty',
    ],
    ['an emergency without words yet', { breakGlass: { incident: null } }, null],
    ['its incident', { breakGlass: { incident: 'INC-7' } }, null],
    ['an incident of another shape', { breakGlass: { incident: 'OPS-7' } }, 'incident-missing'],
    ['no incident but a sentence', { breakGlass: { incident: 'it burns' } }, 'incident-missing'],
    ['an emergency for later', { breakGlass: { incident: null }, start }, 'start-not-available'],
    [
      'an emergency for somebody else',
      { breakGlass: { incident: null }, subject: 'U0AL' },
      'on-behalf-not-allowed',
    ],
    [
      'an emergency that is too long',
      { breakGlass: { incident: null }, durationSeconds: 1860 },
      'duration-too-long',
    ],
  ])('%s', (_, change, code) => {
    expect(refusalOf(change)).toBe(code);
  });

  test('lengths stay where for whom is refused, and so does what the rule wants of a reason', () => {
    const refused = choicesFor(policy, { ...chosen, subject: 'U0FAY' }, facts);
    expect(refused?.durations.map(({ seconds }) => seconds / 60)).toEqual([15, 30, 60, 120]);
    expect(refused?.justification).toEqual({ min: 10, ticket: '[A-Z]+-[0-9]+' });
    expect(refused?.emergency).toBeNull();
  });

  test('an emergency: its own short lengths, what it costs, and the reason that no rule asks for', () => {
    const choices = choicesFor(policy, { ...chosen, breakGlass: { incident: null } }, facts);
    expect(choices).toMatchObject({
      durations: [
        { seconds: 900, approvalsNeeded: 0 },
        { seconds: 1800, approvalsNeeded: 0 },
      ],
      proposedSeconds: 1800,
      justification: { min: 0, ticket: null },
      emergency: {
        incident: { incident: 'required', incident_pattern: 'INC-[0-9]+' },
        terms: {
          breakGlass: { perPersonPerWeek: 2, reviewWithinSeconds: 86_400 },
          approvers: ['U0BO', 'U0CY', 'U0DEE'],
          channel: 'C0ACCESS',
        },
      },
    });
  });

  test('what is not offered says why; what the policy does not have says nothing', () => {
    const emergency = { ...chosen, breakGlass: { incident: null } };
    expect(choicesFor(plain, emergency, facts)).toBeNull();
    expect(whyNotOffered(plain, emergency, facts)).toMatchObject({
      code: 'break-glass-not-available',
    });
    expect(whyNotOffered(policy, chosen, facts)).toBeNull();
    expect(whyNotOffered(policy, { ...chosen, entitlement: 'x:y' }, facts)).toBeNull();
  });
});

describe('a catalogue is of one kind of ask', () => {
  const names = (of: Partial<Parameters<typeof catalogOf>[1]>, by = policy) =>
    catalogOf(by, { requester: 'U0ANA', subject: 'U0ANA', breakGlass: false, ...of }, facts).map(
      ({ entitlement }) => entitlement,
    );

  test('for somebody else only what the rule lets one ask for them', () => {
    expect(names({ subject: 'U0AL' })).toEqual([DEPLOYERS]);
    expect(names({ subject: 'U0FAY' })).toEqual([]);
  });

  test('in an emergency only what has break-glass, whatever stands in the usual way', () => {
    const freeze = [
      {
        name: 'now',
        entitlements: ['github:acme/*'],
        from: '2026-11-01T00:00',
        to: '2026-12-01T00:00',
      },
    ];
    const frozen = inForce({ rules: [forOthers, glass], freeze }).policy;
    expect(names({}, frozen)).toEqual([]);
    expect(names({ breakGlass: true }, frozen)).toEqual([DEPLOYERS]);
    expect(names({ breakGlass: true }, plain)).toEqual([]);
  });

  test('for later what is possible then', () => {
    const rules = [{ ...deployRule, when: { working_hours: true } }];
    const hours = { days: ['mon'], from: '09:00', to: '17:00' };
    const byDay = inForce({ rules, working_hours: hours }).policy;
    expect(names({}, byDay)).toEqual([]);
    const start = { notBefore: '2026-11-23T10:00:00.000Z', until: null };
    expect(names({ start }, byDay)).toEqual([DEPLOYERS]);
  });
});

/** What a form offers where limits, accounts and the time of access make a difference. */
import { type Chosen, choicesFor, whyNotOffered } from '../../../shared/domain/policy/choices.ts';
import type { Use } from '../../../shared/domain/policy/usage.ts';
import { ANA, EVE, facts, withRule, written } from './given.ts';

const chosen: Chosen = {
  ...{ requester: ANA, entitlement: 'github:acme/deployers' },
  ...{ role: 'maintainer', durationSeconds: null },
};
const aDay = (max_per_day: string) => withRule({ limits: { max_per_day } });
const held = (from: string, to: string): Use => ({
  ...{ requestId: 'AR-000001', requester: ANA, subject: ANA },
  ...{ entitlement: 'github:acme/deployers', status: 'over', deniedAt: null, auto: false },
  ...{ requestedAt: from, held: { from, to } },
});

test('no length is offered that would be too much for the day', () => {
  const choices = choicesFor(aDay('30m'), chosen, facts({ usage: [] }));
  expect(choices?.durations).toEqual([
    { seconds: 900, approvalsNeeded: 1 },
    { seconds: 1800, approvalsNeeded: 1 },
  ]);
  expect(choices?.proposedSeconds).toBe(1800);
});

test('where every usual one would, the longest of the rule is proposed, and refused', () => {
  const choices = choicesFor(aDay('5m'), chosen, facts({ usage: [] }));
  expect(choices).toMatchObject({
    ...{ durations: [], proposedSeconds: 7200 },
    verdict: { permitted: false, refusal: { code: 'day-used-up' } },
  });
});

test('time of another day is judged by what that day has left', () => {
  const usage = [held('2026-11-23T07:00:00.000Z', '2026-11-23T07:30:00.000Z')];
  const verdict = (window: Chosen['window']) =>
    choicesFor(
      aDay('1h'),
      { ...chosen, durationSeconds: 3600, ...(window && { window }) },
      facts({ usage }),
    )?.verdict.permitted;
  expect(verdict(undefined)).toBe(false);
  expect(verdict({ from: '2026-11-24T07:00:00.000Z', to: '2026-11-24T08:00:00.000Z' })).toBe(true);
});

test('who may ask for somebody else alone is offered that, and nothing for themself', () => {
  const ana = { ...written.people.ana, accounts: {} };
  const policy = withRule(
    { subjects: { people: ['eve'] } },
    { people: { ...written.people, ana } },
  );
  const offered = (subject: string | null) => [
    choicesFor(policy, { ...chosen, subject }, facts())?.durations.length ?? null,
    whyNotOffered(policy, { ...chosen, subject }, facts())?.code ?? null,
  ];
  expect(offered(EVE)).toEqual([4, null]);
  expect(offered(null)).toEqual([null, 'no-account']);
  expect(offered(ANA)).toEqual([null, 'no-account']);
  expect(offered('U0DEE')).toEqual([null, 'no-account']);
});

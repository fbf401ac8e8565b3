/** Who is who, where the policy names what there is not, and where groups are kept. */
import { evaluate } from '../../../shared/domain/policy/evaluate.ts';
import { groupKey, placeOf } from '../../../shared/domain/policy/group-place.ts';
import { effectiveRoles, membersOf } from '../../../shared/domain/policy/members.ts';
import { rulesCovering } from '../../../shared/domain/policy/rules-covering.ts';
import type { Group } from '../../../shared/domain/policy/schema/people.ts';
import { isWorkingTime } from '../../../shared/domain/policy/working-hours.ts';
import { ANA, ask, deployRule, facts, policy, written } from './given.ts';

test('a role that nobody defines gives nothing, and is included by name alone', () => {
  const odd = policy({
    roles: { ...written.roles, auditor: { includes: ['gone'] } },
    people: { ana: { ...written.people.ana, roles: ['auditor', 'lost'] } },
  });
  const { bySlack, included } = membersOf(odd);
  expect(included.get('auditor')).toEqual(new Set(['auditor', 'gone']));
  expect(bySlack.get(ANA)?.roles).toEqual(new Set(['auditor', 'gone']));
  expect(bySlack.get(ANA)).toEqual({
    ...{ name: 'ana', slack: ANA, email: null, roles: new Set(['auditor', 'gone']) },
    accounts: new Map([['github', 'ana-dev']]),
  });
});

test('a group that nobody is in changes no roles', () => {
  const groups = { ops: { slack_usergroup: 'S0OPS', roles: ['admin'] } };
  const grouped = policy({ groups });
  const member = membersOf(grouped).bySlack.get(ANA);
  const roles = (members: ReadonlyMap<string, readonly string[]>, doubtful: 'in' | 'not-in') =>
    member && [...effectiveRoles(grouped, member, { members, doubtful })];
  expect(roles(new Map([['S0OPS', []]]), 'in')).toEqual(['developer']);
  expect(roles(new Map(), 'not-in')).toEqual(['developer']);
  expect(roles(new Map(), 'in')).toEqual(['developer', 'admin', 'release-manager', 'reviewer']);
});

test.each<[string, Group, object, string]>([
  ['Slack', { slack_usergroup: 'S0A', roles: [] }, { system: 'slack', id: 'S0A' }, 'S0A'],
  [
    'PagerDuty',
    { on_call: { pagerduty: 'P123' }, roles: [] },
    { system: 'pagerduty', id: 'P123' },
    'pagerduty:P123',
  ],
  [
    'Opsgenie',
    { on_call: { opsgenie: 'Platform' }, roles: [] },
    { system: 'opsgenie', id: 'Platform' },
    'opsgenie:Platform',
  ],
  [
    'a calendar',
    { on_call: { ical: 'https://cal.example/a.ics' }, roles: [] },
    { system: 'ical', id: 'https://cal.example/a.ics' },
    'ical:https://cal.example/a.ics',
  ],
  ['no place at all, which the schema refuses', { roles: [] }, { system: 'ical', id: '' }, 'ical:'],
])('the people of a group are kept at %s', (_, group, place, key) => {
  expect([placeOf(group), groupKey(group)]).toEqual([place, key]);
});

test('of two who are unknown, and of one, the requester is named', () => {
  const refused = (requester: string, subject: string) =>
    evaluate(policy(), ask({ requester, subject }), facts());
  for (const subject of [ANA, 'U0GHOST'])
    expect(refused('U0NOBODY', subject)).toMatchObject({
      refusal: { code: 'unknown-person', person: 'U0NOBODY' },
    });
  expect(refused(ANA, 'U0GHOST')).toMatchObject({
    refusal: { code: 'unknown-person', person: 'U0GHOST' },
  });
});

test('the rules of an entitlement are found in the order of the file, by name and by pattern, each once', () => {
  const rule = (id: string, ...entitlements: string[]) => ({ ...deployRule, id, entitlements });
  const several = policy({
    rules: [
      rule('a', 'github:acme/deployers'),
      rule('b', 'gitlab:*'),
      rule('c', 'github:*', 'github:acme/deployers', 'github:acme/*'),
      rule('d', 'github:acme/payroll', 'github:acme/deployers', 'github:acme/deployers'),
      rule('e', 'github:acme/payroll'),
    ],
  });
  const covering = (id: string) => rulesCovering(several, id).map((each) => each.id);
  for (const _ of [1, 2]) {
    expect(covering('github:acme/deployers')).toEqual(['a', 'c', 'd']);
    expect(covering('github:acme/payroll')).toEqual(['c', 'd', 'e']);
    expect(covering('gitlab:acme/web')).toEqual(['b']);
    expect(covering('github:acme/typed')).toEqual(['c']);
    expect(covering('nothing')).toEqual([]);
  }
});

test('working hours of a zone that nobody asked about before are those of its clock', () => {
  const hours = { days: ['tue' as const], from: '00:15', to: '00:16' };
  const at = (instant: string) => isWorkingTime(hours, 'Asia/Kathmandu', new Date(instant));
  expect(['2026-11-23T18:29:59Z', '2026-11-23T18:30:00Z', '2026-11-23T18:31:00Z'].map(at)).toEqual([
    false,
    true,
    false,
  ]);
});

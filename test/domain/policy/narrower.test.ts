/** What is proven to be at most what it was, key by key; what is not counts as wider. */
import {
  canonical,
  narrowerGlass,
  narrowerRule,
  widerAtTheTop,
} from '../../../shared/domain/policy/narrower.ts';
import type { AccessRule, BreakGlassRule } from '../../../shared/domain/policy/policy.ts';
import { policy, withRule } from './given.ts';

test.each<[unknown, string]>([
  [{ b: 1, a: { d: [{ f: 1, e: 2 }], c: null } }, '{"a":{"c":null,"d":[{"e":2,"f":1}]},"b":1}'],
  [{ c: 1, a: 2, b: 3, d: 4 }, '{"a":2,"b":3,"c":1,"d":4}'],
  [['b', 'a'], '["b","a"]'],
  [{ list: ['b', 'a'] }, '{"list":["b","a"]}'],
  ['text', '"text"'],
  [null, 'null'],
  [undefined, 'undefined'],
])('%j is spelled in one way: %s', (value, expected) => {
  expect(canonical(value)).toBe(expected);
});

const accessRule = (changes: object): AccessRule => {
  const [rule] = withRule(changes).rules;
  if (!rule || !('approvals' in rule)) throw new Error('no access rule');
  return rule;
};
const glassRule = (changes: object, more: object = {}): BreakGlassRule => {
  const terms = { max_duration: '2h', per_person_per_week: 3, review_within: '24h', ...changes };
  const written = { id: 'glass', entitlements: ['*'], requesters: { roles: ['developer'] } };
  const [rule] = policy({ rules: [{ ...written, break_glass: terms, ...more }] }).rules;
  if (!rule || !('break_glass' in rule)) throw new Error('no break-glass rule');
  return rule;
};
const auto = (per_person_per_day: number) => ({
  auto_approve: { when: { working_hours: true }, budget: { per_person_per_day } },
});
const places = (...groups: [role: string, count: number][]) => ({
  approvals: groups.map(([role, count]) => ({ from: { roles: [role] }, count })),
});

/** Which way is narrower: there, back, both (neither says anything about rights) or none (merely different). */
type Ways = 'there' | 'back' | 'both' | 'none';
const ways = (there: boolean, back: boolean): Ways =>
  there && back ? 'both' : there ? 'there' : back ? 'back' : 'none';

test.each<[string, object, object, Ways]>([
  ['id', {}, { id: 'other' }, 'both'],
  ['entitlements', {}, { entitlements: ['*'] }, 'both'],
  ['requesters', {}, { requesters: { people: ['ana'] } }, 'both'],
  ['channel', {}, { channel: undefined }, 'both'],
  ['dm_approvers', {}, { dm_approvers: true }, 'both'],
  ['escalate', {}, { escalate: { after: '1h', to: { roles: ['admin'] } } }, 'both'],
  ['lapse_after', {}, { lapse_after: '2h' }, 'both'],
  ['max_duration', { max_duration: '2h' }, { max_duration: '1h' }, 'there'],
  ['max_total', { max_total: '4h' }, { max_total: '3h' }, 'there'],
  ['max_total, not written', { max_total: '3h' }, { max_total: undefined }, 'there'],
  ['max_total, as long as max_duration', { max_total: '2h' }, { max_total: undefined }, 'both'],
  ['start_within', { start_within: '2d' }, { start_within: '1d' }, 'there'],
  ['subjects, gone', { subjects: { people: ['eve'] } }, { subjects: undefined }, 'there'],
  ['subjects, others', { subjects: { people: ['eve'] } }, { subjects: { people: ['bo'] } }, 'none'],
  ['auto_approve, gone', auto(1), { auto_approve: undefined }, 'there'],
  ['auto_approve, less', auto(2), auto(1), 'none'],
  ['auto_approve, the same', auto(1), auto(1), 'both'],
  ['when, anew', {}, { when: { working_hours: true } }, 'there'],
  [
    'when, further',
    { when: { on_call: 'a' } },
    { when: { on_call: 'a', working_hours: true } },
    'there',
  ],
  ['when, another', { when: { on_call: 'a' } }, { when: { working_hours: true } }, 'none'],
  ['when, another group', { when: { on_call: 'a' } }, { when: { on_call: 'b' } }, 'none'],
  ['code', { code: ['approver'] }, { code: ['requester', 'approver'] }, 'there'],
  ['code of another', { code: ['approver'] }, { code: ['requester'] }, 'none'],
  ['code of nobody', { code: ['approver'] }, { code: [] }, 'back'],
  ['approvals, more', places(['lead', 1]), places(['lead', 2]), 'there'],
  ['approvals, a further group', places(['lead', 1]), places(['lead', 1], ['admin', 1]), 'there'],
  [
    'approvals, the second fewer',
    places(['lead', 1], ['admin', 2]),
    places(['lead', 1], ['admin', 1]),
    'back',
  ],
  ['approvals, of others', places(['lead', 1]), places(['admin', 1]), 'none'],
  ['justification, anew', { justification: undefined }, { justification: { min: 1 } }, 'there'],
  ['justification, longer', { justification: { min: 9 } }, { justification: { min: 10 } }, 'there'],
  [
    'ticket, anew',
    { justification: { min: 9 } },
    { justification: { min: 9, ticket: 'A-1' } },
    'there',
  ],
  [
    'ticket, another',
    { justification: { ticket: 'A-1' } },
    { justification: { ticket: 'B-1' } },
    'none',
  ],
  ['extend', { extend: { approval: 'none' } }, { extend: { approval: 'required' } }, 'none'],
  ...['asks_per_hour', 'pending_per_entitlement'].flatMap(
    (key): [string, object, object, Ways][] => [
      [key, { limits: { [key]: 2 } }, { limits: { [key]: 1 } }, 'there'],
      [`${key}, anew`, { limits: {} }, { limits: { [key]: 1 } }, 'there'],
      [`${key}, anew, with limits`, { limits: undefined }, { limits: { [key]: 1 } }, 'there'],
    ],
  ),
  ['max_per_day', { limits: { max_per_day: '2h' } }, { limits: { max_per_day: '1h' } }, 'there'],
  ['max_per_day, anew', { limits: {} }, { limits: { max_per_day: '1h' } }, 'there'],
  [
    'cool_down',
    { limits: { cool_down_after_denial: '1h' } },
    { limits: { cool_down_after_denial: '2h' } },
    'there',
  ],
  ['cool_down, anew', { limits: {} }, { limits: { cool_down_after_denial: '1m' } }, 'there'],
])('a rule: %s', (_, before, now, expected) => {
  const [was, is] = [accessRule(before), accessRule(now)];
  expect(ways(narrowerRule(was, is), narrowerRule(is, was))).toBe(expected);
});

test('a rule that says the same is at most the same', () => {
  expect(narrowerRule(accessRule({}), accessRule({}))).toBe(true);
});

test.each<[string, BreakGlassRule, BreakGlassRule, Ways]>([
  ['id', glassRule({}), glassRule({}, { id: 'other' }), 'both'],
  ['channel', glassRule({}), glassRule({}, { channel: 'C0X' }), 'both'],
  ['max_duration', glassRule({}), glassRule({ max_duration: '1h' }), 'there'],
  ['per_person_per_week', glassRule({}), glassRule({ per_person_per_week: 2 }), 'there'],
  ['review_within', glassRule({}), glassRule({ review_within: '12h' }), 'there'],
  ['incident', glassRule({ incident: 'optional' }), glassRule({}), 'none'],
  ['incident_pattern', glassRule({}), glassRule({ incident_pattern: 'A-1' }), 'none'],
])('break-glass: %s', (_, was, is, expected) => {
  expect(ways(narrowerGlass(was, is), narrowerGlass(is, was))).toBe(expected);
});

const freeze = (...names: string[]) => ({
  freeze: names.map((name) => ({ name, from: '2026-01-01T00:00', to: '2026-01-02T00:00' })),
});
const separation = (...names: string[]) => ({
  separation: names.map((name) => ({ name, entitlements: [['github:*'], ['gitlab:*']] })),
});

test.each<[string, object, object, there: string[], back: string[]]>([
  ['nothing', {}, {}, [], []],
  [
    'what is compared elsewhere',
    {},
    { roles: {}, people: {}, entitlements: {}, rules: [] },
    [],
    [],
  ],
  ['digest', {}, { digest: { at: '10:00' } }, [], []],
  ['enrolment', { enrolment: 'open' }, { enrolment: 'vouched' }, [], ['enrolment']],
  ['enrolment, stricter', { enrolment: 'vouched' }, { enrolment: 'oidc' }, [], ['enrolment']],
  ['new_authenticator_hold', {}, { new_authenticator_hold: '1h' }, [], ['new_authenticator_hold']],
  [
    'authenticator_reset_delay',
    { authenticator_reset_delay: '1h' },
    { authenticator_reset_delay: '2h' },
    [],
    ['authenticator_reset_delay'],
  ],
  ['widening_delay', { widening_delay: '1h' }, { widening_delay: '2h' }, [], ['widening_delay']],
  ['security_channel, gone', { security_channel: undefined }, {}, [], ['security_channel']],
  [
    'security_channel, another',
    {},
    { security_channel: 'C0X' },
    ['security_channel'],
    ['security_channel'],
  ],
  ['timezone', {}, { timezone: 'Europe/Paris' }, ['timezone'], ['timezone']],
  ['working_hours', {}, { working_hours: undefined }, ['working_hours'], ['working_hours']],
  ['groups', {}, { groups: {} }, ['groups'], ['groups']],
  ['limits', {}, { limits: { asks_per_hour: 1 } }, [], ['limits']],
  ['freeze', {}, freeze('a'), [], ['freeze']],
  ['freeze, of several', freeze('a', 'b'), freeze('b', 'c', 'a'), [], ['freeze']],
  ['freeze, another', freeze('a', 'b'), freeze('b', 'c'), ['freeze'], ['freeze']],
  ['separation', {}, separation('a'), [], ['separation']],
  ['separation, of several', separation('a', 'b'), separation('b', 'c', 'a'), [], ['separation']],
  ['two keys', { widening_delay: '1h' }, freeze('a'), ['widening_delay'], ['freeze']],
])('at the top: %s', (_, before, now, there, back) => {
  const [was, is] = [policy(before), policy(now)];
  expect([widerAtTheTop(was, is), widerAtTheTop(is, was)]).toEqual([there, back]);
});

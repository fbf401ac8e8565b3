/** Single values of the policy file and what belongs together among them: taken as written, or refused in full. */
import type * as z from 'zod';
import { FREEZE_SHAPES } from '../../../shared/domain/policy/schema/freeze.ts';
import { Digest, WorkingHours } from '../../../shared/domain/policy/schema/hours.ts';
import { OnCallSource } from '../../../shared/domain/policy/schema/on-call.ts';
import { Group, Selector } from '../../../shared/domain/policy/schema/people.ts';
import { AccessRule } from '../../../shared/domain/policy/schema/rules.ts';
import { Ticket } from '../../../shared/domain/policy/schema/ticket.ts';
import {
  Duration,
  Hold,
  LocalMoment,
  TimeOfDay,
  TimeZone,
} from '../../../shared/domain/policy/schema/words.ts';

/** What it is read as, or the first refusal: `path: message. fix`. */
function read(schema: z.ZodType, value: unknown): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code !== 'custom') return issue;
  return `${issue.path.join('.')}: ${issue.message}. ${issue.params?.['fix']}`;
}

const NO_DURATION =
  ': This is not a duration. Write 90m, 2h, 1h30m or 2d: at least 1m, at most 365d';
const NO_HOLD = ': This is not a duration. Write 0m, 90m, 2h, 1h30m or 2d: at most 365d';

test.each<[unknown, unknown]>([
  ['1m', 60],
  ['1h30m', 5400],
  ['365d', 31_536_000],
  ['366d', NO_DURATION],
  ['0m', NO_DURATION],
  ['', NO_DURATION],
])('%j as a duration', (written, expected) => {
  expect(read(Duration, written)).toBe(expected);
});

test.each<[string, unknown]>([
  ['0m', 0],
  ['0h', 0],
  ['0d', 0],
  ['90m', 5400],
  ['0s', NO_HOLD],
  ['00m', NO_HOLD],
  ['0mm', NO_HOLD],
  ['10m', 600],
  ['0h0m', NO_HOLD],
  ['366d', NO_HOLD],
])('%j as a hold', (written, expected) => {
  expect(read(Hold, written)).toBe(expected);
});

test('a hold of a whole year is not longer than the longest', () => {
  expect(read(Hold, '365d')).toBe(365 * 86_400);
});

test.each(['Pacific/Chatham', 'Asia/Kathmandu', 'UTC'])('%s is a time zone, each time', (name) => {
  expect([read(TimeZone, name), read(TimeZone, name)]).toEqual([name, name]);
});

test.each(['Pacific/Atlantis', 'Europe', 'Foo'])('%s is none, each time', (name) => {
  const refused = ': This is not a time zone. Write a name such as Europe/Berlin';
  expect([read(TimeZone, name), read(TimeZone, name)]).toEqual([refused, refused]);
});

test.each<[string, string]>([
  ['2026-02-28T00:00', '2026-02-28T00:00'],
  ['2028-02-29T23:59', '2028-02-29T23:59'],
  ['2027-02-29T12:00', ': There is no such day. Correct the date'],
  ['2027-04-31T12:00', ': There is no such day. Correct the date'],
  [
    '2027-13-01T12:00',
    ': This is not a date and time. Write it as "2026-12-20T18:00": the clock of the policy\'s timezone',
  ],
])('%s as a moment', (written, expected) => {
  expect(read(LocalMoment, written)).toBe(expected);
});

test.each(['24:00', '7:00', '07:60', '07:00:00', ' 07:00', 'noon'])(
  '%s is no time of day',
  (at) => {
    expect(read(TimeOfDay, at)).toBe(
      ': This is not a time of day. Write it as "08:00", 00:00 to 23:59',
    );
  },
);

test.each<[string, unknown]>([
  ['23:30', { at: '23:30' }],
  ['00:00', { at: '00:00' }],
  ['23:31', 'at: So late that a digest could miss its own day. Write 23:30 or earlier'],
])('a digest at %s', (at, expected) => {
  expect(read(Digest, { at })).toEqual(expected);
});

test('working hours that end when they begin are none, and may end on the next day', () => {
  const hours = (from: string, to: string) => ({ days: ['mon'], from, to });
  expect(read(WorkingHours, hours('08:00', '08:00'))).toBe(
    ': Working hours that begin and end at the same time. Give `from` and `to` two different times',
  );
  for (const good of [hours('08:00', '08:01'), hours('22:00', '06:00')])
    expect(read(WorkingHours, good)).toEqual(good);
});

describe('a freeze', () => {
  const [once, weekly] = FREEZE_SHAPES;
  const about = { name: 'a', entitlements: ['*'] };
  const day = (from: string, to: string) => ({ ...about, from, to });
  const week = (from: string, to: string) => ({ ...about, every: { from, to } });

  test('that lasts a minute is one, and one that lasts none is not', () => {
    const shortest = day('2026-01-01T00:00', '2026-01-01T00:01');
    expect(read(once, shortest)).toEqual(shortest);
    expect(read(once, day('2026-01-01T00:00', '2026-01-01T00:00'))).toBe(
      'to: A freeze that ends before it begins. Make `to` later than `from`; it is exclusive',
    );
  });

  test('of every week may go over its end, and has one', () => {
    const over = week('fri 16:00', 'mon 08:00');
    expect(read(weekly, over)).toEqual(over);
    expect(read(weekly, week('fri 16:00', 'fri 16:00'))).toBe(
      'every: A freeze that begins and ends at the same time of the week. Give `from` and `to` two different times',
    );
  });
});

describe('who is on call is kept', () => {
  const SCHEDULE =
    'pagerduty: This is not the id of a PagerDuty schedule. Write the id at the end of the schedule’s address, for example P123ABC';
  const NAME = 'opsgenie: This is not an Opsgenie schedule. Write the schedule’s name or its id';
  const ADDRESS =
    'ical: This is not the address of a calendar. Write its https address, without a user, a password or a port';
  const ONE =
    ': Who is on call is written in one place. Name exactly one of pagerduty, opsgenie and ical';
  const long = (length: number) => `https://a.example/${'x'.repeat(length - 18)}`;
  const ok = undefined;

  test.each<[object, string | undefined]>([
    [{ pagerduty: 'P123ABC' }, ok],
    [{ pagerduty: 'P12' }, SCHEDULE],
    [{ pagerduty: 'xP123ABC' }, SCHEDULE],
    [{ pagerduty: 'P123ABCx' }, SCHEDULE],
    [{ opsgenie: 'x' }, ok],
    [{ opsgenie: 'Büro, Nacht & Tag' }, ok],
    [{ opsgenie: 'x'.repeat(100) }, ok],
    [{ opsgenie: 'x'.repeat(101) }, NAME],
    [{ opsgenie: '' }, NAME],
    [{ opsgenie: '\u0000x' }, NAME],
    [{ opsgenie: 'x\u200b' }, NAME],
    [{ opsgenie: '\u0000' }, NAME],
    [{ ical: 'https://cal.example/a.ics?key=1' }, ok],
    [{ ical: long(200) }, ok],
    [{ ical: long(201) }, ADDRESS],
    [{ ical: 'cal.example/a.ics' }, ADDRESS],
    [{ ical: '' }, ADDRESS],
    [{ ical: 'http://cal.example/a.ics' }, ADDRESS],
    [{ ical: 'https://ana@cal.example/a.ics' }, ADDRESS],
    [{ ical: 'https://:secret@cal.example/a.ics' }, ADDRESS],
    [{ ical: 'https://cal.example:8443/a.ics' }, ADDRESS],
    [{ ical: 'https://cal.example/a.ics#x' }, ADDRESS],
    [{}, ONE],
    [{ pagerduty: undefined }, ONE],
    [{ pagerduty: 'P123ABC', opsgenie: undefined }, ok],
    [{ pagerduty: 'P123ABC', opsgenie: 'x' }, ONE],
  ])('as %j', (source, refused) => {
    expect(read(OnCallSource, source)).toEqual(refused ?? source);
  });
});

test.each<[object, boolean]>([
  [{ slack_usergroup: 'S0A' }, true],
  [{ on_call: { opsgenie: 'x' } }, true],
  [{ slack_usergroup: 'S0A', on_call: { opsgenie: 'x' } }, false],
  [{}, false],
])('a group comes from exactly one place: %j', (written, isGood) => {
  expect(read(Group, written)).toEqual(
    isGood
      ? { ...written, roles: [] }
      : ': A group comes from exactly one place. Name either `slack_usergroup` or `on_call`',
  );
});

test.each<[object, boolean]>([
  [{ roles: ['a'] }, true],
  [{ people: ['a'] }, true],
  [{ roles: ['a'], people: undefined }, true],
  [{ people: undefined }, false],
])('%j selects somebody: %s', (written, isGood) => {
  expect(read(Selector, written)).toEqual(
    isGood ? written : ': This selects nobody. Name `roles`, `people` or both',
  );
});

describe('a rule', () => {
  const rule = {
    ...{ id: 'a', entitlements: ['*'], requesters: { roles: ['a'] }, max_duration: '1h' },
    approvals: [{ from: { roles: ['b'] } }],
  };
  const readRule = (changes: object) => read(AccessRule, { ...rule, ...changes });

  test('has its defaults', () => {
    expect(readRule({})).toEqual({
      ...rule,
      ...{ max_duration: 3600, approvals: [{ from: { roles: ['b'] }, count: 1 }] },
      ...{ code: ['approver'], lapse_after: 3600, start_within: 604_800 },
      ...{ extend: { approval: 'required' }, dm_approvers: false },
    });
  });

  test.each<[object, boolean]>([
    [{}, false],
    [{ working_hours: undefined, on_call: undefined }, false],
    [{ working_hours: true, on_call: undefined }, true],
    [{ working_hours: undefined, on_call: 'ops' }, true],
  ])('asks for something with its condition %j: %s', (when, isGood) => {
    const refused =
      'when: A condition that asks for nothing. Write working_hours or on_call, or leave out `when`';
    expect(readRule({ when })).toEqual(isGood ? expect.objectContaining({ when }) : refused);
  });

  test.each<[object, boolean]>([
    [{}, false],
    [{ max_duration: undefined }, false],
    [{ working_hours: true, max_duration: undefined }, true],
  ])('needs nobody under the conditions %j: %s', (when, isGood) => {
    const refused =
      'auto_approve.when: Automatic approval without a condition. Write at least one of working_hours, on_call and max_duration';
    const auto_approve = { when, budget: { per_person_per_day: 1 } };
    expect(readRule({ auto_approve })).toEqual(
      isGood ? expect.objectContaining({ auto_approve }) : refused,
    );
  });

  test('needs approvals', () => {
    expect(readRule({ approvals: [] })).toBe(
      'approvals: A rule without approvals is not supported yet. Demand at least one, for example { from: { roles: [admin] }, count: 1 }',
    );
  });
});

test.each<[unknown, unknown]>([
  ['A-1', { pattern: 'A-1', open: false, ends_access: false }],
  [{ pattern: 'A-1' }, { pattern: 'A-1', open: false, ends_access: false }],
  ...[{ open: true }, { ends_access: true }, { open: true, ends_access: true }].flatMap(
    (wants): [unknown, unknown][] => [
      [
        { pattern: 'A-1', ...wants },
        ': Nobody could tell whether the ticket is open. Say where it is kept: exists_in: jira, or exists_in: github',
      ],
      [
        { pattern: 'A-1', exists_in: 'jira', ...wants },
        { pattern: 'A-1', exists_in: 'jira', open: false, ends_access: false, ...wants },
      ],
    ],
  ),
  [
    { pattern: 'a*' },
    'pattern: This pattern cannot be used: it accepts an empty text. Use letters, digits, [classes], \\d, ( | ) and * + ? {n,m}',
  ],
])('a ticket %j', (written, expected) => {
  expect(read(Ticket, written)).toEqual(expected);
});

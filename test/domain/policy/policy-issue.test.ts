/** What the schema refuses, in words: what is wrong, where, and the fix; for a value that may be anything. */
import type * as z from 'zod';
import { Policy } from '../../../shared/domain/policy/policy.ts';
import { issueInWords, problemsOfIssue } from '../../../shared/domain/policy/policy-issue.ts';
import { deployRule, written } from './given.ts';

const step = (value: unknown, key: string | number): unknown =>
  typeof value === 'object' && value !== null
    ? new Map<string, unknown>(Object.entries(value)).get(String(key))
    : undefined;

/** `rules.0.id: what. fix`, with `(key)` where the key is pointed at. */
function said(policy: object): string[] {
  const parsed = Policy.safeParse(policy);
  const issues = parsed.success ? [] : parsed.error.issues;
  return issues
    .flatMap((issue) => problemsOfIssue(issue, (path) => path.reduce(step, policy)))
    .map(({ path, at, severity, message, fix }) => {
      expect(severity).toBe('error');
      return `${path.join('.')}${at === 'key' ? ' (key)' : ''}: ${message}. ${fix}`;
    });
}
const top = (changes: object) => ({ ...written, ...changes });
const rule = (changes: object) => top({ rules: [{ ...deployRule, ...changes }] });
const ticket = (value: unknown) => rule({ justification: { ticket: value } });
const MISPLACED = 'Move it to where the example policy has it, or correct the indentation';
const MAP = 'Write keys and values below it, indented';

test.each<[string, object, string[]]>([
  ['nothing wrong', written, []],
  ['a missing key', rule({ id: undefined }), ['rules.0.id: Missing: `id`. Add it']],
  ['one allowed value', top({ version: 2 }), ['version: 2 is not allowed here. Write 1']],
  [
    'several',
    top({ enrolment: 'none' }),
    ['enrolment: "none" is not allowed here. Write one of oidc, vouched, open'],
  ],
  [
    'a long value, its beginning alone',
    top({ version: 'x'.repeat(100) }),
    [`version: "${'x'.repeat(59)} is not allowed here. Write 1`],
  ],
  ['a list', top({ version: ['x'] }), ['version: A list is not allowed here. Write 1']],
  ['a map', top({ version: {} }), ['version: A map is not allowed here. Write 1']],
  ['nothing', top({ version: null }), ['version: Nothing is not allowed here. Write 1']],
  ['no text', top({ timezone: 1 }), ['timezone: 1 is not text. Put it in quotes']],
  [
    'no number',
    rule({ approvals: [{ from: { roles: ['admin'] }, count: 'x' }] }),
    ['rules.0.approvals.0.count: "x" is not a number. Write a plain whole number'],
  ],
  [
    'no whole number',
    rule({ approvals: [{ from: { roles: ['admin'] }, count: 1.5 }] }),
    ['rules.0.approvals.0.count: 1.5 is not a whole number. Write a plain whole number'],
  ],
  [
    'neither true nor false',
    rule({ dm_approvers: 'yes' }),
    [
      'rules.0.dm_approvers: "yes" is not true or false. Write true or false; yes, no, on and off are plain text in YAML 1.2',
    ],
  ],
  ['no list', rule({ code: 'a' }), ['rules.0.code: "a" is not a list. Write [one, two]']],
  ['no map', rule({ requesters: 'x' }), [`rules.0.requesters: "x" is not a map. ${MAP}`]],
  ['no map with keys of its own', top({ roles: ['x'] }), [`roles: A list is not a map. ${MAP}`]],
  [
    'too many',
    rule({ code: ['approver', 'approver', 'approver'] }),
    ['rules.0.code: Too much: at most 2. Shorten it'],
  ],
  [
    'too few',
    rule({ entitlements: [] }),
    ['rules.0.entitlements: Too little: at least 1. Add to it'],
  ],
  [
    'a text with a fix of its own',
    top({ security_channel: 'general' }),
    [
      'security_channel: This is not a Slack channel id. Write the channel id (C…): channel details, at the bottom',
    ],
  ],
  [
    'a look-alike letter, told by its number',
    top({ security_channel: 'C\u0410' }),
    [
      'security_channel: This is not a Slack channel id: it holds U+0410, which is no plain ASCII character. Write the channel id (C…): channel details, at the bottom',
    ],
  ],
  [
    'a control character and one beyond the first plane',
    top({ security_channel: '\u0007', timezone: '\u{1f600}' }),
    [
      'timezone: This is not a time zone: it holds U+1F600, which is no plain ASCII character. ',
      'timezone: This is not a time zone: it holds U+1F600, which is no plain ASCII character. Write a name such as Europe/Berlin',
      'security_channel: This is not a Slack channel id: it holds U+0007, which is no plain ASCII character. Write the channel id (C…): channel details, at the bottom',
    ],
  ],
  [
    'a condition that asks for nothing',
    rule({ when: {} }),
    [
      'rules.0.when: A condition that asks for nothing. Write working_hours or on_call, or leave out `when`',
    ],
  ],
  [
    'a wrong key of a map of names',
    top({ roles: { ...written.roles, 'a b': {} } }),
    [
      'roles.a b (key): This is not a name. Use 1 to 63 plain letters, digits, ".", "_" and "-", a letter first',
    ],
  ],
  [
    'a wrong key with a look-alike letter',
    top({ roles: { ...written.roles, '\u0430': {} } }),
    [
      'roles.\u0430 (key): This is not a name: it holds U+0430, which is no plain ASCII character. Use 1 to 63 plain letters, digits, ".", "_" and "-", a letter first',
    ],
  ],
  [
    'a wrong key with look-alike letters further down',
    top({ people: { eve: { slack: 'U0EVE', roles: [], accounts: { '\u0430': 'eve' } } } }),
    [
      'people.eve.accounts.\u0430 (key): This is not the name of a provider: it holds U+0430, which is no plain ASCII character. Use lower-case letters, digits and "-", for example github',
    ],
  ],
  [
    'a key nobody knows',
    top({ zzzzzzzz: 1 }),
    ['zzzzzzzz (key): Unknown key `zzzzzzzz`. Remove it, or correct its name or its indentation'],
  ],
  [
    'a slip',
    top({ enrollment: 1 }),
    ['enrollment (key): Unknown key `enrollment`. Did you mean `enrolment`?'],
  ],
  [
    'a key of another place',
    rule({ owner: 'bo' }),
    [`rules.0.owner (key): \`owner\` does not belong here. ${MISPLACED}`],
  ],
  ...(
    [
      [
        'tier0',
        'tier0 needs passkeys, which are not supported yet. Keep such roles out of the bot',
      ],
      ['step_up', 'Passkeys are not supported yet. Remove step_up'],
      ['freeze_windows', 'Freeze windows are written elsewhere. Name the key `freeze`'],
      ['conflicts_with', 'Separation of duties is written elsewhere. Use `separation` at the top'],
      ['schedule', 'On-call schedules are written elsewhere. Use `on_call` of a group'],
    ] as const
  ).map(([key, sentence]): [string, object, string[]] => [
    `${key}, which nobody honours yet`,
    top({ [key]: {} }),
    [`${key} (key): ${sentence}`],
  ]),
  [
    'a thousand unknown keys: the first twenty',
    top(Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`zzzzzzz${i}`, 1]))),
    Array.from(
      { length: 20 },
      (_, i) =>
        `zzzzzzz${i} (key): Unknown key \`zzzzzzz${i}\`. Remove it, or correct its name or its indentation`,
    ),
  ],
])('%s', (_, policy, expected) => {
  expect(said(policy)).toEqual(expected);
});

describe('of several shapes the one that was meant speaks', () => {
  const glass = {
    ...{ id: 'glass', entitlements: ['*'], requesters: { roles: ['admin'] } },
    break_glass: { max_duration: '1h', per_person_per_week: 0, review_within: '1h' },
  };
  const once = { name: 'a', from: '2026-01-01T00:00', to: '2026-01-02T00:00' };
  const every = { from: 'mon 08:00', to: 'tue 08:00' };
  test.each<[string, object, string[]]>([
    [
      'a rule',
      rule({ max_duration: 1 }),
      ['rules.0.max_duration: 1 is not text. Put it in quotes'],
    ],
    [
      'break-glass',
      top({ rules: [glass] }),
      ['rules.0.break_glass.per_person_per_week: Too little: at least 1. Add to it'],
    ],
    [
      'break-glass of another type',
      top({ rules: [{ ...glass, break_glass: { ...glass.break_glass, max_duration: 1 } }] }),
      [
        'rules.0.break_glass.max_duration: 1 is not text. Put it in quotes',
        'rules.0.break_glass.per_person_per_week: Too little: at least 1. Add to it',
      ],
    ],
    [
      'a deny rule',
      top({ rules: [{ id: 'no', entitlements: ['*'], deny: 1 }] }),
      ['rules.0.deny: 1 is not allowed here. Write true'],
    ],
    ['no rule at all', top({ rules: [null] }), [`rules.0: Nothing is not a map. ${MAP}`]],
    ['a text for a rule', top({ rules: ['x'] }), [`rules.0: "x" is not a map. ${MAP}`]],
    [
      'a freeze',
      top({ freeze: [{ ...once, to: 1 }] }),
      ['freeze.0.to: 1 is not text. Put it in quotes'],
    ],
    [
      'a weekly freeze',
      top({ freeze: [{ name: 'a', every: { ...every, to: 1 } }] }),
      ['freeze.0.every.to: 1 is not text. Put it in quotes'],
    ],
    [
      'a weekly freeze with too much',
      top({ freeze: [{ ...once, every }] }),
      ['from', 'to'].map(
        (key) => `freeze.0.${key} (key): \`${key}\` does not belong here. ${MISPLACED}`,
      ),
    ],
    ['no freeze at all', top({ freeze: [null] }), [`freeze.0: Nothing is not a map. ${MAP}`]],
    ['a text for a freeze', top({ freeze: ['x'] }), [`freeze.0: "x" is not a map. ${MAP}`]],
    [
      'a number for a ticket',
      ticket(12),
      ['rules.0.justification.ticket: 12 is not text. Put it in quotes'],
    ],
    [
      'nothing for a ticket',
      ticket(null),
      ['rules.0.justification.ticket: Nothing is not text. Put it in quotes'],
    ],
    [
      'a list for a ticket',
      ticket([]),
      ['rules.0.justification.ticket: A list is not text. Put it in quotes'],
    ],
    [
      'a ticket without a pattern',
      ticket({ exists_in: 'jira' }),
      ['rules.0.justification.ticket.pattern: Missing: `pattern`. Add it'],
    ],
    [
      'a ticket kept elsewhere',
      ticket({ pattern: 'A-1', exists_in: 'gitlab' }),
      [
        'rules.0.justification.ticket.exists_in: "gitlab" is not allowed here. Write one of jira, github',
      ],
    ],
  ])('%s', (_, policy, expected) => {
    expect(said(policy)).toEqual(expected);
  });
});

describe('an issue of a kind that the schema has not yet', () => {
  const issue = (more: object): z.core.$ZodIssue => ({
    ...{ code: 'custom', path: [], message: 'No', input: undefined },
    ...more,
  });

  test('is told with what zod says', () => {
    expect(
      issueInWords({ code: 'not_multiple_of', divisor: 2, path: [], message: 'No' }, ['a'], 3),
    ).toEqual({ message: 'No', fix: 'Write it as in the example policy' });
  });

  test('wants a type that has no name here', () => {
    expect(
      issueInWords({ code: 'invalid_type', expected: 'date', path: [], message: 'No' }, ['a'], 3),
    ).toEqual({ message: '3 is not date', fix: 'Write it as in the example policy' });
  });

  test.each([
    ['no fix', {}, ''],
    ['a fix that is no text', { params: { fix: 1 } }, ''],
    ['a fix', { params: { fix: 'Do' } }, 'Do'],
  ])('has %s', (_, more, fix) => {
    expect(issueInWords(issue(more), ['a'], ['\u0430'])).toEqual({ message: 'No', fix });
  });

  test('stands at a path that is no text', () => {
    const path = ['a', 1, Symbol('b')];
    expect(problemsOfIssue(issue({ path }), () => 1, ['top'])).toEqual([
      {
        ...{ path: ['top', 'a', 1, 'Symbol(b)'], at: 'value', severity: 'error' },
        ...{ message: 'No', fix: '' },
      },
    ]);
  });
});

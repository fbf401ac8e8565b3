/** What does not fit the schema or leads nowhere: refused at its place, with the fix. */
import { change, FILE, first, GOOD, report } from './policy-file-given.ts';

describe('what does not fit the schema is refused at its place, with the fix', () => {
  const line = (text: string) => report(text).map((each) => each.replace(`${FILE}:`, ''));
  test.each<[string, string, string[]]>([
    [
      'Norway: no is text',
      change('max_duration: 2h', 'when: { working_hours: no }\n    max_duration: 2h'),
      [
        '20:28 error: "no" is not true or false. Write true or false; yes, no, on and off are plain text in YAML 1.2.',
      ],
    ],
    [
      'a number for a text',
      change('github: ana-dev', 'github: 12345'),
      ['7:64 error: 12345 is not text. Put it in quotes.'],
    ],
    [
      'a text for a number',
      change('count: 1', 'count: "1"'),
      ['22:43 error: "1" is not a number. Write a plain whole number.'],
    ],
    [
      'nothing where something must be',
      change('max_duration: 2h', 'max_duration:'),
      ['20:5 error: Nothing is not text. Put it in quotes.'],
    ],
    [
      'a missing key, told at its parent',
      change('    max_duration: 2h\n', ''),
      ['17:5 error: Missing: `max_duration`. Add it.'],
    ],
    [
      'a missing section',
      change('timezone: Europe/Berlin\n', ''),
      ['1:1 error: Missing: `timezone`. Add it.'],
    ],
    [
      'a misspelt key',
      change('max_duration', 'max_durtion'),
      [
        '17:5 error: Missing: `max_duration`. Add it.',
        '20:5 error: Unknown key `max_durtion`. Did you mean `max_duration`?',
      ],
    ],
    [
      'a key in the wrong place',
      change('version: 1', 'version: 1\nowner: bo'),
      [
        '2:1 error: `owner` does not belong here. Move it to where the example policy has it, or correct the indentation.',
      ],
    ],
    [
      'another version',
      change('version: 1', 'version: 2'),
      ['1:10 error: 2 is not allowed here. Write 1.'],
    ],
    [
      'a version in quotes',
      change('version: 1', 'version: "1"'),
      ['1:10 error: "1" is not allowed here. Write 1.'],
    ],
    [
      'a limit of none',
      `${GOOD}limits: { asks_per_hour: 0 }\n`,
      ['24:26 error: Too little: at least 1. Add to it.'],
    ],
    [
      'a weekly freeze at no time of the week',
      `${GOOD}freeze: [{ name: eve, every: { from: "friday", to: "mon 08:00" } }]\n`,
      ['24:38 error: This is not a time of the week. Write it as "fri 16:00".'],
    ],
    [
      'a freeze on a day that does not exist',
      `${GOOD}freeze: [{ name: eve, from: "2026-02-30T10:00", to: "2026-03-01T10:00" }]\n`,
      ['24:29 error: There is no such day. Correct the date.'],
    ],
    [
      'a freeze that ends before it begins',
      `${GOOD}freeze: [{ name: eve, from: "2026-03-02T10:00", to: "2026-03-01T10:00" }]\n`,
      [
        '24:53 error: A freeze that ends before it begins. Make `to` later than `from`; it is exclusive.',
      ],
    ],
    [
      'tier0',
      change('kind: team', 'kind: team\n    tier0: true'),
      [
        '14:5 error: tier0 needs passkeys, which are not supported yet. Keep such roles out of the bot.',
      ],
    ],
    [
      'rules without approvals',
      change('      - { from: { roles: [lead] }, count: 1 }', '      []'),
      [
        '22:7 error: A rule without approvals is not supported yet. Demand at least one, for example { from: { roles: [admin] }, count: 1 }.',
      ],
    ],
    [
      'a count of none',
      change('count: 1', 'count: 0'),
      ['22:43 error: Too little: at least 1. Add to it.'],
    ],
    [
      'a selector of nobody',
      change('requesters: { roles: [developer] }', 'requesters: {}'),
      ['19:17 error: This selects nobody. Name `roles`, `people` or both.'],
    ],
    [
      'a wildcard for a role',
      change('requesters: { roles: [developer] }', 'requesters: { roles: ["*"] }'),
      [
        '19:27 error: This is not a name. Use 1 to 63 plain letters, digits, ".", "_" and "-", a letter first.',
      ],
    ],
    [
      'a Cyrillic letter in a name',
      change('  developer: {}', '  dev\u0435loper: {}'),
      [
        '4:3 error: This is not a name: it holds U+0435, which is no plain ASCII character. Use 1 to 63 plain letters, digits, ".", "_" and "-", a letter first.',
      ],
    ],
    [
      'a Cyrillic letter in an entitlement',
      change('  github:acme/deployers:', '  github:acme/depl\u043eyers:'),
      [
        '11:3 error: This is not the id of an entitlement: it holds U+043E, which is no plain ASCII character. Write provider:resource, for example github:acme/deployers.',
      ],
    ],
    [
      'a name for a Slack id',
      change('slack: U0ANA', 'slack: "@ana"'),
      [
        '7:17 error: This is not a Slack member id. Write the member id (U… or W…): profile, three dots, "Copy member ID".',
      ],
    ],
    [
      'a time zone that does not exist',
      change('Europe/Berlin', 'Europe/Atlantis'),
      ['2:11 error: This is not a time zone. Write a name such as Europe/Berlin.'],
    ],
    [
      'a regular expression as a pattern',
      change('github:acme/*', 'github:acme/(a+)+'),
      [
        '18:20 error: This is neither an entitlement nor a pattern for entitlements. Write an id, or an id with * for any run of characters; nothing else is special.',
      ],
    ],
    [
      'a ticket pattern that cannot be used',
      change('    approvals:', '    justification: { ticket: "^(?=INC)" }\n    approvals:'),
      [
        '21:30 error: This pattern cannot be used: "^" has no meaning there. Use letters, digits, [classes], \\d, ( | ) and * + ? {n,m}.',
      ],
    ],
    [
      'a deny rule with a condition',
      change('    max_duration: 2h', '    deny: true\n    max_duration: 2h'),
      [
        '21:5 error: `max_duration` does not belong here. Move it to where the example policy has it, or correct the indentation.',
        '22:5 error: `approvals` does not belong here. Move it to where the example policy has it, or correct the indentation.',
      ],
    ],
    [
      'deny: false',
      change(
        '    max_duration: 2h\n    approvals:\n      - { from: { roles: [lead] }, count: 1 }',
        '    deny: false',
      ),
      ['20:11 error: false is not allowed here. Write true.'],
    ],
    [
      'circular roles',
      change('developer: {}', 'developer: { includes: [lead] }'),
      [
        '5:22 error: Roles include each other in a circle: developer > lead > developer. Remove "developer" from what "lead" includes.',
      ],
    ],
    [
      'unreachable approvers',
      change('count: 1', 'count: 3'),
      [
        '22:7 error: Nobody can satisfy rule "deploy": it needs 3 approvals of different people and this policy has 2. Lower the count, or give more people the role.',
      ],
    ],
    [
      'several mistakes, in the order of the lines',
      change('U0BO', 'bo').replace('count: 1', 'count: 11').replace('version: 1', 'version: one'),
      [
        '1:10 error: "one" is not allowed here. Write 1.',
        '8:16 error: This is not a Slack member id. Write the member id (U… or W…): profile, three dots, "Copy member ID".',
        '22:43 error: Too much: at most 10. Shorten it.',
      ],
    ],
  ])('%s', (_, text, expected) => {
    expect(line(text)).toEqual(expected);
  });

  test.each(['-1h', '0m', '9999d', '2h; drop', '2', '120', '1.5h', '2h2h', '2 h', ''])(
    'max_duration: %j',
    (written) => {
      expect(first(change('max_duration: 2h', `max_duration: "${written}"`))).toBe(
        '20:19 This is not a duration',
      );
    },
  );

  test('a hold of nothing may be written, a rule of no time may not', () => {
    expect(report(`${GOOD}new_authenticator_hold: 0m\n`)).toEqual([]);
    expect(first(`${GOOD}new_authenticator_hold: -1m\n`)).toBe('24:25 This is not a duration');
  });

  test('with Windows line ends and a byte order mark the places are the same', () => {
    const wrong = change('count: 1', 'count: 0');
    expect(report(`\uFEFF${wrong.replaceAll('\n', '\r\n')}`)).toEqual(report(wrong));
  });
});

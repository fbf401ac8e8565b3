import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  describeProblem,
  MAX_POLICY_BYTES,
  readPolicy,
} from '../../shared/adapters/policy-file.ts';
import { evaluate } from '../../shared/domain/policy/evaluate.ts';
import { ask, DEE, evidence, facts } from '../domain/policy/given.ts';

const GOOD = `version: 1
timezone: Europe/Berlin
roles:
  developer: {}
  lead: { includes: [developer] }
people:
  ana: { slack: U0ANA, roles: [developer], accounts: { github: ana-dev } }
  bo: { slack: U0BO, roles: [lead], accounts: { github: bo-rm } }
  cy: { slack: U0CY, roles: [lead], accounts: { github: cy-rm } }
entitlements:
  github:acme/deployers:
    provider: github
    kind: team
    resource: acme/deployers
    roles: [member]
rules:
  - id: deploy
    entitlements: ["github:acme/*"]
    requesters: { roles: [developer] }
    max_duration: 2h
    approvals:
      - { from: { roles: [lead] }, count: 1 }
`;
const FILE = 'access.yaml';
const read = (text: string | Uint8Array) => readPolicy(text, FILE);
const bytes = (text: string) => new TextEncoder().encode(text);
const report = (text: string | Uint8Array): string[] => {
  const result = read(text);
  return (result.ok ? result.value.warnings : result.error).map(describeProblem);
};
/** The good file with one piece replaced: the piece must be there. */
const change = (piece: string, by: string): string => {
  if (!GOOD.includes(piece)) throw new Error(`not in the good file: ${piece}`);
  return GOOD.replace(piece, by);
};
/** The place at which the reader points, and what it says. */
const place = (result: ReturnType<typeof read>) => {
  if (result.ok) return 'accepted';
  const [problem] = result.error;
  return problem && `${problem.line}:${problem.column} ${problem.message}`;
};
const first = (text: string | Uint8Array) => place(read(text));

describe('a good file', () => {
  test('is a policy without warnings, with the hash of its bytes', () => {
    const result = read(GOOD);
    if (!result.ok) throw new Error(report(GOOD).join('\n'));
    expect(result.value.warnings).toEqual([]);
    expect(result.value.hash).toBe(createHash('sha256').update(GOOD).digest('hex'));
    expect(result.value.policy.rules).toHaveLength(1);
  });

  test('is the same policy as text and as bytes', () => {
    expect(read(bytes(GOOD))).toEqual(read(GOOD));
  });

  test.each([
    ['a byte order mark', `\uFEFF${GOOD}`],
    ['Windows line ends', GOOD.replaceAll('\n', '\r\n')],
    ['one document start, comments before it', `# ours\n---\n${GOOD}`],
    ['signs of YAML in quotes', change('id: deploy', 'id: "deploy" # &not *an !anchor <<')],
  ])('may have %s', (_, text) => {
    expect(report(text)).toEqual([]);
    expect(report(bytes(text))).toEqual([]);
  });

  test('has another hash with every byte that changes, comments too', () => {
    const hashes = [GOOD, `${GOOD}# x\n`, `\uFEFF${GOOD}`].map((text) => {
      const result = read(text);
      return result.ok ? result.value.hash : 'refused';
    });
    expect(new Set([...hashes, 'refused']).size).toBe(4);
  });

  test('keeps its warnings, in the order of the lines', () => {
    const wide = change('["github:acme/*"]', '["github:x/*", "*"]');
    expect(report(wide)).toEqual([
      'access.yaml:18:20 warning: "github:x/*" matches no entitlement. Add it under `entitlements`, or remove it here.',
      'access.yaml:18:34 warning: "*" reaches over every provider, also those added later. Begin it with a provider, for example github:acme/*.',
    ]);
  });
});

describe('the example policy', () => {
  const text = readFileSync(path.join(__dirname, '../../access.yaml'));
  const result = readPolicy(text, 'access.yaml');
  if (!result.ok) throw new Error(result.error.map(describeProblem).join('\n'));
  const { policy, warnings } = result.value;

  test('has no problem', () => {
    expect(warnings).toEqual([]);
  });

  test('lets Ana become a deployer for two hours, with one approval and its code', () => {
    const words = { text: 'INC-123 rollback' };
    const verdict = evaluate(policy, ask({ justification: words }), facts());
    expect(verdict).toMatchObject({
      permitted: true,
      rule: 'prod-deploy',
      maxTotalSeconds: 14_400,
      codeFrom: { requester: false, approver: true },
      approvals: { needed: 1 },
      approvers: ['U0BO', 'U0CY', 'U0DEE'],
      channel: 'C0ACCESS',
    });
  });

  test('wants two people and two codes for production', () => {
    const verdict = evaluate(
      policy,
      ask({ entitlement: 'github:acme/jit-prod', durationSeconds: 3600 }),
      facts(),
    );
    expect(verdict).toMatchObject({
      permitted: true,
      rule: 'two-people',
      privileged: true,
      codeFrom: { requester: true, approver: true },
      approvals: { needed: 2 },
    });
  });

  test('works at any hour of any day', () => {
    for (let hour = 0; hour < 24 * 8; hour += 1) {
      const now = new Date(Date.UTC(2026, 9, 22, hour, 30));
      const about = ['U0ANA', DEE].map((slack) =>
        evidence(slack, { observedAt: now.toISOString() }),
      );
      expect(evaluate(policy, ask(), facts({ now, candidate: DEE }, about))).toMatchObject({
        permitted: true,
        candidate: { may: true },
      });
    }
  });
});

describe('YAML that people and programs read differently is refused at its place', () => {
  test.each([
    ['an anchor', change('roles: [lead], acc', 'roles: &l [lead], acc'), '8:29 Anchors (&)'],
    ['an alias', change('roles: [lead], acc', 'roles: *l, acc'), '8:29 Aliases (*)'],
    ['an unquoted *', change('["github:acme/*"]', '[*]'), '18:20 Aliases (*)'],
    ['a merge key', change('  developer: {}', '  <<: {}'), '4:3 Merge keys (<<)'],
    ['a tag', change('max_duration: 2h', 'max_duration: !!str 2h'), '20:19 Tags (!)'],
    ['a tag of its own', change('max_duration: 2h', 'max_duration: !run 2h'), '20:19 Tags (!)'],
    ['a directive', `%YAML 1.1\n---\n${GOOD}`, '1:1 Directives (%)'],
    ['a repeated key', `${GOOD}version: 1\n`, '23:1 The key "version" is here twice'],
    [
      'a repeated key in quotes',
      change('  lead:', '  "developer":'),
      '5:3 The key "developer" is here twice',
    ],
    [
      'a repeated key in a flow map',
      change('{ slack: U0ANA,', '{ slack: U0ANA, slack: U0BO,'),
      '7:24 The key "slack" is here twice',
    ],
    ['a tab for indentation', change('  developer: {}', '\tdeveloper: {}'), '4:1 A tab'],
    ['a tab in a line', change('version: 1', 'version:\t1'), '1:9 A tab'],
    ['a second document', `${GOOD}---\n${GOOD}`, '23:1 A second document'],
    ['a second document after an end', `${GOOD}...\n${GOOD}`, '24:1 A second document'],
    ['octal', change('count: 1', 'count: 01'), '22:43 01 is read differently'],
    ['YAML 1.2 octal', change('count: 1', 'count: 0o1'), '22:43 0o1 is read differently'],
    ['hexadecimal', change('count: 1', 'count: 0x1'), '22:43 0x1 is read differently'],
    ['an exponent', change('count: 1', 'count: 1e0'), '22:43 1e0 is read differently'],
    ['a fraction', change('version: 1', 'version: 1.0'), '1:10 1.0 is read differently'],
    ['a sign', change('version: 1', 'version: +1'), '1:10 +1 is read differently'],
    ['infinity', change('count: 1', 'count: .inf'), '22:43 .inf is read differently'],
    ['a key that is a number', change('  developer: {}', '  1: {}'), '4:3 A key that is not text'],
    ['a key that is true', change('  developer: {}', '  true: {}'), '4:3 A key that is not text'],
    ['a key that is nothing', change('  developer: {}', '  ~: {}'), '4:3 A key that is not text'],
    ['a key that is a list', change('  developer: {}', '  [a]: {}'), '4:3 A key that is not text'],
    ['__proto__', change('  developer: {}', '  __proto__: {}'), '4:3 "__proto__" cannot be a key'],
    ['constructor', change('  lead:', '  constructor:'), '5:3 "constructor" cannot be a key'],
    [
      'NUL',
      change('version: 1', 'version: 1 #\0'),
      '1:13 An invisible or control character, U+0000',
    ],
    [
      'ANSI',
      change('version: 1', 'version: 1 #\u001b[31m'),
      '1:13 An invisible or control character, U+001B',
    ],
    [
      'a zero-width space',
      change('  lead:', '  le\u200bad:'),
      '5:5 An invisible or control character, U+200B',
    ],
    [
      'right-to-left override in a comment',
      change('version: 1', 'version: 1 # \u202e'),
      '1:14 An invisible or control character, U+202E',
    ],
    [
      'a tag character',
      change('version: 1', 'version: 1 # \u{e0041}'),
      '1:14 An invisible or control character, U+E0041',
    ],
    [
      'a line separator',
      change('version: 1', 'version: 1 # \u2028'),
      '1:14 An invisible or control character, U+2028',
    ],
    [
      'a second byte order mark',
      `\uFEFF\uFEFF${GOOD}`,
      '1:1 An invisible or control character, U+FEFF',
    ],
    [
      'a lone surrogate',
      change('version: 1', 'version: 1 # \ud800'),
      '1:14 An invisible or control character, U+D800',
    ],
    [
      'an unclosed quote',
      change('max_duration: 2h', 'max_duration: "2h'),
      '23:1 Missing closing "quote',
    ],
    ['an unclosed list', change('roles: [member]', 'roles: [member'), '16:1 '],
    ['a wrong indentation', change('    kind: team', '   kind: team'), '13:1 '],
    ['nothing', '', '1:1 The file is empty'],
    ['only comments', '# to do\n', '1:1 The file is empty'],
    ['a list', '- version: 1\n', '1:1 A list is not a map'],
    ['a text', 'version one\n', '1:1 "version one" is not a map'],
    ['JSON in the wrong order of braces', '{"version": 1}}', '1:15 '],
  ])('%s', (_, text, expected) => {
    expect(first(text)?.slice(0, expected.length)).toBe(expected);
  });
});

describe('bytes that are no UTF-8 text are refused', () => {
  const utf16 = (text: string, swap: boolean) => {
    const buffer = Buffer.from(`\uFEFF${text}`, 'utf16le');
    return swap ? buffer.swap16() : buffer;
  };
  test.each([
    ['UTF-16, little end first', utf16(GOOD, false), '1:1 The file is UTF-16'],
    ['UTF-16, big end first', utf16(GOOD, true), '1:1 The file is UTF-16'],
    ['UTF-16 without its mark', utf16(GOOD, false).subarray(2), '1:1 The file is UTF-16'],
    [
      'UTF-16 without its mark, big end first',
      utf16(GOOD, true).subarray(2),
      '1:1 The file is UTF-16',
    ],
    ['Latin-1', Buffer.from('version: 1 # \u00fc\n', 'latin1'), '1:14 Bytes that are not UTF-8'],
    [
      'a cut-off character',
      Buffer.from([...bytes('version: 1\n# '), 0xe2, 0x82]),
      '2:3 Bytes that',
    ],
    ['an overlong slash', Buffer.from([...bytes('version: 1 # '), 0xc0, 0xaf]), '1:14 Bytes that'],
    ['gzip', Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0x00]), '1:1 An invisible or control'],
  ])('%s', (_, wrong, expected) => {
    expect(first(new Uint8Array(wrong))?.slice(0, expected.length)).toBe(expected);
  });
});

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
      'limits',
      `${GOOD}limits: { asks_per_hour: 3 }\n`,
      ['23:1 error: Limits per person and entitlement are not supported yet. Remove the key.'],
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
    expect(first(`${GOOD}new_authenticator_hold: -1m\n`)).toBe('23:25 This is not a duration');
  });

  test('with Windows line ends and a byte order mark the places are the same', () => {
    const wrong = change('count: 1', 'count: 0');
    expect(report(`\uFEFF${wrong.replaceAll('\n', '\r\n')}`)).toEqual(report(wrong));
  });
});

describe('a hostile file is refused in bounded time', () => {
  const kilobytes = (piece: string, amount = 240) => piece.repeat((amount * 1024) / piece.length);
  const many = (amount: number, line: (index: number) => string) =>
    Array.from({ length: amount }, (_, index) => line(index)).join('\n');
  const bomb = `a: &a [x,x,x,x]\n${many(8, (n) => `b${n}: &b${n} [*a,*a,*a,*a]`)}\n`;
  test.each([
    ['an alias bomb', bomb, '1:4 Anchors (&)'],
    ['2 MB', kilobytes('# x\n', 2048), `1:1 The file is larger than ${MAX_POLICY_BYTES / 1024} KB`],
    ['lists in lists', kilobytes('['), 'Nested deeper than 20 levels'],
    ['maps in maps', kilobytes('{a: '), 'Nested deeper than 20 levels'],
    ['lists in lists on one line', kilobytes('- '), 'Nested deeper than 20 levels'],
    ['keys of keys', kilobytes('? '), 'Nested deeper than 20 levels'],
    ['indentation', many(600, (n) => `${' '.repeat(n)}a:`), 'Nested deeper than 20 levels'],
    ['21 levels', `${'['.repeat(22)}${']'.repeat(22)}`, 'Nested deeper than 20 levels'],
    ['forty thousand keys', many(35_000, (n) => `k${n}:`), '1:1 '],
    ['forty thousand keys on a line', `{${many(35_000, (n) => `k${n},`)}}`, '1:1 '],
    ['a key repeated forty thousand times', kilobytes('a:\n'), '2:1 The key "a" is here twice'],
    ['quotes', kilobytes('"', 100), '1:3 '],
    ['brackets', kilobytes(']'), '1:1 '],
    ['commas', `[${kilobytes(',', 60)}]`, '1:3 '],
    ['dashes', kilobytes('-\n', 120), '1:1 A list is not a map'],
    ['colons', kilobytes(':'), '1:1 '],
    ['documents', kilobytes('---\n'), '2:1 A second document'],
    ['empty lines', kilobytes('\n'), '1:1 The file is empty'],
    ['a long block of text', `a: |\n${kilobytes(' x\n')}`, '1:1 '],
  ])('%s', (_, text, expected) => {
    const started = performance.now();
    const result = read(text);
    expect(performance.now() - started).toBeLessThan(8000);
    expect(place(result)).toContain(expected);
    expect(result.ok ? 0 : result.error.length).toBeLessThanOrEqual(50);
  });

  test('exactly the largest size is read', () => {
    const filled = `${GOOD}#${'x'.repeat(MAX_POLICY_BYTES - GOOD.length - 1)}`;
    expect(report(filled)).toEqual([]);
    expect(first(`${filled}x`)).toMatch(/^1:1 The file is larger/);
  });

  test('twenty levels are deep enough to reach the schema', () => {
    expect(first(`a: ${'['.repeat(19)}${']'.repeat(19)}`)).not.toContain('Nested');
  });

  test('a ticket pattern made to explode is run without exploding', () => {
    const text = change(
      '    approvals:',
      '    justification: { ticket: "(a+)+b" }\n    approvals:',
    );
    const result = read(text);
    if (!result.ok) throw new Error(report(text).join('\n'));
    const justification = { text: 'a'.repeat(30_000) };
    const started = performance.now();
    const verdict = evaluate(result.value.policy, ask({ justification }), facts());
    expect(verdict).toMatchObject({ refusal: { code: 'ticket-missing' } });
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

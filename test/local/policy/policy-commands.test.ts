/** The policy on the command line: what is said, where, and how it exits. */
import { placeOfRule } from '../../../shared/domain/policy/place-in-file.ts';
import { CASES, changed, EXAMPLE, run } from './policy-terminal.ts';

const ASK = ['simulate', '--as', 'ana', 'github:acme/deployers', 'member', '2h'];
const NOBODY = ['simulate', ...ASK.slice(3)];
const promoted = changed(
  'roles: [developer], accounts: { github: ana-dev',
  'roles: [release-manager], accounts: { github: ana-dev',
);
const demoted = changed(
  'bo: { slack: U0BO, roles: [release-manager]',
  'bo: { slack: U0BO, roles: [developer]',
);

describe('words that are not understood', () => {
  test.each([
    [[]],
    [['chekc']],
    [['check', '--jsno']],
    [['check', 'nowhere.yaml']],
    [['test', '--policy', 'nowhere.yaml']],
    [['test', 'nowhere.test.yaml']],
    [['simulate']],
    [['simulate', 'github:acme/deployers', 'member', '2h']],
    [[...ASK.slice(0, -1), '-2h']],
    [[...ASK.slice(0, -1), 'for ever']],
    [[...ASK, 'now']],
    [[...ASK, '--at', 'tomorrow']],
    [[...ASK, '--at', '2026-11-23']],
    [[...ASK, '--group', 'platform']],
    [[...ASK, '--group', 'platfrom=ana']],
    [[...NOBODY, '--as', 'anna']],
    [[...NOBODY, '--as', '__proto__']],
    [[...NOBODY, '--as', '']],
    [['who-can-approve']],
    [['diff', 'access.yaml']],
    [['diff', 'access.yaml', 'nowhere.yaml']],
    [['replay']],
    [['replay', '--last', '30']],
    [['replay', '--last', '400d']],
    [['replay', '--last', '30d']],
    [['replay', '--last', '30d', 'x']],
    [[...ASK, '--at', '2026-11-23T10:00:00Z', '--at', '2026-11-24T10:00:00Z']],
  ])('%j exits 2 and says what to write', async (args) => {
    const { code, out, said } = await run(args);
    expect([code, out]).toEqual([2, '']);
    expect(said.length).toBeGreaterThan(10);
  });
});

test.each([
  [['chekc'], 'There is no command "chekc". Did you mean check?'],
  [['frobnicate'], 'There is no command "frobnicate".\n'],
  [['\u001b[31mcheck'], 'There is no command "\uFFFD[31mcheck".'],
  [['check', '--jsno'], 'There is no option --jsno here. Did you mean --json?\n\npolicy check'],
  [[...ASK, '--gruop', 'platform=ana'], 'There is no option --gruop here. Did you mean --group?'],
  [['check', '--frobnicate'], 'There is no option --frobnicate here.\n'],
  [[...ASK, '--at'], "Option '--at <value>' argument missing\n"],
  [['who-can-approve'], 'Say for which target.\n'],
  [['who-can-approve', 'github:acme/deployers', 'member', 'now'], 'What is "now"?\n'],
  [['diff', 'access.yaml'], 'Name two files, the old one first.\n'],
  [['diff', 'a', 'b', 'c'], 'Name two files, not more.\n'],
])('%j is answered %j', async (args, words) => {
  expect((await run(args)).said).toContain(words);
});

test.each([
  ['github:acme/deployer', 'Did you mean github:acme/deployers?'],
  ['nothing:like/it', 'Its targets stand under `entitlements`.'],
])('an ask for %s, which the policy has not got, is refused: %s', async (target, words) => {
  const { code, out } = await run([...ASK.slice(0, 3), target, ...ASK.slice(4)]);
  expect(code).toBe(1);
  expect(out).toContain(words);
  expect(out).not.toContain('/request-access');
});

test('a misspelt key of a case says which one is meant', async () => {
  const files = { 'access.test.yaml': changed('rule: prod-deploy', 'rul: prod-deploy', CASES) };
  const { code, said } = await run(['test'], { files });
  expect(code).toBe(2);
  expect(said).toMatch(
    /^access\.test\.yaml:\d+:\d+ error: Unknown key "rul"\. Did you mean "rule"\?/,
  );
});

describe('a question that cannot be answered', () => {
  test.each([
    ['absent', /^x\.yaml is not there\. /],
    ['folder', /^x\.yaml is a folder\. /],
    ['no-file', /^x\.yaml is a pipe or a device\. /],
    ['forbidden', /^x\.yaml may not be read by you\. /],
    ['broken', /^x\.yaml cannot be read\. /],
  ] as const)('because a file is %s says so, of every command', async (why, words) => {
    const world = { unreadable: { 'x.yaml': why } };
    for (const args of [
      ['check', 'x.yaml'],
      ['test', 'x.yaml'],
      ['test', '--policy', 'x.yaml'],
      [...ASK, '--policy', 'x.yaml'],
      ['who-can-approve', 'github:acme/deployers', '--policy', 'x.yaml'],
      ['diff', 'access.yaml', 'x.yaml'],
      ['replay', '--last', '1d', '--policy', 'x.yaml'],
    ]) {
      expect(await run(args, world)).toMatchObject({ code: 2, said: expect.stringMatching(words) });
      const { code, out } = await run([...args, '--json'], world);
      expect([code, JSON.parse(out)]).toEqual([2, { error: expect.stringMatching(words) }]);
    }
  });

  it('tells a program of a policy that is wrong, at its place', async () => {
    const files = { 'b.yaml': 'version: 2' };
    const { code, out } = await run([...ASK, '--json', '--policy', 'b.yaml'], { files });
    expect([code, JSON.parse(out)]).toEqual([2, { error: expect.stringContaining('b.yaml:1:10') }]);
  });

  test.each([
    [['--help'], 'policy -- replay'],
    [['-h'], 'policy -- check'],
    [['help'], 'policy -- diff'],
    [['check', '--help'], 'policy check'],
    [['diff', 'a', '-h', '--json'], 'policy diff'],
  ])('%j is a question for help and no mistake', async (args, words) => {
    expect(await run(args)).toMatchObject({
      code: 0,
      out: expect.stringContaining(words),
      said: '',
    });
  });
});

describe('policy check', () => {
  it('calls the example good, with its hash', async () => {
    expect(await run(['check'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^good {2}access\.yaml {2}sha256 [0-9a-f]{64}$/),
    });
  });

  const broken = changed('requesters: { roles: [developer] }', 'requesters: { roles: [develper] }');
  it('says file, line, column and the fix of every problem', async () => {
    const { code, lines } = await run(['check', 'b.yaml'], { files: { 'b.yaml': broken } });
    expect(code).toBe(1);
    expect(lines[0]).toMatch(
      /^b\.yaml:\d+:\d+ error: There is no role "develper"\. Did you mean "developer"\?$/,
    );
  });

  it('says the same to a program', async () => {
    const { code, out } = await run(['check', '--json', 'b.yaml'], { files: { 'b.yaml': broken } });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      problems: [{ file: 'b.yaml', severity: 'error', fix: 'Did you mean "developer"?' }],
    });
  });

  it('fails on a warning where it is asked to', async () => {
    const files = { 'access.yaml': changed('security_channel: C0SECURITY', '#') };
    expect((await run(['check'], { files })).code).toBe(0);
    expect((await run(['check', '--fail-on-warnings'], { files })).code).toBe(1);
  });

  it('colours where a person reads, and nothing that a file says moves the cursor', async () => {
    const files = { 'b.yaml': 'version: 1 #\u001b[2J' };
    const { out } = await run(['check', 'b.yaml'], { files, colours: true });
    expect(out).toContain('\u001b[31m');
    expect(out).not.toContain('\u001b[2J');
    expect((await run(['check', 'b.yaml'], { files })).out).not.toContain('\u001b');
  });
});

describe('policy simulate', () => {
  it('says by which rule it is allowed, where that stands and who may approve', async () => {
    const { code, lines } = await run(ASK);
    const place = EXAMPLE.split('\n').findIndex((line) => line.includes('- id: prod-deploy')) + 1;
    expect(code).toBe(0);
    expect(lines).toEqual([
      'allowed   ana: member on github:acme/deployers for 2h, at 2026-11-23T10:00:00.000Z (Mon 11:00 Europe/Berlin)',
      `rule      prod-deploy  access.yaml:${place}:5`,
      'approval  1 of bo, cy, dee',
      'code      approver',
      'at most   2h, with extensions 4h',
    ]);
  });

  test.each([
    [['--reason', 'because'], 'justification-too-short'],
    [['--start', '2026-11-23T09:00:00Z'], 'start-in-the-past'],
    [['--start', '2026-12-24T10:00:00Z'], 'start-too-far'],
    [['--for', 'bo', '--break-glass', '--incident', 'X-1'], 'on-behalf-not-allowed'],
  ])('%j is refused as the bot refuses it', async (more, code) => {
    const told = await run([...ASK, ...more, '--json']);
    expect(told.code).toBe(1);
    expect(JSON.parse(told.out)).toMatchObject({ allowed: false, refusal: { code } });
  });

  test.each([[[]], [['--incident', 'the site is down']]])(
    'an emergency with %j names no incident',
    async (more) => {
      const { out } = await run([...ASK.slice(0, -1), '15m', '--break-glass', ...more, '--json']);
      expect(JSON.parse(out)).toMatchObject({ refusal: { code: 'incident-missing' } });
    },
  );

  const onCall = changed('groups:\n', 'groups:\n  pager: { slack_usergroup: S0PAGER }\n').replace(
    'max_duration: 2h\n    max_total: 4h # with',
    'when: { on_call: pager }\n    max_duration: 2h\n    max_total: 4h # with',
  );
  test.each([
    [[], 'group-unknown'],
    [['--group', 'pager='], 'not-on-call'],
  ])('with %j a rule for who is on call answers %s', async (more, code) => {
    const { out } = await run([...ASK, ...more, '--json'], { files: { 'access.yaml': onCall } });
    expect(JSON.parse(out)).toMatchObject({ refusal: { code } });
  });

  it('says how to say who is in a group about which nothing is known', async () => {
    const { out } = await run(ASK, { files: { 'access.yaml': onCall } });
    expect(out).toContain('Say who is in it: --group pager=ana,bo');
  });

  it('allows it to who is said to be on call', async () => {
    const files = { 'access.yaml': onCall };
    expect((await run([...ASK, '--group', 'pager=bo,ana'], { files })).code).toBe(0);
  });

  const hours =
    `${changed('timezone: Europe/Berlin', 'working_hours: { days: [mon, tue, wed, thu, fri, sat, sun], from: "02:30", to: "19:00" }\ntimezone: Europe/Berlin')}
freeze: [{ name: weekend, every: { from: "fri 16:00", to: "mon 08:00" } }]
`.replace(
      'max_duration: 2h\n    max_total: 4h # with',
      'when: { working_hours: true }\n    max_duration: 2h\n    max_total: 4h # with',
    );
  // The clocks of Berlin go forward on 2026-03-29 and back on 2026-10-25, each within a weekend that is frozen.
  test.each([
    ['2026-03-26T01:29:59Z', 'outside-working-hours', 'Thu 02:29'],
    ['2026-03-26T01:30:00Z', null, 'Thu 02:30'],
    ['2026-03-27T14:59:59Z', null, 'Fri 15:59'],
    ['2026-03-27T15:00:00Z', 'frozen', 'Fri 16:00'],
    ['2026-03-30T05:59:59Z', 'frozen', 'Mon 07:59'],
    ['2026-03-30T06:00:00Z', null, 'Mon 08:00'],
    ['2026-07-01T17:00:00Z', 'outside-working-hours', 'Wed 19:00'],
    ['2026-07-01T18:59:59+02:00', null, 'Wed 18:59'],
    ['2026-10-26T06:59:59Z', 'frozen', 'Mon 07:59'],
    ['2026-10-26T07:00:00Z', null, 'Mon 08:00'],
  ])('at %s says %j by the clock of the policy', async (at, code, local) => {
    const { out } = await run([...ASK, '--at', at], { files: { 'access.yaml': hours } });
    expect(out).toContain(`(${local} Europe/Berlin)`);
    expect(/ \(([a-z-]+)\)$/.exec(out)?.[1] ?? null).toBe(code);
  });

  it('judges a later start by the clock at that start', async () => {
    const files = { 'access.yaml': hours };
    const at = ['--at', '2026-10-22T10:00:00Z', '--start', '2026-10-23T14:00:00Z'];
    const { code, out } = await run([...ASK, ...at], { files });
    expect([code, out]).toEqual([1, expect.stringMatching(/Fri 16:00 Europe.*\(frozen\)$/s)]);
  });

  it('judges what is asked for later at its start', async () => {
    const { code, out } = await run([
      ...ASK,
      '--start',
      '2026-12-24T10:00:00Z',
      '--reason',
      'INC-1 later on',
    ]);
    expect(code).toBe(1);
    expect(out).toContain('start-too-far');
  });
});

describe('policy who-can-approve', () => {
  it('names them by rule', async () => {
    const { code, lines } = await run(['who-can-approve', 'github:acme/jit-prod', 'member']);
    expect([code, lines[0]]).toEqual([
      0,
      expect.stringMatching(/^two-people {2}access\.yaml:\d+:5\n {2}2 of bo, cy, dee$/),
    ]);
  });

  test.each([
    [['github:acme/deployer'], 'Did you mean github:acme/deployers'],
    [['github:acme/deployers', 'mamber'], 'Did you mean member'],
  ])('%j is not there', async (args, words) => {
    const { code, said } = await run(['who-can-approve', ...args]);
    expect([code, said]).toEqual([1, expect.stringContaining(words)]);
  });
});

describe('policy diff', () => {
  const files = { 'more.yaml': promoted, 'less.yaml': demoted };
  it('says who gets more', async () => {
    const { code, out } = await run(['diff', 'access.yaml', 'more.yaml'], { files });
    expect(code).toBe(0);
    expect(out).toMatch(/^\+ ana may now approve .*github:acme\/deployers.* by prod-deploy$/m);
    expect(out).toContain('Somebody gets more than before.');
  });

  it('exits 1 for more where that is wanted, and 0 for less', async () => {
    const wanted = (to: string) =>
      run(['diff', 'access.yaml', to, '--fail-on-widening'], { files });
    expect((await wanted('more.yaml')).code).toBe(1);
    const less = await wanted('less.yaml');
    expect([less.code, less.out]).toEqual([0, expect.stringContaining('bo may no longer approve')]);
    expect((await wanted('access.yaml')).code).toBe(0);
  });

  it('writes a comment that is found again, widenings first', async () => {
    const { out } = await run(['diff', '--markdown', 'access.yaml', 'more.yaml'], { files });
    expect(out).toMatch(/^<!-- hallpass-policy-diff -->\n/);
    expect(out).toContain('| ➕ | `ana` | may now approve |');
  });

  it('sets every name off as code, so that none is a link, a mention or a sign of Markdown', async () => {
    const named = (text: string) => text.replaceAll('prod-deploy', 'www.evil.example');
    const files = { 'old.yaml': named(EXAMPLE), 'new.yaml': named(promoted) };
    const { out } = await run(['diff', '--markdown', 'old.yaml', 'new.yaml'], { files });
    expect(out).toContain('`www.evil.example`');
    const bare = out.replace(/`[^`|]*`/g, '');
    expect(bare).not.toContain('evil');
    expect(bare.replace('<!-- hallpass-policy-diff -->', '')).not.toMatch(/[<>@[\]_~]/);
  });

  it('is one of JSON and Markdown', async () => {
    const { code, said } = await run([
      'diff',
      'access.yaml',
      'access.yaml',
      '--json',
      '--markdown',
    ]);
    expect([code, said]).toEqual([2, expect.stringContaining('Either --json or --markdown')]);
  });

  it('tells a program everything', async () => {
    const { out } = await run(['diff', '--json', 'access.yaml', 'more.yaml'], { files });
    expect(JSON.parse(out)).toMatchObject({ widens: true, changes: expect.any(Array) });
  });
});

describe('policy test', () => {
  it('finds that every case of the example holds', async () => {
    expect(await run(['test'])).toMatchObject({ code: 0, out: '15 of 15 cases hold' });
  });

  it('names the case that fails, where it stands, and what was said instead', async () => {
    const { code, lines } = await run(['test'], { files: { 'access.yaml': demoted } });
    expect(code).toBe(1);
    expect(lines[0]).toMatch(
      /^access\.test\.yaml:8:5 failed: a developer asks .*: expected approvers bo, cy, dee, got cy, dee$/,
    );
  });

  const one = (expected: string, more = '') =>
    `version: 1\nat: "2026-11-23T10:00:00Z"\ncases:\n  - { name: n, as: ana, target: "github:acme/deployers", role: member, duration: 1h, ${more} expect: ${expected} }\n`;
  test.each([
    ['{ allowed: true, rule: glass }', '', 'expected rule glass, got prod-deploy'],
    ['{ allowed: true, approvals: 2 }', '', 'expected 2 approvals, got 1'],
    ['{ allowed: true, max_duration: 4h }', '', 'expected at most 4h, got 2h'],
    ['{ allowed: true, approvers: [] }', '', 'expected approvers nobody, got bo, cy, dee'],
    [
      '{ allowed: true, may_approve: [ana] }',
      '',
      'expected that ana may approve it (self-approval)',
    ],
    ['{ allowed: true, may_not_approve: [bo] }', '', 'expected that bo may not approve it'],
    [
      '{ allowed: true }',
      'reason: x,',
      'expected that it is allowed, but it is refused (justification-too-short',
    ],
    [
      '{ refused: frozen }',
      '',
      'expected refused with frozen, but it is allowed by rule prod-deploy',
    ],
    [
      '{ refused: frozen }',
      'reason: x,',
      'expected refused with frozen, got justification-too-short',
    ],
    [
      '{ refused: justification-too-short, rule: glass }',
      'reason: x,',
      'expected rule glass, got prod-deploy',
    ],
    ['{ allowed: true }', 'for: anna,', 'Did you mean ana?'],
  ])('%s fails where it does not hold', async (expected, more, words) => {
    const { code, out } = await run(['test', 'c.yaml'], {
      files: { 'c.yaml': one(expected, more) },
    });
    expect([code, out]).toEqual([1, expect.stringContaining(words)]);
  });

  test.each([
    [one('{ refused: no-such-code }'), 'c.yaml:4:'],
    [one('{ allowed: true }', 'at: today,'), 'This is no moment with its zone. Write "2026-'],
    [one('{ allowed: true }', 'duration: 3,').replace('duration: 1h,', ''), '3 is not text'],
    [one('{ allowed: true }').replace('as: ana, ', ''), 'Missing: `as`. Add it.'],
    [one('{ allowed: true, aprovals: 1 }'), 'Unknown key "aprovals"'],
    [one('{ allowed: true }', 'until: 1h,'), 'Unknown key "until"'],
    [one('{ allowed: true }', 'role: member,'), 'The key "role" is here twice'],
    [CASES.replace('version: 1', 'version: 2'), 'c.yaml:3:10'],
    ['version: 1\nat: "2026-11-23T10:00:00Z"\ncases: []\n', 'c.yaml:3:8'],
    ['['.repeat(60), 'Nested deeper'],
  ])('cases that say something else are refused at their place', async (text, words) => {
    const { code, said } = await run(['test', 'c.yaml'], { files: { 'c.yaml': text } });
    expect([code, said]).toEqual([2, expect.stringContaining(words)]);
  });
});

describe('where a rule stands in a text', () => {
  test.each([
    ['rules:\n  - id: a\n  - id: ab\n', 'ab', { line: 3, column: 5 }],
    [
      'roles: { id: a }\nrules:\n  # - id: a\n  - { id: "a", deny: true }\n',
      'a',
      { line: 4, column: 7 },
    ],
    ['{\n "rules": [\n  {\n   "id": "a"\n  } ] }', 'a', { line: 4, column: 4 }],
    ['rules:\n  - id: a.b # id: a.b\n', 'a.b', { line: 2, column: 5 }],
    ['rules:\n  - id: axb\n', 'a.b', null],
    ['rules:\n  - id: a\n    x: "id: a, "\n', 'a', null],
    ['rules: []\n', 'a', null],
    ['id: a\n', 'a', null],
    ['rules:\n  - id: a\n', '.*', null],
  ])('%j: %s', (text, rule, place) => {
    expect(placeOfRule(text, rule)).toEqual(place);
  });
});

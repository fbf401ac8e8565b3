import * as fc from 'fast-check';
import { parseCommandLine, type Vocabulary } from '../../../lambdas/slack/command-line.ts';
import { secondsUntil } from '../../../lambdas/slack/until.ts';
import { anyCharacter } from '../../support/any-text.ts';

const vocabulary: Vocabulary = {
  targets: new Map([
    ['github:acme/deployers', ['member', 'maintainer']],
    ['github:acme/release', ['member']],
  ]),
  offered: ['github:acme/deployers', 'github:acme/release'],
  timezone: 'Europe/Berlin',
};
/** 15:00 in Berlin. */
const now = new Date('2026-11-22T14:00:00.000Z');
const parse = (text: string) => parseCommandLine(text, vocabulary, now);
const full = {
  kind: 'ask',
  entitlement: 'github:acme/deployers',
  role: 'member',
  durationSeconds: 7200,
  justification: 'INC-123 rollback',
};

test.each([
  ['github:acme/deployers member 2h INC-123 rollback', full],
  ['github:acme/deployers 2h member INC-123 rollback', full],
  ['  github:acme/deployers \t 2h   member   INC-123 rollback', full],
  ['github:acme/deployers member until 17:00 INC-123 rollback', full],
  ['github:acme/deployers until 17:00 member INC-123 rollback', full],
  ['github:acme/deployers member 1h30m x', { ...full, durationSeconds: 5400, justification: 'x' }],
  ['github:acme/deployers member 9999d x', { durationSeconds: 863_913_600 }],
  ['github:acme/release 2h because', { role: 'member', justification: 'because' }],
  ['github:acme/deployers member 2h', { justification: '' }],
  ['github:acme/deployers member 2h 2h later', { justification: '2h later' }],
  ['github:acme/deployers member 2h member of', { justification: 'member of' }],
  ['help', { kind: 'help' }],
  ['again', { kind: 'again' }],
  ['', { kind: 'nothing' }],
  [' \n ', { kind: 'nothing' }],
  [
    'github:acme/deployers member 2h x --for @bo',
    { kind: 'flag-not-understood', problem: { flag: '--for', typed: '@bo', wrong: 'value' } },
  ],
  [
    'github:acme/deployers member 2h x --for <@U0BO|bo>',
    { kind: 'ask', flags: { subject: 'U0BO' } },
  ],
  [
    'github:acme/deployers --break-glass',
    {
      kind: 'not-understood',
      understood: { entitlement: 'github:acme/deployers' },
      flags: { breakGlass: { incident: null } },
    },
  ],
  ['--at 18:00', { kind: 'nothing', flags: { start: { notBefore: '2026-11-22T17:00:00.000Z' } } }],
  ['again --for <@U0BO|bo>', { kind: 'again', flags: { subject: 'U0BO' } }],
  [
    'github:acme/deployers member 2h INC-1 x --at tomorrow --for <@U0BO>',
    {
      kind: 'flag-not-understood',
      understood: { role: 'member', duration: '2h', justification: 'INC-1 x' },
      flags: { subject: 'U0BO', start: null },
    },
  ],
  // A time of day is counted from where the access begins.
  [
    'github:acme/deployers member until 20:00 x --at 18:00',
    { kind: 'ask', durationSeconds: 2 * 3600 },
  ],
])('"%s" is understood', (text, wanted) => {
  expect(parse(text)).toMatchObject(wanted);
});

test.each([
  ['github:acme/deployer member 2h x', 'target', 'github:acme/deployer', ['github:acme/deployers']],
  ['acme/deployers member 2h x', 'target', 'acme/deployers', ['github:acme/deployers']],
  ['constructor member 2h x', 'target', 'constructor', []],
  ['github:acme/deployers memebr 2h x', 'role', 'memebr', ['member']],
  ['github:acme/deployers 2h INC-1 x', 'role', 'INC-1', ['member', 'maintainer']],
  ['github:acme/deployers member INC-1 x', 'duration', '', []],
  ['github:acme/deployers member -1h x', 'duration', '-1h', []],
  ['github:acme/deployers member 0m x', 'duration', '0m', []],
  ['github:acme/deployers member 2h; drop', 'duration', '2h;', []],
  ['github:acme/deployers member 1.5h x', 'duration', '1.5h', []],
  ['github:acme/deployers member 90 x', 'duration', '90', []],
  ['github:acme/deployers member 2h2h x', 'duration', '2h2h', []],
  ['github:acme/deployers member 2hours x', 'duration', '2hours', []],
  ['github:acme/deployers member until 25:00 x', 'duration', 'until 25:00', []],
  ['github:acme/deployers member until 17:60 x', 'duration', 'until 17:60', []],
])('"%s" names what was not understood', (text, part, typed, didYouMean) => {
  expect(parse(text)).toMatchObject({
    kind: 'not-understood',
    problem: { part, typed, didYouMean },
  });
});

const none = { entitlement: null, role: null, duration: null, justification: '' };
const deployers = { ...none, entitlement: 'github:acme/deployers' };
test.each([
  ['github:acme/deployers', deployers],
  ['github:acme/deployers maintainer', { ...deployers, role: 'maintainer' }],
  ['github:acme/deployers 2h', { ...deployers, duration: '2h' }],
  ['github:acme/deployers until 17:00', { ...deployers, duration: 'until 17:00' }],
  ['github:acme/deployers INC-1 a  b', { ...deployers, justification: 'INC-1 a  b' }],
  ['github:acme/release', { ...none, entitlement: 'github:acme/release', role: 'member' }],
  ['nonsense member 2h x', { ...none, role: 'member', duration: '2h', justification: 'x' }],
  [
    'github:acme/deployers memebr 2h INC-1 x',
    { ...deployers, duration: '2h', justification: 'INC-1 x' },
  ],
  [
    'github:acme/deployers 2h; member INC-1 x',
    { ...deployers, role: 'member', justification: 'INC-1 x' },
  ],
  [
    'github:acme/deployers until 25:00 member x',
    { ...deployers, role: 'member', justification: 'x' },
  ],
])('of "%s" the rest is understood', (text, understood) => {
  expect(parse(text)).toMatchObject({ kind: 'not-understood', understood });
});

test.each([
  ['github:acme/deployer  member 2h  INC-1 x', ['github:acme/deployers  member 2h  INC-1 x']],
  [
    ' github:acme/deployers 2h memebr INC-1  memebr',
    [' github:acme/deployers 2h member INC-1  memebr'],
  ],
  ['acme/release', ['github:acme/release']],
  ['nonsense member 2h x', []],
  ['github:acme/deployers 2h INC-1 x', []],
  ['github:acme/deployers member 2h; x', []],
  [
    'github:acme/deployer --at 18:00 member 2h INC-1 x',
    ['github:acme/deployers member 2h INC-1 x --at 18:00'],
  ],
])('"%s" is put right word by word, and nothing else of it changes', (text, corrected) => {
  expect(parse(text)).toMatchObject({ kind: 'not-understood', corrected });
});

test('the justification is kept byte for byte', () => {
  const head = 'github:acme/deployers member 2h ';
  void fc.assert(
    fc.property(fc.string({ unit: anyCharacter, maxLength: 300 }), (text) => {
      fc.pre(!/--(for|break-glass)/.test(text));
      const line = parse(`${head}${text}`);
      expect(line).toMatchObject({ justification: text.trimStart() });
    }),
  );
  const typed = 'INC-1: a  b\n<@U0BO|bo> &amp;lt; <!channel> :tada: *x* `y` ‮evil';
  expect(parse(`${head}${typed}`)).toMatchObject({ justification: typed });
});

test('whatever is typed, the parser answers with a value', () => {
  void fc.assert(
    fc.property(fc.string({ unit: anyCharacter, maxLength: 200 }), (text) => {
      expect(parse(text).kind).toMatch(/^[a-z-]+$/);
      const line = parse(`github:acme/deployers ${text}`);
      if (line.kind === 'not-understood') {
        const { justification } = line.understood;
        expect(text.endsWith(justification)).toBe(true);
        expect(line.corrected.length).toBeLessThanOrEqual(3);
      } else expect(line.kind).toMatch(/^[a-z-]+$/);
    }),
  );
});

test.each([
  ['17:30', '2026-11-22T14:00:00.000Z', 9000],
  ['15:00', '2026-11-22T14:00:00.000Z', 86_400],
  ['9:05', '2026-11-22T08:04:30.000Z', 30],
  // Clocks go back on 2026-10-25: a day of 25 hours.
  ['12:00', '2026-10-24T10:00:30.000Z', 89_970],
  // Clocks go forward on 2026-03-29: 02:30 does not exist then, the next one is a day later.
  ['02:30', '2026-03-29T00:45:00.000Z', 85_500],
])('until %s from %s is %i seconds', (written, from, seconds) => {
  expect(secondsUntil(written, 'Europe/Berlin', new Date(from))).toBe(seconds);
});

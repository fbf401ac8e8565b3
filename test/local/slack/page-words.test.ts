/** Words on the page: mrkdwn as Slack reads it, dates for each reader, and what somebody typed stays typed. */
import * as fc from 'fast-check';
import { mrkdwn as escaped } from '../../../lambdas/slack/views/escape.ts';
import { formatDateToken } from '../../../local/page/slack/words/date-token.ts';
import { readMrkdwn, readPlain, type Word } from '../../../local/page/slack/words/mrkdwn.ts';
import { anyCharacter } from '../../support/any-text.ts';

const text = (value: string) => ({ kind: 'text', text: value });

describe('mrkdwn', () => {
  test('styles, code, mentions, links and dates become words', () => {
    expect(
      readMrkdwn('*b* _i_ ~s~ `c` <@U0BO> <#C0ACCESS|access> <!subteam^S0RELEASE> <!here>'),
    ).toEqual([
      { kind: 'bold', words: [text('b')] },
      text(' '),
      { kind: 'italic', words: [text('i')] },
      text(' '),
      { kind: 'strike', words: [text('s')] },
      text(' '),
      { kind: 'code', text: 'c' },
      text(' '),
      { kind: 'user', id: 'U0BO' },
      text(' '),
      { kind: 'channel', id: 'C0ACCESS' },
      text(' '),
      { kind: 'group', id: 'S0RELEASE' },
      text(' '),
      { kind: 'range', id: 'here' },
    ]);
    expect(readMrkdwn('<https://a.example/x_y_z|go> <!date^1795338000^{time}|09:00Z>')).toEqual([
      { kind: 'link', url: 'https://a.example/x_y_z', text: 'go' },
      text(' '),
      { kind: 'date', seconds: 1_795_338_000, format: '{time}', fallback: '09:00Z' },
    ]);
  });

  test.each([
    ['an escaped mention', '&lt;@U0BO&gt;', '<@U0BO>'],
    ['an escaped link', '&lt;https://evil.example|click&gt;', '<https://evil.example|click>'],
    ['an escaped ping', '&lt;!channel&gt;', '<!channel>'],
    ['an entity of an entity', '&amp;lt;@U0BO&amp;gt;', '&lt;@U0BO&gt;'],
    ['marks inside a word', 'a_b_c 2*3*4 x~y~z', 'a_b_c 2*3*4 x~y~z'],
    ['a time of day', '10:30:20', '10:30:20'],
    ['an emoji that nobody knows', ':no_such_emoji:', ':no_such_emoji:'],
    [
      'markdown of other kinds',
      '[a](https://evil.example) # b ![c](d)',
      '[a](https://evil.example) # b ![c](d)',
    ],
    ['a script’s address', '<javascript:alert(1)|x>', '<javascript:alert(1)|x>'],
    ['a date without a time', '<!date^soon^{time}|later>', 'later'],
  ])('%s stays plain text', (_what, given, shown) => {
    expect(plain(readMrkdwn(given))).toBe(shown);
    expect(kinds(readMrkdwn(given))).toEqual(['text']);
  });

  test('nothing inside code is read', () => {
    expect(readMrkdwn('`a*b*c <@U0BO>`')).toEqual([{ kind: 'code', text: 'a*b*c <@U0BO>' }]);
    expect(readMrkdwn('```\n*x*\n```')).toEqual([{ kind: 'pre', text: '*x*' }]);
  });

  test('styles stand in each other and around code; quotes take their lines together', () => {
    expect(readMrkdwn('*Privileged _now_ `x`*')).toMatchObject([
      {
        kind: 'bold',
        words: [text('Privileged '), { kind: 'italic' }, text(' '), { kind: 'code' }],
      },
    ]);
    expect(readMrkdwn('a\n&gt; b\n&gt; c\nd')).toMatchObject([
      text('a'),
      { kind: 'quote', words: [text('b\nc')] },
      text('d'),
    ]);
  });

  test('known emoji become signs, in plain text too, where nothing else is read', () => {
    expect(plain(readMrkdwn(':warning: go'))).toBe('⚠️ go');
    expect(readPlain(':warning: *x* <@U0BO>')).toEqual([text('⚠️ *x* <@U0BO>')]);
  });

  test('whatever somebody types and the product escapes, no mention, link or ping comes of it', () => {
    const parts = [
      '<',
      '>',
      '@U0BO',
      '!here',
      '#C0ACCESS',
      '|',
      '&lt;',
      '*',
      '_',
      '`',
      'https://x.y',
      ' ',
      '\n',
      'a',
      '\u{F0000}',
    ];
    const typed = fc.array(fc.constantFrom(...parts), { maxLength: 25 }).map((all) => all.join(''));
    void fc.assert(
      fc.property(typed, (words) => {
        const found = kinds(readMrkdwn(escaped(words)));
        expect(
          found.filter((kind) => ['user', 'link', 'range', 'channel', 'group'].includes(kind)),
        ).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('every text is read, however odd or long', () => {
    void fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 300 }), (any) => {
        expect(Array.isArray(readMrkdwn(any))).toBe(true);
      }),
      { numRuns: 200 },
    );
    for (const nasty of [
      '*'.repeat(3000),
      '<'.repeat(3000),
      '`'.repeat(3000),
      '*a '.repeat(1000),
      '>\n'.repeat(1500),
    ]) {
      expect(readMrkdwn(nasty).length).toBeGreaterThan(0);
    }
  });
});

describe('dates', () => {
  const now = new Date('2026-11-23T02:00:00Z');
  const berlin = { timeZone: 'Europe/Berlin', now };
  const newYork = { timeZone: 'America/New_York', now };
  const at = (iso: string) => Date.parse(iso) / 1000;

  test('one instant is shown in each reader’s zone, by the local clock', () => {
    const token = '{date_short_pretty} at {time}';
    const instant = at('2026-11-22T23:30:00Z');
    expect(formatDateToken(instant, token, berlin)).toBe('today at 00:30');
    expect(formatDateToken(instant, token, newYork)).toBe('today at 18:30');
    const pushed = { ...newYork, now: new Date('2026-11-23T05:00:00Z') };
    expect(formatDateToken(instant, token, pushed)).toBe('yesterday at 18:30');
    expect(formatDateToken(at('2026-11-24T06:00:00Z'), token, berlin)).toBe('tomorrow at 07:00');
    expect(formatDateToken(at('2026-12-24T06:00:00Z'), token, berlin)).toBe('24 Dec 2026 at 07:00');
  });

  test('a day of 23 or 25 hours is still one day', () => {
    const reader = { timeZone: 'Europe/Berlin', now: new Date('2026-10-25T00:30:00Z') };
    expect(formatDateToken(at('2026-10-26T22:59:00Z'), '{date_pretty}', reader)).toBe('tomorrow');
    expect(formatDateToken(at('2026-10-23T22:30:00Z'), '{date_pretty}', reader)).toBe('yesterday');
  });

  test('every token of Slack’s is known; another one, or no instant, leaves the fallback to be shown', () => {
    const tokens = [
      'date_num',
      'date',
      'date_short',
      'date_long',
      'date_slash',
      'time',
      'time_secs',
      'ago',
      'date_long_pretty',
      'day_divider_pretty',
    ];
    for (const token of tokens)
      expect(formatDateToken(at('2026-11-20T10:00:00Z'), `{${token}}`, berlin)).not.toBeNull();
    expect(formatDateToken(at('2026-11-20T10:00:00Z'), '{date_num} {ago}', berlin)).toBe(
      '2026-11-20 3 days ago',
    );
    expect(formatDateToken(0, '{constructor}', berlin)).toBeNull();
    expect(formatDateToken(Number.NaN, '{time}', berlin)).toBeNull();
  });
});

const kinds = (words: readonly Word[]): string[] => [
  ...new Set(
    words.flatMap((word) => ('words' in word ? [word.kind, ...kinds(word.words)] : [word.kind])),
  ),
];
const plain = (words: readonly Word[]): string =>
  words
    .map((word) => ('words' in word ? plain(word.words) : 'text' in word ? word.text : ''))
    .join('');

/** The last gate before a log line: shapes, names of fields, what was read from Secrets Manager, and what must stay readable. */
import fc from 'fast-check';
import { neverLog, redacted, redactedText } from '../../shared/adapters/redaction.ts';

const GITHUB_TOKEN = `ghs_${'1a2B'.repeat(9)}`;
const GITHUB_LONG = `ghs_123456_eyJ${'hbGciOi'.repeat(4)}.eyJ${'zdWIiOi'.repeat(4)}.${'sIg-na_'.repeat(6)}`;
const LINK = 'Zm9vYmFyMTIzNDU2Nzg5MC1hYmNkZWZnaGlqa2xtbm8';
const PEM = `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEowIBAAKCAQEA'.repeat(3)}\n-----END RSA PRIVATE KEY-----`;

const CANARIES: readonly (readonly [what: string, secret: string])[] = [
  ['a one-time code', '482913'],
  ['a one-time code in two groups', '482 913'],
  ['a one-time code in other digits', '４８２９１３'],
  ['a recovery code', '7K2M-9QXR-4T8W-2B6N-0CDE-5FGH-1JKM'],
  ['a key of an authenticator', 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'],
  ['a key of an authenticator in groups', 'JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP'],
  ['an address of an authenticator', 'otpauth://totp/Hallpass:ada?secret=JBSWY3DPEHPK3PXP'],
  ['a GitHub token', GITHUB_TOKEN],
  ['a GitHub token that holds a signed one', GITHUB_LONG],
  ['a GitHub key', PEM],
  ['a GitLab token', `glpat-${'aB3d'.repeat(5)}`],
  ['a Slack token', `xoxb-${'1234567890'.repeat(2)}-${'aBcD'.repeat(6)}`],
  ['a Slack app token', `xapp-1-A0123-${'9f'.repeat(16)}`],
  ['an address to answer a click', 'https://hooks.slack.com/actions/T01/234/abcDEF'],
  ['an address to answer a command', 'https://hooks.slack.com/commands/T01/234/abcDEF'],
  ['a signature of Slack', `v0=${'ab12'.repeat(16)}`],
  ['a bearer header', 'Bearer abc.DEF-123'],
  ['a basic header', 'Basic dXNlcjpwYXNz'],
  ['an enrolment link', `/enroll/${LINK}`],
  ['the token of a link', LINK],
  ['an AWS key', 'AKIAABCDEFGHIJKLMNOP'],
  ['a signed token', `eyJ${'hbGci'.repeat(4)}.eyJ${'zdWIi'.repeat(4)}.${'c2lnbg'.repeat(4)}`],
  ['a password in an address', 'https://deploy:hunter22hunter@git.example'],
];
const partOf = (secret: string): string =>
  /[A-Za-z0-9]{6,}/.exec(
    secret.replace(/^(?:Bearer|Basic|https:\/\/hooks|\/enroll\/|otpauth)/, ''),
  )?.[0] ?? secret;

describe.each(CANARIES)('%s', (_what, secret) => {
  const hidden = [secret, partOf(secret)].filter(
    (part) => !['enroll', 'deploy', 'BEGIN'].includes(part),
  );

  test.each([
    ['alone', secret],
    ['in a sentence', `It said: ${secret}, and left.`],
    ['at its end', `It said ${secret}.`],
    ['in quotes', `{"x":"${secret}"}`],
    ['after a long text', `${'word '.repeat(60)}${secret}`],
  ])('does not pass %s', (_where, text) => {
    const line = JSON.stringify(redacted({ why: text }));
    for (const part of hidden) expect(line).not.toContain(part);
    expect(line).toMatch(/removed|…/);
  });

  test('does not pass as a key, in a list, deep inside, or as an error and its cause', () => {
    const error = new Error(`outer ${secret}`, { cause: new TypeError(`inner ${secret}`) });
    const line = JSON.stringify(
      redacted({ [`k ${secret}`]: 1, list: [secret], deep: { a: { b: secret } }, error }),
    );
    for (const part of hidden) expect(line).not.toContain(part);
    expect(line).toContain('TypeError');
  });
});

test.each([
  'token',
  'botToken',
  'access_token',
  'signingSecret',
  'password',
  'Authorization',
  'set-cookie',
  'x-slack-signature',
  'privateKey',
  'private_key',
  'apiKey',
  'otp',
  'typed',
  'body',
  'rawBody',
  'payload',
  'headers',
  'event',
  'response_url',
  'triggerId',
  'justification',
])('a field called %s is not written, whatever it holds', (name) => {
  expect(redacted({ [name]: 'plain', deep: { [name]: { a: 1 } } })).toEqual({
    [name]: '[removed]',
    deep: { [name]: '[removed]' },
  });
});

test('what was read from Secrets Manager is known word for word, whatever its form', () => {
  const signing = '8f742231b10e8888abcd99yyyzzz85a5';
  expect(redactedText(`bad ${signing}`)).toContain(signing);
  neverLog([signing, 'short', `first line of a key\nsecond line of it`]);
  expect(redactedText(`bad ${signing}!`)).toBe('bad [removed]!');
  expect(redactedText('only the second line of it')).toBe('only the [removed]');
  expect(redactedText('a short word')).toBe('a short word');
});

test.each([
  'AR-482913',
  'AR-7K2M9Q',
  'github#github:acme/deployers#ada-l',
  '2026-11-22T20:17:12.123Z',
  '2026-11-22',
  'U02ABCDEF34',
  'DynamoDB did not do it (TimeoutError, HTTP 503). Check the table and its limits.',
  'already-has-access',
  'access.yaml:120:14',
  `sha256 ${'0a1b2c3d'.repeat(8)}`,
  'request#AR-7K2M9Q',
  'at Object.<anonymous> (/var/task/index.mjs:123456:18)',
  '1234567890 items in 4321 ms',
])('%s stays readable', (text) => {
  expect(redactedText(text)).toBe(text);
});

test('numbers and flags stay, buffers and functions go, cycles and getters that throw cost no line', () => {
  const cycle: Record<string, unknown> = {};
  cycle['again'] = cycle;
  const unreadable = Object.defineProperty({}, 'x', {
    enumerable: true,
    get: () => {
      throw new Error('no');
    },
  });
  const line = redacted({
    ...{ n: 482913, yes: true, none: null, big: 5n, at: new Date(0), odd: Number.NaN },
    ...{ bytes: Buffer.from('secret'), run: () => 1, cycle, unreadable, bad: new Date('x') },
  });
  expect(line).toMatchObject({
    ...{ n: 482913, yes: true, none: null, big: '5', at: '1970-01-01T00:00:00.000Z' },
    ...{ bytes: '[removed: 6 bytes]', run: undefined, unreadable: '[unreadable]', bad: null },
  });
  expect(JSON.stringify(line)).toContain('[deeper]');
});

test('what libraries hang onto an error does not come along', () => {
  const error = Object.assign(new Error('failed'), {
    config: { data: 'typed words' },
    request: {},
  });
  expect(Object.keys(Object(redacted({ error })['error']))).toEqual(['name', 'message', 'at']);
});

test('a megabyte costs what its first ten kilobytes cost and half a kilobyte; a credential under the knife leaves no half', () => {
  const cut = redactedText(`${'x'.repeat(9_990)}${GITHUB_TOKEN}`);
  expect(cut.length).toBeLessThanOrEqual(501);
  const hostile = ['a1-', 'A'.repeat(9), 'password=', '1 ', '-----BEGIN PRIVATE KEY-----'];
  for (const piece of hostile) {
    const shown = redactedText(piece.repeat(1_000_000 / piece.length));
    expect(shown.length).toBeLessThanOrEqual(501);
    expect(shown).toBe(redactedText(piece.repeat(10_001 / piece.length + 1)));
  }
  const removed = `${`xoxb-${'1'.repeat(300)} `.repeat(32)}${' '.repeat(200)}`;
  const half = `${removed.slice(0, 9_980)} ${GITHUB_TOKEN}`;
  expect(redactedText(half)).not.toContain(GITHUB_TOKEN.slice(0, 12));
});

test('whatever is logged, a code or token in it is gone, and doing it twice changes nothing', () => {
  const secrets = CANARIES.map(([, secret]) => secret);
  fc.assert(
    fc.property(fc.lorem(), fc.constantFrom(...secrets), fc.lorem(), (a, secret, b) => {
      const once = redactedText(`${a} ${secret} ${b}`);
      expect(once).not.toContain(secret);
      expect(redactedText(once)).toBe(once);
    }),
    { numRuns: 100 },
  );
});

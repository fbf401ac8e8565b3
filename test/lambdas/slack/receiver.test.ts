import { createHmac } from 'node:crypto';
import type { HttpEvent } from '../../../lambdas/slack/receiver.ts';
import { signSlack } from '../../../local/slack/payloads.ts';
import { LOCAL } from '../../../local/slack/workspace.ts';
import { type Bot, openBot } from './bot.ts';

let bot: Bot;
beforeAll(async () => {
  bot = await openBot();
});
afterAll(() => bot.close());

const now = 1_795_338_000;
const fields = {
  team_id: 'T0LOCAL',
  api_app_id: 'A0LOCAL',
  channel_id: 'C0ACCESS',
  user_id: 'U0ANA',
  command: '/request-access',
  text: 'help',
  trigger_id: '1.T0LOCAL.a',
  response_url: 'https://hooks.slack.com/commands/1',
};
const form = (change: object = {}): string =>
  new URLSearchParams(Object.entries({ ...fields, ...change })).toString();
const signedForm = (payload: object | string): string =>
  new URLSearchParams({
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  }).toString();
const click = (change: object = {}) => ({
  type: 'block_actions',
  team: { id: 'T0LOCAL' },
  api_app_id: 'A0LOCAL',
  user: { id: 'U0ANA' },
  trigger_id: '1.b',
  actions: [{ type: 'button', action_id: 'cancel', block_id: 'decide', value: '{}' }],
  ...change,
});

type Change = (event: HttpEvent, headers: Record<string, string | undefined>) => HttpEvent;
const headers =
  (change: (headers: Record<string, string | undefined>) => object): Change =>
  (event, given) => ({ ...event, headers: { ...given, ...change(given) } });
const at = (timestamp: string): Change =>
  headers(() => ({
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': signSlack(LOCAL.signingSecret, timestamp, form()),
  }));
const signature = (change: (signature: string) => string | undefined): Change =>
  headers((given) => ({ 'x-slack-signature': change(given['x-slack-signature'] ?? '') }));
const signedBy = (secret: string): Change =>
  signature(() => signSlack(secret, String(now), form()));

const MUTATIONS: [string, Change][] = [
  ['one byte of the body more', (event) => ({ ...event, body: `${event.body}&` })],
  ['one byte of the body other', (event) => ({ ...event, body: form({ text: 'helq' }) })],
  ['no body', ({ body: _, ...event }) => event],
  ['an empty body', (event) => ({ ...event, body: '' })],
  ['a null body', (event) => ({ ...event, body: null })],
  ['a body that lies about base64', (event) => ({ ...event, isBase64Encoded: true })],
  ['no headers', (event) => ({ ...event, headers: {} })],
  ['headers that are missing', ({ headers: _, ...event }) => event],
  ['no signature', signature(() => undefined)],
  ['an empty signature', signature(() => '')],
  ['one hex digit other', signature((s) => s.slice(0, -1) + (s.endsWith('0') ? '1' : '0'))],
  ['upper-case hex', signature((s) => `v0=${s.slice(3).toUpperCase()}`)],
  ['version v1', signature((s) => s.replace('v0', 'v1'))],
  ['no version', signature((s) => s.slice(3))],
  ['a truncated signature', signature((s) => s.slice(0, 40))],
  ['a signature twice', signature((s) => `${s},${s}`)],
  ['a signature with a space', signature((s) => `${s} `)],
  ['another secret', signedBy('another-secret')],
  ['an empty secret', signedBy('')],
  ['no timestamp', headers(() => ({ 'x-slack-request-timestamp': undefined }))],
  ['another timestamp', headers(() => ({ 'x-slack-request-timestamp': String(now + 1) }))],
  ['a timestamp 301 s old', at(String(now - 301))],
  ['a timestamp 301 s ahead', at(String(now + 301))],
  ['a timestamp of next year', at(String(now + 31_536_000))],
  ['a timestamp in milliseconds', at(String(now * 1000))],
  ['a negative timestamp', at(`-${now}`)],
  ['a fractional timestamp', at(`${now}.5`)],
  ['a timestamp in hex', at(`0x${now.toString(16)}`)],
  ['NaN as the timestamp', at('NaN')],
  ['an empty timestamp', at('')],
  ['a timestamp with a space', at(` ${now}`)],
];

test.each(MUTATIONS)('%s: 401, and nothing is read, written or called', async (_, change) => {
  const good = bot.event(form());
  const before = bot.calls.length;
  const answer = await bot.receiver.handle(change(good, { ...good.headers }));
  expect(answer).toEqual({ statusCode: 401, body: '' });
  expect(bot.calls.length).toBe(before);
  expect(bot.said).toEqual([]);
});

test.each([now - 300, now + 300])('a timestamp at the edge (%s) is taken', async (timestamp) => {
  const answer = await bot.deliver(form({ trigger_id: `1.${timestamp}` }), {
    timestamp: String(timestamp),
  });
  expect(answer.statusCode).toBe(200);
});

test('a base64 body is verified and read as bytes, whatever the charset says', async () => {
  const answer = await bot.deliver(form({ text: 'zürich🚀' }), {
    base64: true,
    contentType: 'application/x-www-form-urlencoded; charset=utf-8',
  });
  expect(answer.statusCode).toBe(200);
  expect(answer.body).toContain('zürich🚀');
});

const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
const MALFORMED: [string, string, string?][] = [
  ['an empty body', ''],
  ['bad UTF-8 in a field', 'command=%2Faccess&user_id=%FF%FE'],
  ['a cut percent sign', 'command=%2Faccess&text=%'],
  ['a field twice', `${form()}&user_id=U0BO`],
  ['a payload twice', `${signedForm(click())}&${signedForm(click())}`],
  ['a payload beside a command', `${form()}&${signedForm(click())}`],
  ['no payload and no command', 'a=b'],
  ['payload null', signedForm('null')],
  ['payload an array', signedForm('[]')],
  ['payload a number', signedForm('1')],
  ['payload that is no JSON', signedForm('{"type":')],
  ['payload with a trailing comma', signedForm('{"type":"block_actions",}')],
  ['payload nested too deep', signedForm(`{"type":"block_actions","x":${deep}}`)],
  ['a key twice', signedForm('{"type":"block_actions","type":"view_submission"}')],
  ['a key twice in disguise', signedForm('{"type":"x","\\u0074ype":"view_submission"}')],
  ['__proto__', signedForm('{"type":"block_actions","__proto__":{"a":1}}')],
  ['an unknown type', signedForm(click({ type: 'teleport' }))],
  ['no type', signedForm(click({ type: undefined }))],
  ['no actions', signedForm(click({ actions: [] }))],
  ['actions null', signedForm(click({ actions: null }))],
  ['no user', signedForm(click({ user: null }))],
  ['a view that is missing', signedForm(click({ type: 'view_submission' }))],
  ['a command without a user', form({ user_id: '' })],
  ['JSON sent as a form', JSON.stringify(click())],
  ['a form sent as JSON', form(), 'application/json'],
  ['a byte order mark before JSON', `\u{FEFF}${JSON.stringify(click())}`, 'application/json'],
  ['a content type of another kind', form(), 'text/plain'],
  ['no content type', form(), ''],
  [
    'a challenge that is too long',
    JSON.stringify({ type: 'url_verification', challenge: 'x'.repeat(201) }),
    'application/json',
  ],
];

const FORM = 'application/x-www-form-urlencoded';
const ROWS = MALFORMED.map(([what, body, type = FORM]) => ({ what, body, contentType: type }));

test.each(ROWS)('signed, but $what: 400, without an exception', async ({ body, contentType }) => {
  const before = bot.calls.length;
  const answer = await bot.deliver(body, { contentType });
  expect(answer).toEqual({ statusCode: 400, body: '' });
  expect(bot.calls.length).toBe(before);
  expect(bot.said.filter(({ level }) => level === 'error')).toEqual([]);
});

test('bytes that are no UTF-8 at all are malformed, not a crash', async () => {
  const raw = Buffer.from([0x70, 0x3d, 0xff, 0xfe]);
  const good = bot.event('');
  const mac = signBytes(raw);
  const answer = await bot.receiver.handle({
    ...good,
    headers: { ...good.headers, 'x-slack-signature': mac },
    body: raw.toString('base64'),
    isBase64Encoded: true,
  });
  expect(answer.statusCode).toBe(400);
});

const signBytes = (raw: Buffer): string => {
  const mac = createHmac('sha256', LOCAL.signingSecret).update(`v0:${now}:`).update(raw);
  return `v0=${mac.digest('hex')}`;
};

test('a signed body over 256 KB is refused for its size', async () => {
  expect((await bot.deliver(form({ text: 'x'.repeat(300_000) }))).statusCode).toBe(413);
});

test.each([
  ['GET', '/slack/events', 405],
  ['PUT', '/slack/events', 405],
  ['POST', '/slack/event', 404],
  ['POST', '/slack/events/', 404],
  ['POST', '/', 404],
])('%s %s answers %i', async (method, rawPath, statusCode) => {
  const event = { ...bot.event(form()), rawPath, requestContext: { http: { method } } };
  expect((await bot.receiver.handle(event)).statusCode).toBe(statusCode);
});

test('ssl_check and the challenge are answered only when signed', async () => {
  const challenge = JSON.stringify({ type: 'url_verification', challenge: 'abc' });
  const json = { contentType: 'application/json' };
  expect(await bot.deliver('ssl_check=1')).toEqual({ statusCode: 200, body: '' });
  expect(await bot.deliver(challenge, json)).toMatchObject({ statusCode: 200, body: 'abc' });
  expect(await bot.deliver('ssl_check=1', { secret: 'x' })).toMatchObject({ statusCode: 401 });
  const forged = await bot.deliver(challenge, { ...json, secret: 'x' });
  expect(forged).toEqual({ statusCode: 401, body: '' });
});

test.each([
  ['another app', form({ api_app_id: 'A0OTHER' })],
  ['another workspace', form({ team_id: 'T0OTHER' })],
  ['an organization install', form({ is_enterprise_install: 'true' })],
  ['a click for another app', signedForm(click({ api_app_id: 'A0OTHER' }))],
  ['a click from another workspace', signedForm(click({ team: { id: 'T0OTHER' } }))],
  ['a click from no workspace', signedForm(click({ team: null }))],
  ['a click of an organization install', signedForm(click({ is_enterprise_install: true }))],
])('signed for %s: 403, told to the operators, no effect', async (_, body) => {
  const [before, said] = [bot.calls.length, bot.said.length];
  expect(await bot.deliver(body)).toEqual({ statusCode: 403, body: '' });
  expect(bot.calls.length).toBe(before);
  expect(bot.said.slice(said)).toMatchObject([{ level: 'error' }]);
});

test('a thousand unsigned pieces of garbage cause no error, no call and no line', async () => {
  const [before, said] = [bot.calls.length, bot.said.length];
  for (let i = 0; i < 1000; i += 1) {
    const body = Buffer.from(Array.from({ length: i % 97 }, (_, k) => (i * 31 + k * 17) % 256));
    const answer = await bot.receiver.handle({
      rawPath: '/slack/events',
      requestContext: { http: { method: 'POST' } },
      headers: { 'content-type': 'application/json; charset', 'x-slack-signature': `v0=${i}` },
      body: body.toString('base64'),
      isBase64Encoded: i % 2 === 0,
    });
    expect(answer.statusCode).toBe(401);
  }
  expect(bot.calls.length).toBe(before);
  expect(bot.said.length).toBe(said);
});

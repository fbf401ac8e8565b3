import { createHash } from 'node:crypto';
import { enrollPage, type HttpAnswer } from '../../../lambdas/enroll/enroll-page.ts';
import { refusalPage } from '../../../lambdas/enroll/page-html.ts';
import type { HttpEvent } from '../../../lambdas/enroll/page-request.ts';
import { codeAt } from '../../../local/code-at.ts';
import { offerEnrolment } from '../../../shared/application/enrol.ts';
import { offerRecoveryCodes } from '../../../shared/application/recovery-codes.ts';
import { typeWord } from '../../../shared/application/type-word.ts';
import type { PageRefusal } from '../../../shared/domain/authenticator/enrolment.ts';
import { Fault } from '../../../shared/ports.ts';
import {
  ANA,
  type EnrolmentWorld,
  enrolmentWorld,
  PUBLIC_URL,
  tokenIn,
  withAuthenticator,
  wrongCode,
} from '../../support/enrolment-world.ts';
import { fromBase32 } from '../../support/totp.ts';

const PAGE_REFUSALS = [
  'link-unknown',
  'link-expired',
  'link-used',
  'key-already-shown',
  'key-not-shown-yet',
  'code-malformed',
  'code-wrong',
  'too-many-tries',
  'authenticator-changed',
] as const satisfies readonly PageRefusal['code'][];

let world: EnrolmentWorld;
let page: (event: HttpEvent) => Promise<HttpAnswer>;
let path: string;
beforeEach(async () => {
  world = await enrolmentWorld();
  page = enrollPage(world.deps);
  const offered = await offerEnrolment(world.deps, { owner: ANA, typed: null });
  if (!offered.ok) throw new Error(offered.error.code);
  path = `/enroll/${tokenIn(offered.value.url)}`;
});

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const get = (at = path, method = 'GET') =>
  page({ rawPath: at, requestContext: { http: { method } } });
const post = (fields: string, more: Partial<HttpEvent> = {}) =>
  page({
    rawPath: path,
    headers: FORM,
    body: Buffer.from(fields).toString('base64'),
    isBase64Encoded: true,
    requestContext: { http: { method: 'POST' } },
    ...more,
  });
const reveal = () => post('step=reveal');
const confirm = (code: string) => post(`step=confirm&code=${encodeURIComponent(code)}`);
const between = (text: string, start: string, end: string): string =>
  text.split(start)[1]?.split(end)[0] ?? '';
const keyOn = ({ body }: HttpAnswer): Uint8Array =>
  fromBase32(between(body, 'type the key: <code>', '</code>'));
const stored = async () =>
  JSON.stringify([
    await world.journal.read('enrolment', ANA),
    await world.journal.history('enrolment', ANA),
  ]);

describe('looking at the page', () => {
  it('shows no key and changes nothing, however often a scanner fetches it', async () => {
    const before = await stored();
    const answers = await Promise.all(Array.from({ length: 20 }, () => get()));
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
    expect(await stored()).toBe(before);
    expect(world.made).toEqual([]);
    expect(answers[0]?.body).not.toMatch(/otpauth|<svg|secret=/);
    expect((await reveal()).body).toContain('<svg');
  });

  it('says the same for a link that works, one that never did, and one that was used', async () => {
    const known = await get();
    expect(await get(`/enroll/U0ZED.${'a'.repeat(43)}`)).toEqual(known);
    expect(await get('/enroll/x')).toEqual(known);
    await reveal();
    expect(await get()).toEqual(known);
  });

  it.each(['HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'get', ''])(
    'is not possible by %j',
    async (method) => {
      const answer = await get(path, method);
      expect(answer.statusCode).toBe(405);
      expect(answer.headers['allow']).toBe('GET, POST');
    },
  );

  it.each(['/enroll/', '/enroll', '/', '/enroll/a/b', `/enroll/${'a'.repeat(201)}`])(
    'finds nothing at %.30s',
    async (at) => {
      expect((await get(at)).statusCode).toBe(404);
    },
  );
});

describe('the key', () => {
  it('is shown once, as a picture and as text, to what an app accepts', async () => {
    const shown = await reveal();
    expect(shown.statusCode).toBe(200);
    expect(keyOn(shown)).toEqual(world.made[0]);
    const again = await reveal();
    expect(again.statusCode).toBe(409);
    expect(again.body).toContain('key-already-shown');
    expect(again.body).not.toMatch(/<svg|type the key/);
  });

  it('leads over the first code to a word that makes the authenticator', async () => {
    const secret = keyOn(await reveal());
    const answer = await confirm(codeAt(secret, world.now()));
    const word = between(answer.body, '<output>', '</output>');
    expect(word).toMatch(/^[a-z]+-[a-z]+$/);
    expect(await typeWord(world.deps, { owner: ANA, typed: word })).toMatchObject({ ok: true });
    expect((await reveal()).body).toContain('link-used');
  });

  it('can still be confirmed after the page was lost', async () => {
    const secret = keyOn(await reveal());
    const lost = await reveal();
    expect(lost.body).toContain('name="code"');
    expect((await confirm(codeAt(secret, world.now()))).statusCode).toBe(200);
  });

  it('gives no word for a wrong code, and a form for the next try', async () => {
    const secret = keyOn(await reveal());
    const answer = await confirm(wrongCode(secret, world.now()));
    expect(answer).toMatchObject({ statusCode: 422 });
    expect(answer.body).toContain('code-wrong');
    expect(answer.body).toContain('name="code"');
    expect(answer.body).not.toContain('<output>');
  });

  it('is gone with an expired link', async () => {
    world.pass(600);
    const answer = await reveal();
    expect(answer.statusCode).toBe(410);
    expect(answer.body).toContain('link-expired');
  });
});

describe('recovery codes', () => {
  const GROUPS = /<code>((?:[0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4})<\/code>/g;
  const codesOn = ({ body }: HttpAnswer) => [...body.matchAll(GROUPS)].map(([, code]) => code);

  it('stand beside the word, once', async () => {
    const secret = keyOn(await reveal());
    const code = codeAt(secret, world.now());
    const shown = await confirm(code);
    expect(new Set(codesOn(shown)).size).toBe(10);
    const again = await confirm(code);
    expect(between(again.body, '<output>', '</output>')).toBe(
      between(shown.body, '<output>', '</output>'),
    );
    expect(codesOn(again)).toEqual([]);
  });

  describe('made anew', () => {
    let codesPath: string;
    beforeEach(async () => {
      const secret = await withAuthenticator(world, ANA);
      const typed = codeAt(secret, world.now());
      const offered = await offerRecoveryCodes(world.deps, { owner: ANA, typed });
      if (!offered.ok) throw new Error(offered.error.code);
      codesPath = `/enroll/${tokenIn(offered.value.url)}`;
    });
    const showCodes = (fields = 'step=codes') => post(fields, { rawPath: codesPath });

    it('are announced by looking and shown by sending, once', async () => {
      const before = await stored();
      const looked = await get(codesPath);
      expect(looked.body).toContain('Show my recovery codes');
      expect(codesOn(looked)).toEqual([]);
      expect(await get(`/enroll/U0ZED.codes.${'a'.repeat(43)}`)).toEqual(looked);
      expect(await stored()).toBe(before);
      const shown = await showCodes();
      expect(shown.statusCode).toBe(200);
      expect(shown.headers['cache-control']).toBe('no-store');
      expect(codesOn(shown)).toHaveLength(10);
      expect(shown.body).not.toMatch(/<script|<link|<img|https?:/);
      const again = await showCodes();
      expect(again.statusCode).toBe(410);
      expect(codesOn(again)).toEqual([]);
    });

    it('are shown to a bare POST, too', async () => {
      expect(codesOn(await showCodes(''))).toHaveLength(10);
    });

    it.each(['step=reveal', 'step=confirm&code=123456'])(
      'are no key and take no code (%s)',
      async (fields) => {
        expect((await showCodes(fields)).statusCode).toBe(404);
        expect(codesOn(await showCodes())).toHaveLength(10);
      },
    );

    it('are not shown to a form of another site', async () => {
      const headers = { ...FORM, 'sec-fetch-site': 'cross-site' };
      const answer = await post('step=codes', { rawPath: codesPath, headers });
      expect(answer.statusCode).toBe(403);
      expect(codesOn(await showCodes())).toHaveLength(10);
    });

    it('are not shown by a link to a key', async () => {
      expect((await post('step=codes')).statusCode).toBe(404);
    });
  });
});

describe('every answer', () => {
  it('is kept by nobody, tells no other site and runs nothing', async () => {
    const answers = [
      await get(),
      await reveal(),
      await reveal(),
      await get('/x'),
      await confirm('x'),
    ];
    for (const { headers, body } of answers) {
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
      });
      const policy = headers['content-security-policy'] ?? '';
      expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self';/);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      const style = between(body, '<style>', '</style>');
      expect(policy).toContain(createHash('sha256').update(style).digest('base64'));
      expect(body).not.toMatch(/<script|<link|<img|javascript:|@import|url\(|\son\w+=|\sstyle=/i);
      expect(body.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:\/\//);
    }
  });

  it('is a page with a language, a title, one heading and labelled fields', async () => {
    for (const { body } of [await get(), await reveal(), await reveal()]) {
      expect(body).toMatch(/^<!doctype html>\n<html lang="en">/);
      expect(body).toMatch(/<title>[^<]+<\/title>/);
      expect(body.match(/<h1>/g)).toHaveLength(1);
      expect(body).toContain('name="viewport"');
      for (const [, id] of body.matchAll(/<input id="([^"]+)"/g))
        expect(body).toContain(`<label for="${id}">`);
    }
  });

  it('says each refusal in words of its own, with the code to quote', () => {
    const pages = PAGE_REFUSALS.map((code) => refusalPage({ code }).html);
    expect(new Set(pages.map((html) => between(html, '<h1>', '</h1>'))).size).toBe(pages.length);
    PAGE_REFUSALS.forEach((code, i) => {
      expect(pages[i]).toContain(`<small>${code}</small>`);
    });
  });
});

describe('a request that a person did not send from the page', () => {
  const untouched = async () => {
    expect(world.made).toEqual([]);
    expect((await world.journal.read('enrolment', ANA)).value?.stage).toBe('offered');
  };

  it.each([
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'Sec-Fetch-Site': 'same-site' }],
    [{ 'sec-fetch-site': 'cross-site', origin: PUBLIC_URL }],
    [{ origin: 'https://evil.example' }],
    [{ Origin: 'https://hallpass.example.evil.example' }],
  ])('is turned away with %j', async (headers) => {
    expect((await post('step=reveal', { headers: { ...FORM, ...headers } })).statusCode).toBe(403);
    await untouched();
  });

  it.each([
    [{}],
    [{ origin: PUBLIC_URL }],
    [{ origin: 'null' }],
    [{ origin: 'null', 'sec-fetch-site': 'same-origin' }],
    [{ 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' }],
  ])('passes as a browser sends it: %j', async (headers) => {
    expect((await post('step=reveal', { headers: { ...FORM, ...headers } })).statusCode).toBe(200);
  });

  it.each([
    ['another step', 'step=drop'],
    ['two steps', 'step=reveal&step=confirm'],
    ['a step without a code', 'step=confirm'],
    ['two codes', 'step=confirm&code=1&code=2'],
    ['bytes that are no text', '\xff\xfe%%%=&&&'],
  ])('is not understood as %s', async (_what, fields) => {
    expect((await post(fields)).statusCode).toBe(400);
    await untouched();
  });

  it.each(['application/json', 'text/plain', 'multipart/form-data; boundary=x'])(
    'is not read as %s',
    async (type) => {
      const answer = await post('step=reveal', { headers: { 'content-type': type } });
      expect(answer.statusCode).toBe(400);
      await untouched();
    },
  );

  it('is capped before it is read', async () => {
    expect((await post(`step=reveal&x=${'a'.repeat(1100)}`)).statusCode).toBe(413);
    const huge = { body: 'a'.repeat(6_000_000), isBase64Encoded: false };
    expect((await post('', huge)).statusCode).toBe(413);
    await untouched();
  });

  it.each([
    [{}],
    [{ rawPath: null }],
    [{ rawPath: '/enroll/x', requestContext: null }],
    [{ rawPath: '/enroll/x', requestContext: { http: { method: 7 } } }],
    [{ rawPath: '/enroll/x', body: {}, requestContext: { http: { method: 'POST' } } }],
  ])('is refused without an exception: %j', async (event) => {
    const broken: unknown = event;
    const asked = JSON.parse(JSON.stringify(broken));
    expect((await page(asked)).statusCode).toBe(400);
  });

  it('escapes nothing into the page that somebody typed', async () => {
    await reveal();
    const answer = await confirm('"><b>x');
    expect(answer.statusCode).toBe(400);
    expect(answer.body).not.toContain('<b>x');
  });
});

it('answers that it cannot, without a token in the log, when the key service is down', async () => {
  const logged: unknown[] = [];
  const down = enrollPage({
    ...world.deps,
    telemetry: { ...world.deps.telemetry, error: (...line) => logged.push(line) },
    secretBox: {
      ...world.deps.secretBox,
      seal: async () => {
        throw new Fault('The key service does not answer.', { service: 'keys', retryable: true });
      },
    },
  });
  const answer = await down({
    rawPath: path,
    headers: FORM,
    body: 'step=reveal',
    requestContext: { http: { method: 'POST' } },
  });
  expect(answer.statusCode).toBe(503);
  expect(logged).toHaveLength(1);
  expect(JSON.stringify(logged)).not.toContain(path.slice('/enroll/'.length));
  expect((await reveal()).statusCode).toBe(200);
});

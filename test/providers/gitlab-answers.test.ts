/** Answers that no decent GitLab would give, byte by byte: none of them may count as access given, taken or absent. */
import type { AccessProvider } from '../../shared/ports.ts';
import { faultOf } from '../contracts/access-provider.contract.ts';
import { type Handler, rawHttpServer } from '../support/raw-http-server.ts';
import { json, raw } from '../support/scripted-github.ts';
import { ana, clock, developer, scriptedGitlab, shop, TOKEN } from '../support/scripted-gitlab.ts';

let gitlab: Awaited<ReturnType<typeof scriptedGitlab>>;
beforeAll(async () => {
  gitlab = await scriptedGitlab();
});
afterAll(() => gitlab.close());

const END = '2026-11-22T11:00:00.000Z';
const raise = (provider: AccessProvider) => provider.setRole(shop, ana, 'maintainer', END);
const remove = (provider: AccessProvider) => provider.remove(shop, ana);
const read = (provider: AccessProvider) => provider.read(shop, ana);
const html = '<!doctype html><title>Sign in</title>';
const asHtml = { 'content-type': 'text/html' };
const asJson = { 'content-type': 'application/json' };
const message = { message: 'no' };
const written = { ...developer, access_level: 40, expires_at: '2026-11-23' };
const count = (call: string) => gitlab.calls.filter((each) => each === call).length;

const strange: [string, Handler][] = [
  ['HTML with 200', raw(200, html, asHtml)],
  ['HTML that claims to be JSON', raw(200, html, asJson)],
  ['an empty 200', raw(200, '')],
  ['a truncated body', raw(200, '{"id":101,"username":"ana","acc', asJson)],
  ['null', json(200, null)],
  ['a list', json(200, [written])],
  ['somebody else', json(200, { ...written, id: 102 })],
  ['another level', json(200, { ...written, access_level: 30 })],
  ['a level as text', json(200, { ...written, access_level: '40' })],
  ['a level of null', json(200, { ...written, access_level: null })],
  ['another end', json(200, { ...written, expires_at: null })],
  ['no end at all', json(200, { id: 101, username: 'ana', access_level: 40 })],
  ['an end that is no date', json(200, { ...written, expires_at: 'soon' })],
  ['a custom role', json(200, { ...written, member_role: { id: 31 } })],
  ['201', json(201, written)],
  ['202', json(202, {})],
  ['204', raw(204, '')],
  ['304', raw(304, '')],
  ['301 to itself', raw(301, '', { location: '/api/v4/projects/7' })],
  ['307 elsewhere', raw(307, '', { location: 'http://127.0.0.1:9/steal' })],
  ['404 from a proxy', raw(404, html, asHtml)],
  ['three megabytes', raw(200, `"${'x'.repeat(3 * 1024 * 1024)}"`, asJson)],
];

describe('an answer to a change', () => {
  test.each(strange)(
    'that is %s proves nothing: malformed, and it may have been applied',
    async (_name, handler) => {
      const fault = await faultOf(raise(gitlab.scripted({ change: handler })));
      expect(fault).toMatchObject({ code: 'malformed-answer', applied: 'unknown' });
      expect(count('PUT change')).toBe(1);
    },
  );

  test.each([
    ['200', json(200, {})],
    ['202', json(202, {})],
    ['HTML with 200', raw(200, html, asHtml)],
    ['404 from a proxy', raw(404, html, asHtml)],
  ])('that removes and is %s is no removal', async (_name, handler) => {
    const fault = await faultOf(remove(gitlab.scripted({ change: handler })));
    expect(fault).toMatchObject({ code: 'malformed-answer', applied: 'unknown' });
  });

  const refused = { retryable: false, applied: 'no' };
  const again = { retryable: true, applied: 'no' };
  const floor =
    'should be greater than or equal to Owner inherited membership from group Acme <b>x</b>';
  const statuses: [number, object, object][] = [
    [400, message, { code: 'conflict', ...refused }],
    [400, { message: { access_level: [floor] } }, { code: 'already-has-access', ...refused }],
    [400, { error: 'access_level does not have a valid value' }, { code: 'invalid-role' }],
    [
      400,
      { message: { expires_at: ['cannot be a date in the past'] } },
      { code: 'conflict', ...again },
    ],
    [400, { status: 'error', message: { ana: 'x' } }, { code: 'conflict', ...refused }],
    [401, { message: '401 Unauthorized' }, { code: 'unauthorized', ...refused }],
    [403, { message: '403 Forbidden' }, { code: 'unauthorized', ...refused }],
    [403, { error: 'insufficient_scope', scope: 'api' }, { code: 'unauthorized', ...refused }],
    [404, { message: '404 Not found' }, { code: 'conflict', ...again }],
    [405, { message: '405 Method Not Allowed' }, { code: 'container-not-manageable', ...refused }],
    [408, message, { code: 'timeout', retryable: true, applied: 'unknown' }],
    [409, message, { code: 'conflict', ...again }],
    [412, message, { code: 'conflict', ...again }],
    [418, message, { code: 'unavailable', ...refused }],
    [422, message, { code: 'conflict', ...refused }],
    [429, message, { code: 'rate-limited', ...again, retryAfterSeconds: 60 }],
    ...[500, 502, 503, 520, 599].map((status): [number, object, object] => [
      status,
      message,
      { code: 'unavailable', retryable: true, applied: 'unknown' },
    ]),
  ];
  test.each(statuses)(
    '%i %j is told apart, and only a 4xx rules out an effect',
    async (status, body, expected) => {
      const fault = await faultOf(raise(gitlab.scripted({ change: json(status, body) })));
      expect(fault).toMatchObject(expected);
      expect(fault.message).not.toMatch(/<b>|Acme/);
      expect(count('PUT change')).toBe(status === 429 ? 3 : 1);
    },
  );

  test.each([
    ['a scope', { error: 'insufficient_scope' }, /scope "api"/],
    ['a role', { message: '403 Forbidden' }, /Owner/],
  ])('403 says that the token lacks %s', async (_name, body, words) => {
    const fault = await faultOf(raise(gitlab.scripted({ change: json(403, body) })));
    expect(fault.message).toMatch(words);
  });

  test('a success that says "error" is none, and one that waits for an administrator may still come', async () => {
    const failed = json(200, { status: 'error', message: 'x' });
    expect(await faultOf(raise(gitlab.scripted({ change: failed })))).toMatchObject({
      code: 'conflict',
      applied: 'no',
    });
    const queued = json(200, { message: { ana: 'Request queued for administrator approval.' } });
    expect(await faultOf(raise(gitlab.scripted({ change: queued })))).toMatchObject({
      code: 'container-not-manageable',
      applied: 'unknown',
      retryable: false,
    });
  });

  test('404 to a removal is a success while the project exists, and a fault when it does not', async () => {
    const gone = json(404, { message: '404 Not found' });
    await remove(gitlab.scripted({ change: gone }));
    const fault = await faultOf(remove(gitlab.scripted({ change: gone, place: gone })));
    expect(fault).toMatchObject({ code: 'container-not-found', applied: 'no' });
    expect(count('DELETE change')).toBe(0);
  });
});

describe('a read', () => {
  test.each([401, 403, 409, 429, 500, 503])(
    'that gets %i never counts as absent',
    async (status) => {
      for (const kind of ['direct', 'effective', 'place'] as const) {
        const fault = await faultOf(read(gitlab.scripted({ [kind]: json(status, message) })));
        expect(fault.applied).toBe('no');
      }
    },
  );

  test.each([
    ['HTML with 404', raw(404, html, asHtml)],
    ['an empty 404', raw(404, '')],
    ['200 without content', raw(200, '')],
    ['a level of null', json(200, { ...developer, access_level: null })],
    ['a negative level', json(200, { ...developer, access_level: -1 })],
    ['somebody else', json(200, { ...developer, id: 102 })],
    ['an end that does not exist', json(200, { ...developer, expires_at: '2027-02-30' })],
    ['a name that climbs out of its path', json(200, { ...developer, username: '..' })],
  ])('that gets %s never counts as absent', async (_name, handler) => {
    const fault = await faultOf(read(gitlab.scripted({ direct: handler })));
    expect(fault).toMatchObject({ code: 'malformed-answer', applied: 'no' });
  });

  test.each([5, 25, 60, 0])(
    'of level %i, which stands in no order with the others, shows a role that nothing outranks',
    async (level) => {
      const strangeLevel = json(200, { ...developer, access_level: level });
      const provider = gitlab.scripted({ direct: strangeLevel, effective: strangeLevel });
      const { role } = await read(provider);
      expect(role).toBe(`level-${level}`);
      expect(provider.roles('project')).not.toContain(role);
      const fault = await faultOf(provider.checkEligible(shop, ana));
      expect(fault).toMatchObject({ code: 'invalid-role', applied: 'no' });
      expect(fault.message).toContain(String(level));
    },
  );

  test.each([
    ['another project', { id: 7, path_with_namespace: 'acme/other' }],
    ['no number', { path_with_namespace: 'acme/shop' }],
    ['a number as text', { id: '7', path_with_namespace: 'acme/shop' }],
    ['a number beyond what numbers hold', { id: 2 ** 60, path_with_namespace: 'acme/shop' }],
  ])('of a project that is %s changes nothing', async (_name, body) => {
    await faultOf(remove(gitlab.scripted({ place: json(200, body) })));
    await faultOf(raise(gitlab.scripted({ place: json(200, body) })));
    expect(gitlab.calls.filter((call) => !call.startsWith('GET'))).toEqual([]);
  });

  test('under a pinned number that answers with another one changes nothing', async () => {
    const pinned = { ...shop, id: '8' };
    const fault = await faultOf(gitlab.scripted({}).remove(pinned, ana));
    expect(fault).toMatchObject({ code: 'container-not-found', applied: 'no' });
    for (const id of ['', '..', '7/../8', '-1', '7?x']) {
      await faultOf(gitlab.scripted({}).remove({ ...shop, id }, ana));
      expect(gitlab.calls).toEqual([]);
    }
  });
});

describe('waiting as long as GitLab asks', () => {
  const epoch = clock.getTime() / 1000;
  const used = { 'ratelimit-remaining': '0' };
  test.each([
    [{ 'retry-after': '7' }, 7],
    [{ 'retry-after': '0' }, 1],
    [{ 'retry-after': '999999999999999999999' }, 3600],
    [{ 'retry-after': 'Sun, 22 Nov 2026 10:00:30 GMT' }, 30],
    [{ 'retry-after': '-5' }, 60],
    [{ ...used, 'ratelimit-reset': `${epoch + 90}` }, 90],
    [{ ...used, 'ratelimit-reset': `${epoch - 90}` }, 1],
    [{ ...used, 'ratelimit-reset': 'NaN' }, 60],
    [{ 'ratelimit-remaining': '12', 'ratelimit-reset': `${epoch + 90}` }, 60],
  ])('%j means %p seconds', async (headers, seconds) => {
    const limited = raw(429, 'Retry later\n', headers);
    const fault = await faultOf(read(gitlab.scripted({ place: limited })));
    expect(fault).toMatchObject({ code: 'rate-limited', retryAfterSeconds: seconds });
  });

  const twice = (first: Handler) => {
    let asked = 0;
    const second = json(200, { id: 7, path_with_namespace: 'acme/shop' });
    const handler: Handler = (request, response) => {
      asked += 1;
      (asked < 3 ? first : second)(request, response);
    };
    return handler;
  };
  test('a read is asked again at once when that is soon, and not when it is late', async () => {
    await read(gitlab.scripted({ place: twice(json(503, message)) }));
    expect(gitlab.waits).toEqual([200, 400]);
    await read(gitlab.scripted({ place: twice(json(429, message, { 'retry-after': '1' })) }));
    expect(gitlab.waits).toEqual([1000, 1000]);
    await faultOf(
      read(gitlab.scripted({ place: twice(json(429, message, { 'retry-after': '2' })) })),
    );
    expect(gitlab.waits).toEqual([2000]);
    await faultOf(
      read(gitlab.scripted({ place: twice(json(503, message, { 'retry-after': '30' })) })),
    );
    expect(gitlab.waits).toEqual([]);
  });

  test('a change is never repeated after a 500, which may have changed something', async () => {
    await faultOf(raise(gitlab.scripted({ change: json(500, message) })));
    expect([count('PUT change'), gitlab.waits]).toEqual([1, []]);
  });
});

describe('the connection', () => {
  test('a change that hangs may have been made; one that found nobody was not', async () => {
    const slow = await scriptedGitlab({ timeoutMs: 1500 });
    const hanging = slow.scripted({ change: () => {} });
    expect(await faultOf(raise(hanging))).toMatchObject({ code: 'timeout', applied: 'unknown' });
    await slow.close();
    expect(await faultOf(raise(slow.connect('http://127.0.0.1:9')))).toMatchObject({
      code: 'unavailable',
      applied: 'no',
    });
  });

  test('a socket that is torn in the middle of an answer leaves a change open', async () => {
    const torn: Handler = (_request, response) => {
      response.writeHead(200, { 'content-length': '500' });
      response.write('{"id":');
      setImmediate(() => response.destroy());
    };
    expect(await faultOf(raise(gitlab.scripted({ change: torn })))).toMatchObject({
      code: 'unavailable',
      applied: 'unknown',
    });
  });

  test('the token goes to GitLab alone: no redirect, no next page elsewhere, no message', async () => {
    const strangers: string[] = [];
    const elsewhere = await rawHttpServer((request, response) => {
      strangers.push(String(request.headers['private-token']));
      json(200, [])(request, response);
    });
    const there = `${elsewhere.baseUrl}/api/v4/x`;
    const faults = [
      await faultOf(read(gitlab.scripted({ place: raw(302, '', { location: there }) }))),
      await faultOf(
        gitlab
          .scripted({ list: json(200, [developer], { link: `<${there}?page=2>; rel="next"` }) })
          .list(shop),
      ),
      await faultOf(raise(gitlab.scripted({ change: json(403, { message: TOKEN }) }))),
    ];
    expect(strangers).toEqual([]);
    for (const fault of faults) expect(fault.message).not.toContain('canary');
    expect([...gitlab.credentials]).toEqual([TOKEN]);
    await elsewhere.close();
  });

  test('a list that repeats itself or never ends is given up', async () => {
    const next = { 'x-next-page': '2' };
    const repeating = gitlab.scripted({ list: json(200, [developer], next) });
    expect(await faultOf(repeating.list(shop))).toMatchObject({ code: 'malformed-answer' });
    expect(count('GET list')).toBe(2);
    let id = 1;
    const endless: Handler = (request, response) => {
      id += 1;
      json(200, [{ ...developer, id }], next)(request, response);
    };
    const fault = await faultOf(gitlab.scripted({ list: endless }).list(shop));
    expect([fault.code, count('GET list')]).toEqual(['malformed-answer', 100]);
  });
});

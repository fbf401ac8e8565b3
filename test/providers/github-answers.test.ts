import type { AccessProvider } from '../../shared/ports.ts';
import { faultOf } from '../contracts/access-provider.contract.ts';
import { ana, clock, deployers, json, raw, scriptedGithub } from '../support/scripted-github.ts';

let github: Awaited<ReturnType<typeof scriptedGithub>>;
beforeAll(async () => {
  github = await scriptedGithub();
});
afterAll(() => github.close());

const add = (provider: AccessProvider) => provider.setRole(deployers, ana, 'member', null);
const remove = (provider: AccessProvider) => provider.remove(deployers, ana);
const read = (provider: AccessProvider) => provider.read(deployers, ana);
const html = '<!doctype html><title>Sign in</title>';
const asHtml = { 'content-type': 'text/html' };
const message = { message: 'no' };

describe('an answer to a change', () => {
  test.each([
    ['HTML with 200', raw(200, html, asHtml)],
    ['HTML that claims to be JSON', raw(200, html, { 'content-type': 'application/json' })],
    ['an empty 200', raw(200, '')],
    ['a truncated body', raw(200, '{"role":"member","sta', { 'content-type': 'application/json' })],
    ['null', json(200, null)],
    ['a list', json(200, [{ role: 'member', state: 'active' }])],
    ['a role that does not exist', json(200, { role: 'owner', state: 'active' })],
    ['a missing state', json(200, { role: 'member' })],
    ['201', json(201, { role: 'member', state: 'active' })],
    ['202', json(202, {})],
    ['204', raw(204, '')],
    ['304', raw(304, '')],
    ['301 to itself', raw(301, '', { location: '/orgs/acme' })],
    ['307 elsewhere', raw(307, '', { location: 'http://127.0.0.1:9/steal' })],
    ['404 from a proxy', raw(404, html, asHtml)],
  ])(
    'that is %s proves nothing: malformed, and it may have been applied',
    async (_name, handler) => {
      const fault = await faultOf(add(github.scripted({ membership: handler })));
      expect(fault).toMatchObject({ code: 'malformed-answer', applied: 'unknown' });
      expect(github.calls.filter((call) => call === 'PUT membership')).toHaveLength(1);
    },
  );

  test.each([
    ['200', json(200, {})],
    ['202', json(202, {})],
    ['HTML with 200', raw(200, html, asHtml)],
    ['304', raw(304, '')],
    ['404 from a proxy', raw(404, html, asHtml)],
  ])('that removes and is %s is no removal', async (_name, handler) => {
    const fault = await faultOf(remove(github.scripted({ membership: handler })));
    expect(fault).toMatchObject({ code: 'malformed-answer', applied: 'unknown' });
  });

  const refused = { retryable: false, applied: 'no' };
  const again = { retryable: true, applied: 'no' };
  const statuses: [number, object, object][] = [
    [400, message, { code: 'unavailable', ...refused }],
    [401, message, { code: 'unauthorized', ...again }],
    [402, message, { code: 'unavailable', ...refused }],
    [
      403,
      { message: 'Resource not accessible by integration' },
      { code: 'unauthorized', ...refused },
    ],
    [403, { message: 'Team is synchronized' }, { code: 'container-not-manageable', ...refused }],
    [403, { message: 'API rate limit exceeded' }, { code: 'rate-limited', ...again }],
    [
      403,
      { message: 'You have exceeded a secondary rate limit.' },
      { code: 'rate-limited', ...again },
    ],
    [404, message, { code: 'account-not-found', ...refused }],
    [405, message, { code: 'unavailable', ...refused }],
    [408, message, { code: 'timeout', retryable: true, applied: 'unknown' }],
    [409, message, { code: 'conflict', ...again }],
    [410, message, { code: 'unavailable', ...refused }],
    [413, message, { code: 'unavailable', ...refused }],
    [422, message, { code: 'conflict', ...refused }],
    [
      422,
      { message: 'Validation Failed', errors: [{ field: 'role' }] },
      { code: 'invalid-role', ...refused },
    ],
    [422, { message: 'Validation Failed', errors: 'odd' }, { code: 'conflict', ...refused }],
    [429, message, { code: 'rate-limited', ...again }],
    [451, message, { code: 'unavailable', ...refused }],
    ...[500, 501, 502, 503, 504, 520, 599].map((status): [number, object, object] => [
      status,
      message,
      { code: 'unavailable', retryable: true, applied: 'unknown' },
    ]),
  ];
  test.each(statuses)(
    '%i %j is told apart, and only a 4xx rules out an effect',
    async (status, body, expected) => {
      const fault = await faultOf(add(github.scripted({ membership: json(status, body) })));
      expect(fault).toMatchObject(expected);
      expect(fault.message).toContain(status === 404 ? 'ana-dev' : '/orgs/acme/teams/deployers');
      expect(github.calls.filter((call) => call === 'PUT membership')).toHaveLength(1);
    },
  );

  test('404 to a removal is a success when the team exists, and a fault when it does not', async () => {
    const gone = json(404, { message: 'Not Found' });
    await remove(github.scripted({ membership: gone }));
    expect(github.calls.slice(-2)).toEqual(['DELETE membership', 'GET team']);
    const fault = await faultOf(remove(github.scripted({ membership: gone, team: gone })));
    expect(fault).toMatchObject({ code: 'container-not-found', applied: 'no' });
  });
});

describe('a read', () => {
  test.each([401, 403, 409, 429, 500, 503])(
    'that gets %i never counts as absent',
    async (status) => {
      const fault = await faultOf(read(github.scripted({ membership: json(status, message) })));
      expect(fault.applied).toBe('no');
    },
  );

  test.each([
    ['HTML with 404', raw(404, html, asHtml)],
    ['an empty 404', raw(404, '')],
    ['200 without content', raw(200, '')],
    ['an unknown state', json(200, { role: 'member', state: 'dormant' })],
  ])('that gets %s never counts as absent', async (_name, handler) => {
    const fault = await faultOf(read(github.scripted({ membership: handler })));
    expect(fault).toMatchObject({ code: 'malformed-answer', applied: 'no' });
  });

  test.each([
    ['an id that is no number', { id: '101', login: 'ana-dev', type: 'User' }],
    ['an id beyond what numbers hold', { id: 2 ** 60, login: 'ana-dev', type: 'User' }],
    ['a login that climbs out of its path', { id: 101, login: '..', type: 'User' }],
    ['a login with a slash', { id: 101, login: 'a/../../b', type: 'User' }],
  ])('refuses a user with %s', async (_name, user) => {
    const fault = await faultOf(remove(github.scripted({ user: json(200, user) })));
    expect(fault).toMatchObject({ code: 'malformed-answer', applied: 'no' });
    expect(github.calls.filter((call) => call.startsWith('DELETE'))).toEqual([]);
  });
});

describe('waiting as long as GitHub asks', () => {
  const epoch = clock.getTime() / 1000;
  const used = { 'x-ratelimit-remaining': '0' };
  test.each([
    [{ 'retry-after': '7' }, 7],
    [{ 'retry-after': '0' }, 1],
    [{ 'retry-after': '999999999999999999999' }, 3600],
    [{ 'retry-after': 'Sun, 22 Nov 2026 10:00:30 GMT' }, 30],
    [{ 'retry-after': 'Sun, 22 Nov 2026 09:00:00 GMT' }, 1],
    [{ 'retry-after': 'Thu, 01 Jan 2099 00:00:00 GMT' }, 3600],
    [{ 'retry-after': '-5' }, null],
    [{ 'retry-after': '1.5' }, null],
    [{ 'retry-after': 'soon GMT' }, null],
    [{ 'retry-after': '' }, null],
    [{ 'retry-after': 'soon', ...used, 'x-ratelimit-reset': `${epoch + 90}` }, 90],
    [{ ...used, 'x-ratelimit-reset': `${epoch - 90}` }, 1],
    [{ ...used, 'x-ratelimit-reset': 'NaN' }, null],
    [{ 'x-ratelimit-remaining': '12', 'x-ratelimit-reset': `${epoch + 90}` }, null],
  ])('%j means %p seconds', async (headers, seconds) => {
    for (const status of [429, 503]) {
      const fault = await faultOf(
        read(github.scripted({ membership: json(status, message, headers) })),
      );
      expect(fault.retryAfterSeconds).toBe(seconds);
    }
  });

  test('403 with a Retry-After or an empty budget is a limit, without either it is a right that is missing', async () => {
    const codes = [];
    for (const headers of [{ 'retry-after': '3' }, used, { 'x-ratelimit-remaining': '4999' }]) {
      codes.push(
        (await faultOf(read(github.scripted({ membership: json(403, message, headers) })))).code,
      );
    }
    expect(codes).toEqual(['rate-limited', 'rate-limited', 'unauthorized']);
  });

  test('a secondary limit without any header means a minute', async () => {
    const limit = json(403, { message: 'You have exceeded a secondary rate limit' });
    expect((await faultOf(add(github.scripted({ membership: limit })))).retryAfterSeconds).toBe(60);
  });
});

describe('an account by its id', () => {
  const user = { id: 101, login: 'ana-renamed', type: 'User' };
  const answering = (byId: typeof user | null, listed: (typeof user)[]) =>
    github.scripted({
      user: (request, response) => {
        const list = request.url?.startsWith('/users?') === true;
        const missing = json(404, { message: 'Not Found' });
        const handler = list ? json(200, listed) : byId === null ? missing : json(200, byId);
        handler(request, response);
      },
    });
  const renamed = { accountId: '101', login: 'ana-renamed' };

  test('is found where users are not listed', async () => {
    expect(await answering(user, []).currentAccount('101')).toEqual(renamed);
  });

  test('is found where there is no lookup by id', async () => {
    expect(await answering(null, [user]).currentAccount('101')).toEqual(renamed);
  });

  test('is gone only when both say so, and never somebody with another id', async () => {
    const next = { ...user, id: 102 };
    expect(await answering(null, [next]).currentAccount('101')).toBeNull();
    expect(await faultOf(answering(next, []).currentAccount('101'))).toMatchObject({
      code: 'malformed-answer',
    });
  });
});

import type { AccessProvider } from '../../shared/ports.ts';
import { faultOf } from '../contracts/access-provider.contract.ts';
import { type Handler, rawHttpServer } from '../support/raw-http-server.ts';
import { ana, deployers, json, raw, scriptedGithub } from '../support/scripted-github.ts';

let github: Awaited<ReturnType<typeof scriptedGithub>>;
beforeAll(async () => {
  github = await scriptedGithub();
});
afterAll(() => github.close());

const add = (provider: AccessProvider) => provider.setRole(deployers, ana, 'member', null);
const remove = (provider: AccessProvider) => provider.remove(deployers, ana);
const read = (provider: AccessProvider) => provider.read(deployers, ana);

describe('the member list', () => {
  const member = (id: number) => ({ id, login: `user-${id}`, role: 'member', inherited: false });
  const hundred = (from: number) => Array.from({ length: 100 }, (_, at) => member(from + at));
  const list = (provider: AccessProvider) => provider.list(deployers);

  test('stops at a page that repeats itself', async () => {
    const link = {
      link: `<${github.baseUrl}/orgs/acme/teams/deployers/members?page=2>; rel="next"`,
    };
    const provider = github.scripted({ members: json(200, [member(1)], link) });
    expect(await faultOf(list(provider))).toMatchObject({
      code: 'malformed-answer',
      applied: 'no',
    });
    expect(github.calls.filter((call) => call === 'GET members')).toHaveLength(2);
  });

  test('stops somewhere when there is always somebody new', async () => {
    let id = 0;
    const provider = github.scripted({
      members: (request, response) => {
        const link = { link: `<${github.baseUrl}/x?page=2>; rel="next"` };
        id += 1;
        json(200, [member(id)], link)(request, response);
      },
    });
    expect(await faultOf(list(provider))).toMatchObject({ code: 'malformed-answer' });
    expect(github.calls.filter((call) => call === 'GET members')).toHaveLength(100);
  });

  test.each([
    'http://127.0.0.1:9/steal?page=2',
    'https://api.github.com.evil.example/x',
    'http://[broken',
    '//evil.example/x',
    'file:///etc/passwd',
  ])('does not follow a next page at %s', async (next) => {
    const provider = github.scripted({
      members: json(200, [member(1)], { link: `<${next}>; rel="next"` }),
    });
    expect(await faultOf(list(provider))).toMatchObject({
      code: 'malformed-answer',
      retryable: false,
    });
    expect(github.calls.filter((call) => call === 'GET members')).toHaveLength(1);
  });

  test('reads on after a full page whose link got lost', async () => {
    const provider = github.scripted({
      members: (request, response) => {
        const page = new URL(request.url ?? '', github.baseUrl).searchParams.get('page');
        json(200, page === '1' ? hundred(1) : [member(101)])(request, response);
      },
    });
    expect(await list(provider)).toHaveLength(101);
  });

  test('of an old server without roles is completed from the maintainers', async () => {
    const old = [
      { id: 1, login: 'user-1' },
      { id: 2, login: 'user-2' },
    ];
    const provider = github.scripted({
      members: (request, response) => {
        const maintainers = request.url?.includes('role=maintainer') === true;
        json(200, maintainers ? old.slice(1) : old)(request, response);
      },
    });
    expect((await list(provider)).map(({ role }) => role)).toEqual(['member', 'maintainer']);
  });
});

describe('a connection', () => {
  const fast = () => scriptedGithub({ timeoutMs: 1500 });

  test('that hangs ends by our timeout; a change may have been made, a read cannot', async () => {
    const hang = () => undefined;
    const cases = [
      [add, { membership: hang }, 'unknown'],
      [remove, { membership: hang }, 'unknown'],
      [read, { membership: hang }, 'no'],
      [add, { mint: hang }, 'no'],
      [remove, { user: hang }, 'no'],
    ] as const;
    // Side by side, for each takes as long as our patience.
    const faults = cases.map(async ([act, script]) => {
      const slow = await fast();
      const fault = await faultOf(act(slow.scripted(script)));
      await slow.close();
      return fault;
    });
    expect(await Promise.all(faults)).toMatchObject(
      cases.map(([, , applied]) => ({ code: 'timeout', retryable: true, applied })),
    );
  });

  test('that was slow all along never sends a late change, so that the promised bound holds', async () => {
    const slow = await fast();
    const late =
      (handler: Handler): Handler =>
      (request, response) =>
        void setTimeout(() => handler(request, response), 1100);
    const provider = slow.scripted({
      mint: late(json(201, { token: 'abc', expires_at: '2026-11-22T11:00:00Z' })),
      user: late(json(200, { id: 101, login: 'ana-dev', type: 'User' })),
    });
    expect(await faultOf(add(provider))).toMatchObject({ code: 'timeout', applied: 'no' });
    expect(slow.calls).not.toContain('PUT membership');
    expect(provider.inflightSeconds).toBe(5 + 10);
    await slow.close();
  });

  test('that stops in the middle of the body ends by our timeout too', async () => {
    const slow = await fast();
    const provider = slow.scripted({
      membership: (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('{"role":');
      },
    });
    expect(await faultOf(add(provider))).toMatchObject({ code: 'timeout', applied: 'unknown' });
    await slow.close();
  });

  test.each([['before the answer', (response: { destroy(): void }) => response.destroy()]])(
    'that is reset %s leaves a change open',
    async (_name, reset) => {
      const provider = github.scripted({ membership: (request) => reset(request.socket) });
      const fault = await faultOf(add(provider));
      expect(fault).toMatchObject({ code: 'unavailable', retryable: true, applied: 'unknown' });
      expect(github.calls.filter((call) => call === 'PUT membership')).toHaveLength(1);
    },
  );

  test('that is cut in the middle of the body leaves a change open', async () => {
    const provider = github.scripted({
      membership: (request, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
        response.write('{"role":"member"', () => request.socket.destroy());
      },
    });
    expect(await faultOf(add(provider))).toMatchObject({ code: 'unavailable', applied: 'unknown' });
  });

  test('that is refused was never made: nothing is applied', async () => {
    const closed = await rawHttpServer(() => undefined);
    await closed.close();
    const fault = await faultOf(add(github.connect(closed.baseUrl)));
    expect(fault).toMatchObject({ code: 'unavailable', retryable: true, applied: 'no' });
  });

  test('that cannot agree on TLS fails without a word sent', async () => {
    const fault = await faultOf(add(github.connect(github.baseUrl.replace('http:', 'https:'))));
    expect(fault).toMatchObject({ code: 'unavailable', applied: 'no' });
  });

  test('that pours out 50 MB is closed early', async () => {
    let sent = 0;
    const provider = github.scripted({
      membership: (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const chunk = Buffer.alloc(64 * 1024, 0x20);
        const pour = () => {
          while (sent < 50 * 1024 * 1024 && !response.destroyed) {
            sent += chunk.length;
            if (!response.write(chunk)) return void response.once('drain', pour);
          }
          response.end();
        };
        pour();
      },
    });
    expect(await faultOf(add(provider))).toMatchObject({
      code: 'malformed-answer',
      applied: 'unknown',
    });
    expect(sent).toBeLessThan(25 * 1024 * 1024);
  });

  test('never carries the token to the host a redirect names', async () => {
    const thief: string[] = [];
    const other = await rawHttpServer((request, response) => {
      thief.push(request.headers.authorization ?? '');
      response.end('{}');
    });
    for (const status of [301, 302, 303, 307, 308]) {
      const away = raw(status, '', { location: `${other.baseUrl}/steal` });
      for (const call of [add, remove, read]) {
        const fault = await faultOf(call(github.scripted({ membership: away })));
        expect(fault).toMatchObject({ code: 'malformed-answer', retryable: false });
      }
      await faultOf(add(github.scripted({ mint: away })));
    }
    expect(thief).toEqual([]);
    await other.close();
  });
});

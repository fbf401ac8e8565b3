import type { AccessProvider } from '../../shared/ports.ts';
import { githubProvider } from '../../shared/providers/github/github-provider.ts';
import { faultOf } from '../contracts/access-provider.contract.ts';
import {
  ana,
  clock,
  deployers,
  json,
  mintedToken,
  scriptedGithub,
} from '../support/scripted-github.ts';

let github: Awaited<ReturnType<typeof scriptedGithub>>;
beforeAll(async () => {
  github = await scriptedGithub();
});
afterAll(() => github.close());

const add = (provider: AccessProvider) => provider.setRole(deployers, ana, 'member', null);
const message = { message: 'no' };

describe('minting a token', () => {
  test.each([
    [401, 'unauthorized'],
    [403, 'unauthorized'],
    [404, 'unauthorized'],
    [422, 'unauthorized'],
    [429, 'rate-limited'],
    [500, 'unavailable'],
    [301, 'malformed-answer'],
    [200, 'malformed-answer'],
  ])('that gets %i is %s, has no effect and is not repeated', async (status, code) => {
    const fault = await faultOf(add(github.scripted({ mint: json(status, message) })));
    expect(fault).toMatchObject({ code, applied: 'no' });
    expect(github.calls).toEqual(['POST mint']);
  });

  test.each([
    ['no token', { expires_at: '2026-11-22T11:00:00Z' }],
    ['an empty token', { token: '', expires_at: '2026-11-22T11:00:00Z' }],
    ['a token with a line break', { token: 'a\r\nhost: b', expires_at: '2026-11-22T11:00:00Z' }],
    ['no expiry', { token: 'abc' }],
    ['an expiry that is no time', { token: 'abc', expires_at: 'tomorrow' }],
  ])('that answers %s is malformed', async (_name, body) => {
    const fault = await faultOf(add(github.scripted({ mint: json(201, body) })));
    expect(fault).toMatchObject({ code: 'malformed-answer', applied: 'no' });
  });

  test('a token near its end is not kept', async () => {
    const shortly = { token: 'abc', expires_at: '2026-11-22T10:01:00Z' };
    const provider = github.scripted({ mint: json(201, shortly) });
    await provider.resolveAccount('ana-dev');
    await provider.resolveAccount('ana-dev');
    expect(github.calls.filter((call) => call === 'POST mint')).toHaveLength(2);
  });

  test('many calls at once share one token', async () => {
    const provider = github.scripted({});
    await Promise.all(Array.from({ length: 8 }, () => provider.resolveAccount('ana-dev')));
    expect(github.calls.filter((call) => call === 'POST mint')).toHaveLength(1);
  });

  test('a token that GitHub refuses is dropped, and the next call mints a fresh one', async () => {
    const provider = github.scripted({ user: json(401, message) });
    await faultOf(provider.resolveAccount('ana-dev'));
    await faultOf(provider.resolveAccount('ana-dev'));
    expect(github.calls).toEqual(['POST mint', 'GET user', 'POST mint', 'GET user']);
  });

  test('a key that cannot sign is named without being quoted', async () => {
    const { baseUrl, auth } = github;
    const broken = '-----BEGIN PRIVATE KEY-----\nMIIsecretsecret\n-----END PRIVATE KEY-----';
    const provider = githubProvider({
      baseUrl,
      auth: { ...auth, privateKey: broken },
      now: () => clock,
    });
    const fault = await faultOf(provider.resolveAccount('ana-dev'));
    expect(fault).toMatchObject({ code: 'unauthorized', applied: 'no', retryable: false });
    expect(everythingIn(fault)).not.toContain('MIIsecretsecret');
  });

  test('a remote signer signs instead of a key', async () => {
    github.scripted({});
    const provider = githubProvider({
      baseUrl: github.baseUrl,
      auth: {
        appId: '414243',
        installationId: 5150,
        createJwt: async () => ({ jwt: 'signed.by.kms', expiresAt: '2026-11-22T10:09:00Z' }),
      },
      now: () => clock,
    });
    expect(await provider.resolveAccount('ana-dev')).toEqual(ana);
    expect(github.credentials).toContain('signed.by.kms');
  });
});

test('no fault carries a credential, even when the server sends it back', async () => {
  const echo = (status: number) =>
    ((request, response) => {
      const said = `bad credentials: ${request.headers.authorization}`;
      json(
        status,
        { message: said, errors: [{ field: said }] },
        { 'x-accepted-github-permissions': said },
      )(request, response);
    }) satisfies Parameters<typeof github.scripted>[0]['mint'];
  for (const status of [200, 201, 301, 400, 401, 403, 404, 409, 422, 429, 500]) {
    for (const script of [
      { mint: echo(status) },
      { membership: echo(status) },
      { user: echo(status) },
    ]) {
      const said = everythingIn(await faultOf(add(github.scripted(script))));
      for (const credential of github.credentials) expect(said).not.toContain(credential);
    }
  }
  expect(github.credentials).toContain(mintedToken);
});

/** Message, stack and every cause, as a careless logger would print them. */
function everythingIn(error: unknown): string {
  let text = '';
  for (let at = error; at instanceof Error; at = at.cause) {
    text += `${at.message}\n${at.stack}\n${JSON.stringify({ ...at, cause: undefined })}\n`;
  }
  return text;
}

/** Secrets as Secrets Manager serves them over HTTP, and Slack's token while it is being rotated. */

import { createServer } from 'node:http';
import { redactedText } from '../../shared/adapters/redaction.ts';
import { builtFrom, GithubSecret, slackCredentials } from '../../shared/adapters/secrets.ts';
import { slackApi } from '../../shared/adapters/slack-client.ts';

const fetched: string[] = [];
const held = new Map<string, string>();
const tokens: string[] = [];
let accepted = 'xoxb-2';

/** Secrets Manager at `/`, Slack below `/api/`. */
const server = createServer(async (request, response) => {
  const body = Buffer.concat(await request.toArray()).toString();
  response.setHeader('connection', 'close');
  if (request.url?.startsWith('/api/')) {
    const token = String(request.headers.authorization).replace('Bearer ', '');
    tokens.push(token);
    const answer = token === accepted ? { ok: true } : { ok: false, error: 'invalid_auth' };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer));
    return;
  }
  const { SecretId } = JSON.parse(body);
  fetched.push(SecretId);
  response.setHeader('content-type', 'application/x-amz-json-1.1');
  response.end(JSON.stringify({ Name: SecretId, SecretString: held.get(SecretId) }));
});
const before = { ...process.env };
let slackUrl = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  const url = `http://127.0.0.1:${address.port}`;
  slackUrl = `${url}/api/`;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SECRETS_MANAGER: url,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
});
afterAll(async () => {
  process.env = before;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  fetched.length = 0;
  tokens.length = 0;
});

const slackSecret = (botToken: string, rest: object = {}) =>
  JSON.stringify({ botToken, signingSecret: 'current', ...rest });

test('two signing secrets are valid while a rotation runs, the current one first', async () => {
  held.set('slack/a', slackSecret('xoxb-1', { previousSigningSecret: 'previous' }));
  const { signingSecrets, token } = slackCredentials('slack/a');
  expect(await signingSecrets()).toEqual(['current', 'previous']);
  expect(await token()).toBe('xoxb-1');
  expect(fetched).toEqual(['slack/a']);
});

test('a token that Slack refuses is read anew, and the call goes out again with the new one', async () => {
  held.set('slack/b', slackSecret('xoxb-1'));
  const api = slackApi({ ...slackCredentials('slack/b'), apiUrl: slackUrl });
  await expect(api('auth.test', {})).rejects.toMatchObject({ code: 'invalid_auth' });
  expect(tokens).toEqual(['xoxb-1']);
  expect(fetched).toEqual(['slack/b', 'slack/b']);
});

test('a rotated token works without waiting five minutes; one that stays bad is fetched once', async () => {
  held.set('slack/c', slackSecret('xoxb-1'));
  const api = slackApi({ ...slackCredentials('slack/c'), apiUrl: slackUrl });
  accepted = 'xoxb-1';
  await api('auth.test', {});
  held.set('slack/c', slackSecret('xoxb-2'));
  accepted = 'xoxb-2';
  await api('auth.test', {});
  expect(tokens).toEqual(['xoxb-1', 'xoxb-1', 'xoxb-2']);
  expect(fetched).toEqual(['slack/c', 'slack/c']);
  accepted = 'xoxb-3';
  for (let again = 0; again < 5; again += 1)
    await expect(api('auth.test', {})).rejects.toMatchObject({ code: 'invalid_auth' });
  expect(fetched).toEqual(['slack/c', 'slack/c']);
});

test('what is built from a secret stays while the secret does, and is built anew when it was refused and changed', async () => {
  const app = (appId: string) => JSON.stringify({ appId, installationId: 7, privateKey: 'PEM' });
  held.set('github', app('1'));
  const { make, refused } = builtFrom('github', GithubSecret, ({ appId }) => ({ appId }));
  const first = await make();
  held.set('github', app('2'));
  expect(await make()).toBe(first);
  expect(refused()).toBe(true);
  expect(await make()).toEqual({ appId: '2' });
  expect(refused()).toBe(false);
});

test.each([
  ['no JSON', 'xoxb-secret-value'],
  ['an empty token', slackSecret('')],
  ['no signing secret', JSON.stringify({ botToken: 'xoxb-secret-value' })],
])('%s is refused by the name of the field and never quoted', async (what, text) => {
  const id = `slack/${what}`;
  held.set(id, text);
  const { token } = slackCredentials(id);
  await expect(token()).rejects.toThrow(
    /is not usable: check (the whole value|botToken|signingSecret)\./,
  );
  await expect(token()).rejects.not.toThrow(/xoxb-secret-value/);
});

test('an operator can read in the log which secret it is: its name survives the redactor', async () => {
  const id = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:CredentialsSlack1B2C-AbCdEf';
  held.set(id, 'no JSON');
  const why = await slackCredentials(id)
    .token()
    .catch((error: Error) => redactedText(error.message));
  expect(why).toBe('The secret CredentialsSlack1B2C-AbCdEf is not usable: check the whole value.');
});

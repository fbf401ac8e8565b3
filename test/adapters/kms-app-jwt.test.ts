import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { KMSClient, type SignCommand } from '@aws-sdk/client-kms';
import { kmsAppJwt } from '../../shared/adapters/kms-app-jwt.ts';
import { githubAuth } from '../../shared/providers/github/github-provider.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const NOW = new Date('2026-11-22T09:00:00.500Z');
const part = (jwt: string, index: number) =>
  JSON.parse(Buffer.from(jwt.split('.')[index] ?? '', 'base64url').toString());

/** KMS as far as Sign goes: RSASSA_PKCS1_V1_5_SHA_256 over the message, and what it was asked. */
function signingKms(answer?: () => Promise<never>) {
  const client = new KMSClient({ region: 'eu-central-1' });
  const asked: SignCommand['input'][] = [];
  client.middlewareStack.add(
    () => async (given) => {
      const input: SignCommand['input'] = JSON.parse(JSON.stringify({}));
      Object.assign(input, given.input);
      asked.push(input);
      if (answer) await answer();
      const Signature = sign('sha256', Buffer.from(input.Message ?? []), privateKey);
      return { output: { $metadata: {}, Signature }, response: {} };
    },
    { step: 'initialize', priority: 'low' },
  );
  return { client, asked };
}

test('the JWT is signed by KMS with RS256 and verifies with the public key', async () => {
  const { client, asked } = signingKms();
  const createJwt = kmsAppJwt({ client, keyId: 'app-key', now: () => NOW });
  const { jwt, expiresAt } = await createJwt!(12345);
  const [head, claims, signature = ''] = jwt.split('.');
  expect(
    verify(
      'sha256',
      Buffer.from(`${head}.${claims}`),
      createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })),
      Buffer.from(signature, 'base64url'),
    ),
  ).toBe(true);
  expect(part(jwt, 0)).toEqual({ alg: 'RS256', typ: 'JWT' });
  const seconds = Math.floor(NOW.getTime() / 1000);
  expect(part(jwt, 1)).toEqual({ iat: seconds - 60, exp: seconds + 540, iss: '12345' });
  expect(expiresAt).toBe('2026-11-22T09:09:00.000Z');
  expect(asked).toMatchObject([
    { KeyId: 'app-key', MessageType: 'RAW', SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256' },
  ]);
});

test('KMS that does not sign is a fault that names the next step', async () => {
  const { client } = signingKms(async () => {
    throw Object.assign(new Error('secret detail'), { name: 'KMSInvalidStateException' });
  });
  const createJwt = kmsAppJwt({ client, keyId: 'app-key', now: () => NOW });
  await expect(createJwt!('1')).rejects.toMatchObject({
    name: 'Fault',
    service: 'keys',
    retryable: true,
    message: expect.stringMatching(/KMSInvalidStateException.*GithubAppKeyId/),
  });
});

test('without a key in KMS the secret’s own key signs, with one it is not even looked at, and with neither somebody is told', () => {
  const { client } = signingKms();
  expect(kmsAppJwt({ client, keyId: undefined, now: () => NOW })).toBeUndefined();
  const app = { appId: '1', installationId: 2 };
  expect(githubAuth({ ...app, privateKey: 'PEM' }, undefined)).toEqual({
    ...app,
    privateKey: 'PEM',
  });
  const createJwt = kmsAppJwt({ client, keyId: 'app-key', now: () => NOW });
  expect(githubAuth({ ...app, privateKey: 'PEM' }, createJwt)).toEqual({ ...app, createJwt });
  expect(() => githubAuth(app, undefined)).toThrow(/has no key: put privateKey .*GithubAppKeyId/);
});

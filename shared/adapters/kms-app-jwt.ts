/**
 * Signs the GitHub App's JWT with a key that never leaves KMS: who can run this function can act as the App for minutes, nobody
 * can take its key away. RS256 as GitHub asks for: issued a minute ago against clock drift, good for nine minutes.
 */
import { type KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { Fault } from '../ports.ts';

const ISSUED_AGO_SECONDS = 60;
/** GitHub takes ten minutes at most, from its own clock. */
const LIFE_SECONDS = 540;

export type KmsSigner = {
  readonly client: KMSClient;
  /** Undefined: the key is not in KMS, so there is no signer. */
  readonly keyId: string | undefined;
  now(): Date;
};
type CreateJwt = (appId: string | number) => Promise<{ jwt: string; expiresAt: string }>;

/** As @octokit/auth-app calls it, which throws Faults. */
export function kmsAppJwt({ client, keyId, now }: KmsSigner): CreateJwt | undefined {
  if (keyId === undefined) return undefined;
  return async (appId) => {
    const seconds = Math.floor(now().getTime() / 1000);
    const expires = seconds + LIFE_SECONDS;
    const claims = { iat: seconds - ISSUED_AGO_SECONDS, exp: expires, iss: String(appId) };
    const unsigned = `${encoded({ alg: 'RS256', typ: 'JWT' })}.${encoded(claims)}`;
    const signature = await signed(client, keyId, unsigned);
    return {
      jwt: `${unsigned}.${signature.toString('base64url')}`,
      expiresAt: new Date(expires * 1000).toISOString(),
    };
  };
}

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

async function signed(client: KMSClient, keyId: string, message: string): Promise<Buffer> {
  try {
    const { Signature } = await client.send(
      new SignCommand({
        KeyId: keyId,
        Message: Buffer.from(message),
        MessageType: 'RAW',
        SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256',
      }),
    );
    if (!Signature) throw new Error('no signature');
    return Buffer.from(Signature);
  } catch (cause) {
    const why = cause instanceof Error ? cause.name : 'unknown error';
    throw new Fault(
      `KMS did not sign as the GitHub App (${why}). Check that the key is enabled, RSA for signing, and in GithubAppKeyId.`,
      { service: 'keys', retryable: true, cause },
    );
  }
}

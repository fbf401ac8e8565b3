/**
 * Seals authenticator secrets with a KMS data key each: AES-256-GCM, the context bound twice (to the data key by KMS,
 * to the ciphertext as additional data). Only who may call Decrypt with that context can open one. Plain keys live no
 * longer than the call.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { canonicalJson } from '../domain/audit/canonical-json.ts';
import { Fault, type SecretBox } from '../ports.ts';
import { kmsClient } from './kms-client.ts';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** With a client of its own. */
export const secretBoxFor = (keyId: string): SecretBox => kmsSecretBox(kmsClient(), keyId);

function kmsSecretBox(client: KMSClient, keyId: string): SecretBox {
  return {
    async seal(secret, context) {
      const EncryptionContext = { ...context };
      const made = await asked('make a data key', () =>
        client.send(
          new GenerateDataKeyCommand({ KeyId: keyId, KeySpec: 'AES_256', EncryptionContext }),
        ),
      );
      if (!made.Plaintext || !made.CiphertextBlob) throw unusable('made no data key');
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(ALGORITHM, made.Plaintext, iv, { authTagLength: TAG_BYTES });
      cipher.setAAD(Buffer.from(canonicalJson(context)));
      const body = Buffer.concat([cipher.update(secret), cipher.final()]);
      made.Plaintext.fill(0);
      return {
        key: base64(made.CiphertextBlob),
        iv: base64(iv),
        ciphertext: base64(body),
        tag: base64(cipher.getAuthTag()),
      };
    },
    async open(sealed, context) {
      const opened = await asked('open a data key', () =>
        client.send(
          new DecryptCommand({
            KeyId: keyId,
            CiphertextBlob: bytes(sealed.key),
            EncryptionContext: { ...context },
          }),
        ),
      );
      if (!opened.Plaintext) throw unusable('answered without a key');
      const iv = bytes(sealed.iv);
      const cipher = createDecipheriv(ALGORITHM, opened.Plaintext, iv, {
        authTagLength: TAG_BYTES,
      });
      cipher.setAAD(Buffer.from(canonicalJson(context)));
      cipher.setAuthTag(bytes(sealed.tag));
      try {
        return Buffer.concat([cipher.update(bytes(sealed.ciphertext)), cipher.final()]);
      } catch (cause) {
        throw unusable('opened, but the secret was not sealed for this owner', cause);
      } finally {
        opened.Plaintext.fill(0);
      }
    },
  };
}

const base64 = (data: Uint8Array): string => Buffer.from(data).toString('base64');
const bytes = (text: string): Buffer => Buffer.from(text, 'base64');

const unusable = (what: string, cause?: unknown): Fault =>
  new Fault(`The authenticator key ${what}. Codes cannot be checked.`, {
    service: 'keys',
    retryable: false,
    cause,
  });

async function asked<T>(what: string, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (cause) {
    const why = cause instanceof Error ? cause.name : 'unknown error';
    throw new Fault(`KMS did not ${what} (${why}). Codes cannot be checked until it does.`, {
      service: 'keys',
      retryable: why !== 'InvalidCiphertextException' && why !== 'AccessDeniedException',
      cause,
    });
  }
}

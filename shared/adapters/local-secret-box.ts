/**
 * Seals authenticator secrets without a key service: AES-256-GCM under a fresh data key, which is itself sealed
 * under a 32-byte master key that the caller holds. The context is bound to both, so a ciphertext that was moved
 * to another owner's row does not open. Keeps no plaintext key longer than the call; never logs, never retries.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { canonicalJson } from '../domain/audit/canonical-json.ts';
import type { SealedSecret } from '../domain/authenticator/model.ts';
import { Fault, type SecretBox } from '../ports.ts';

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** `masterKey`: 32 random bytes, kept outside the tables. */
export function localSecretBox(
  masterKey: Uint8Array,
  randomBytes: (size: number) => Uint8Array,
): SecretBox {
  if (masterKey.length !== KEY_BYTES)
    throw new Error(`The master key has ${masterKey.length} bytes. It needs ${KEY_BYTES}.`);
  const encrypt = (key: Uint8Array, plain: Uint8Array, bound: Buffer): Encrypted => {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
    cipher.setAAD(bound);
    const body = Buffer.concat([cipher.update(plain), cipher.final()]);
    return { iv, body, tag: cipher.getAuthTag() };
  };
  return {
    async seal(secret, context) {
      const dataKey = randomBytes(KEY_BYTES);
      const wrapped = encrypt(masterKey, dataKey, boundTo('key', context));
      const { iv, body, tag } = encrypt(dataKey, secret, boundTo('secret', context));
      dataKey.fill(0);
      return {
        key: base64(Buffer.concat([wrapped.iv, wrapped.tag, wrapped.body])),
        iv: base64(iv),
        ciphertext: base64(body),
        tag: base64(tag),
      };
    },
    async open(sealed, context) {
      try {
        const dataKey = decrypt(masterKey, unwrapped(sealed.key), boundTo('key', context));
        const secret = decrypt(dataKey, encryptedIn(sealed), boundTo('secret', context));
        dataKey.fill(0);
        return secret;
      } catch (cause) {
        throw new Fault(
          'An authenticator secret does not open: the master key is another one, or the row was changed or moved. Restore the row or the key, or have the person enrol again.',
          { service: 'keys', retryable: false, cause },
        );
      }
    },
  };
}

type Encrypted = { iv: Uint8Array; body: Uint8Array; tag: Uint8Array };

function decrypt(key: Uint8Array, { iv, body, tag }: Encrypted, bound: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(bound);
  decipher.setAuthTag(tag);
  return Buffer.concat([decipher.update(body), decipher.final()]);
}

/** `what` keeps a wrapped key from being passed off as a secret. */
const boundTo = (what: 'key' | 'secret', context: Readonly<Record<string, string>>): Buffer =>
  Buffer.from(canonicalJson({ what, context }));

function unwrapped(key: string): Encrypted {
  const bytes = Buffer.from(key, 'base64');
  const bodyAt = IV_BYTES + TAG_BYTES;
  return {
    iv: bytes.subarray(0, IV_BYTES),
    tag: bytes.subarray(IV_BYTES, bodyAt),
    body: bytes.subarray(bodyAt),
  };
}

const encryptedIn = ({ iv, ciphertext, tag }: SealedSecret): Encrypted => ({
  iv: Buffer.from(iv, 'base64'),
  body: Buffer.from(ciphertext, 'base64'),
  tag: Buffer.from(tag, 'base64'),
});

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

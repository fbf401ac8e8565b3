/** A public key as a verifier needs it. Takes ECDSA P-256 and nothing else: a key of another kind would verify other signatures. */
import { createHash, createPublicKey, verify } from 'node:crypto';
import type { VerifyingKey } from '../ports-audit.ts';

/** @param given PEM, or SubjectPublicKeyInfo in DER. @throws Error when it is no such key */
export function verifyingKey(given: string | Uint8Array): VerifyingKey {
  const key =
    typeof given === 'string'
      ? createPublicKey(given)
      : createPublicKey({ key: Buffer.from(given), format: 'der', type: 'spki' });
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
    throw new Error('The public key is not one of ECDSA P-256. Checkpoints are signed with that.');
  const der = key.export({ type: 'spki', format: 'der' });
  return {
    fingerprint: createHash('sha256').update(der).digest('hex'),
    pem: key.export({ type: 'spki', format: 'pem' }).toString(),
    isSigned: (message, signature) => verify('sha256', message, key, signature),
  };
}

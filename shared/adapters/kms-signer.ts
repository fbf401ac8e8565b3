/** Signs checkpoints with an ECDSA P-256 key that never leaves KMS; what it signs is checked with the public half by anybody. */
import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { Fault } from '../ports.ts';
import type { Signer, VerifyingKey } from '../ports-audit.ts';
import { kmsClient } from './kms-client.ts';
import { verifyingKey } from './verifying-key.ts';

export function kmsSigner(keyId: string, client: KMSClient = kmsClient()): Signer {
  let known: VerifyingKey | null = null;
  return {
    async key() {
      known ??= await kmsVerifyingKey(keyId, client);
      return known;
    },
    async sign(message) {
      const command = new SignCommand({
        KeyId: keyId,
        // KMS hashes it: at most 4096 bytes, a checkpoint has about 600.
        Message: message,
        MessageType: 'RAW',
        SigningAlgorithm: 'ECDSA_SHA_256',
      });
      const { Signature } = await asked('sign', () => client.send(command));
      if (!Signature) throw faultOf('sign', null);
      return Signature;
    },
  };
}

export async function kmsVerifyingKey(
  keyId: string,
  client: KMSClient = kmsClient(),
): Promise<VerifyingKey> {
  const command = new GetPublicKeyCommand({ KeyId: keyId });
  const { PublicKey } = await asked('tell its public key', () => client.send(command));
  if (!PublicKey) throw faultOf('tell its public key', null);
  return verifyingKey(PublicKey);
}

async function asked<T>(what: string, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (cause) {
    throw faultOf(what, cause);
  }
}

function faultOf(what: string, cause: unknown): Fault {
  const why = cause instanceof Error ? cause.name : 'no answer';
  return new Fault(`KMS did not ${what} (${why}). Nothing is sealed until it does.`, {
    service: 'keys',
    retryable: why !== 'AccessDeniedException',
    cause,
  });
}

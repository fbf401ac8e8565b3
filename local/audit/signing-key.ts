/**
 * The key that signs checkpoints in local mode: ECDSA P-256 in a file that only its owner may read (0600), made once, atomically.
 * A key that others may read, or that is none, stops the start: another one in its place would make every checkpoint look forged.
 * Its public half lies beside the checkpoints.
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { verifyingKey } from '../../shared/adapters/verifying-key.ts';
import type { Archive, Signer } from '../../shared/ports-audit.ts';
import { archiveAt } from './folder-archive.ts';

const FILE = 'audit-signing.key';
export const PUBLIC_KEY = 'public-key.pem';

export async function localSigner(dataDir: string | null, archive: Archive): Promise<Signer> {
  const privateKey = dataDir === null ? newKey() : await keyIn(dataDir);
  const key = verifyingKey(
    createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString(),
  );
  await archive.put(PUBLIC_KEY, key.pem);
  return {
    key: async () => key,
    sign: async (message) => sign('sha256', message, privateKey),
  };
}

const newKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

async function keyIn(dataDir: string): Promise<KeyObject> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  // Puts whole or not at all, and never over one that is there.
  const folder = archiveAt(dataDir);
  const path = join(dataDir, FILE);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats && (stats.mode & 0o077) !== 0)
    throw new Error(`Others may read the key file ${path}. Run: chmod 600 ${path}`);
  if (!stats) await folder.put(FILE, newKey().export({ type: 'pkcs8', format: 'pem' }).toString());
  const pem = await folder.get(FILE);
  if (pem === null)
    throw new Error(`The key file ${path} vanished while it was made. Start again.`);
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new Error(
      `The key file ${path} holds no private key. Restore it from a backup; a new one makes all checkpoints before it look forged.`,
      { cause },
    );
  }
}

/** The stand-in's GitHub App: a key pair made once per data folder, readable by its owner only, never by anyone's account. */
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type GithubStandInCredentials = {
  readonly appId: string;
  readonly privateKey: string;
  readonly installationId: number;
};

const APP_ID = '414243';
const INSTALLATION_ID = 5150;
let inMemory: string | null = null;

/** @param dataDir `null`: one key for the life of this process. */
export function githubStandInCredentials(dataDir: string | null): GithubStandInCredentials {
  return { appId: APP_ID, privateKey: privateKey(dataDir), installationId: INSTALLATION_ID };
}

export function publicKeyOf(credentials: GithubStandInCredentials) {
  return createPublicKey(credentials.privateKey);
}

function privateKey(dataDir: string | null): string {
  if (dataDir === null) {
    inMemory ??= newKey();
    return inMemory;
  }
  const folder = join(dataDir, 'github');
  const file = join(folder, 'app-private-key.pem');
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(`${file}.new`, newKey(), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  return readFileSync(file, 'utf8');
}

function newKey(): string {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey;
}

/**
 * The `emulate` package's GitHub, which nobody here wrote, as a child process on loopback. Organization acme with the
 * stand-in's people, an App installed on it, team deployers (perm-pat in it) and its child deployers-canary.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as z from 'zod';

const APP = { appId: 414243, installationId: 5150 };
/** Another App, which may read members and change none. */
const READER = { appId: 414244, installationId: 5151 };
const OWNER_TOKEN = 'emulated-owner';
const people = ['ana-dev', 'bo-rm', 'perm-pat', 'kim-canary'];

export async function emulatedGithub() {
  const folder = mkdtempSync(join(tmpdir(), 'emulated-github-'));
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const seedFile = join(folder, 'seed.json');
  writeFileSync(seedFile, JSON.stringify(seed(privateKey)), { mode: 0o600 });
  const child = spawn(
    process.execPath,
    [
      '--import',
      resolve('test/support/loopback-only.mjs'),
      resolve('node_modules/emulate/dist/index.js'),
      ...['start', '--service', 'github', '--seed', seedFile],
    ],
    { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], cwd: folder, env: { PATH: process.env['PATH'] } },
  );
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true });
  };
  try {
    const baseUrl = `http://127.0.0.1:${await portOf(child)}`;
    await plantTeams(baseUrl);
    const auth = { appId: String(APP.appId), privateKey, installationId: APP.installationId };
    const reader = { ...auth, appId: String(READER.appId), installationId: READER.installationId };
    return { baseUrl, auth, reader, stop, members: (team: string) => membersOf(baseUrl, team) };
  } catch (error) {
    await stop();
    throw error;
  }
}

function seed(privateKey: string) {
  return {
    tokens: { [OWNER_TOKEN]: { login: 'dee-admin', scopes: ['admin:org', 'repo', 'user'] } },
    github: {
      users: [...people, 'dee-admin', 'eve-outsider'].map((login) => ({ login })),
      orgs: [
        {
          login: 'acme',
          name: 'Acme',
          members: [
            ...people.map((login) => ({ login, role: 'member' })),
            { login: 'dee-admin', role: 'admin' },
          ],
        },
      ],
      apps: [
        app(privateKey, { ...APP, slug: 'hallpass', members: 'write' }),
        app(privateKey, { ...READER, slug: 'reader', members: 'read' }),
      ],
    },
  };
}

type AppOf = { appId: number; installationId: number; slug: string; members: 'read' | 'write' };

function app(privateKey: string, { appId, installationId, slug, members }: AppOf) {
  const permissions = { members, metadata: 'read' };
  return {
    ...{ app_id: appId, slug, name: slug, private_key: privateKey, permissions, events: [] },
    installations: [
      {
        installation_id: installationId,
        account: 'acme',
        repository_selection: 'all',
        permissions,
      },
    ],
  };
}

const Listening = z.object({ address: z.literal('127.0.0.1'), port: z.int() });

/** Fails with what the child said when it dies instead of listening. */
async function portOf(child: ChildProcess): Promise<number> {
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  const dead = once(child, 'exit').then(([code]) => {
    throw new Error(`emulate ended with ${code} instead of listening: ${said}`);
  });
  dead.catch(() => undefined); // raised by the race below, and expected once the test stops it
  const [message] = await Promise.race([once(child, 'message'), dead]);
  return Listening.parse(message).port;
}

const Members = z.array(z.object({ login: z.string() }));
/** As the owner of the organization sees them. */
async function membersOf(baseUrl: string, team: string): Promise<string[]> {
  const response = await fetch(`${baseUrl}/orgs/acme/teams/${team}/members`, {
    headers: { authorization: `token ${OWNER_TOKEN}` },
  });
  return Members.parse(await response.json())
    .map(({ login }) => login)
    .sort();
}

async function plantTeams(baseUrl: string) {
  const Created = z.object({ id: z.int() });
  const ask = async (method: string, path: string, body: object) => {
    const response = await fetch(baseUrl + path, {
      method,
      headers: { authorization: `token ${OWNER_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok)
      throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const parent = Created.parse(await ask('POST', '/orgs/acme/teams', { name: 'deployers' }));
  const child = { name: 'deployers-canary', parent_team_id: parent.id };
  await ask('POST', '/orgs/acme/teams', child);
  await ask('PUT', '/orgs/acme/teams/deployers/memberships/perm-pat', { role: 'maintainer' });
  await ask('PUT', '/orgs/acme/teams/deployers-canary/memberships/kim-canary', { role: 'member' });
}

/**
 * `npm run test:deploy`: the synthesized stacks in an AWS that nobody here wrote, and the main story through the deployed endpoint.
 * Says so and exits well where Python, openssl or the package cannot be had. Needs no account; everything is on loopback.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installed } from './install.ts';

const root = join(import.meta.dirname, '../..');
const found = installed(root);

if ('missing' in found) {
  console.log(`Deployment test skipped: ${found.missing}.`);
} else {
  const work = mkdtempSync(join(tmpdir(), 'hallpass-deploy-'));
  try {
    process.exitCode = play(found.folder, work);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function play(ministack: string, work: string): number {
  const certificate = join(work, 'certificate.pem');
  const made = spawnSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
      ...['-keyout', join(work, 'certificate-key.pem'), '-out', certificate],
      ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
    ],
    { encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`openssl made no certificate: ${made.stderr}`);
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const config = join(root, 'test/deploy/jest.config.mjs');
  const given = process.argv.slice(2);
  const { status } = spawnSync(process.execPath, [jest, '--config', config, ...given], {
    cwd: root,
    stdio: 'inherit',
    // Node reads the certificate when it starts, so it is made before.
    env: {
      ...process.env,
      NODE_EXTRA_CA_CERTS: certificate,
      HALLPASS_MINISTACK: ministack,
      HALLPASS_DEPLOY_FOLDER: work,
    },
  });
  return status ?? 1;
}

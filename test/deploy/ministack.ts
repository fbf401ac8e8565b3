/**
 * The emulated AWS as a child process on loopback: with TLS, because our queue and bucket policies refuse anything else, and with
 * IAM switched on, so that a function may do what its role lets it and no more.
 */
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { end, freePort } from '../support/child-process.ts';

const READY_WITHIN_MS = 60_000;
export const REGION = 'eu-central-1';
const ACCOUNT = '000000000000';
/** The emulator's root user, known to nobody but it. */
const ROOT_USER = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

export type Ministack = {
  readonly port: number;
  /** Environment of a program that is to take it for AWS. */
  readonly env: NodeJS.ProcessEnv;
  log(): string;
  close(): Promise<void>;
};

export async function startMinistack(folder: string, work: string): Promise<Ministack> {
  const port = await freePort();
  const certificate = join(work, 'certificate.pem');
  const state = join(work, 'state');
  mkdirSync(state);
  const logFile = join(work, 'ministack.log');
  const child = spawn(join(folder, 'bin/python'), [resolve('test/deploy/corrected.py')], {
    cwd: work,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...plain(),
      ...ROOT_USER,
      ...{ GATEWAY_PORT: String(port), BIND_HOST: '127.0.0.1', MINISTACK_HOST: 'localhost' },
      ...{ MINISTACK_REGION: REGION, AWS_DEFAULT_REGION: REGION, STATE_DIR: state, AUTH: 'true' },
      ...{ USE_SSL: '1', MINISTACK_SSL_CERT: certificate, NODE_EXTRA_CA_CERTS: certificate },
      MINISTACK_SSL_KEY: join(work, 'certificate-key.pem'),
      // As the functions' queue addresses name it.
      AWS_ENDPOINT_URL: `https://localhost:${port}`,
      // It leaves the functions' folders behind.
      TMPDIR: work,
      // It would listen on ports of its own for these.
      ...{ IOT_MTLS_ENABLED: '0', SFTP_ENABLED: '0' },
    },
  });
  const logStream = createWriteStream(logFile);
  child.stdout.pipe(logStream, { end: false });
  child.stderr.pipe(logStream, { end: false });
  const log = () => readFileSync(logFile, 'utf8');
  const close = async () => {
    await end(child);
    logStream.end();
  };
  const health = `https://127.0.0.1:${port}/_ministack/health`;
  const until = Date.now() + READY_WITHIN_MS;
  while (!(await answers(health))) {
    if (child.exitCode === null && Date.now() < until) continue;
    await close();
    throw new Error(`MiniStack does not answer:\n${log()}`);
  }
  return { port, env: awsEnvironment(port, certificate), log, close };
}

/** What a program needs of ours, without the AWS of whoever runs this. */
const plain = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(AWS_|CDK_|HALLPASS_|JEST_)/.test(name)),
  );

const awsEnvironment = (port: number, certificate: string): NodeJS.ProcessEnv => ({
  ...plain(),
  ...ROOT_USER,
  ...{ AWS_REGION: REGION, AWS_DEFAULT_REGION: REGION, CDK_DEFAULT_REGION: REGION },
  CDK_DEFAULT_ACCOUNT: ACCOUNT,
  AWS_ENDPOINT_URL: `https://127.0.0.1:${port}`,
  AWS_CA_BUNDLE: certificate,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
});

async function answers(url: string): Promise<boolean> {
  try {
    const { ok } = await fetch(url, { signal: AbortSignal.timeout(1000) });
    return ok;
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 200));
    return false;
  }
}

/** The cdk of this project as a process: what it prints is seen at once, and the end of its stderr is kept to see why it failed. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { CdkRun } from './needs-bootstrap.ts';

const CDK = join(import.meta.dirname, '../../node_modules/aws-cdk/bin/cdk');
const KEPT_CHARACTERS = 20_000;

export function cdk(args: readonly string[]): Promise<CdkRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CDK, ...args], {
      stdio: ['inherit', 'inherit', 'pipe'],
    });
    let complaint = '';
    child.stderr.on('data', (data: Buffer) => {
      process.stderr.write(data);
      complaint = (complaint + data.toString()).slice(-KEPT_CHARACTERS);
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, complaint }));
  });
}

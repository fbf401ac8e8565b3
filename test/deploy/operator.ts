/**
 * Whoever runs this deployment: a checkout of their own, and in it the commands of docs/deployment.md as they stand there. What a
 * command leaves behind (cdk.out, .hallpass-deployed) stays in that checkout.
 */
import { cpSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { type Deployed, deployedFile, readDeployed } from '../../local/operations/deployed.ts';
import { type Ran, run } from '../support/child-process.ts';
import type { Ministack } from './ministack.ts';

const WITHIN_MS = 280_000;
/** Made by somebody else's commands in the checkout that the test is run from, or too large to be copied. */
const LEFT_BEHIND = /^(node_modules|\.git|cdk\.out|coverage|\.hallpass.*)$|^infra\/dist$/;

const Told = z.object({
  problems: z.int(),
  warnings: z.int(),
  findings: z.array(
    z.object({
      check: z.string(),
      level: z.enum(['ok', 'warning', 'problem']),
      what: z.string(),
      fix: z.string().optional(),
    }),
  ),
});

export type Diagnosis = {
  readonly code: number | null;
  /** `check: what -> fix` of everything that is not as it should be. */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
  readonly looked: number;
};

export type Operator = {
  /** `npm run <name> -- <args>`. Ends the test when that ends otherwise than well. */
  npm(name: string, args?: readonly string[], env?: NodeJS.ProcessEnv): Promise<string>;
  /** The same, whatever comes of it. */
  tries(name: string, args?: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ran>;
  doctor(env?: NodeJS.ProcessEnv): Promise<Diagnosis>;
  /** What the last deploy wrote down. */
  deployed(): Deployed;
  writePolicy(text: string): void;
};

export function operatorOf({ env: aws }: Ministack, work: string): Operator {
  const cwd = join(work, 'checkout');
  const root = resolve('.');
  cpSync(root, cwd, {
    recursive: true,
    filter: (from) => !LEFT_BEHIND.test(from.slice(root.length + 1)),
  });
  symlinkSync(join(root, 'node_modules'), join(cwd, 'node_modules'));
  const tries: Operator['tries'] = (name, args = [], more = {}) =>
    run('npm', ['run', '--silent', name, '--', ...args], {
      cwd,
      env: { ...aws, ...more },
      withinMs: WITHIN_MS,
    });
  return {
    tries,
    async npm(name, args, more) {
      const { code, said } = await tries(name, args, more);
      if (code !== 0) throw new Error(`npm run ${name} ended with ${code}:\n${said}`);
      return said;
    },
    async doctor(more) {
      const { code, said } = await tries('doctor', ['--json', '--quick'], more);
      return { code, ...diagnosis(said) };
    },
    deployed() {
      const deployed = readDeployed('dev', join(cwd, deployedFile('dev')));
      if (typeof deployed === 'string') throw new Error(deployed);
      return deployed;
    },
    writePolicy: (text) => writeFileSync(join(cwd, 'access.yaml'), text),
  };
}

function diagnosis(said: string): Omit<Diagnosis, 'code'> {
  const line = said.split('\n').find((each) => each.startsWith('{'));
  if (line === undefined) throw new Error(`The doctor said nothing of use:\n${said}`);
  const { findings } = Told.parse(JSON.parse(line));
  const of = (wanted: string) =>
    findings
      .filter(({ level }) => level === wanted)
      .map(({ check, what, fix }) => `${check}: ${what} -> ${fix}`);
  return { problems: of('problem'), warnings: of('warning'), looked: findings.length };
}

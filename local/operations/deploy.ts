/**
 * `npm run deploy [-- -c stage=prod --parameters … --require-approval never …]`: synthesizes once, deploys both stacks, prepares the
 * account first where that was never done, and says what comes next. Whatever is not `-c` goes to `cdk deploy` as it is.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { readPolicy } from '../../shared/adapters/policy-file.ts';
import { cdk } from './cdk.ts';
import { readCommandLine } from './command-line.ts';
import { type Deployed, deployedFile, readDeployed } from './deployed.ts';
import { needsBootstrap } from './needs-bootstrap.ts';
import { nextSteps } from './next-steps.ts';
import { forgetParameters, keptParameters } from './parameters.ts';
import { unreachableProviders, unreachableWords } from './unreachable.ts';

const OUT = 'cdk.out';

async function deploy(args: readonly string[]): Promise<number> {
  const asked = readCommandLine(args, []);
  if (typeof asked === 'string') return complain(asked, 2);
  const file = deployedFile(asked.stage);
  mkdirSync(dirname(file), { recursive: true });
  const synthesized = await cdk(['synth', '--quiet', '--output', OUT, ...asked.context]);
  if (synthesized.code !== 0) return synthesized.code;
  const again = keptParameters(asked.stage, asked.rest);
  const given = [...again, ...asked.rest];
  const deploying = ['deploy', '--app', OUT, '--all', '--outputs-file', file, ...given];
  let run = await cdk(deploying);
  if (needsBootstrap(run)) {
    console.log('\nThis account and region were never prepared for CDK: cdk bootstrap.\n');
    const prepared = await cdk(['bootstrap', '--app', OUT, ...profileOf(asked.rest)]);
    if (prepared.code !== 0) return prepared.code;
    run = await cdk(deploying);
  }
  if (run.code !== 0) return run.code;
  // From here on CloudFormation keeps them.
  forgetParameters(asked.stage);
  const deployed = readDeployed(asked.stage);
  if (typeof deployed === 'string') return complain(deployed, 1);
  console.log(`\n${[...nextSteps(deployed), ...unreachableIn(deployed)].join('\n')}`);
  return 0;
}

/** Of the policy file that was deployed. One that is broken is told by the sweep that refuses to load it. */
function unreachableIn({ Settings }: Deployed): string[] {
  const file = process.env['HALLPASS_POLICY'] ?? 'access.yaml';
  const read = readPolicy(readFileSync(file), file);
  if (!read.ok)
    return [
      `${file} cannot be used, and the sweep will not load it: docs/runbook.md#policy-rejected.`,
    ];
  return unreachableProviders(read.value.policy, Settings).map(unreachableWords);
}

/** The one option of cdk deploy that preparing the account needs as well. */
function profileOf(rest: readonly string[]): string[] {
  const at = rest.indexOf('--profile');
  const joined = rest.filter((arg) => arg.startsWith('--profile='));
  return at < 0 ? joined : ['--profile', rest[at + 1] ?? ''];
}

function complain(sentence: string, code: number): number {
  console.error(sentence);
  return code;
}

process.exitCode = await deploy(process.argv.slice(2));

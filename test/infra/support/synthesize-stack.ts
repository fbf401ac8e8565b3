/**
 * The stack from dummy bundles, so that no build is needed, printed as JSON. A process of its own, because CDK loads several times
 * faster outside jest's sandbox. `template`: the template. `nag`: what cdk-nag and CDK's own rules say about the stack and a weak queue beside it.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { HallpassStack } from '../../../infra/hallpass-stack.ts';
import { environments } from '../../../shared/config/env.ts';

const { context } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../cdk.json'), 'utf8'),
);

/** `use` gets an app and a stack made of dummy bundles; the folder is gone afterwards. */
function withStack(use: (app: App, stack: HallpassStack) => unknown, changes: object = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-infra-'));
  try {
    for (const name of Object.keys(environments)) {
      mkdirSync(join(folder, 'dist', name), { recursive: true });
      writeFileSync(join(folder, 'dist', name, 'index.mjs'), `export const handler = '${name}';\n`);
    }
    const app = new App({ outdir: join(folder, 'out'), context: { ...context, ...changes } });
    const stack = new HallpassStack(app, 'Hallpass', { builtFolder: join(folder, 'dist') });
    process.stdout.write(JSON.stringify(use(app, stack)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** CDK's own report; synth throws when it holds an error. */
function findings(app: App): unknown {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  new Queue(new Stack(app, 'Weak'), 'Queue');
  try {
    app.synth();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ValidationFailed') throw error;
  }
  return JSON.parse(readFileSync(join(app.outdir, 'validation-report.json'), 'utf8'));
}

// CDK's own rules take longer than everything else, so only `nag` runs them.
if (process.argv[2] === 'nag') withStack(findings);
else
  withStack((_app, stack) => Template.fromStack(stack).toJSON(), {
    '@aws-cdk/core:validateAgainstDefaultRules': false,
  });

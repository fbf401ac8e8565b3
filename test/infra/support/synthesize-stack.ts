/**
 * Both stacks of a stage from dummy bundles, so that no build is needed, printed as JSON. A process of its own, because CDK loads several times
 * faster outside jest's sandbox. `template`: the two templates of each stage. `nag`, of prod: what cdk-nag and CDK's own rules say about the stack and a weak queue beside it.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { HallpassDataStack } from '../../../infra/data-stack.ts';
import { HallpassStack } from '../../../infra/hallpass-stack.ts';
import { environments } from '../../../shared/config/env.ts';

const { context } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../cdk.json'), 'utf8'),
);

type Made = { app: App; stacks: { data: Stack; app: Stack } };

/** `use` gets an app and its stacks, made of dummy bundles; the folder is gone afterwards. */
function withStacks(use: (made: Made) => unknown, changes: object) {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-infra-'));
  try {
    for (const name of Object.keys(environments)) {
      mkdirSync(join(folder, 'dist', name), { recursive: true });
      writeFileSync(join(folder, 'dist', name, 'index.mjs'), `export const handler = '${name}';\n`);
    }
    const app = new App({ outdir: join(folder, 'out'), context: { ...context, ...changes } });
    const data = new HallpassDataStack(app, 'HallpassData');
    const stack = new HallpassStack(app, 'Hallpass', { builtFolder: join(folder, 'dist'), data });
    return use({ app, stacks: { data, app: stack } });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** CDK's own report; synth throws when it holds an error. */
function findings({ app }: Made): unknown {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  new Queue(new Stack(app, 'Weak'), 'Queue');
  try {
    app.synth();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ValidationFailed') throw error;
  }
  return JSON.parse(readFileSync(join(app.outdir, 'validation-report.json'), 'utf8'));
}

const templates = ({ stacks }: Made) => ({
  data: Template.fromStack(stacks.data).toJSON(),
  app: Template.fromStack(stacks.app).toJSON(),
});

// CDK's own rules take longer than everything else, so only `nag` runs them.
const templatesOf = (stage: string) =>
  withStacks(templates, { stage, '@aws-cdk/core:validateAgainstDefaultRules': false });
const said =
  process.argv[2] === 'nag'
    ? withStacks(findings, { stage: 'prod' })
    : { dev: templatesOf('dev'), prod: templatesOf('prod') };
process.stdout.write(JSON.stringify(said));

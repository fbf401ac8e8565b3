/**
 * The stack as CloudFormation would get it, from dummy bundles, so that no build is needed. References are written as
 * `<logical id without its hash>`, which is how the tests name resources.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { HallpassStack } from '../../../infra/hallpass-stack.ts';
import { environments } from '../../../shared/config/env.ts';

const json = z.record(z.string(), z.unknown());
const resources = z.record(
  z.string(),
  z.object({
    Type: z.string(),
    Properties: json.default({}),
    DeletionPolicy: z.string().optional(),
  }),
);
const cdkJson = z.object({ context: json });

export type Resource = {
  readonly name: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly deletionPolicy: string | undefined;
};

/** The context of cdk.json, as the command line would pass it. */
export function cdkContext(): Record<string, unknown> {
  return cdkJson.parse(JSON.parse(readFileSync(join(__dirname, '../../../cdk.json'), 'utf8')))
    .context;
}

/** Runs `use` with an app and a stack made of dummy bundles; the folder is gone afterwards. */
export function withStack<Result>(
  use: (app: App, stack: HallpassStack) => Result,
  context = cdkContext(),
): Result {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-infra-'));
  try {
    for (const name of Object.keys(environments)) {
      mkdirSync(join(folder, 'dist', name), { recursive: true });
      writeFileSync(join(folder, 'dist', name, 'index.mjs'), `export const handler = '${name}';\n`);
    }
    const app = new App({ outdir: join(folder, 'out'), context });
    return use(app, new HallpassStack(app, 'Hallpass', { builtFolder: join(folder, 'dist') }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const nameOf = (logicalId: string) => logicalId.replace(/[0-9A-F]{8}$/, '');

/** CloudFormation references as readable text, everything else as it is. */
function readable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [[key, inner] = ['', undefined]] = entries;
  if (entries.length === 1 && key === 'Ref') return `<${nameOf(String(inner))}>`;
  if (entries.length === 1 && key === 'Fn::GetAtt') {
    const [id, attribute] = z.tuple([z.string(), z.string()]).parse(inner);
    return attribute === 'Arn' ? `<${nameOf(id)}>` : `<${nameOf(id)}.${attribute}>`;
  }
  if (entries.length === 1 && key === 'Fn::Join') {
    const [separator, parts] = z.tuple([z.string(), z.array(z.unknown())]).parse(inner);
    return parts.map(readable).join(separator);
  }
  return Object.fromEntries(entries.map(([name, item]) => [name, readable(item)]));
}

export function synthesize(): readonly Resource[] {
  // nag.test.ts runs CDK's own rules, which take longer than everything else; here only the template counts.
  const context = { ...cdkContext(), '@aws-cdk/core:validateAgainstDefaultRules': false };
  const template = withStack((_app, stack) => Template.fromStack(stack).toJSON(), context);
  return Object.entries(resources.parse(template['Resources'])).map(([id, resource]) => ({
    name: nameOf(id),
    type: resource.Type,
    properties: json.parse(readable(resource.Properties)),
    deletionPolicy: resource.DeletionPolicy,
  }));
}

export const ofType = (all: readonly Resource[], type: string) =>
  all.filter((resource) => resource.type === type);

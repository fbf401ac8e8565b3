/**
 * The stacks as CloudFormation would get them. References are written as `<logical id without its hash>`, which is how the tests
 * name resources. What was synthesized is kept under the hash of everything it was made from, so that it is made once.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const ROOT = join(__dirname, '../../..');
const KEPT = join(ROOT, 'node_modules/.cache/hallpass-infra');

const json = z.record(z.string(), z.unknown());
const cdkJson = z.object({ context: json });
const templateOf = z.object({
  Parameters: z.record(z.string(), json),
  Conditions: z.record(z.string(), json).default({}),
  Outputs: z
    .record(
      z.string(),
      z.object({ Value: z.unknown(), Export: z.object({ Name: z.string() }).optional() }),
    )
    .default({}),
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      Properties: json.default({}),
      DeletionPolicy: z.string().optional(),
    }),
  ),
});
const stacks = z.object({ data: templateOf, app: templateOf });
const templates = z.object({ dev: stacks, prod: stacks });
export type StageName = 'dev' | 'prod';

export type Resource = {
  readonly name: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly deletionPolicy: string | undefined;
};

/** The context of cdk.json, as the command line would pass it. */
export const cdkContext = (): Record<string, unknown> =>
  cdkJson.parse(JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8'))).context;

const sources = (): string[] => {
  const code = ['infra', 'shared', 'test/infra/support'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.startsWith('dist'))
      .map((file) => join(folder, file)),
  );
  return [...code.sort(), 'cdk.json', 'package-lock.json'];
};

const known = new Map<string, unknown>();

/** What support/synthesize-stack.ts prints. */
function made(what: 'template' | 'nag'): unknown {
  if (!known.has(what)) known.set(what, keptOrMade(what));
  return known.get(what);
}

function keptOrMade(what: string): unknown {
  const hash = createHash('sha256').update(`${process.version} ${what}`);
  for (const file of sources()) hash.update(file).update(readFileSync(join(ROOT, file)));
  const kept = join(KEPT, `${hash.digest('hex')}.json`);
  if (!existsSync(kept) && isMadeElsewhere(kept)) return JSON.parse(readFileSync(kept, 'utf8'));
  if (!existsSync(kept)) {
    try {
      keep(kept, what);
    } finally {
      rmSync(`${kept}.lock`, { force: true });
    }
  }
  return JSON.parse(readFileSync(kept, 'utf8'));
}

function keep(kept: string, what: string): void {
  const script = join(__dirname, 'synthesize-stack.ts');
  const said = execFileSync(process.execPath, ['--import', 'tsx', script, what], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  });
  mkdirSync(KEPT, { recursive: true });
  writeFileSync(`${kept}.${process.pid}`, said);
  renameSync(`${kept}.${process.pid}`, kept);
}

const MOST_WAITED_MS = 60_000;

/** Test files run beside each other and want the same: the first one makes it, the others wait for it, a minute at most. */
function isMadeElsewhere(kept: string): boolean {
  mkdirSync(KEPT, { recursive: true });
  try {
    writeFileSync(`${kept}.lock`, String(process.pid), { flag: 'wx' });
    return false;
  } catch (error) {
    if (!existsSync(`${kept}.lock`) && !existsSync(kept)) throw error;
    const until = Date.now() + MOST_WAITED_MS;
    while (!existsSync(kept) && Date.now() < until)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    return existsSync(kept);
  }
}

const nameOf = (logicalId: string) => logicalId.replace(/[0-9A-F]{8}$/, '');

type Exports = ReadonlyMap<string, unknown>;

/** CloudFormation references as readable text, also those into the other stack; everything else as it is. */
function readable(value: unknown, exports: Exports): unknown {
  if (Array.isArray(value)) return value.map((item) => readable(item, exports));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [[key, inner] = ['', undefined]] = entries;
  if (entries.length === 1 && key === 'Ref') return `<${nameOf(String(inner))}>`;
  if (entries.length === 1 && key === 'Fn::ImportValue')
    return readable(exports.get(String(inner)) ?? `(nobody exports ${inner})`, exports);
  if (entries.length === 1 && key === 'Fn::GetAtt') {
    const [id, attribute] = z.tuple([z.string(), z.string()]).parse(inner);
    return attribute === 'Arn' ? `<${nameOf(id)}>` : `<${nameOf(id)}.${attribute}>`;
  }
  // A part of an ARN, which is how CDK gets a function's name.
  if (entries.length === 1 && key === 'Fn::Select') {
    const [, from] = z.tuple([z.unknown(), z.record(z.string(), z.unknown())]).parse(inner);
    return readable(z.tuple([z.string(), z.unknown()]).parse(from['Fn::Split'])[1], exports);
  }
  if (entries.length === 1 && key === 'Fn::Join') {
    const [separator, parts] = z.tuple([z.string(), z.array(z.unknown())]).parse(inner);
    return parts.map((part) => readable(part, exports)).join(separator);
  }
  return Object.fromEntries(entries.map(([name, item]) => [name, readable(item, exports)]));
}

/** The templates of the data stack and the app stack. */
export const synthesizeTemplates = (stage: StageName = 'prod') =>
  templates.parse(made('template'))[stage];

/** What both stacks consist of, the data first. */
export function synthesize(stage: StageName = 'prod'): readonly Resource[] {
  const { data, app } = synthesizeTemplates(stage);
  const exports = new Map(
    Object.values(data.Outputs).map((output) => [output.Export?.Name ?? '', output.Value] as const),
  );
  return [data, app].flatMap(({ Resources }) =>
    Object.entries(Resources).map(([id, resource]) => ({
      name: nameOf(id),
      type: resource.Type,
      properties: json.parse(readable(resource.Properties, exports)),
      deletionPolicy: resource.DeletionPolicy,
    })),
  );
}

export const ofType = (all: readonly Resource[], type: string) =>
  all.filter((resource) => resource.type === type);

const report = z.object({
  pluginReports: z.array(
    z.object({
      violations: z.array(
        z.object({
          ruleName: z.string(),
          violatingConstructs: z.array(z.object({ constructPath: z.string() })),
        }),
      ),
    }),
  ),
});

/** What cdk-nag and CDK's own rules find in the stack and in a weak queue beside it: `<construct> <rule>`. */
export const nagFindings = (): string[] =>
  report
    .parse(made('nag'))
    .pluginReports.flatMap(({ violations }) =>
      violations.flatMap(({ ruleName, violatingConstructs }) =>
        violatingConstructs.map(({ constructPath }) => `${constructPath} ${ruleName}`),
      ),
    )
    .sort();

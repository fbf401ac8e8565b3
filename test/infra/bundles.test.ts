/**
 * The built bundles, not the sources: each is loaded by a fresh Node process, as Lambda would, so that a stub that hides
 * something the code needs is found here. Sizes are budgets of docs/decisions/0004.
 */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { anyEnvironment } from '../../bench/any-environment.ts';
import { checkHandlers } from '../../infra/handlers.ts';
import { exportedNames } from '../../infra/left-out.ts';
import { environments, parseEnv } from '../../shared/config/env.ts';

const ROOT = join(__dirname, '../..');
/** What slack's cold start loads (design: 500 KB), with what an ask loads on top, and all of it. docs/decisions/0004. */
const BUDGET_BYTES = { start: 500_000, ask: 700_000, all: 1_000_000 };
const built = z.array(
  z.object({
    name: z.string(),
    file: z.string(),
    files: z.array(z.string()),
    bytes: z.number(),
    aheadBytes: z.number(),
    allBytes: z.number(),
  }),
);
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-bundles-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Places = { root: string; outFolder: string; policyFile: string };

/** esbuild does not run inside jest's sandbox, so infra/bundle.ts runs in a process of its own, once for all `places`. */
function build(...places: Places[]) {
  const script = `
    import { buildFunctions } from '${join(ROOT, 'infra/bundle.ts')}';
    const answers = [];
    for (const places of ${JSON.stringify(places)})
      answers.push(await buildFunctions(places).catch(({ message }) => message));
    console.log(JSON.stringify(answers));`;
  const said = execFileSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', script],
    { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' },
  );
  return z.array(z.union([built, z.string()])).parse(JSON.parse(said));
}

function handlerIn(root: string, name: string, source: string): void {
  mkdirSync(join(root, 'lambdas', name), { recursive: true });
  writeFileSync(join(root, 'lambdas', name, 'handler.ts'), source);
}

/** The entry, and whatever of it is loaded only when it is first needed. */
function load(file: string, env: Record<string, string>): string {
  const parts = readdirSync(dirname(file)).filter((name) => /^part-.*\.mjs$/.test(name));
  const later = parts.map((name) => `import('file://${join(dirname(file), name)}')`);
  const script = `import('file://${file}').then(async ({ handler }) => {
    await Promise.all([${later}]);
    console.log(typeof handler);
  })`;
  return execFileSync(process.execPath, ['--eval', script], {
    env: { PATH: process.env['PATH'], ...env },
    encoding: 'utf8',
    stdio: 'pipe',
  }).trim();
}

/** Uses Bolt with a receiver of its own, a DynamoDB client, zod and, when told to, something that was left out. */
const BOLT_HANDLER = `
import { App, Assistant, ExpressReceiver } from '@slack/bolt';
import * as z from 'zod';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
const receiver = { init() {}, start: async () => undefined, stop: async () => undefined };
const app = new App({ receiver, authorize: async () => ({ botToken: 'xoxb-example' }) });
app.command('/hello', async ({ ack }) => ack());
new DynamoDBClient({ region: 'eu-central-1' });
const Port = z.object({ port: z.coerce.number().int().max(65535).default(3000) });
if (Port.parse({}).port !== 3000 || Port.safeParse({ port: 70000 }).success) throw new Error('zod');
if (process.env.USE_EXPRESS) new ExpressReceiver({ signingSecret: 'example' });
if (process.env.USE_ASSISTANT) new Assistant({ threadStarted: async () => {}, userMessage: async () => {} });
if (process.env.USE_JSON_SCHEMA) z.toJSONSchema(Port);
export const handler = async () => app;
`;

describe('a project with three handlers', () => {
  let first: z.infer<typeof built>;
  let second: z.infer<typeof built>;
  let withoutPolicy: unknown;
  const bundle = (name: string) => first.find((one) => one.name === name)!;

  beforeAll(() => {
    const policyFile = join(folder, 'some.yaml');
    writeFileSync(policyFile, 'version: 1\n');
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    handlerIn(folder, 'slack', BOLT_HANDLER);
    handlerIn(folder, 'route', `export const handler = async (): Promise<number> => 7;`);
    handlerIn(folder, 'sweep', `export const handler = async (): Promise<number> => 7;`);
    mkdirSync(join(folder, 'lambdas/unfinished'));
    const answers = build(
      { root: folder, outFolder: join(folder, 'one'), policyFile },
      { root: folder, outFolder: join(folder, 'two'), policyFile },
      { root: folder, outFolder: join(folder, 'three'), policyFile: join(folder, 'none.yaml') },
    );
    [first, second] = [built.parse(answers[0]), built.parse(answers[1])];
    withoutPolicy = answers[2];
  });

  test('every folder with a handler.ts becomes a bundle with a source map', () => {
    expect(first.map(({ name }) => name)).toEqual(['route', 'slack', 'sweep']);
    for (const { file } of first) expect(existsSync(`${file}.map`)).toBe(true);
  });

  test('Bolt, zod and the SDK work without what was left out', () => {
    const { file, bytes } = bundle('slack');
    expect(load(file, {})).toBe('function');
    expect(bytes).toBeLessThan(400_000);
  });

  test.each([
    ['a receiver of Bolt', 'USE_EXPRESS'],
    ['an assistant of Bolt', 'USE_ASSISTANT'],
    ['the JSON Schema of zod', 'USE_JSON_SCHEMA'],
  ])('touching %s, which was left out, is an error at once', (_what, use) => {
    expect(() => load(bundle('slack').file, { [use]: '1' })).toThrow(
      /this module is left out of the Lambda bundle/,
    );
  });

  test('only a function whose environment names a policy carries the policy file', () => {
    expect(readFileSync(join(folder, 'one/sweep/access.yaml'), 'utf8')).toBe('version: 1\n');
    expect(existsSync(join(folder, 'one/slack/access.yaml'))).toBe(false);
    expect(existsSync(join(folder, 'one/route/access.yaml'))).toBe(false);
  });

  test('two builds of equal sources give equal bytes', () => {
    for (const [index, { file }] of first.entries())
      expect(readFileSync(second[index]!.file)).toEqual(readFileSync(file));
  });

  test('a missing policy file is named together with the way out', () => {
    expect(withoutPolicy).toMatch(
      /none\.yaml: missing, but sweep loads it\. Write it or set HALLPASS_POLICY/,
    );
  });
});

test('the environment in which the bench starts slack has all that slack asks for', () => {
  expect(() => parseEnv(environments.slack, anyEnvironment)).not.toThrow();
});

test('what an ES module exports is known, so that each name can throw', () => {
  expect(
    exportedNames(
      "import a from 'b';\nexport function one() {}\nexport async function two() {}\nexport class Three {}\nexport const four = 4;\nexport { five, six as seven };\nexport { eight } from './x.js';\n",
    ),
  ).toEqual(['one', 'two', 'Three', 'four', 'five', 'seven', 'eight']);
});

test('a function without a handler, and a handler without an environment, stop the build by name', () => {
  const all = Object.keys(environments);
  const check = (names: string[]) => () => checkHandlers(names);
  expect(check(all)).not.toThrow();
  expect(check(all.filter((name) => name !== 'sweep'))).toThrow(
    /lambdas\/sweep\/handler\.ts: missing, but the stack deploys it/,
  );
  expect(check([...all, 'extra'])).toThrow(
    /lambdas\/extra\/handler\.ts: no environment in shared\/config\/env\.ts/,
  );
});

describe('the functions of this project', () => {
  const anything = {
    HALLPASS_TENANT: 'main',
    JOURNAL_TABLE: 'journal',
    STATE_TABLE: 'state',
    POLICY_PATH: 'access.yaml',
    GRANTS_QUEUE_URL: 'https://queue.example/grants',
    REMOVALS_QUEUE_URL: 'https://queue.example/removals',
    ANNOUNCE_QUEUE_URL: 'https://queue.example/announce',
    REMOVALS_QUEUE_ARN: 'arn:aws:sqs:eu-central-1:1:removals',
    SCHEDULER_GROUP: 'ends',
    SCHEDULER_ROLE_ARN: 'arn:aws:iam::1:role/ends',
    SCHEDULER_DEAD_LETTERS_ARN: 'arn:aws:sqs:eu-central-1:1:ends-dead-letters',
    SLACK_TEAM_ID: 'T0EXAMPLE',
    SLACK_APP_ID: 'A0EXAMPLE',
    SLACK_SECRET_ID: 'slack',
    GITHUB_SECRET_ID: 'github',
    GITLAB_SECRET_ID: 'gitlab',
    ONCALL_SECRET_ID: 'on-call',
    TICKETS_SECRET_ID: 'tickets',
    AUTHENTICATOR_KEY_ID: 'key',
    PROVIDERS: 'github gitlab',
    AUDIT_BUCKET: 'audit',
    AUDIT_KEY_ID: 'key',
    EXPORT_QUEUE_URL: 'https://queue.example/export',
    EXPORT_BUS_ARN: 'arn:aws:events:eu-central-1:1:event-bus/siem',
    PUBLIC_URL: 'https://hallpass.example',
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example',
  };

  let functions: z.infer<typeof built>;
  beforeAll(() => {
    const places = {
      root: ROOT,
      outFolder: join(folder, 'project'),
      policyFile: join(ROOT, 'access.yaml'),
    };
    functions = built.parse(build(places)[0]);
  });

  test('every environment has its bundle', () => {
    expect(functions.map(({ name }) => name)).toEqual(Object.keys(environments).sort());
  });

  test.each(Object.keys(environments))(
    '%s loads in a bare Node process and exports a handler',
    (name) => {
      expect(load(functions.find((one) => one.name === name)!.file, anything)).toBe('function');
    },
  );

  const slack = () => functions.find(({ name }) => name === 'slack')!;
  const textOf = (files: readonly string[]) =>
    files.map((file) => readFileSync(file, 'utf8')).join('\n');

  test('slack keeps its size: at start, with what an ask loads on top, and in all', () => {
    const { bytes, aheadBytes, allBytes } = slack();
    expect(bytes).toBeLessThanOrEqual(BUDGET_BYTES.start);
    expect(aheadBytes).toBeGreaterThan(0);
    expect(bytes + aheadBytes).toBeLessThanOrEqual(BUDGET_BYTES.ask);
    expect(allBytes).toBeLessThanOrEqual(BUDGET_BYTES.all);
  });

  test.each([
    ['KMS', 'KMSClient'],
    ['SQS', 'SQSClient'],
    ['asking', 'asks for'],
    ['the authenticator', 'authenticator-reset-start'],
  ])('slack carries %s, and loads it only when it is needed', (_what, text) => {
    const all = readdirSync(dirname(slack().file)).filter((name) => name.endsWith('.mjs'));
    const parts = all.map((name) => join(dirname(slack().file), name));
    const rows = textOf(slack().files).split(text).length - 1;
    expect(rows).toBeLessThanOrEqual(text === 'authenticator-reset-start' ? 1 : 0);
    expect(textOf(parts).split(text).length - 1).toBeGreaterThan(rows);
  });

  test('a cold start reads few files: what its parts share is in one', () => {
    expect(slack().files.length).toBeLessThanOrEqual(3);
  });

  test.each([
    ['EventBridgeClient', ['export']],
    ['S3Client', ['export', 'seal']],
  ])('%s is in the bundle of %j alone', (client, names) => {
    const holding = functions.filter(({ file }) =>
      readdirSync(dirname(file)).some(
        (part) =>
          part.endsWith('.mjs') && readFileSync(join(dirname(file), part), 'utf8').includes(client),
      ),
    );
    expect(holding.map(({ name }) => name)).toEqual(names);
  });

  test('a bundle refuses to start without its environment and names what is missing', () => {
    expect(() => load(functions[0]!.file, {})).toThrow(/HALLPASS_TENANT is missing/);
  });
});

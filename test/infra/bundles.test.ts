/**
 * The built bundles, not the sources: each is loaded by a fresh Node process, as Lambda would, so that a stub that hides
 * something the code needs is found here. Sizes are budgets of docs/decisions/0004.
 */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { environments } from '../../shared/config/env.ts';

const ROOT = join(__dirname, '../..');
const SLACK_BUDGET_BYTES = 500_000;
const built = z.array(z.object({ name: z.string(), file: z.string(), bytes: z.number() }));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-bundles-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** esbuild does not run inside jest's sandbox, so infra/bundle.ts runs in a process of its own. */
function inBundle(expression: string): string {
  const script = `import * as bundle from '${join(ROOT, 'infra/bundle.ts')}'; console.log(JSON.stringify(await (${expression})));`;
  return execFileSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', script],
    { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' },
  );
}

function build(root: string, outFolder: string, policyFile: string) {
  const places = JSON.stringify({ root, outFolder, policyFile });
  return built.parse(JSON.parse(inBundle(`bundle.buildFunctions(${places})`)));
}

function handlerIn(root: string, name: string, source: string): void {
  mkdirSync(join(root, 'lambdas', name), { recursive: true });
  writeFileSync(join(root, 'lambdas', name, 'handler.ts'), source);
}

function load(file: string, env: Record<string, string>): string {
  const script = `import('file://${file}').then(({ handler }) => console.log(typeof handler))`;
  return execFileSync(process.execPath, ['--eval', script], {
    env: { PATH: process.env['PATH'], ...env },
    encoding: 'utf8',
    stdio: 'pipe',
  }).trim();
}

/** Uses Bolt with a receiver of its own, a DynamoDB client, and, when told to, something that was left out. */
const BOLT_HANDLER = `
import { App, ExpressReceiver } from '@slack/bolt';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
const receiver = { init() {}, start: async () => undefined, stop: async () => undefined };
const app = new App({ receiver, authorize: async () => ({ botToken: 'xoxb-example' }) });
app.command('/hello', async ({ ack }) => ack());
new DynamoDBClient({ region: 'eu-central-1' });
if (process.env.USE_EXPRESS) new ExpressReceiver({ signingSecret: 'example' });
export const handler = async () => app;
`;

describe('a project with two handlers', () => {
  const policy = () => join(folder, 'some.yaml');

  beforeAll(() => {
    writeFileSync(policy(), 'version: 1\n');
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    handlerIn(folder, 'slack', BOLT_HANDLER);
    handlerIn(folder, 'route', `export const handler = async (): Promise<number> => 7;`);
    mkdirSync(join(folder, 'lambdas/unfinished'));
  });

  test('every folder with a handler.ts becomes a bundle with a source map', () => {
    const functions = build(folder, join(folder, 'dist'), policy());
    expect(functions.map(({ name }) => name)).toEqual(['route', 'slack']);
    for (const { file } of functions) expect(existsSync(`${file}.map`)).toBe(true);
  });

  test('Bolt and the SDK work without what was left out, and touching that is an error at once', () => {
    const [, slack] = build(folder, join(folder, 'dist'), policy());
    expect(load(slack!.file, {})).toBe('function');
    expect(slack!.bytes).toBeLessThan(400_000);
    expect(() => load(slack!.file, { USE_EXPRESS: '1' })).toThrow(
      /this module is left out of the Lambda bundle/,
    );
  });

  test('only a function whose environment names a policy carries the policy file', () => {
    build(folder, join(folder, 'dist'), policy());
    expect(readFileSync(join(folder, 'dist/slack/access.yaml'), 'utf8')).toBe('version: 1\n');
    expect(existsSync(join(folder, 'dist/route/access.yaml'))).toBe(false);
  });

  test('two builds of equal sources give equal bytes', () => {
    const [, first] = build(folder, join(folder, 'one'), policy());
    const [, second] = build(folder, join(folder, 'two'), policy());
    expect(readFileSync(second!.file)).toEqual(readFileSync(first!.file));
  });

  test('a missing policy file is named together with the way out', () => {
    expect(() => build(folder, join(folder, 'dist'), join(folder, 'none.yaml'))).toThrow(
      /none\.yaml: missing, but slack decides by it\. Write it or set HALLPASS_POLICY/,
    );
  });
});

test('a function without a handler, and a handler without an environment, stop the build by name', () => {
  const all = Object.keys(environments);
  const check = (names: string[]) => () =>
    inBundle(`bundle.checkHandlers(${JSON.stringify(names)})`);
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
    AUTHENTICATOR_KEY_ID: 'key',
    PUBLIC_URL: 'https://hallpass.example',
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example',
  };

  test('every bundle loads in a bare Node process and exports a handler; slack keeps its size', () => {
    const out = join(folder, 'project');
    const functions = build(ROOT, out, join(ROOT, 'access.yaml'));
    const loaded = functions.map(({ name, file }) => [name, load(file, anything)]);
    expect(loaded).toEqual(
      Object.keys(environments)
        .sort()
        .map((name) => [name, 'function']),
    );
    const slack = functions.find(({ name }) => name === 'slack');
    expect(slack?.bytes).toBeLessThanOrEqual(SLACK_BUDGET_BYTES);
  });

  test('a bundle refuses to start without its environment and names what is missing', () => {
    const [first] = build(ROOT, join(folder, 'bare'), join(ROOT, 'access.yaml'));
    expect(() => load(first!.file, {})).toThrow(/HALLPASS_TENANT is missing/);
  });
});

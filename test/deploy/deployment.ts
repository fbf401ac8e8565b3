/** Bootstraps and deploys as the README says, and knows what was deployed by the stacks' own outputs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { LOCAL } from '../../local/slack/workspace.ts';
import { run } from '../support/child-process.ts';
import { ACCOUNT, type Ministack, REGION } from './ministack.ts';

const WITHIN_MS = 240_000;
/** Of the stage that a deploy without an answer gets. */
const APP_STACK = 'Hallpass-dev';
const cdk = 'node_modules/aws-cdk/bin/cdk';

const json = <T>(schema: z.ZodType<T>) =>
  z.string().transform((text) => schema.parse(JSON.parse(text)));
const Names = z.record(z.string(), z.string());
const Outputs = z.object({
  JournalTable: z.string(),
  StateTable: z.string(),
  SlackSecret: z.string(),
  GithubSecret: z.string(),
  Address: z.url(),
  ScheduleGroup: z.string(),
  DeadLetterQueues: json(Names),
  Queues: json(Names),
  Settings: json(z.object({ tenant: z.string() })),
});
export type Outputs = z.infer<typeof Outputs>;

export const bootstrap = ({ env }: Ministack, work: string) =>
  succeed(['bootstrap', `aws://${ACCOUNT}/${REGION}`, ...synthesizedIn(work)], env);

export async function deploy(
  { env }: Ministack,
  work: string,
  outside: { slackApiUrl: string; githubApiUrl: string },
): Promise<Outputs> {
  const outputsFile = join(work, 'outputs.json');
  const parameters = {
    SlackTeamId: LOCAL.teamId,
    SlackAppId: LOCAL.appId,
    SlackApiUrl: outside.slackApiUrl,
    GithubApiUrl: outside.githubApiUrl,
  };
  const given = Object.entries(parameters).flatMap(([name, value]) => [
    '--parameters',
    `${APP_STACK}:${name}=${value}`,
  ]);
  await succeed(
    [
      ...['deploy', '--all', '--require-approval', 'never'],
      ...['--outputs-file', outputsFile, ...synthesizedIn(work), ...given],
    ],
    env,
  );
  const stacks = z.record(z.string(), Names).parse(JSON.parse(readFileSync(outputsFile, 'utf8')));
  return Outputs.parse(Object.assign({}, ...Object.values(stacks)));
}

const synthesizedIn = (work: string) => ['--output', join(work, 'cdk.out')];

async function succeed(asked: readonly string[], aws: NodeJS.ProcessEnv): Promise<void> {
  const env = { ...aws, HALLPASS_POLICY: 'test/deploy/access.yaml' };
  const { code, said } = await run(process.execPath, [cdk, ...asked], { env, withinMs: WITHIN_MS });
  if (code !== 0) throw new Error(`cdk ${asked[0]} ended with ${code}:\n${said}`);
}

/**
 * What a deployment told about itself: the stacks' outputs, kept by `npm run deploy` in .hallpass-deployed/<stage>.json. Addresses and
 * names only, never a secret. Deploying again without a change writes the file again.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

export const STAGES = ['dev', 'prod'] as const;
export type StageName = (typeof STAGES)[number];

const text = z.string().min(1);
const inJson = <T>(schema: z.ZodType<T>) =>
  z.string().transform((given, context): T => {
    const parsed = schema.safeParse(parseJson(given));
    if (parsed.success) return parsed.data;
    context.addIssue({ code: 'custom', message: 'is not what this version writes' });
    return z.NEVER;
  });

/** The app's parameters; those that nobody asks for here are only kept for the next app. */
const Settings = z
  .object({
    tenant: text,
    slackTeamId: text,
    slackAppId: text,
    slackApiUrl: z.url(),
    githubApiUrl: z.url(),
    githubAppKeyId: z.string(),
    gitlabApiUrl: z.string(),
  })
  .catchall(z.string());
export type Settings = z.output<typeof Settings>;

const Data = z.object({
  JournalTable: text,
  StateTable: text,
  AuditBucket: text,
  AuthenticatorKey: text,
  AuditSigningKey: text,
  SlackSecret: text,
  GithubSecret: text,
  GitlabSecret: text,
  /** Missing from what an earlier version wrote. */
  OnCallSecret: text.optional(),
  TicketsSecret: text.optional(),
});
const App = z.object({
  SlackRequestUrl: z.url(),
  Address: z.url(),
  ScheduleGroup: text,
  Queues: inJson(z.record(text, z.url())),
  DeadLetterQueues: inJson(z.record(text, z.url())),
  Settings: inJson(Settings),
  DashboardUrl: z.url(),
});

const Unreadable = z.object({ code: z.string().default('unreadable') });
export type Deployed = z.output<typeof Data> & z.output<typeof App> & { stage: StageName };

export const deployedFile = (stage: StageName): string =>
  join('.hallpass-deployed', `${stage}.json`);

/** @returns a sentence where the file says nothing usable */
export function readDeployed(stage: StageName, file = deployedFile(stage)): Deployed | string {
  const again = `Run: npm run deploy -- -c stage=${stage} (without a change it only writes this file again).`;
  let given: string;
  try {
    given = readFileSync(file, 'utf8');
  } catch (error) {
    const why = Unreadable.parse(error).code;
    return `${file} cannot be read (${why}), so nothing is known of a deployment of ${stage}. ${again}`;
  }
  const stacks = z.record(z.string(), z.unknown()).catch({}).parse(parseJson(given));
  const data = Data.safeParse(stacks[`Hallpass-${stage}-data`]);
  const app = App.safeParse(stacks[`Hallpass-${stage}`]);
  if (data.success && app.success) return { ...data.data, ...app.data, stage };
  const issues = [...(data.error?.issues ?? []), ...(app.error?.issues ?? [])];
  const where = [...new Set(issues.map(({ path }) => path.join('.') || 'a whole stack'))];
  return `${file} is not usable: check ${where.slice(0, 5).join(', ')}. ${again}`;
}

function parseJson(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch {
    return undefined;
  }
}

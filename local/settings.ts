/**
 * Every switch of local mode, read once. Nothing set: all parts are embedded. A base URL replaces a part by a real
 * service and then needs its credentials; a missing one is named, its value never printed.
 */
import { existsSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import { type OutsideSettings, outsideSettings } from './outside-settings.ts';
import { LOCAL } from './slack/workspace.ts';

const text = z.string().min(1);
const Environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  HALLPASS_POLICY: text.default('access.yaml'),
  HALLPASS_DATA: text.default('.hallpass'),
  HALLPASS_PUBLIC_URL: z.url().optional(),
  HALLPASS_OPEN: z.string().optional(),
  HALLPASS_SLACK_PATIENCE: z.coerce.number().int().min(1).max(60).default(3),
  AWS_ENDPOINT_URL_DYNAMODB: z.url().optional(),
  AWS_ENDPOINT_URL_SCHEDULER: z.url().optional(),
  SLACK_API_URL: z.url().optional(),
  SLACK_BOT_TOKEN: text.optional(),
  SLACK_SIGNING_SECRET: text.optional(),
  SLACK_TEAM_ID: text.optional(),
  SLACK_APP_ID: text.optional(),
  GITHUB_API_URL: z.url().optional(),
  GITHUB_APP_ID: text.optional(),
  GITHUB_APP_PRIVATE_KEY: text.optional(),
  GITHUB_APP_INSTALLATION_ID: z.coerce.number().int().positive().optional(),
  GITLAB_API_URL: z.url().optional(),
  GITLAB_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'must be visible ASCII without spaces')
    .optional(),
});

export type SlackSettings = {
  apiUrl: string;
  botToken: string;
  signingSecret: string;
  teamId: string;
  appId: string;
};
export type GithubSettings = {
  baseUrl: string;
  appId: string;
  privateKey: string;
  installationId: number;
};
export type GitlabSettings = { baseUrl: string; token: string };
export type Settings = {
  port: number;
  policyFile: string;
  /** Folder of everything that survives a restart; null keeps it all in memory (tests). */
  dataDir: string | null;
  publicUrl: string | null;
  openBrowser: boolean;
  /** How long the stand-in waits for an answer, and how long a trigger serves. Slack's own are 3 s; busy machines need more. */
  slackPatienceMs: number;
  dynamoUrl: string | null;
  schedulerUrl: string | null;
  /** Null: the stand-in. */
  slack: SlackSettings | null;
  github: GithubSettings | null;
  gitlab: GitlabSettings | null;
  outside: OutsideSettings;
};

/** @throws Error naming every switch that is missing or wrong */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(given);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`);
    throw new Error(`These switches are wrong: ${wrong.join('; ')}. See the README, "Switches".`);
  }
  const e = parsed.data;
  const slack = slackSettings(e);
  const publicUrl = e.HALLPASS_PUBLIC_URL?.replace(/\/$/, '') ?? null;
  if (slack && !isLoopback(slack.apiUrl) && !publicUrl)
    throw new Error(
      'HALLPASS_PUBLIC_URL is missing: with a real Slack workspace people reach the enrolment page at that address.',
    );
  return {
    port: e.PORT,
    policyFile: e.HALLPASS_POLICY,
    dataDir: e.HALLPASS_DATA,
    publicUrl,
    openBrowser: e.HALLPASS_OPEN === '1',
    slackPatienceMs: e.HALLPASS_SLACK_PATIENCE * 1000,
    dynamoUrl: e.AWS_ENDPOINT_URL_DYNAMODB ?? null,
    schedulerUrl: e.AWS_ENDPOINT_URL_SCHEDULER ?? null,
    slack,
    outside: outsideSettings(env),
    github: githubSettings(e),
    gitlab: e.GITLAB_API_URL
      ? {
          baseUrl: e.GITLAB_API_URL,
          token: needed(e.GITLAB_TOKEN, 'GITLAB_TOKEN', 'GITLAB_API_URL'),
        }
      : null,
  };
}

type Env = z.infer<typeof Environment>;

function slackSettings(e: Env): SlackSettings | null {
  if (!e.SLACK_API_URL) return null;
  return {
    apiUrl: e.SLACK_API_URL,
    botToken: needed(e.SLACK_BOT_TOKEN, 'SLACK_BOT_TOKEN', 'SLACK_API_URL'),
    signingSecret: needed(e.SLACK_SIGNING_SECRET, 'SLACK_SIGNING_SECRET', 'SLACK_API_URL'),
    teamId: e.SLACK_TEAM_ID ?? LOCAL.teamId,
    appId: e.SLACK_APP_ID ?? LOCAL.appId,
  };
}

function githubSettings(e: Env): GithubSettings | null {
  if (!e.GITHUB_API_URL) return null;
  const key = needed(e.GITHUB_APP_PRIVATE_KEY, 'GITHUB_APP_PRIVATE_KEY', 'GITHUB_API_URL');
  return {
    baseUrl: e.GITHUB_API_URL,
    appId: needed(e.GITHUB_APP_ID, 'GITHUB_APP_ID', 'GITHUB_API_URL'),
    // A PEM, or the path of one.
    privateKey: !key.includes('-----BEGIN') && existsSync(key) ? readFileSync(key, 'utf8') : key,
    installationId: needed(
      e.GITHUB_APP_INSTALLATION_ID,
      'GITHUB_APP_INSTALLATION_ID',
      'GITHUB_API_URL',
    ),
  };
}

function needed<T>(value: T | undefined, name: string, because: string): T {
  if (value === undefined) throw new Error(`${name} is missing: ${because} is set.`);
  return value;
}

export function isLoopback(url: string): boolean {
  const host = new URL(url).hostname;
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

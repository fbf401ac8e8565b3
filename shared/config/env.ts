/**
 * What each function reads from its environment: one schema per function, each with no more than that function needs.
 * Handlers parse theirs once at cold start; the CDK constructs take the same type, so a variable that the code needs and
 * infra forgets does not compile. No secret is ever in here, only the ids under which Secrets Manager and KMS know them.
 */
import * as z from 'zod';

const text = z.string().min(1);
const url = z.url({ protocol: /^https?$/, error: 'must be an http or https address' });
const arn = z.string().regex(/^arn:[^:]+:[^:]+:/, 'must be an ARN');
const slackId = (letter: string, what: string) =>
  z.string().regex(new RegExp(`^${letter}[A-Z0-9]+$`), `must be a Slack ${what} id`);

/** First part of every key; `#` separates key parts, so it must not be in here. */
const tenant = {
  HALLPASS_TENANT: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be at most 32 lower-case letters, digits and dashes'),
};
const journal = { JOURNAL_TABLE: text };
const tables = { ...journal, STATE_TABLE: text };
/** The policy file, beside the bundle when deployed; only who loads it names it, all others read the active one from the tables. */
const policy = { POLICY_PATH: text };
const queues = { GRANTS_QUEUE_URL: url, REMOVALS_QUEUE_URL: url, ANNOUNCE_QUEUE_URL: url };
/** Ids under which the function finds the Slack secret; the API address only changes in local mode. */
const team = { SLACK_TEAM_ID: slackId('T', 'team') };
const slackApi = {
  ...team,
  SLACK_SECRET_ID: text,
  SLACK_API_URL: url.default('https://slack.com/api/'),
};
/** The address at which people reach the enrolment page, without a trailing slash. */
const publicUrl = { PUBLIC_URL: url.regex(/[^/]$/, 'must not end with a slash') };
/** KMS key that wraps the authenticators' data keys. */
const authenticatorKey = { AUTHENTICATOR_KEY_ID: text };
/** Secrets of the systems that say who is on call, and of those that keep tickets. */
const onCall = { ONCALL_SECRET_ID: text };
const tickets = { TICKETS_SECRET_ID: text };

/** What the continuous export writes: rows that prove themselves, or OCSF events. */
export const EXPORT_FORMATS = ['jsonl', 'ocsf'] as const;
/** Where checkpoints lie. */
const auditBucket = { AUDIT_BUCKET: text };

export const environments = {
  slack: z.object({
    ...tenant,
    ...tables,
    ...slackApi,
    ANNOUNCE_QUEUE_URL: url,
    SLACK_APP_ID: slackId('A', 'app'),
    ...publicUrl,
    ...authenticatorKey,
    /** Those that `ensure` can reach, separated by blanks: nothing else can be asked for. */
    PROVIDERS: z.string().regex(/^[a-z]+( [a-z]+)*$/, 'must name providers, separated by blanks'),
    ...onCall,
    ...tickets,
  }),
  enroll: z.object({ ...tenant, ...tables, ...publicUrl, ...authenticatorKey }),
  route: z.object({ ...tenant, ...journal, ...queues }),
  ensure: z.object({
    ...tenant,
    ...tables,
    ...team,
    GRANTS_QUEUE_URL: url,
    REMOVALS_QUEUE_URL: url,
    /** Target of every schedule. */
    REMOVALS_QUEUE_ARN: arn,
    SCHEDULER_GROUP: text,
    /** Role that Scheduler assumes to reach the removals queue. */
    SCHEDULER_ROLE_ARN: arn,
    /** Where Scheduler leaves an end that it could not deliver. */
    SCHEDULER_DEAD_LETTERS_ARN: arn,
    GITHUB_SECRET_ID: text,
    GITHUB_API_URL: url.default('https://api.github.com'),
    /** RSA key in KMS that signs as the GitHub App; without it the private key is in the secret. */
    GITHUB_APP_KEY_ID: text.optional(),
    GITLAB_SECRET_ID: text,
    /** `https://gitlab.com` or a self-managed one; without it GitLab is not used. */
    GITLAB_API_URL: url.optional(),
  }),
  announce: z.object({ ...tenant, ...tables, ...slackApi, ...onCall, ANNOUNCE_QUEUE_URL: url }),
  digest: z.object({ ...tenant, ...tables, ANNOUNCE_QUEUE_URL: url }),
  seal: z.object({
    ...tenant,
    ...tables,
    ...auditBucket,
    /** KMS key that signs checkpoints. */
    AUDIT_KEY_ID: text,
    EXPORT_QUEUE_URL: url,
  }),
  export: z.object({
    ...tenant,
    ...journal,
    ...auditBucket,
    EXPORT_FORMAT: z.enum(EXPORT_FORMATS).default('jsonl'),
    /** EventBridge bus to which events go beside the files; without it to none. */
    EXPORT_BUS_ARN: arn.optional(),
  }),
  sweep: z.object({ ...tenant, ...tables, ...team, ...policy, ...queues, ...tickets }),
} as const;

export type FunctionName = keyof typeof environments;

/** What infra has to set for a function: variables with a default may be left out. */
export type EnvOf<Name extends FunctionName> = z.input<(typeof environments)[Name]>;

/** Parses once at cold start. Throws one Error that names every missing or bad variable and never a value. */
export function parseEnv<Schema extends z.ZodObject>(
  schema: Schema,
  env: Readonly<Record<string, string | undefined>>,
): z.output<Schema> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const problems = new Map(
    result.error.issues.map(({ path, message }) => {
      const name = String(path[0]);
      return [name, given[name] === undefined ? 'is missing' : message];
    }),
  );
  const list = [...problems].map(([name, problem]) => `${name} ${problem}`).join('; ');
  throw new Error(`The environment of this function is not usable: ${list}.`);
}

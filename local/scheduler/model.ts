/**
 * What crosses the embedded scheduler's border: request bodies with the limits of the real API reference, and the records
 * that are kept on disk. Unknown body fields are dropped, as AWS does.
 */
import * as z from 'zod';
import { invalid } from './api-error.ts';

const Arn = z
  .string()
  .max(1600)
  .regex(/^arn:aws[a-z-]*:[^:\s]+:[^:\s]*:[^:\s]*:\S+$/);
const RoleArn = Arn.regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/);
const QueueArn = Arn.regex(/^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[a-zA-Z0-9_-]+$/);
const Name = z.string().regex(/^[0-9a-zA-Z-_.]{1,64}$/);
const Token = z.string().regex(/^[a-zA-Z0-9-_]{1,64}$/);
const mostInputBytes = 256 * 1024;

const RetryPolicy = z.object({
  MaximumEventAgeInSeconds: z.int().min(60).max(86_400).default(86_400),
  MaximumRetryAttempts: z.int().min(0).max(185).default(185),
});

const Target = z.object({
  Arn,
  RoleArn,
  Input: z
    .string()
    .min(1)
    .refine((text) => Buffer.byteLength(text) <= mostInputBytes, 'at most 262144 bytes')
    .optional(),
  DeadLetterConfig: z.object({ Arn: QueueArn.optional() }).optional(),
  RetryPolicy: RetryPolicy.default(RetryPolicy.parse({})),
  SqsParameters: z.object({ MessageGroupId: z.string().min(1).max(128).optional() }).optional(),
});

const FlexibleTimeWindow = z.discriminatedUnion('Mode', [
  z.object({ Mode: z.literal('OFF') }),
  z.object({ Mode: z.literal('FLEXIBLE'), MaximumWindowInMinutes: z.int().min(1).max(1440) }),
]);

/** What a schedule is, without its place: the part that GetSchedule gives back. */
const Definition = z.object({
  ActionAfterCompletion: z.enum(['NONE', 'DELETE']).default('NONE'),
  Description: z.string().max(512).optional(),
  EndDate: z.number().optional(),
  FlexibleTimeWindow,
  KmsKeyArn: Arn.optional(),
  ScheduleExpression: z.string().min(1).max(256),
  ScheduleExpressionTimezone: z.string().min(1).max(50).default('UTC'),
  StartDate: z.number().optional(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Target,
});
const PutBody = Definition.extend({
  GroupName: Name.default('default'),
  ClientToken: Token.optional(),
});
const GroupBody = z.object({ ClientToken: Token.optional() });
const Page = z.object({
  MaxResults: z.coerce.number().int().min(1).max(100).default(100),
  NextToken: z.string().min(1).max(2048).optional(),
  NamePrefix: Name.optional(),
  ScheduleGroup: Name.optional(),
  State: z.enum(['ENABLED', 'DISABLED']).optional(),
});

export type Definition = z.infer<typeof Definition>;
export type Page = z.infer<typeof Page>;
export type ScheduleKey = { readonly group: string; readonly name: string };
export type PutSchedule = {
  readonly key: ScheduleKey;
  readonly definition: Definition;
  readonly clientToken: string | undefined;
};

export const ScheduleRecord = z.object({
  group: z.string(),
  name: z.string(),
  /** Changes with every create and update, so that a delivery under way notices that its schedule was replaced. */
  revision: z.string(),
  definition: Definition,
  createdAt: z.number(),
  modifiedAt: z.number(),
  dueAt: z.number(),
  /** Attempts so far of the invocation under way; `null` before the first. */
  run: z
    .object({ id: z.string(), attempts: z.int(), startedAt: z.number(), nextAt: z.number() })
    .nullable(),
  /** It was delivered or given up; it stays listed but never fires again. */
  completed: z.boolean(),
});
export type ScheduleRecord = z.infer<typeof ScheduleRecord>;
export const GroupRecord = z.object({ createdAt: z.number(), modifiedAt: z.number() });
export type GroupRecord = z.infer<typeof GroupRecord>;

export function readPut(name: string, body: unknown): PutSchedule {
  const { GroupName, ClientToken, ...definition } = validated(PutBody, body);
  const key = { group: GroupName, name: readName(name) };
  return { key, definition, clientToken: ClientToken };
}

export const readName = (name: string): string =>
  validated(z.object({ Name }), { Name: name }).Name;
export const readPage = (query: Record<string, string>): Page => validated(Page, query);
export const readToken = (token: unknown): string | undefined =>
  validated(GroupBody, { ClientToken: token }).ClientToken;
export const readGroupToken = (body: unknown): string | undefined =>
  validated(GroupBody, body).ClientToken;

function validated<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    ({ path, message }) =>
      `Value at '${path.map(String).map(lowerFirst).join('.')}' failed to satisfy constraint: ${message}`,
  );
  const count = `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected`;
  throw invalid(`${count}: ${problems.join('; ')}`);
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

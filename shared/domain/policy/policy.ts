/**
 * The shape of `access.yaml`, keys spelled as the file spells them. Durations are seconds once parsed.
 * Whatever the evaluator does not honour yet is not accepted: a key that is read and ignored would be access wider than written.
 * What spans several places (unknown roles, unreachable approvers ...) is the business of lint.ts.
 */
import * as z from 'zod';
import { parseDuration } from '../duration.ts';
import { ticketPattern } from './ticket-pattern.ts';

const LONGEST_DURATION_SECONDS = 365 * 86_400;

/** Keys of the policy language that no evaluator honours yet, and what to do meanwhile. */
export const NOT_SUPPORTED_YET: ReadonlyMap<string, string> = new Map([
  ['limits', 'Limits per person and entitlement are not supported yet: remove the key'],
  ['tier0', 'tier0 needs passkeys, which are not supported yet: keep such roles out of the bot'],
  ['step_up', 'Passkeys are not supported yet: remove step_up'],
  ['widening_delay', 'widening_delay is not supported yet: remove the key'],
  ['freeze', 'Freeze windows are not supported yet: write a deny rule while a freeze lasts'],
  [
    'freeze_windows',
    'Freeze windows are not supported yet: write a deny rule while a freeze lasts',
  ],
  ['auto_approve', 'Automatic approval is not supported yet: write `approvals` with a count'],
  ['separation', 'Separation of duties is not supported yet: write a deny rule'],
  ['conflicts_with', 'Separation of duties is not supported yet: write a deny rule'],
  ['on_call', 'On-call schedules are not supported yet: name the people or their role'],
  ['schedule', 'On-call schedules are not supported yet: name the people or their role'],
]);

const unsupported = (keys: readonly string[]): string | undefined => {
  const sentences = keys.flatMap((key) => NOT_SUPPORTED_YET.get(key) ?? []);
  return sentences.length > 0 ? sentences.join('. ') : undefined;
};

function strict<const Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? unsupported(issue.keys) : undefined),
  });
}

const text = (pattern: RegExp, message: string, fix: string) =>
  z.string().refine((value) => pattern.test(value), { message, params: { fix } });

const Name = text(
  /^[A-Za-z][A-Za-z0-9._-]{0,62}$/,
  'This is not a name',
  'Use 1 to 63 plain letters, digits, ".", "_" and "-", a letter first',
);
const ProviderName = text(
  /^[a-z][a-z0-9-]{0,30}$/,
  'This is not the name of a provider',
  'Use lower-case letters, digits and "-", for example github',
);
const Login = text(
  /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}$/,
  'This is not a login',
  "Write the account's login at the provider, without @ in front",
);
const SlackPerson = text(
  /^[UW][A-Z0-9]{2,20}$/,
  'This is not a Slack member id',
  'Write the member id (U… or W…): profile, three dots, "Copy member ID"',
);
const SlackUserGroup = text(
  /^S[A-Z0-9]{2,20}$/,
  'This is not the id of a Slack user group',
  'Write the id of the group (S…), not its handle',
);
const SlackChannel = text(
  /^[CG][A-Z0-9]{2,20}$/,
  'This is not a Slack channel id',
  'Write the channel id (C…): channel details, at the bottom',
);
const EntitlementId = text(
  /^[a-z][a-z0-9-]{0,30}:[A-Za-z0-9][A-Za-z0-9._/@+-]{0,199}$/,
  'This is not the id of an entitlement',
  'Write provider:resource, for example github:acme/deployers',
);
const Resource = text(
  /^[A-Za-z0-9][A-Za-z0-9._/@+-]{0,199}$/,
  'This is not the name of a resource',
  'Write it as the provider shows it in its address, for example acme/deployers',
);
const EntitlementGlob = text(
  /^[A-Za-z0-9._/@+:*-]{1,200}$/,
  'This is neither an entitlement nor a pattern for entitlements',
  'Write an id, or an id with * for any run of characters; nothing else is special',
);
const TimeOfDay = text(
  /^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/,
  'This is not a time of day',
  'Write it as "08:00", 00:00 to 23:59',
);
const TimeZone = text(/^[A-Za-z][A-Za-z0-9_+/-]{1,50}$/, 'This is not a time zone', '').refine(
  isTimeZone,
  { message: 'This is not a time zone', params: { fix: 'Write a name such as Europe/Berlin' } },
);

function isTimeZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const duration = (accept: (written: string) => number | null, fix: string) =>
  z.string().transform((written, context) => {
    const seconds = accept(written);
    if (seconds !== null && seconds <= LONGEST_DURATION_SECONDS) return seconds;
    context.addIssue({ code: 'custom', message: 'This is not a duration', params: { fix } });
    return z.NEVER;
  });
const Duration = duration(parseDuration, 'Write 90m, 2h, 1h30m or 2d: at least 1m, at most 365d');
const Hold = duration(
  (written) => (/^0[mhd]$/.test(written) ? 0 : parseDuration(written)),
  'Write 0m, 90m, 2h, 1h30m or 2d: at most 365d',
);

const names = z.array(Name).min(1).max(100);
const Selector = strict({ roles: names.optional(), people: names.optional() }).refine(
  (chosen) => chosen.roles !== undefined || chosen.people !== undefined,
  { message: 'This selects nobody', params: { fix: 'Name `roles`, `people` or both' } },
);
export type Selector = z.infer<typeof Selector>;

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const WorkingHours = strict({
  days: z.array(z.enum(WEEKDAYS)).min(1).max(7),
  from: TimeOfDay,
  /** Exclusive. Earlier than `from`: the window ends on the next day. */
  to: TimeOfDay,
}).refine((hours) => hours.from !== hours.to, {
  message: 'Working hours that begin and end at the same time',
  params: { fix: 'Give `from` and `to` two different times' },
});
export type WorkingHours = z.infer<typeof WorkingHours>;

/** The daily digest in every channel that a rule names; without the key at 09:00 each day. */
const Digest = strict({
  at: TimeOfDay.refine((time) => time <= '23:30', {
    message: 'So late that a digest could miss its own day',
    params: { fix: 'Write 23:30 or earlier' },
  }).default('09:00'),
  /** Days that have one; the first after a gap tells what happened since the last. */
  days: z.array(z.enum(WEEKDAYS)).min(1).max(7).optional(),
});

const Person = strict({
  slack: SlackPerson,
  roles: z.array(Name).max(100),
  /** Provider -> login. */
  accounts: z.record(ProviderName, Login).default({}),
});
const Entitlement = strict({
  provider: ProviderName,
  kind: Name,
  resource: Resource,
  roles: z.array(Name).min(1).max(20),
  exclusive: z.boolean().default(false),
  privileged: z.boolean().default(false),
  owner: Name.optional(),
});
export type Entitlement = z.infer<typeof Entitlement>;

const TicketSource = z.string().superRefine((source, context) => {
  const compiled = ticketPattern(source);
  if (compiled.ok) return;
  context.addIssue({
    code: 'custom',
    message: `This pattern cannot be used: ${compiled.error}`,
    params: { fix: 'Use letters, digits, [classes], \\d, ( | ) and * + ? {n,m}' },
  });
});
const ruleHead = { id: Name, entitlements: z.array(EntitlementGlob).min(1).max(20) };
const AccessRule = strict({
  ...ruleHead,
  requesters: Selector,
  /** For whom else a requester may ask. Without it a person asks for themself only. */
  subjects: Selector.optional(),
  /** Must hold when the rule is asked and decided. Unmet, it refuses; it never falls through to a later rule. */
  when: strict({ working_hours: z.boolean() }).optional(),
  max_duration: Duration,
  /** With extensions; equals `max_duration` when it is not written. */
  max_total: Duration.optional(),
  approvals: z
    .array(strict({ from: Selector, count: z.int().min(1).max(10).default(1) }))
    .max(5)
    .refine((groups) => groups.length > 0, {
      message: 'A rule without approvals is not supported yet',
      params: { fix: 'Demand at least one, for example { from: { roles: [admin] }, count: 1 }' },
    }),
  code: z
    .array(z.enum(['requester', 'approver']))
    .max(2)
    .default(['approver']),
  justification: strict({
    min: z.int().min(0).max(500).optional(),
    ticket: TicketSource.optional(),
  }).optional(),
  lapse_after: Duration.prefault('60m'),
  escalate: strict({ after: Duration, to: Selector }).optional(),
  channel: SlackChannel.optional(),
  /** Approvers also get the card as a direct message. */
  dm_approvers: z.boolean().default(false),
});
export type AccessRule = z.infer<typeof AccessRule>;
const BreakGlassRule = strict({
  ...ruleHead,
  requesters: Selector,
  break_glass: strict({
    max_duration: Duration,
    per_person_per_week: z.int().min(1).max(50),
    review_within: Duration,
    incident: z.enum(['required', 'optional']).default('required'),
  }),
  channel: SlackChannel.optional(),
});
/** Without `requesters` it denies everybody. */
const DenyRule = strict({ ...ruleHead, requesters: Selector.optional(), deny: z.literal(true) });
export type DenyRule = z.infer<typeof DenyRule>;
export type Rule = AccessRule | DenyRule | z.infer<typeof BreakGlassRule>;
/** In the order in which `ruleShapeOf` numbers them. */
const RULE_SHAPES = [AccessRule, BreakGlassRule, DenyRule] as const;

/** Which of the three shapes a rule was meant to have, told by its distinguishing key. */
export function ruleShapeOf(written: unknown): number {
  if (typeof written !== 'object' || written === null) return 0;
  return 'break_glass' in written ? 1 : 'deny' in written ? 2 : 0;
}

const Group = strict({ slack_usergroup: SlackUserGroup, roles: names });
const Role = strict({ includes: z.array(Name).max(100).default([]) });
export const Policy = strict({
  version: z.literal(1),
  timezone: TimeZone,
  working_hours: WorkingHours.optional(),
  digest: Digest.optional(),
  enrolment: z.enum(['oidc', 'vouched', 'open']).default('vouched'),
  /** Seconds before a new authenticator may approve. */
  new_authenticator_hold: Hold.prefault('24h'),
  /** Seconds between a confirmed reset of a lost authenticator and the new one: time to object. */
  authenticator_reset_delay: Hold.prefault('24h'),
  /** Told of everything that happens to an authenticator. */
  security_channel: SlackChannel.optional(),
  roles: z.record(Name, Role),
  people: z.record(Name, Person),
  /** A listed person also has the roles of the Slack user groups they are in; who is in them arrives as facts. */
  groups: z.record(Name, Group).optional(),
  entitlements: z.record(EntitlementId, Entitlement),
  rules: z.array(z.union(RULE_SHAPES)).max(1000),
});
export type Policy = z.infer<typeof Policy>;

/** Every key the language knows, for "did you mean". */
export const POLICY_KEYS: readonly string[] = [
  ...new Set(
    [
      Policy,
      Role,
      Person,
      Entitlement,
      Group,
      WorkingHours,
      Digest,
      Selector,
      ...RULE_SHAPES,
    ].flatMap((schema) => Object.keys(schema.shape)),
  ),
  ...['min', 'ticket', 'from', 'count', 'after', 'to'],
  ...['per_person_per_week', 'review_within', 'incident'],
];

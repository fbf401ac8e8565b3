/**
 * The shape of `access.yaml`, keys spelled as the file spells them. Durations are seconds once parsed.
 * Whatever the evaluator does not honour yet is not accepted: a key that is read and ignored would be access wider than written.
 * What spans several places (unknown roles, unreachable approvers ...) is the business of lint.ts.
 */
import * as z from 'zod';
import { AutoApprove } from './schema/auto-approve.ts';
import { Entitlement } from './schema/entitlements.ts';
import { FREEZE_SHAPES, Freeze } from './schema/freeze.ts';
import { Digest, WorkingHours } from './schema/hours.ts';
import { Limits } from './schema/limits.ts';
import { OnCallSource } from './schema/on-call.ts';
import { Group, Person, Role, Selector } from './schema/people.ts';
import { RULE_SHAPES } from './schema/rules.ts';
import { Separation } from './schema/separation.ts';
import { strict } from './schema/strict.ts';
import { TICKET_KEYS } from './schema/ticket.ts';
import { EntitlementId, Hold, Name, SlackChannel, TimeZone } from './schema/words.ts';

export type { AutoApprove } from './schema/auto-approve.ts';
export type { Entitlement } from './schema/entitlements.ts';
export type { Freeze } from './schema/freeze.ts';
export type { WorkingHours } from './schema/hours.ts';
export type { Limits } from './schema/limits.ts';
export type { Selector } from './schema/people.ts';
export {
  type AccessRule,
  type BreakGlassRule,
  type Rule,
  ruleShapeOf,
} from './schema/rules.ts';
export { NOT_SUPPORTED_YET } from './schema/strict.ts';

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
  /** Seconds before a change of this file that gives anybody more takes effect; what takes away does at once. */
  widening_delay: Hold.prefault('10m'),
  /** Told of everything that happens to an authenticator. */
  security_channel: SlackChannel.optional(),
  roles: z.record(Name, Role),
  people: z.record(Name, Person),
  /** A listed person also has the roles of the Slack user groups they are in; who is in them arrives as facts. */
  groups: z.record(Name, Group).optional(),
  entitlements: z.record(EntitlementId, Entitlement),
  /** For every rule that does not say otherwise. */
  limits: Limits.optional(),
  freeze: z.array(Freeze).max(50).optional(),
  separation: z.array(Separation).max(20).optional(),
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
      OnCallSource,
      WorkingHours,
      Digest,
      Selector,
      AutoApprove,
      Limits,
      Separation,
      ...FREEZE_SHAPES,
      ...RULE_SHAPES,
    ].flatMap((schema) => Object.keys(schema.shape)),
  ),
  ...TICKET_KEYS,
  ...['min', 'ticket', 'from', 'count', 'after', 'to'],
  ...['per_person_per_week', 'review_within', 'incident', 'incident_pattern', 'per_person_per_day'],
];

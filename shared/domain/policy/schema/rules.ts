/** The three shapes of a rule: who may ask and who approves, break-glass, deny. */
import * as z from 'zod';
import { AutoApprove } from './auto-approve.ts';
import { Limits } from './limits.ts';
import { Selector } from './people.ts';
import { strict } from './strict.ts';
import { Pattern, Ticket } from './ticket.ts';
import { Duration, EntitlementGlob, Name, SlackChannel } from './words.ts';

const ruleHead = { id: Name, entitlements: z.array(EntitlementGlob).min(1).max(20) };
/** All that is written must hold. */
const Condition = strict({
  working_hours: z.boolean().optional(),
  /** Name of a group in which the requester must be now: who is on call, or a Slack user group. */
  on_call: Name.optional(),
}).refine((when) => Object.values(when).some((each) => each !== undefined), {
  message: 'A condition that asks for nothing',
  params: { fix: 'Write working_hours or on_call, or leave out `when`' },
});
export const AccessRule = strict({
  ...ruleHead,
  requesters: Selector,
  /** For whom else a requester may ask. Without it a person asks for themself only. */
  subjects: Selector.optional(),
  /** Must hold when the rule is asked and decided. Unmet, it refuses; it never falls through to a later rule. */
  when: Condition.optional(),
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
    ticket: Ticket.optional(),
  }).optional(),
  /** Instead of its approvers, under conditions and within a budget. Never where two humans are needed. */
  auto_approve: AutoApprove.optional(),
  limits: Limits.optional(),
  lapse_after: Duration.prefault('60m'),
  /** How far ahead access may be asked for and approved: `--at`, `--window`. */
  start_within: Duration.prefault('7d'),
  escalate: strict({ after: Duration, to: Selector }).optional(),
  /** Whether an extension needs the same approvals as an ask. */
  extend: strict({ approval: z.enum(['required', 'none']) }).prefault({ approval: 'required' }),
  channel: SlackChannel.optional(),
  /** Approvers also get the card as a direct message. */
  dm_approvers: z.boolean().default(false),
});
export type AccessRule = z.infer<typeof AccessRule>;
export const BreakGlassRule = strict({
  ...ruleHead,
  requesters: Selector,
  break_glass: strict({
    max_duration: Duration,
    per_person_per_week: z.int().min(1).max(50),
    review_within: Duration,
    incident: z.enum(['required', 'optional']).default('required'),
    /** What an incident's key looks like here; without it letters and digits with at least one digit. */
    incident_pattern: Pattern.optional(),
  }),
  channel: SlackChannel.optional(),
});
export type BreakGlassRule = z.infer<typeof BreakGlassRule>;
/** Without `requesters` it denies everybody. */
export const DenyRule = strict({
  ...ruleHead,
  requesters: Selector.optional(),
  deny: z.literal(true),
});
export type DenyRule = z.infer<typeof DenyRule>;
export type Rule = AccessRule | DenyRule | BreakGlassRule;
/** In the order in which `ruleShapeOf` numbers them. */
export const RULE_SHAPES = [AccessRule, BreakGlassRule, DenyRule] as const;

/** Which of the three shapes a rule was meant to have, told by its distinguishing key. */
export function ruleShapeOf(written: unknown): number {
  if (typeof written !== 'object' || written === null) return 0;
  return 'break_glass' in written ? 1 : 'deny' in written ? 2 : 0;
}

/**
 * Cases beside a policy (`access.test.yaml`): asks that nobody made and what must be said to them, so that a change of the policy that
 * changes an answer is noticed before it is loaded. Parsed strictly; an unknown key is an error, not a case that tests nothing.
 */
import * as z from 'zod';
import { parseDuration } from '../../shared/domain/duration.ts';
import { POLICY_REFUSAL_CODES } from '../../shared/domain/policy/refusal.ts';

const text = z.string().min(1).max(500);
const names = z.array(text).max(1000);
const Moment = z.iso.datetime({ offset: true }).transform((written) => new Date(written));
const Length = z.string().transform((written, context) => {
  const seconds = parseDuration(written);
  if (seconds !== null) return seconds;
  context.addIssue({
    code: 'custom',
    message: 'This is not a duration',
    params: { fix: 'Write 90m, 2h, 1h30m or 2d' },
  });
  return z.NEVER;
});
const Groups = z.record(text, names);

const Allowed = z.strictObject({
  allowed: z.literal(true),
  rule: text.optional(),
  /** How many must approve; 0: nobody. */
  approvals: z.int().min(0).max(50).optional(),
  /** Exactly these may approve, in any order. */
  approvers: names.optional(),
  /** The longest the rule allows. */
  max_duration: Length.optional(),
  /** Whose approval counts, and whose does not. */
  may_approve: names.optional(),
  may_not_approve: names.optional(),
});
const Refused = z.strictObject({
  refused: z.string().refine((code) => POLICY_REFUSAL_CODES.includes(code), {
    message: 'There is no such refusal',
    params: { fix: 'Take a code of docs/errors.md, for example no-matching-rule' },
  }),
  rule: text.optional(),
});
const Expected = z.union([Allowed, Refused]);
export type Expected = z.infer<typeof Expected>;

export const Case = z.strictObject({
  name: text,
  /** People by their name in the policy. */
  as: text,
  for: text.optional(),
  target: text,
  role: text,
  duration: Length,
  at: Moment.optional(),
  start: Moment.optional(),
  reason: text.optional(),
  break_glass: z.strictObject({ incident: text.optional() }).optional(),
  groups: Groups.optional(),
  tickets: z.record(text, z.enum(['open', 'closed', 'missing'])).optional(),
  approved_by: names.optional(),
  expect: Expected,
});
export type Case = z.infer<typeof Case>;

export const Cases = z.strictObject({
  version: z.literal(1),
  /** The moment of every case that names none. */
  at: Moment,
  /** Who is in the groups, for every case that does not say otherwise. */
  groups: Groups.optional(),
  cases: z.array(Case).min(1).max(5000),
});
export type Cases = z.infer<typeof Cases>;
/** Every key that may stand somewhere in a file of cases. */
export const CASE_KEYS: readonly string[] = [Cases, Case, Allowed, Refused].flatMap(({ shape }) =>
  Object.keys(shape),
);

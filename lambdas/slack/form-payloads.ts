/**
 * The slices of Slack's payloads that the form reads: a change, a search, a shortcut, and what stands in the fields. Block ids
 * may differ from drawing to drawing, so a field is found by its action. Nothing here is believed: a target, role or length
 * is looked up again in the policy, and the metadata decides nothing.
 */
import * as z from 'zod';
import { Instant, SlackUserId } from '../../shared/domain/access-request/model.ts';
import { Sha256 } from '../../shared/domain/audit/chain.ts';
import { Field } from './payloads.ts';

export const LONGEST_INCIDENT = 64;
export const BEGINS = ['now', 'at', 'window'] as const;
export type Begins = (typeof BEGINS)[number];

/** What is said beside what, as which role, for how long and why. */
const Beside = z.object({
  /** Slack id of for whom; null for oneself. */
  subject: SlackUserId.nullable(),
  begins: z.enum(BEGINS),
  /** Earliest instant of access, where it begins later. */
  from: Instant.nullable(),
  /** End of the window in which its holder may start it. */
  until: Instant.nullable(),
  /** Break-glass is ticked. */
  glass: z.boolean(),
  /** As typed. */
  incident: z.string().max(LONGEST_INCIDENT),
});
export type Beside = z.infer<typeof Beside>;
export const NOTHING_BESIDE: Beside = {
  ...{ subject: null, begins: 'now', from: null, until: null, glass: false, incident: '' },
};

/** What a form carries. */
export const FormSheet = z.object({
  /** SHA-256 of the policy it was drawn from: a code counts only for what was shown. */
  policyHash: Sha256,
  /** Option values of what this person asked for lately. */
  recent: z.array(z.string().max(300)).max(10),
  /** What a typed line said before a target was known; proposed once there is one. */
  said: z.object({ role: z.string().max(80).nullable(), duration: z.string().max(40).nullable() }),
  /** What the search of targets goes by, and what stands there again when a field comes back that this drawing has no place for. */
  beside: Beside.default(NOTHING_BESIDE),
});
export type FormSheet = z.infer<typeof FormSheet>;

const Metadata = z.string().max(3000).default('');
const Values = z.record(z.string(), z.record(z.string(), Field));
export type Values = z.infer<typeof Values>;

/** Something in a form was chosen, and the form can be drawn anew. */
export const ChangeBody = z.object({
  user: z.object({ id: SlackUserId }),
  view: z.object({
    id: z.string().min(1).max(255),
    hash: z.string().max(255),
    callback_id: z.string(),
    private_metadata: Metadata,
    state: z.object({ values: Values }),
  }),
  actions: z.array(z.object({ action_id: z.string(), action_ts: z.string().default('') })).min(1),
});
export type ChangeBody = z.infer<typeof ChangeBody>;

/** Somebody looks for a target; `value` is what they typed so far. */
export const SearchBody = z.object({
  user: z.object({ id: SlackUserId }),
  value: z.string(),
  view: z.object({ private_metadata: Metadata }).optional(),
});
export type SearchBody = z.infer<typeof SearchBody>;

export const ShortcutBody = z.object({
  user: z.object({ id: SlackUserId }),
  trigger_id: z.string(),
  team: z.object({ domain: z.string().optional() }).nullable().optional(),
  channel: z.object({ id: z.string() }).optional(),
  message_ts: z.string().optional(),
  message: z.object({ thread_ts: z.string().optional() }).optional(),
});
export type ShortcutBody = z.infer<typeof ShortcutBody>;

export type FieldValue = {
  /** Where it stands in this drawing. */
  readonly blockId: string;
  /** Chosen or typed; null when it is empty. */
  readonly value: string | null;
};

/** The field of this action, wherever it stands; null where the form has none. */
export function fieldOf(values: Values, actionId: string): FieldValue | null {
  for (const [blockId, fields] of Object.entries(values)) {
    if (!Object.hasOwn(fields, actionId)) continue;
    const field = fields[actionId];
    const value = field ? contentOf(field) : null;
    return { blockId, value: value === '' ? null : value };
  }
  return null;
}

function contentOf(field: z.infer<typeof Field>): string | null {
  const { selected_option: option, selected_options: ticked, selected_date_time: at } = field;
  if (at !== undefined) return at === null ? null : new Date(at * 1000).toISOString();
  return option?.value ?? ticked?.[0]?.value ?? field.selected_user ?? field.value ?? null;
}

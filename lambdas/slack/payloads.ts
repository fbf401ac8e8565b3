/**
 * The slices of Slack's payloads that we read, parsed. A button carries the id and the version it was drawn from, a form its
 * id and the content it showed; whatever else they say is ignored, because a screen can be stale or forged.
 */
import * as z from 'zod';
import { RequestId, SlackUserId } from '../../shared/domain/access-request/model.ts';
import { Sha256 } from '../../shared/domain/audit/chain.ts';

export const Interaction = z.object({ interaction: z.string().min(1).max(220) });

export const CommandBody = z.object({
  command: z.string(),
  text: z.string().default(''),
  user_id: SlackUserId,
  channel_id: z.string(),
  trigger_id: z.string().default(''),
});
export type CommandBody = z.infer<typeof CommandBody>;

export const ClickBody = z.object({
  user: z.object({ id: SlackUserId }),
  trigger_id: z.string().default(''),
  response_url: z.string().optional(),
  /** What it was pressed in, where that is no message. */
  view: z.object({ type: z.string() }).optional(),
  actions: z.array(z.object({ action_id: z.string(), value: z.string().optional() })).min(1),
});
export type ClickBody = z.infer<typeof ClickBody>;

/** Somebody opened the app's Home tab; `view` is what Slack showed of it, missing where nothing was ever published. */
export const HomeOpened = z.object({
  user: SlackUserId,
  tab: z.string(),
  view: z.object({ hash: z.string().min(1).max(255) }).optional(),
});

const Chosen = z.object({ value: z.string() });
/** The last second of the year 9999: beyond it an instant has no form that sorts. */
const LAST_SECOND = 253_402_300_799;
/** What stands in one field of a form, by the kind of field. */
export const Field = z.object({
  value: z.string().nullable().optional(),
  selected_option: Chosen.nullable().optional(),
  selected_options: z.array(Chosen).max(100).optional(),
  selected_user: SlackUserId.nullable().optional(),
  selected_date_time: z.int().min(0).max(LAST_SECOND).nullable().optional(),
});
export const SubmissionBody = z.object({
  user: z.object({ id: SlackUserId }),
  view: z.object({
    id: z.string(),
    private_metadata: z.string().max(3000).default(''),
    state: z.object({ values: z.record(z.string(), z.record(z.string(), Field)) }),
  }),
});
export type SubmissionBody = z.infer<typeof SubmissionBody>;

/** What a button says: which request, drawn from which version of it. */
export const ButtonValue = z.object({ id: RequestId, v: z.int().min(0) });
export type ButtonValue = z.infer<typeof ButtonValue>;

/** What a form says: also which content it showed. */
export const FormMetadata = ButtonValue.extend({ contentHash: Sha256 });
export type FormMetadata = z.infer<typeof FormMetadata>;

/** Null for anything that is not JSON of this shape. */
export function parseJsonAs<T>(schema: z.ZodType<T>, text: string | undefined): T | null {
  const parsed = schema.safeParse(jsonOf(text));
  return parsed.success ? parsed.data : null;
}

function jsonOf(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** What was typed into the input block whose action has the same name; null when it was left empty. */
export const typedIn = (body: SubmissionBody, block: string): string | null =>
  body.view.state.values[block]?.[block]?.value ?? null;

/** What was chosen from the list of that name; null when nothing was. */
export const chosenIn = (body: SubmissionBody, block: string): string | null =>
  body.view.state.values[block]?.[block]?.selected_option?.value ?? null;

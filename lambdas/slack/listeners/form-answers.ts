/** What a form answers: a line under the field that can be mended, or a notice in its place. */
import type { SubmitReply } from '../act.ts';
import type { SlackDeps } from '../deps.ts';
import type { Message } from '../views/parts.ts';
import { refusalLine } from '../views/refusal-message.ts';
import type { AnyRefusal, RefusalCode } from '../views/refusals.ts';

const FIELDS: ReadonlyMap<RefusalCode, string> = new Map([
  ['code-malformed', 'code'],
  ['code-refused', 'code'],
  ['code-already-used', 'code'],
  ['duration-not-shorter', 'duration'],
  ['bad-duration', 'duration'],
  ['duration-too-short', 'duration'],
  ['reason-missing', 'reason'],
]);

/** Null when no field of the form can mend it. */
export function fieldError(refusal: AnyRefusal, deps: SlackDeps): SubmitReply | null {
  const field = FIELDS.get(refusal.code);
  return field ? { errors: { [field]: refusalLine(refusal, deps.clock.now()) } } : null;
}

export const noticed = (notice: Message, title: string): SubmitReply => ({ notice, title });

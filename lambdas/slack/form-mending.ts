/**
 * Which field of the form mends a refusal, and where it stands. A refusal that no field mends is told in the form's place; one whose
 * field this drawing has not got, on the form drawn anew.
 */
import type { FieldName, OnScreen } from './form-screen.ts';
import { OTHER_LENGTH } from './views/form-options.ts';
import type { AnyRefusal, RefusalCode } from './views/refusals.ts';

const FIELDS: ReadonlyMap<RefusalCode, FieldName> = new Map<RefusalCode, FieldName>([
  ['unknown-entitlement', 'target'],
  ['no-matching-rule', 'target'],
  ['denied-by-rule', 'target'],
  ['provider-not-configured', 'target'],
  ['nobody-can-approve', 'target'],
  ['not-on-call', 'target'],
  ['duties-not-separate', 'target'],
  ['frozen', 'target'],
  ['unknown-role', 'role'],
  ['duration-too-short', 'duration'],
  ['duration-too-long', 'duration'],
  ['day-used-up', 'duration'],
  ['on-behalf-not-allowed', 'subject'],
  ['start-not-available', 'begins'],
  ['start-in-the-past', 'from'],
  ['window-empty', 'until'],
  ['break-glass-not-available', 'glass'],
  ['nobody-can-review', 'glass'],
  ['break-glass-quota', 'glass'],
  ['review-owed', 'glass'],
  ['incident-missing', 'incident'],
  ['justification-too-short', 'reason'],
  ['justification-too-long', 'reason'],
  ['ticket-missing', 'reason'],
  ['ticket-unknown', 'reason'],
  ['ticket-closed', 'reason'],
  ['ticket-unreadable', 'reason'],
  ['code-malformed', 'code'],
  ['code-refused', 'code'],
  ['code-already-used', 'code'],
]);

/** Some are mended in one field or another, by whom they are about and what else is chosen. `requester` is a Slack id. */
export function fieldFor(
  refusal: AnyRefusal,
  { filled }: OnScreen,
  requester: string,
): FieldName | null {
  switch (refusal.code) {
    case 'unknown-person':
    case 'not-a-full-member':
    case 'evidence-stale':
      return refusal.person === requester ? null : 'subject';
    case 'no-account':
      return refusal.person === requester ? 'target' : 'subject';
    case 'start-too-far':
      return filled.begins === 'window' ? 'until' : 'from';
    case 'outside-working-hours':
    case 'inside-working-hours':
      return filled.begins === 'now' ? 'target' : 'from';
    default:
      return FIELDS.get(refusal.code) ?? null;
  }
}

/** Where the field stands on the screen; null where this form has none, and so nothing could be said under it. */
export function blockOf(field: FieldName, { fields, filled }: OnScreen): string | null {
  const isTyped = field === 'duration' && filled.duration === OTHER_LENGTH;
  return fields[isTyped ? 'exact' : field]?.blockId ?? ALWAYS_THERE.get(field) ?? null;
}
/** Also where a payload leaves them out. */
const ALWAYS_THERE: ReadonlyMap<FieldName, string> = new Map([
  ['target', 'target'],
  ['reason', 'reason'],
]);

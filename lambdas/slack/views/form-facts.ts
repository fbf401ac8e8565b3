/** Everything the form is drawn from. */
import type { Choices } from '../../../shared/domain/policy/choices.ts';
import type { FormSheet } from '../form-payloads.ts';

/** What stands in the fields now. */
export type Filled = {
  /** Entitlement id. */
  readonly target: string | null;
  readonly role: string | null;
  /** The value of the chosen length, or `other` for one that is typed. */
  readonly duration: string | null;
  /** Typed, while the chosen length is `other`. */
  readonly exact: string;
};
/** Block ids in use; a field that keeps what is in it keeps its own. */
export type FieldIds = { readonly role: string; readonly duration: string; readonly exact: string };
export const FIRST_IDS: FieldIds = { role: 'role', duration: 'duration', exact: 'exact' };

export type FormFacts = {
  readonly now: Date;
  readonly timezone: string;
  readonly sheet: FormSheet;
  readonly ids: FieldIds;
  readonly filled: Filled;
  /** Null until something is chosen that this person may ask for. */
  readonly choices: Choices | null;
  /** Seconds that `filled` means; null while that is nothing. */
  readonly seconds: number | null;
  /** False: the rule may ask for a code, and this person has nothing to make one with. */
  readonly enrolled: boolean;
  /** Mrkdwn: what was not understood, or why the form is shown again. */
  readonly notes: readonly string[];
  /** What the reason starts with. */
  readonly reason: string;
};

/** Everything the form is drawn from. */
import type { Refusal } from '../../../shared/domain/access-request/command.ts';
import type { Start } from '../../../shared/domain/access-request/model.ts';
import type { Choices } from '../../../shared/domain/policy/choices.ts';
import type { PolicyRefusal } from '../../../shared/domain/policy/refusal.ts';
import type { Ways } from '../../../shared/domain/policy/ways.ts';
import type { Beside, FormSheet } from '../form-payloads.ts';

/** What stands in the fields now. */
export type Filled = Beside & {
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

/** How this person stands with break-glass: `refusal` says why there is none for them now. */
export type GlassStanding = {
  /** Taken within the seven days that the quota counts. */
  readonly taken: number;
  readonly refusal: Refusal | null;
  /** By when it would have to be reviewed. */
  readonly reviewBy: string | null;
  /** Slack id of the channel that hears of every break-glass. */
  readonly securityChannel: string | null;
};

export type FormFacts = {
  readonly now: Date;
  readonly timezone: string;
  readonly sheet: FormSheet;
  readonly ids: FieldIds;
  readonly filled: Filled;
  /** Null until something is chosen that this person may ask for. */
  readonly choices: Choices | null;
  /** Why there are no choices, where something is chosen. */
  readonly refused: PolicyRefusal | null;
  /** Which fields a rule could have a use for. */
  readonly ways: Ways;
  /** Null while break-glass is not ticked, and while nothing is chosen that has it. */
  readonly glass: GlassStanding | null;
  /** When it would begin: `incomplete` while a time is missing. */
  readonly start: Start | null | 'incomplete';
  /** Seconds that `filled` means; null while that is nothing. */
  readonly seconds: number | null;
  /** False: the rule may ask for a code, and this person has nothing to make one with. */
  readonly enrolled: boolean;
  /** Mrkdwn: what was not understood, or why the form is shown again. */
  readonly notes: readonly string[];
  /** What the reason starts with. */
  readonly reason: string;
};

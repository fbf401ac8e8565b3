/** What the request form starts with, and what is said instead to whoever may ask for nothing. Opening it is listeners/request-form.ts. */
import type { Act } from './act.ts';
import type { AskFlags } from './ask-flags.ts';
import type { NoAsker } from './asker.ts';
import type { SlackDeps } from './deps.ts';
import type { Beside } from './form-payloads.ts';
import { withContacts } from './views/contacts.ts';
import type { Message } from './views/parts.ts';
import { refusalMessage } from './views/refusal-message.ts';

/** `duration` as it was typed, `notes` in mrkdwn. */
export type Beginning = {
  readonly entitlement: string | null;
  readonly role: string | null;
  readonly duration: string | null;
  readonly justification: string;
  readonly notes: readonly string[];
  /** For whom, from when, in an emergency; null for none of it. */
  readonly flags: AskFlags | null;
};
export const NOTHING: Beginning = {
  ...{ entitlement: null, role: null, duration: null, justification: '', notes: [], flags: null },
};
export type FormBy = {
  readonly person: string;
  readonly triggerId: string;
  readonly openForm: Act<unknown>['openForm'];
};

/** Flags as the form's fields hold them. */
export function besideOf({ subject, start, breakGlass }: AskFlags): Beside {
  const later = start?.until ? 'window' : 'at';
  return {
    subject,
    begins: start ? later : 'now',
    from: start?.notBefore ?? null,
    until: start?.until ?? null,
    glass: breakGlass !== null,
    incident: breakGlass?.incident ?? '',
  };
}

export const noAskerMessage = ({ refusal, contacts }: NoAsker, deps: SlackDeps): Message =>
  withContacts(refusalMessage(refusal, deps.clock.now()), contacts);

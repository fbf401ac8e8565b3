/** What the request form starts with, and what is said instead to whoever may ask for nothing. Opening it is listeners/request-form.ts. */
import type { Act } from './act.ts';
import type { NoAsker } from './asker.ts';
import type { SlackDeps } from './deps.ts';
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
};
export const NOTHING: Beginning = {
  ...{ entitlement: null, role: null, duration: null, justification: '', notes: [] },
};
export type FormBy = {
  readonly person: string;
  readonly triggerId: string;
  readonly openForm: Act<unknown>['openForm'];
};

export const noAskerMessage = ({ refusal, contacts }: NoAsker, deps: SlackDeps): Message =>
  withContacts(refusalMessage(refusal, deps.clock.now()), contacts);

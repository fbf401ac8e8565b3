/** Whom to turn to, under a message that says no. */
import { type Message, mentions, section } from './parts.ts';

/** Above the small print, which stays last. */
export function withContacts(message: Message, contacts: readonly string[]): Message {
  if (contacts.length === 0) return message;
  const { blocks } = message;
  const ask = section(`Whom to ask: ${mentions(contacts)}`);
  return { ...message, blocks: [...blocks.slice(0, -1), ask, ...blocks.slice(-1)] };
}

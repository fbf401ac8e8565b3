/** What a person wrote beside a request; null where nobody wrote anything, or where it was erased. */
import type { Journal } from '../ports.ts';

/** Why more time was denied, by the number of that event. */
type ExtensionText = `extension-${number}`;
export const extensionTextOf = (event: number): ExtensionText => `extension-${event}`;
export type TextName = 'justification' | 'reason' | 'review' | ExtensionText;

export async function wordsOf(
  journal: Pick<Journal, 'read'>,
  requestId: string,
  name: TextName,
): Promise<string | null> {
  const { value } = await journal.read('text', `${requestId}#${name}`);
  return value === null || value.erasedAt !== undefined ? null : value.text;
}

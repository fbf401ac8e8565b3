/** What a person wrote beside a request; null where nobody wrote anything, or where it was erased. */
import type { Journal } from '../ports.ts';

export async function wordsOf(
  journal: Journal,
  requestId: string,
  key: 'justification' | 'reason' | 'review',
): Promise<string | null> {
  const { value } = await journal.read('text', `${requestId}#${key}`);
  return value === null || value.erasedAt !== undefined ? null : value.text;
}

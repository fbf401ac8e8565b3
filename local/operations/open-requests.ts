/** What destroying the app would leave without anybody who ends it. */
import type { Journal } from '../../shared/ports.ts';

const MOST_NAMED = 10;
const END_OF_TIME = new Date('9999-12-31T00:00:00Z');

/**
 * Whatever time must still act on, as people know it: pending and live requests; a holding by its own id where nothing of a request
 * is left in it and its end is not yet verified.
 */
export async function openRequests(journal: Pick<Journal, 'allDue' | 'read'>): Promise<string[]> {
  const open = new Set<string>();
  for await (const { kind, id } of journal.allDue(END_OF_TIME)) {
    if (kind === 'request') open.add(id);
    if (kind === 'holding') for (const name of await namesOf(journal, id)) open.add(name);
  }
  return [...open];
}

async function namesOf(journal: Pick<Journal, 'read'>, holdingId: string): Promise<string[]> {
  const { value } = await journal.read('holding', holdingId);
  const requests = value?.grants.map(({ grantId }) => grantId) ?? [];
  return requests.length > 0 ? requests : [holdingId];
}

/** Why not to go on, or null. */
export function whyNot(open: readonly string[]): string | null {
  if (open.length === 0) return null;
  const more = open.length > MOST_NAMED ? ` and ${open.length - MOST_NAMED} more` : '';
  return `Still open: ${open.slice(0, MOST_NAMED).join(', ')}${more}. Nothing would take this access away once the app is gone. End them in Slack, wait for "verified gone", then try again; --with-open-requests destroys all the same.`;
}

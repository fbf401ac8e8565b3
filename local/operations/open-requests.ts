/** What destroying the app would leave without anybody who ends it. */
import type { Journal } from '../../shared/ports.ts';

const MOST_NAMED = 10;
const END_OF_TIME = new Date('9999-12-31T00:00:00Z');

/** Whatever time must still act on: pending and live requests, holdings that are not settled. */
export async function openRequests(journal: Pick<Journal, 'allDue'>): Promise<string[]> {
  const open: string[] = [];
  for await (const { kind, id } of journal.allDue(END_OF_TIME))
    if (kind === 'request' || kind === 'holding') open.push(id);
  return open;
}

/** Why not to go on, or null. */
export function whyNot(open: readonly string[]): string | null {
  if (open.length === 0) return null;
  const more = open.length > MOST_NAMED ? ` and ${open.length - MOST_NAMED} more` : '';
  return `Still open: ${open.slice(0, MOST_NAMED).join(', ')}${more}. Nothing would take this access away once the app is gone. End them in Slack, wait for "verified gone", then try again; --with-open-requests destroys all the same.`;
}

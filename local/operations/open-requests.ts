/** What destroying the app would leave without anybody who ends it. */

import { TIMING } from '../../shared/domain/holding/timing.ts';
import type { Journal } from '../../shared/ports.ts';

const MOST_NAMED = 10;
const END_OF_TIME = new Date('9999-12-31T00:00:00Z');
const ANYWAY = '--with-open-requests destroys all the same.';

export type Open = {
  /** Pending and live requests. */
  readonly requests: readonly string[];
  /** Holdings without a request in which a late call of ours may still change something. */
  readonly watched: readonly string[];
};

/** Whatever time must still act on. */
export async function openRequests(journal: Pick<Journal, 'allDue' | 'read'>): Promise<Open> {
  const requests = new Set<string>();
  const watched: string[] = [];
  for await (const { kind, id } of journal.allDue(END_OF_TIME)) {
    if (kind === 'request') requests.add(id);
    if (kind !== 'holding') continue;
    const { value } = await journal.read('holding', id);
    for (const { grantId } of value?.grants ?? []) requests.add(grantId);
    if (value?.grants.length === 0) watched.push(id);
  }
  return { requests: [...requests], watched };
}

/** Why not to go on, or null. */
export function whyNot({ requests, watched }: Open): string | null {
  if (requests.length > 0)
    return `Still open: ${named(requests)}. Nothing would take this access away once the app is gone. End them in Slack, wait for "verified gone", then try again; ${ANYWAY}`;
  if (watched.length === 0) return null;
  const minutes = TIMING.settleSeconds / 60;
  return `No request is open any more, but a late call could still change what has just ended: ${named(watched)}. It is watched for ${minutes} minutes after the last call; try again then. ${ANYWAY}`;
}

const named = (ids: readonly string[]): string => {
  const more = ids.length > MOST_NAMED ? ` and ${ids.length - MOST_NAMED} more` : '';
  return `${ids.slice(0, MOST_NAMED).join(', ')}${more}`;
};

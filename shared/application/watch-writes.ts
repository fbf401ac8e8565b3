/** The watch over the ticket with which access ends: written in the transaction of the decision that gives the access. */
import type { AccessRequestEvent } from '../domain/access-request/events.ts';
import type { KnownRequest } from '../domain/access-request/model.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { endsWithTicket } from '../domain/policy/ticket.ts';
import { absent, put, type Write } from '../ports.ts';

/** How long a closed ticket may go unnoticed, beside the sweep's own minute. */
const EVERY_MS = 3 * 60_000;
export const lookAgainAt = (now: Date): string => new Date(now.getTime() + EVERY_MS).toISOString();

/** The watch of access that begins by this decision, where its rule ends it with its ticket. */
export function watchWrites(
  policy: Policy,
  decided: {
    readonly events: readonly AccessRequestEvent[];
    readonly next: KnownRequest;
    readonly now: Date;
  },
): Write[] {
  const { events, next, now } = decided;
  const { requestId, rule, ticket: key } = next;
  if (key === null || !events.some(({ type }) => type === 'GrantAuthorized')) return [];
  const tracker = endsWithTicket(policy, rule);
  if (tracker === null) return [];
  return [
    put(absent('watch', requestId), {
      ...{ tracker, key },
      dueAt: lookAgainAt(now),
      unreadableSince: null,
    }),
  ];
}

/**
 * `audit list`: requests of a person or for an entitlement, or the newest events of a day. One index query each (a person has two,
 * a day one per shard), a bounded page; lists come from indexes and may be a moment old.
 */
import type { KnownRequest } from '../../shared/domain/access-request/model.ts';
import { actorOf } from '../../shared/domain/audit/audit-row.ts';
import type { RecentEvent } from '../../shared/ports.ts';
import { containerNamed, readNarrowing, readWords } from './arguments.ts';
import { type Desk, EXIT, plain } from './desk.ts';

export const LIST_USAGE = `audit list --person U0ANA | --entitlement github:acme/deployers | [--day 2026-03-02]   [--limit 20]

Requests of a person (what others asked for on their behalf included) or for an entitlement, newest first, or the newest events of a day (today, UTC). At most 200 lines.`;

const LONGEST = 200;
const USUAL = 20;

export async function list(args: readonly string[], desk: Desk): Promise<number> {
  const words = readWords(args, ['person', 'entitlement', 'day', 'limit']);
  if (!words.ok || words.value.rest.length > 0) return misread(desk, words.ok ? null : words.error);
  const { options } = words.value;
  const narrowing = await readNarrowing(options, desk.policies);
  if (!narrowing.ok) return misread(desk, narrowing.error);
  const { person, entitlement, day = desk.clock.now().toISOString().slice(0, 10) } = options;
  const limit = Number(options['limit'] ?? USUAL);
  if (!Number.isInteger(limit) || limit < 1 || limit > LONGEST)
    return misread(desk, `--limit takes a whole number from 1 to ${LONGEST}.`);
  if ([person, entitlement, options['day']].filter((word) => word !== undefined).length > 1)
    return misread(desk, 'One of --person, --entitlement and --day, not several.');
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) return misread(desk, '--day takes a day such as 2026-03-02.');
  if (person !== undefined) return printed(desk, await ofPerson(desk, person, limit));
  if (entitlement === undefined) {
    for (const event of await desk.journal.eventsOn(day, limit)) desk.print(eventLine(event));
    return EXIT.ok;
  }
  const container = await containerNamed(entitlement, desk.policies);
  if (container === null) {
    desk.complain(
      `The policy in force has no entitlement ${plain(entitlement)}. audit export --entitlement finds what there was (unknown-entitlement).`,
    );
    return EXIT.refused;
  }
  const there = await desk.journal.requestsIn(container, limit);
  return printed(
    desk,
    there.filter((request) => request.entitlement.id === entitlement),
  );
}

/** What they asked for, and what somebody else asked for on their behalf. */
async function ofPerson({ journal }: Desk, person: string, limit: number): Promise<KnownRequest[]> {
  const [own, held] = await Promise.all([
    journal.requestsOf(person, limit),
    journal.requestsFor(person, limit),
  ]);
  const newest = (one: KnownRequest, other: KnownRequest): number =>
    one.requestedAt < other.requestedAt ? 1 : -1;
  return [...own, ...held].sort(newest).slice(0, limit);
}

function misread(desk: Desk, why: string | null): number {
  desk.complain(why === null ? LIST_USAGE : `${why}\n\n${LIST_USAGE}`);
  return EXIT.usage;
}

function printed(desk: Desk, requests: readonly KnownRequest[]): number {
  for (const request of requests) desk.print(requestLine(request));
  if (requests.length === 0) desk.complain('No requests.');
  return EXIT.ok;
}

const requestLine = (request: KnownRequest): string => {
  const { requestedAt, requestId, status, requester, subject, entitlement } = request;
  const whom = subject === requester ? requester : `${requester} for ${subject}`;
  const words = [requestedAt, requestId, status.padEnd(10), whom, entitlement.id, entitlement.role];
  return words.join('  ');
};

const eventLine = ({ event, chain, seq }: RecentEvent): string =>
  [event.at, event.type.padEnd(22), actorOf(event.actor), `${chain} ${seq}`].join('  ');

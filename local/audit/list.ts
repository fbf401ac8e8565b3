/**
 * `audit list`: requests of a person or for an entitlement, or the newest events of a day. Requests come from an index, one query each;
 * a page is short only when there is no more. Lists come from indexes and may be a moment old.
 */
import * as z from 'zod';
import { auditRows } from '../../shared/application/audit-log.ts';
import type { KnownRequest } from '../../shared/domain/access-request/model.ts';
import { actorOf, type Narrowing } from '../../shared/domain/audit/audit-row.ts';
import { ok, type Result, refuse } from '../../shared/domain/result.ts';
import type { RecentEvent, RequestFilter } from '../../shared/ports.ts';
import { containerNamed, type Misread, readNarrowing, readWords, type Words } from './arguments.ts';
import { type Desk, EXIT, plain } from './desk.ts';

export const LIST_USAGE = `audit list --person U0ANA | --entitlement github:acme/deployers   [--provider github] [--limit 20]
audit list [--day 2026-03-02] [--provider github] [--kind request] [--limit 20]

Requests of a person (what others asked for on their behalf included) or for an entitlement of the policy in force, newest first; or
the newest events of a day (today, UTC). At most 200 lines.`;

const LONGEST = 200;
const USUAL = 20;
const DAY_MS = 86_400_000;
const Day = z.iso.date();

type Wanted = { readonly only: Narrowing; readonly day: string; readonly limit: number };

export async function list(args: readonly string[], desk: Desk): Promise<number> {
  const words = readWords(args, ['person', 'entitlement', 'provider', 'kind', 'day', 'limit']);
  if (!words.ok || words.value.rest.length > 0) return misread(desk, words.ok ? null : words.error);
  const wanted = await wantedBy(words.value.options, desk);
  if (!wanted.ok) return misread(desk, wanted.error);
  const { person, entitlement } = wanted.value.only;
  if (person !== null) {
    const { limit, only } = wanted.value;
    return printed(desk, await desk.journal.requestsOf(person, limit, filterOf(only)));
  }
  if (entitlement !== null) return ofEntitlement(desk, entitlement.id, wanted.value);
  return printedDay(desk, wanted.value);
}

async function wantedBy(options: Words, desk: Desk): Promise<Result<Wanted, Misread>> {
  const narrowing = await readNarrowing(options, desk.policies);
  if (!narrowing.ok) return narrowing;
  const { day = desk.clock.now().toISOString().slice(0, 10) } = options;
  const { limit: wanted = String(USUAL) } = options;
  const limit = /^[1-9][0-9]{0,2}$/.test(wanted) ? Number(wanted) : 0;
  if (limit < 1 || limit > LONGEST)
    return refuse(`--limit takes a whole number from 1 to ${LONGEST}.`);
  if (!Day.safeParse(day).success) return refuse('--day takes a day such as 2026-03-02.');
  const { person, entitlement, kind } = narrowing.value;
  const isOfRequests = person !== null || entitlement !== null;
  if (isOfRequests && (kind !== null || options['day'] !== undefined))
    return refuse(
      '--person and --entitlement list requests; --day and --kind list events. For events of a person: audit export --person.',
    );
  return ok({ only: narrowing.value, day, limit });
}

const filterOf = ({ entitlement, provider }: Narrowing): RequestFilter => ({
  ...(entitlement === null ? {} : { entitlement: entitlement.id }),
  ...(provider === null ? {} : { provider }),
});

async function ofEntitlement(desk: Desk, id: string, { limit, only }: Wanted): Promise<number> {
  const container = await containerNamed(id, desk.policies);
  if (container !== null)
    return printed(desk, await desk.journal.requestsIn(container, limit, filterOf(only)));
  desk.complain(
    `The policy in force has no entitlement ${plain(id)}. audit export --entitlement finds what there was (unknown-entitlement).`,
  );
  return EXIT.refused;
}

async function printedDay(desk: Desk, wanted: Wanted): Promise<number> {
  const { only, day, limit } = wanted;
  const isWhole = only.provider === null && only.kind === null;
  const events = isWhole ? await desk.journal.eventsOn(day, limit) : await newestOn(desk, wanted);
  for (const event of events) desk.print(eventLine(event));
  if (events.length === 0) desk.complain(`No events on ${day} (UTC).`);
  return EXIT.ok;
}

/** What an event is about stands beside it, not in an index: the day is read as a stream, and its last ones are kept. */
async function newestOn({ journal }: Desk, { only, day, limit }: Wanted): Promise<RecentEvent[]> {
  const from = new Date(day);
  const to = new Date(from.getTime() + DAY_MS);
  const kept: RecentEvent[] = [];
  for await (const { logged } of auditRows(journal, { from, to }, only)) {
    kept.push(logged);
    if (kept.length > limit) kept.shift();
  }
  return kept.reverse();
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
  return plain(words.join('  '));
};

const eventLine = ({ event, chain, seq }: RecentEvent): string =>
  plain([event.at, event.type.padEnd(22), actorOf(event.actor), `${chain} ${seq}`].join('  '));

/**
 * What a request may become over its life: the emergency's quota and cap, budgets and limits, starts and windows, extensions,
 * reminders and escalation. From the committed events alone; each rule has the oracle's own figures (cast.ts).
 */
import type { AccessRequestEvent } from '../../../shared/domain/access-request/events.ts';
import { GLASS, LONGEST, personOf, STAGING, STAGING_LIMITS } from '../cast.ts';
import type { Invariant, Watch } from './watch.ts';

type Asked = Extract<AccessRequestEvent, { type: 'AccessRequested' }>;
type Life = {
  readonly asked: Asked;
  /** Of access, or of what was approved ahead; `to` moves with an extension and with the end. */
  span: { fromMs: number; toMs: number } | null;
  state: 'waiting' | 'ahead' | 'live' | 'over';
  deniedMs: number | null;
  reviewed: boolean;
  /** More time that somebody asked for waits for an approver. */
  asksMore: boolean;
  /** Of what is asked now. */
  readonly nudges: number[];
  escalation: { dueAt: string; done: boolean } | null;
};
type Books = { readonly lives: Map<string, Life>; readonly watch: Watch };

const ms = (instant: string): number => Date.parse(instant);
const NUDGES = { most: 3, apartMs: 15 * 60_000 };
const HOUR_MS = 3_600_000;

export function life(watch: Watch): Invariant {
  const books: Books = { lives: new Map(), watch };
  return {
    committed(_process, changes) {
      for (const event of changes.flatMap(({ request }) => request)) happened(books, event);
    },
  };
}

function happened(books: Books, event: AccessRequestEvent): void {
  const known = books.lives.get(event.requestId);
  if (event.type === 'AccessRequested') asked(books, event);
  else if (known) went(books, known, event);
}

function went(books: Books, known: Life, event: AccessRequestEvent): void {
  switch (event.type) {
    case 'GrantScheduled':
      known.state = 'ahead';
      known.span = aheadOf(event);
      withinTheDay(books, known);
      break;
    case 'GrantAuthorized':
      authorized(books, known, event);
      break;
    case 'ExtensionRequested':
      known.asksMore = event.approvalsNeeded > 0;
      known.nudges.length = 0;
      break;
    case 'ExtensionDenied':
    case 'ExtensionWithdrawn':
      known.asksMore = false;
      break;
    case 'GrantExtended':
      known.asksMore = false;
      extended(books, known, event);
      break;
    case 'ApproversNudged':
      nudged(books, known, event);
      break;
    case 'EscalationPlanned':
      known.escalation = { dueAt: event.dueAt, done: false };
      break;
    case 'RequestEscalated':
      escalated(books, known, event);
      break;
    case 'BreakGlassReviewed':
      if (known.reviewed) violate(books, 'G4', `${event.requestId} was reviewed twice`);
      if (humanOf(known.asked) === personOf(nameOf(event)).human)
        violate(books, 'G4', `${event.requestId} was reviewed by its own requester`);
      known.reviewed = true;
      break;
    default:
      ended(known, event);
  }
}

const violate = ({ watch }: Books, rule: string, what: string) => watch.violate(rule, what);
const humanOf = ({ requester }: Asked): string => personOf(requester).human;
const nameOf = ({ actor }: AccessRequestEvent): string => (actor.kind === 'person' ? actor.id : '');
const glassOf = (event: Asked) => (event.v === 2 ? event.breakGlass : null);
const startOf = (event: Asked) => (event.v === 2 ? event.start : null);

function asked(books: Books, event: Asked): void {
  const mine = [...books.lives.values()].filter((each) => humanOf(each.asked) === humanOf(event));
  if (glassOf(event)) emergency(books, event, mine);
  else if (event.entitlement.resource === STAGING) counted(books, event, mine);
  books.lives.set(event.requestId, {
    ...{ asked: event, span: null, state: 'waiting', deniedMs: null },
    ...{ reviewed: false, asksMore: false, nudges: [], escalation: null },
  });
}

/** Never more than the quota, never with a review overdue, never for longer than the cap, never without a code. */
function emergency(books: Books, event: Asked, mine: readonly Life[]): void {
  const taken = mine.filter(
    (each) => glassOf(each.asked) && each.asked.requester === event.requester,
  );
  if (taken.length >= GLASS.perWeek)
    violate(books, 'G1', `${event.requestId} is break-glass number ${taken.length + 1}`);
  const owed = taken.some(
    (each) => !each.reviewed && (glassOf(each.asked)?.reviewBy ?? '') <= event.at,
  );
  if (owed) violate(books, 'G2', `${event.requestId} was taken while a review was overdue`);
  if (event.durationSeconds > GLASS.longestSeconds)
    violate(books, 'G3', `${event.requestId} is for ${event.durationSeconds} s`);
  if (!event.factor) violate(books, 'G3', `${event.requestId} was taken without a code`);
}

/** What the staging rule counts, per human and over all their accounts. */
function counted(books: Books, event: Asked, mine: readonly Life[]): void {
  const at = ms(event.at);
  const about = (what: string) => `${event.requestId}: ${what}`;
  const lately = mine.filter((each) => ms(each.asked.at) > at - HOUR_MS).length + 1;
  if (lately > STAGING_LIMITS.asksPerHour)
    violate(books, 'B3', about(`${lately} asks within an hour`));
  const here = mine.filter((each) => each.asked.entitlement.resource === STAGING);
  if (here.filter(({ state }) => state === 'waiting').length >= STAGING_LIMITS.pending)
    violate(books, 'B4', about('another ask waits'));
  const denied = Math.max(0, ...here.map(({ deniedMs }) => deniedMs ?? 0));
  if (at > denied && at < denied + STAGING_LIMITS.coolDownSeconds * 1000)
    violate(books, 'B5', about(`asked ${(at - denied) / 1000} s after a denial`));
  if (event.approvalsNeeded > 0) return;
  const free = here.filter((each) => each.asked.approvalsNeeded === 0).length + 1;
  if (free > STAGING_LIMITS.autoPerDay) violate(books, 'B1', about(`free grant number ${free}`));
}

function aheadOf(event: Extract<AccessRequestEvent, { type: 'GrantScheduled' }>) {
  const fromMs = ms(event.start.notBefore);
  return { fromMs, toMs: fromMs + event.durationSeconds * 1000 };
}

function authorized(
  books: Books,
  known: Life,
  event: Extract<AccessRequestEvent, { type: 'GrantAuthorized' }>,
): void {
  const { requestId, at, expiresAt } = event;
  const start = startOf(known.asked);
  if (start && at < start.notBefore)
    violate(books, 'W1', `${requestId} began before ${start.notBefore}`);
  if (start?.until && (at >= start.until || expiresAt > start.until))
    violate(books, 'W2', `${requestId} has access until ${expiresAt}, its window ${start.until}`);
  if (start && !start.until && ms(expiresAt) > ms(start.notBefore) + askedMs(known))
    violate(books, 'W3', `${requestId} ends later than it was to end`);
  if (ms(expiresAt) - ms(at) > askedMs(known))
    violate(books, 'S10', `${requestId} is given for longer than was asked`);
  known.state = 'live';
  known.span = { fromMs: ms(at), toMs: ms(expiresAt) };
  withinTheDay(books, known);
}

const askedMs = ({ asked: { durationSeconds } }: Life): number => durationSeconds * 1000;

function extended(
  books: Books,
  known: Life,
  event: Extract<AccessRequestEvent, { type: 'GrantExtended' }>,
): void {
  const { requestId, expiresAt } = event;
  const { span, state, asked: by } = known;
  if (state !== 'live') violate(books, 'X1', `${requestId} was not live`);
  if (!span) return;
  if (ms(event.at) >= span.toMs) violate(books, 'X1', `${requestId} was over already`);
  if (ms(expiresAt) <= span.toMs) violate(books, 'X2', `${requestId} was shortened`);
  const most = LONGEST[by.entitlement.resource] ?? 0;
  if (ms(expiresAt) - span.fromMs > most * 1000)
    violate(books, 'X3', `${requestId} has access for more than ${most} s`);
  if (glassOf(by)) violate(books, 'X3', `${requestId} was taken by break-glass and extended`);
  span.toMs = ms(expiresAt);
  withinTheDay(books, known);
}

/** Never more of it on one day; the simulated hours are all of one. */
function withinTheDay({ lives, watch }: Books, known: Life): void {
  if (known.asked.entitlement.resource !== STAGING) return;
  let heldMs = 0;
  for (const { asked: each, span } of lives.values())
    if (span && each.entitlement.resource === STAGING && humanOf(each) === humanOf(known.asked))
      heldMs += span.toMs - span.fromMs;
  if (heldMs > STAGING_LIMITS.perDaySeconds * 1000)
    watch.violate('B2', `${known.asked.requestId}: ${heldMs / 1000} s on one day`);
}

function nudged(books: Books, known: Life, { requestId, at }: AccessRequestEvent): void {
  const last = known.nudges.at(-1);
  if (last !== undefined && ms(at) - last < NUDGES.apartMs)
    violate(books, 'N1', `${requestId}: approvers were reminded again at once`);
  known.nudges.push(ms(at));
  if (known.nudges.length > NUDGES.most)
    violate(books, 'N1', `${requestId}: approvers were reminded ${known.nudges.length} times`);
  const waits = known.state === 'waiting' || (known.state === 'live' && known.asksMore);
  if (!waits) violate(books, 'N1', `${requestId} does not wait`);
}

function escalated(books: Books, known: Life, { requestId, at }: AccessRequestEvent): void {
  const { escalation, state } = known;
  if (!escalation || escalation.done) violate(books, 'N2', `${requestId} was escalated twice`);
  if (escalation && at < escalation.dueAt) violate(books, 'N2', `${requestId}: too early`);
  if (state !== 'waiting') violate(books, 'N2', `${requestId} does not wait`);
  if (escalation) escalation.done = true;
}

const OVER: ReadonlySet<AccessRequestEvent['type']> = new Set([
  ...(['RequestDenied', 'RequestWithdrawn', 'RequestLapsed', 'GrantNotStarted'] as const),
  ...(['GrantExpired', 'GrantRevoked', 'ActivationFailed', 'GrantRemoved'] as const),
]);

function ended(known: Life, event: AccessRequestEvent): void {
  if (!OVER.has(event.type)) return;
  if (event.type === 'RequestDenied') known.deniedMs = ms(event.at);
  // Nobody had anything when it never became active, and no longer than until now when it did.
  const nothing = event.type === 'ActivationFailed' || known.state !== 'live';
  if (event.type === 'GrantRemoved' && event.outcome === 'never-granted') known.span = null;
  if (known.state !== 'over' && known.span)
    known.span = nothing ? null : { ...known.span, toMs: Math.min(known.span.toMs, ms(event.at)) };
  known.state = 'over';
}

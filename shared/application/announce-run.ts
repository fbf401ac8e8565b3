/**
 * One run of announce: what it draws from, the record of where the request's messages are, and how one is posted. Every
 * place is stored right after its post. Between the two a run may die, or Slack's answer may be lost: the lease that was
 * written before says so to the next run, which posts under the same name and then edits what it got (docs/decisions/0010).
 * The numbers in comments are the crash points that tests stop at.
 */

import type { AccessRequestEvent } from '../domain/access-request/events.ts';
import type { KnownRequest } from '../domain/access-request/model.ts';
import type { ChainedEvent, ChainHead } from '../domain/audit/chain.ts';
import type { ChannelTrouble, RecordOf } from '../domain/records.ts';
import {
  type Announcer,
  Fault,
  put,
  type Queues,
  type SlackMessage,
  type Stored,
  type Telemetry,
  written,
} from '../ports.ts';
import {
  type BesideState,
  besideState,
  type CardFacts,
  type CardFactsDeps,
  cardFactsFor,
} from './card-facts.ts';

/** Pure pictures of a state. */
export type Render = {
  /** `twin`: a second card of it may stand in the channel, left by a run that died. */
  card(state: KnownRequest, facts: CardFacts, more: { twin: boolean }): SlackMessage;
  receipt(state: KnownRequest, facts: CardFacts): SlackMessage;
  thread(
    events: readonly AccessRequestEvent[],
    state: KnownRequest,
    facts: CardFacts,
  ): SlackMessage;
  overdue(state: KnownRequest, facts: CardFacts): SlackMessage;
  /** To the security channel: a break-glass was not justified, as its reviewer says. */
  verdict(state: KnownRequest): SlackMessage;
  /** For requester and admins: there is no card in the channel, and how to mend that; null: it was mended. */
  mend(state: KnownRequest, trouble: ChannelTrouble | null): SlackMessage;
  /** The card once more, to approvers at the requester's wish, or to who is told that nobody has decided. */
  prompt(state: KnownRequest, facts: CardFacts, why: 'nudge' | 'escalation'): SlackMessage;
  /** To who holds it, before the end; `dueAt` is the instant it was for. */
  reminder(
    state: KnownRequest,
    facts: CardFacts,
    about: { dueAt: string | null; dismissed: boolean },
  ): SlackMessage;
};

export type AnnounceDeps = CardFactsDeps & {
  announcer: Announcer;
  queues: Queues;
  render: Render;
  telemetry: Telemetry;
};

export type Card = RecordOf<'card'>;
export type Place = NonNullable<Card['channel']>;
/** What it draws, and the record as it stands. */
export type Run = {
  readonly deps: AnnounceDeps;
  readonly state: KnownRequest;
  readonly facts: CardFacts;
  /** What happened since the thread was told last. */
  readonly news: readonly ChainedEvent<AccessRequestEvent>[];
  card: Stored<'card'> & { value: Card };
};

const LEASE_SECONDS = 60;
const NEW_CARD: Card = {
  channel: null,
  dm: null,
  told: 0,
  overdue: false,
  direct: [],
  trouble: null,
  doubtSince: null,
  twin: false,
  drawn: 0,
  lease: null,
  fence: 0,
};

/** `version`: where a run drew this one or a later one, there is nothing to do. Without it something else may have changed. */
export type ToDraw = { readonly requestId: string; readonly version?: number | undefined };

/**
 * The card's lease, and what this run draws. The state is read before the lease and looked at again after all is drawn
 * (`newer`): a run that came in between moved the card's record, so that this lease is not given.
 */
export async function leased(
  { requestId, version }: ToDraw,
  deps: AnnounceDeps,
): Promise<Run | 'busy' | 'drawn' | 'unknown'> {
  const [request, base, beside] = await Promise.all([
    deps.journal.read('request', requestId),
    deps.journal.read('card', requestId),
    besideState(deps, requestId),
  ]);
  if (!request.value || request.value.status === 'new') return 'unknown';
  const card = base.value ?? NEW_CARD;
  const now = deps.clock.now();
  if (card.lease && card.lease.until > now.toISOString()) return 'busy';
  if (version !== undefined && isDrawn(card, version)) return 'drawn';
  const token = card.fence + 1;
  const until = new Date(now.getTime() + LEASE_SECONDS * 1000).toISOString();
  // A lease that nobody gave back: its run died, maybe right after a post.
  const doubtSince = card.doubtSince ?? (card.lease ? now.toISOString() : null);
  const next: Card = { ...card, doubtSince, lease: { token, until }, fence: token };
  const result = await deps.journal.commit([put(base, next)], now); // A1: durable before any post
  if (!result.committed) return 'busy';
  const { head } = request;
  return begun(deps, { state: request.value, head, beside, card: written(base, next) });
}

/** By a run that came to its end, with nothing left in doubt. */
const isDrawn = ({ drawn, lease, doubtSince }: Card, version: number): boolean =>
  drawn >= version && lease === null && doubtSince === null;

async function begun(
  deps: AnnounceDeps,
  from: { state: KnownRequest; head: ChainHead; beside: BesideState; card: Run['card'] },
): Promise<Run> {
  const { state, head, beside, card } = from;
  const { told } = card.value;
  const [facts, news] = await Promise.all([
    cardFactsFor(deps, state, beside),
    head.seq > told ? deps.journal.history('request', state.requestId, told) : [],
  ]);
  return { deps, state, facts, news, card };
}

/** The request changed while it was drawn: the run that draws this as well. Null: what was drawn is what is true. */
export async function newer({ deps, state, card }: Run): Promise<Run | null> {
  const { requestId } = state;
  const { value, head } = await deps.journal.read('request', requestId);
  if (!value || value.status === 'new')
    throw new Error(`${requestId} is gone from the store: run audit verification.`);
  if (value.version === state.version) return null;
  return begun(deps, { state: value, head, beside: await besideState(deps, requestId), card });
}

/** Stores how far the messages are. Losing the lease meanwhile ends this run: the other one draws. */
export async function save(run: Run, change: Partial<Card>): Promise<void> {
  const { deps, card } = run;
  const next = { ...card.value, ...change };
  const result = await deps.journal.commit([put(card, next)], deps.clock.now());
  if (!result.committed) throw leaseLost(card.id);
  run.card = written(card, next);
}

/** How far an edit brought a message: stored with whatever is stored next. Lost with its run, it is only edited once more. */
export function note(run: Run, change: Partial<Card>): void {
  run.card = { ...run.card, value: { ...run.card.value, ...change } };
}

const leaseLost = (requestId: string) =>
  new Fault(`The lease on the card of ${requestId} was lost. Another run draws it.`, {
    service: 'journal',
    retryable: true,
  });

/** Everything is drawn: the lease goes back. Lost meanwhile: what was drawn may stand over what is newer. */
export const release = (run: Run): Promise<void> =>
  save(run, { doubtSince: null, lease: null, drawn: run.state.version });

/** Gives the lease back after a fault. What failed may have been posted all the same: the next run is told. */
export async function giveUp({ deps, card }: Run): Promise<void> {
  const now = deps.clock.now();
  const doubtSince = card.value.doubtSince ?? now.toISOString();
  try {
    await deps.journal.commit([put(card, { ...card.value, doubtSince, lease: null })], now);
  } catch (error) {
    // It runs out by itself; what failed before this is what the caller has to hear.
    if (!(error instanceof Fault)) throw error;
    deps.telemetry.error('A card lease could not be given back', { requestId: card.id });
  }
}

/** Where a message goes; its name among those of the request; what it says. */
type Post = {
  readonly to: Parameters<Announcer['post']>[0];
  readonly slot: string;
  readonly message: SlackMessage;
};

/** Posts; where a run before this one may have posted the same already, what is there is made to say this. */
export async function post(run: Run, what: Post): Promise<Place> {
  const place = await postFirst(run, what);
  if (run.card.value.doubtSince !== null) await run.deps.announcer.update(place, what.message);
  return place;
}

export async function postFirst(run: Run, { to, slot, message }: Post): Promise<Place> {
  const { requestId, version } = run.state;
  const place = await run.deps.announcer.post(to, message, { requestId, version, slot });
  return { ...place, version }; // A2: in Slack and not stored yet
}

/** A place that Slack will never take is told and left; anything else comes back with the message. */
export async function unlessUnreachable<T>(
  run: Run,
  what: string,
  call: () => Promise<T>,
): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    refusedForGood(run, what, error);
    return null;
  }
}

/** Slack's word for why it will never take this. @throws whatever is something else */
export function refusedForGood(run: Run, what: string, error: unknown): string | null {
  if (!(error instanceof Fault) || error.service !== 'slack' || error.retryable) throw error;
  const { requestId } = run.state;
  run.deps.telemetry.error('Slack does not take a message there', {
    requestId,
    what,
    why: error.message,
  });
  return error.code;
}

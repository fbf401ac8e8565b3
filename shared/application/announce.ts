/**
 * A request's picture in Slack, drawn from its state: the card in the rule's channel, its thread, the requester's direct
 * message. Level-triggered: a lost, late or doubled trigger is harmless. One run at a time per request (a lease); message ids
 * are stored after each call. A crash between a post and its being stored leaves a second card: Slack can be asked for
 * neither (posts have no idempotency key, reading channels needs a scope we do not have); the metadata of both names
 * the request, their buttons work alike, and the stored one is kept true.
 */
import type { AccessRequestEvent, KnownRequest } from '../domain/access-request/model.ts';
import type { ChainedEvent } from '../domain/audit/chain.ts';
import type { RecordOf } from '../domain/records.ts';
import {
  type Announcer,
  Fault,
  put,
  type Queues,
  type SlackMessage,
  type Stored,
  type Telemetry,
} from '../ports.ts';
import { type CardFacts, type CardFactsDeps, cardFactsFor } from './card-facts.ts';

/** Pure pictures of a state. */
export type Render = {
  card(state: KnownRequest, facts: CardFacts): SlackMessage;
  receipt(state: KnownRequest, facts: CardFacts): SlackMessage;
  thread(
    events: readonly AccessRequestEvent[],
    state: KnownRequest,
    facts: CardFacts,
  ): SlackMessage;
  overdue(state: KnownRequest, facts: CardFacts): SlackMessage;
  /** For the requester: there is no card in a channel, and how to mend that. */
  mend(state: KnownRequest): SlackMessage;
};

export type AnnounceDeps = CardFactsDeps & {
  announcer: Announcer;
  queues: Queues;
  render: Render;
  telemetry: Telemetry;
};
export type Announced = 'drawn' | 'busy' | 'unknown';

type Card = RecordOf<'card'>;
type Place = NonNullable<Card['channel']>;
/** One run: what it draws, and the record as it stands. */
type Run = {
  readonly deps: AnnounceDeps;
  readonly state: KnownRequest;
  readonly facts: CardFacts;
  readonly events: readonly ChainedEvent<AccessRequestEvent>[];
  card: Stored<'card'> & { value: Card };
};

const LEASE_SECONDS = 60;
const BUSY_DELAY_SECONDS = 2;
const MOST_ROUNDS = 5;
const NEW_CARD: Card = {
  channel: null,
  dm: null,
  told: 0,
  overdue: false,
  lease: null,
  fence: 0,
};

/** @throws Fault when Slack or the store should be tried again: the message comes back */
export async function announce(requestId: string, deps: AnnounceDeps): Promise<Announced> {
  const card = await leased(requestId, deps);
  if (card === 'unknown') return 'unknown';
  if (card === 'busy') {
    await deps.queues.send('announce', { requestId }, BUSY_DELAY_SECONDS);
    return 'busy';
  }
  let run = await begun(requestId, deps, card);
  try {
    // What happened while we drew is drawn at once: its own message may have found the lease taken.
    for (let round = 1; round <= MOST_ROUNDS; round += 1) {
      await drawCard(run);
      await tellThread(run);
      await drawReceipt(run);
      const next = await begun(requestId, deps, run.card);
      if (next.state.version === run.state.version) break;
      run = next;
    }
  } finally {
    await release(run);
  }
  return 'drawn';
}

async function leased(
  requestId: string,
  deps: AnnounceDeps,
): Promise<Run['card'] | 'busy' | 'unknown'> {
  const { value: state } = await deps.journal.read('request', requestId);
  if (!state || state.status === 'new') return 'unknown';
  const base = await deps.journal.read('card', requestId);
  const card = base.value ?? NEW_CARD;
  const now = deps.clock.now();
  if (card.lease && card.lease.until > now.toISOString()) return 'busy';
  const token = card.fence + 1;
  const until = new Date(now.getTime() + LEASE_SECONDS * 1000).toISOString();
  const next: Card = { ...card, lease: { token, until }, fence: token };
  const result = await deps.journal.commit([put(base, next)], now);
  return result.committed ? reread(deps, requestId, token) : 'busy';
}

/** The record under our own lease; somebody else's means that we are late. */
async function reread(
  deps: AnnounceDeps,
  requestId: string,
  token: number,
): Promise<Run['card'] | 'busy'> {
  const { value, ...rest } = await deps.journal.read('card', requestId);
  return value?.lease?.token === token ? { ...rest, value } : 'busy';
}

async function begun(requestId: string, deps: AnnounceDeps, card: Run['card']): Promise<Run> {
  const { value: state } = await deps.journal.read('request', requestId);
  if (!state || state.status === 'new')
    throw new Error(`${requestId} is gone from the store: run audit verification.`);
  const [facts, events] = await Promise.all([
    cardFactsFor(deps, state),
    deps.journal.history('request', requestId),
  ]);
  return { deps, state, facts, events, card };
}

/** Stores how far the messages are. Losing the lease meanwhile ends this run: the other one draws. */
async function save(run: Run, change: Partial<Card>): Promise<void> {
  const { deps, card } = run;
  const now = deps.clock.now();
  const token = card.value.fence;
  const result = await deps.journal.commit([put(card, { ...card.value, ...change })], now);
  const next = result.committed ? await reread(deps, card.id, token) : 'busy';
  if (next === 'busy')
    throw new Fault(`The lease on the card of ${card.id} was lost. Another run draws it.`, {
      service: 'journal',
      retryable: true,
    });
  run.card = next;
}

async function release(run: Run): Promise<void> {
  const { deps, card } = run;
  try {
    const free = { ...card.value, lease: null };
    await deps.journal.commit([put(card, free)], deps.clock.now());
  } catch (error) {
    // It runs out by itself; what failed before this is what the caller has to hear.
    if (!(error instanceof Fault)) throw error;
    deps.telemetry.error('A card lease could not be given back', { requestId: card.id });
  }
}

const about = (state: KnownRequest) => ({ requestId: state.requestId, version: state.version });

async function drawCard(run: Run): Promise<void> {
  const { deps, state, facts } = run;
  const message = deps.render.card(state, facts);
  const known = run.card.value.channel;
  if (!known && state.channel === null) return askApprovers(run, message);
  const place = await unlessUnreachable(run, 'card', () =>
    known
      ? redraw(deps, known, message)
      : deps.announcer.post({ channel: state.channel ?? '' }, message, about(state)),
  );
  if (place) await save(run, { channel: { ...place, version: state.version } });
  else if (!known) await askApprovers(run, message);
}

async function redraw(
  deps: AnnounceDeps,
  { channel, ts }: Place,
  message: SlackMessage,
): Promise<{ channel: string; ts: string }> {
  await deps.announcer.update({ channel, ts }, message);
  return { channel, ts };
}

/** No card in a channel: who can decide gets it directly, who asked learns how to mend it. Once. */
async function askApprovers(run: Run, message: SlackMessage): Promise<void> {
  const { deps, state, facts } = run;
  if (run.card.value.told > 0) return;
  for (const approver of facts.approvers)
    await unlessUnreachable(run, 'approver', () => direct(run, approver, message));
  await unlessUnreachable(run, 'requester', () =>
    direct(run, state.requester, deps.render.mend(state)),
  );
}

const direct = async ({ deps, state }: Run, person: string, message: SlackMessage) =>
  deps.announcer.post({ channel: person }, message, about(state));

/** What is new, as one reply under the card. Without a card the receipt alone tells it. */
async function tellThread(run: Run): Promise<void> {
  const { deps, state, facts, events } = run;
  const { channel: place, told, overdue } = run.card.value;
  const fresh = events.filter(({ seq }) => seq > told).map(({ event }) => event);
  const reply = (message: SlackMessage, broadcast: boolean) => () =>
    deps.announcer.post(
      { channel: place?.channel ?? '', threadTs: place?.ts ?? '', broadcast },
      message,
      about(state),
    );
  if (place && fresh.length > 0)
    await unlessUnreachable(run, 'thread', reply(deps.render.thread(fresh, state, facts), false));
  if (place && facts.overdue && !overdue)
    await unlessUnreachable(run, 'thread', reply(deps.render.overdue(state, facts), true));
  const seen = events.at(-1)?.seq ?? told;
  if (seen !== told || facts.overdue !== overdue)
    await save(run, { told: seen, overdue: facts.overdue });
}

async function drawReceipt(run: Run): Promise<void> {
  const { deps, state, facts } = run;
  const message = deps.render.receipt(state, facts);
  const known = run.card.value.dm;
  const place = await unlessUnreachable(run, 'receipt', () =>
    known ? redraw(deps, known, message) : direct(run, state.requester, message),
  );
  if (place) await save(run, { dm: { ...place, version: state.version } });
}

/** A place that Slack will never take is told and left; anything else comes back with the message. */
async function unlessUnreachable<T>(
  run: Run,
  what: string,
  call: () => Promise<T>,
): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof Fault) || error.service !== 'slack' || error.retryable) throw error;
    const { requestId } = run.state;
    run.deps.telemetry.error('Slack does not take a message there', {
      requestId,
      what,
      why: error.message,
    });
    return null;
  }
}

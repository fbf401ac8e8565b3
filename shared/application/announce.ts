/**
 * A request's picture in Slack, drawn from its state: the card in the rule's channel, its thread, the requester's direct
 * message, and messages to single persons. Level-triggered: a lost, late or doubled trigger is harmless. One run at a time
 * per request (a lease); message ids are stored after each call. Slack can be asked neither whether a post arrived nor what
 * stands in a channel (that needs a scope we do not have): docs/decisions/0010 says what a crash between the two leaves.
 */

import { drawCard } from './announce-card.ts';
import { drawDirect } from './announce-direct.ts';
import {
  type AnnounceDeps,
  giveUp,
  leased,
  newer,
  note,
  post,
  type Run,
  release,
  save,
  type ToDraw,
  unlessUnreachable,
} from './announce-run.ts';

export type { AnnounceDeps, Render, ToDraw } from './announce-run.ts';
export type Announced = 'drawn' | 'busy' | 'unknown';

const BUSY_DELAY_SECONDS = 2;
const MOST_ROUNDS = 5;

/** @throws Fault when Slack or the store should be tried again: the message comes back */
export async function announce(toDraw: ToDraw, deps: AnnounceDeps): Promise<Announced> {
  const first = await leased(toDraw, deps);
  if (first === 'busy') await deps.queues.send('announce', toDraw, BUSY_DELAY_SECONDS);
  if (typeof first === 'string') return first;
  let run = first;
  try {
    // What happened while we drew is drawn at once: its own message may have found the lease taken.
    for (let round = 1; round <= MOST_ROUNDS; round += 1) {
      await drawCard(run);
      await tellThread(run);
      await drawReceipt(run);
      await drawDirect(run);
      const next = await newer(run);
      if (!next) break;
      run = next;
    }
    await release(run);
  } catch (error) {
    await giveUp(run);
    throw error;
  }
  return 'drawn';
}

/** What is new, as one reply under the card. Without a card it waits for one; the receipt tells it meanwhile. */
async function tellThread(run: Run): Promise<void> {
  const { deps, state, facts, news } = run;
  const { channel: place, told, overdue, trouble } = run.card.value;
  if (place && !trouble) {
    const { channel, ts: threadTs } = place;
    const last = news.at(-1);
    if (last) {
      const events = news.map(({ event }) => event);
      const message = deps.render.thread(events, state, facts);
      const reply = { to: { channel, threadTs }, slot: `thread-${told + 1}`, message };
      await unlessUnreachable(run, 'thread', () => post(run, reply));
      await save(run, { told: last.seq });
    }
    if (facts.overdue && !overdue) {
      const to = { channel, threadTs, broadcast: true };
      const cry = {
        to,
        slot: `overdue-${state.version}`,
        message: deps.render.overdue(state, facts),
      };
      await unlessUnreachable(run, 'thread', () => post(run, cry));
      await save(run, { overdue: true });
    }
  }
  note(run, { overdue: facts.overdue });
}

async function drawReceipt(run: Run): Promise<void> {
  const { deps, state, facts } = run;
  const message = deps.render.receipt(state, facts);
  const known = run.card.value.dm;
  const { version } = state;
  const place = await unlessUnreachable(run, 'receipt', async () => {
    if (!known) return post(run, { to: { channel: state.requester }, slot: 'receipt', message });
    await deps.announcer.update(known, message);
    return { ...known, version };
  });
  if (place && known) note(run, { dm: place });
  else if (place) await save(run, { dm: place });
}

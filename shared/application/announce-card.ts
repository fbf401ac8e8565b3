/**
 * The card in the rule's channel. Where it cannot stand there, that is on record with its reason: approvers are then asked
 * directly and people told how to mend it (announce-direct.ts), and every later change tries the channel again.
 */
import type { ChannelTrouble } from '../domain/records.ts';
import { Fault } from '../ports.ts';
import {
  type Card,
  note,
  type Place,
  postFirst,
  type Run,
  refusedForGood,
  save,
} from './announce-run.ts';

export async function drawCard(run: Run): Promise<void> {
  const { channel } = run.state;
  // A rule without a channel: there is nothing to mend.
  if (channel === null) return;
  const change = await drawn(run, channel);
  // A post is stored at once, an edit with whatever comes next.
  if (change.channel?.ts === undefined || change.channel.ts === run.card.value.channel?.ts)
    note(run, change);
  else await save(run, change);
}

async function drawn(run: Run, channel: string): Promise<Partial<Card>> {
  try {
    if (await redrawn(run)) return { channel: stored(run), trouble: null };
    if (await run.deps.announcer.isShared(channel)) return { trouble: 'channel-shared' };
    return await posted(run, channel);
  } catch (error) {
    return { trouble: troubleOf(refusedForGood(run, 'card', error)) };
  }
}

const stored = ({ card, state }: Run): Place | null =>
  card.value.channel && { ...card.value.channel, version: state.version };

/** False when there is no card to edit: none was posted, or somebody deleted it. */
async function redrawn({ deps, state, facts, card }: Run): Promise<boolean> {
  const { channel: known, twin } = card.value;
  if (!known) return false;
  try {
    await deps.announcer.update(known, deps.render.card(state, facts, { twin }));
    return true;
  } catch (error) {
    if (error instanceof Fault && error.code === 'message_not_found') return false;
    throw error;
  }
}

async function posted(run: Run, channel: string): Promise<Partial<Card>> {
  const { deps, state, facts } = run;
  const { doubtSince } = run.card.value;
  const message = deps.render.card(state, facts, { twin: false });
  const place = await postFirst(run, { to: { channel }, slot: 'card', message });
  if (doubtSince === null) return { channel: place, twin: false, trouble: null };
  // Older than this run: Slack found the first one again. Otherwise there may be two of them.
  const twin = Number(place.ts) * 1000 >= facts.now.getTime();
  await deps.announcer.update(place, deps.render.card(state, facts, { twin }));
  return { channel: place, twin, trouble: null };
}

const TROUBLES: ReadonlyMap<string | null, ChannelTrouble> = new Map([
  ['not_in_channel', 'bot-not-in-channel'],
  ['channel_not_found', 'channel-not-found'],
  ['is_archived', 'channel-archived'],
]);

const troubleOf = (slackCode: string | null): ChannelTrouble =>
  TROUBLES.get(slackCode) ?? 'channel-refused';

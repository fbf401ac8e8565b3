/**
 * What stands in Slack. P1: one card per request in its channel; another one only for each time that a run was disturbed between a post
 * and its being stored, never where Slack finds a post again, and then the kept one says so. P2: in the end the card that is kept shows the
 * last version that announce was told of, and no lease is left. P3: nobody gets the same message twice undisturbed.
 */
import * as z from 'zod';
import { CHANNEL, type Posted, type SlackState } from '../sim-slack.ts';
import type { Invariant, Watch } from './watch.ts';

const Picture = z.object({ what: z.string(), version: z.number(), twin: z.boolean() });
export type Told = {
  /** The latest version that announce was told of and given up on never. */
  readonly versions: Map<string, number>;
  /** Of a request: how often something went wrong in a run that drew it. */
  readonly disturbed: Map<string, number>;
  /** Messages that nobody took to their end. */
  readonly lost: Set<string>;
};

export function cards(watch: Watch, slack: SlackState, told: Told): Invariant {
  let looked = 0;
  return {
    step() {
      if (slack.messages.length === looked) return;
      const fresh = slack.messages.slice(looked);
      looked = slack.messages.length;
      for (const message of fresh) onceEach(watch, { slack, told, message });
    },
    atRest() {
      for (const id of told.versions.keys()) inTheEnd(watch, { slack, told, id });
    },
  };
}

function onceEach(
  watch: Watch,
  { slack, told, message }: { slack: SlackState; told: Told; message: Posted },
): void {
  const { requestId, slot, channel } = message;
  const same = slack.messages.filter((each) => each.requestId === requestId && each.slot === slot);
  const isCard = slot === 'card';
  const rule = isCard ? 'P1' : 'P3';
  const most = slack.findsPostsAgain ? 1 : 1 + (told.disturbed.get(requestId) ?? 0);
  if (same.length > most)
    watch.violate(
      rule,
      `${same.length} messages "${slot}" of ${requestId}, disturbed ${most - 1} times`,
    );
  if (isCard && channel !== CHANNEL)
    watch.violate('P1', `the card of ${requestId} is in ${channel}`);
}

function inTheEnd(
  watch: Watch,
  { slack, told, id }: { slack: SlackState; told: Told; id: string },
): void {
  const { value } = watch.store.peek('card', id);
  if (told.lost.has(id)) return;
  if (!value) {
    watch.violate('P2', `${id} was never drawn`);
    return;
  }
  if (value.lease) watch.violate('P2', `the card of ${id} is still leased`);
  const wanted = told.versions.get(id) ?? 0;
  if (value.drawn < wanted)
    watch.violate('P2', `${id} is drawn as of ${value.drawn}, announce was told of ${wanted}`);
  const all = slack.messages.filter((each) => each.requestId === id && each.slot === 'card');
  const kept = all.find(({ ts }) => ts === value.channel?.ts);
  if (!kept) {
    if (all.length > 0 && !value.trouble) watch.violate('P1', `${id} keeps none of its cards`);
    return;
  }
  const picture = Picture.parse(JSON.parse(kept.text));
  if (picture.version < wanted && !value.trouble)
    watch.violate('P2', `the card of ${id} shows version ${picture.version} of ${wanted}`);
  // Clocks that differ can hide the hint, says decision 0010.
  if (all.length > 1 && !picture.twin && !watch.clocksDiffer)
    watch.violate('P1', `${id} has ${all.length} cards, and the one that is kept does not say so`);
}

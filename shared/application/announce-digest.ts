/**
 * Posts a digest that was made, once: one run at a time (a lease on its record), Slack's id of the message stored after the post,
 * nothing when it is stored already or the digest's day is over. A run that died between the two leaves a doubt: the post goes out
 * under the same name, which Slack answers with the first one; should it not, the second says that it may be a repeat.
 */
import type { Digest } from '../domain/digest/model.ts';
import {
  type Announcer,
  type Clock,
  Fault,
  type Journal,
  put,
  type SlackMessage,
  type Telemetry,
} from '../ports.ts';

/** Pure pictures of a digest. `plain`: the same as one text, for a Slack that does not take the blocks. */
export type RenderDigest = (
  digest: Digest,
  facts: { readonly now: Date; readonly mayBeRepeat: boolean },
) => { message: SlackMessage; plain: SlackMessage };

export type AnnounceDigestDeps = {
  journal: Journal;
  clock: Clock;
  telemetry: Telemetry;
  announcer: Announcer;
  renderDigest: RenderDigest;
};
export type DigestAnnounced = 'posted' | 'nothing-to-do' | 'over' | 'busy' | 'unreachable';

type Unsent = Extract<Digest['message'], { status: 'unsent' }>;
/** `message` as it was before this run, with this run's lease. */
type Held = { readonly digestId: string; readonly value: Digest; readonly message: Unsent };

const LEASE_SECONDS = 60;
const MOST_TRIES = 3;

/** @throws Fault when Slack or the store should be tried again: the message comes back */
export async function announceDigest(
  digestId: string,
  deps: AnnounceDigestDeps,
): Promise<DigestAnnounced> {
  const held = await leased(digestId, deps);
  if (typeof held === 'string') return held;
  const mayBeRepeat = held.message.doubtful;
  try {
    const pictures = deps.renderDigest(held.value, { now: deps.clock.now(), mayBeRepeat });
    await noteSent(held, await posted(held, pictures, deps), deps);
    return 'posted';
  } catch (error) {
    if (!(error instanceof Fault) || error.service !== 'slack') throw error;
    await release(held, error.retryable || mayBeRepeat, deps);
    if (error.retryable) throw error;
    // The bot is not in the channel, or may not post there. Each run until the day is over asks again.
    deps.telemetry.error('Slack does not take a digest there', { digestId, why: error.message });
    return 'unreachable';
  }
}

/** The record under our own lease, marked as possibly posted before anything is posted; or why there is nothing to do. */
async function leased(
  digestId: string,
  { journal, clock }: AnnounceDigestDeps,
): Promise<Held | Exclude<DigestAnnounced, 'posted' | 'unreachable'>> {
  const stored = await journal.read('digest', digestId);
  const { value } = stored;
  if (value?.message.status !== 'unsent') return 'nothing-to-do';
  const now = clock.now();
  if (now.toISOString() >= value.endsAt) return 'over';
  const { lease, fence, doubtful } = value.message;
  if (lease && lease.until > now.toISOString()) return 'busy';
  const token = fence + 1;
  const until = new Date(now.getTime() + LEASE_SECONDS * 1000).toISOString();
  const next = { status: 'unsent', doubtful: true, lease: { token, until }, fence: token } as const;
  const { committed } = await journal.commit([put(stored, { ...value, message: next })], now);
  return committed ? { digestId, value, message: { ...next, doubtful } } : 'busy';
}

async function posted(
  { digestId, value }: Held,
  { message, plain }: ReturnType<RenderDigest>,
  { announcer }: AnnounceDigestDeps,
): Promise<{ channel: string; ts: string }> {
  const place = { channel: value.channel };
  try {
    return await announcer.post(place, message, { digestId });
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'invalid_blocks') throw error;
    return announcer.post(place, plain, { digestId });
  }
}

/** It stands in Slack by now: losing this would post it again, so it is tried more than once. */
async function noteSent(
  { digestId }: Held,
  place: { channel: string; ts: string },
  deps: AnnounceDigestDeps,
): Promise<void> {
  const at = deps.clock.now().toISOString();
  for (let tries = 1; ; tries += 1)
    try {
      if (await changed(digestId, deps, () => ({ status: 'sent', ...place, at }))) return;
      if (tries >= MOST_TRIES) throw lost(digestId);
    } catch (error) {
      if (tries >= MOST_TRIES || !(error instanceof Fault)) throw error;
    }
}

const lost = (digestId: string) =>
  new Fault(`The digest ${digestId} was posted, but others kept changing its record.`, {
    service: 'journal',
    retryable: true,
  });

/** Gives the lease back, unless another run has it by now. */
async function release(held: Held, doubtful: boolean, deps: AnnounceDigestDeps): Promise<void> {
  const { fence } = held.message;
  await changed(held.digestId, deps, (message) =>
    message.fence === fence ? { status: 'unsent', doubtful, lease: null, fence } : message,
  );
}

/** Changes the message of a digest that is still unsent. False when somebody else was faster. */
async function changed(
  digestId: string,
  { journal, clock }: AnnounceDigestDeps,
  change: (message: Unsent) => Digest['message'],
): Promise<boolean> {
  const stored = await journal.read('digest', digestId);
  const { value } = stored;
  if (value?.message.status !== 'unsent') return true;
  const next = { ...value, message: change(value.message) };
  return (await journal.commit([put(stored, next)], clock.now())).committed;
}

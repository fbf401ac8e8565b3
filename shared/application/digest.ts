/**
 * The daily digest: one for every channel of the policy and calendar day of its zone, where there is something to say; the security
 * channel, or without one the admins, are always told up to where the audit log is sealed. Fact first: what it says is kept under
 * channel and day, guarded by the record's absence, so that many runs make one; only then announce is asked to post it, and
 * asked again by every later run of that day until it was. Runs late are harmless; a day that was missed is not made up for.
 * Computes and stores only: it holds no secret and reaches neither Slack nor a provider.
 */
import { belongingBy, isWitness, toldChannels } from '../domain/digest/channels.ts';
import { dayAfter } from '../domain/digest/local-day.ts';
import { type Digest, type DigestContent, digestIdOf } from '../domain/digest/model.ts';
import { type DigestPeriod, periodAt } from '../domain/digest/period.ts';
import { saysNothing } from '../domain/digest/tally.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { reviewersOf } from '../domain/policy/reviewers.ts';
import { absent, type Clock, type Journal, put, type Queues, type Telemetry } from '../ports.ts';
import { digestContents } from './digest-contents.ts';
import type { Policies } from './policies.ts';
import { standingHalts } from './standing-halts.ts';

export type DigestDeps = {
  journal: Journal;
  clock: Clock;
  policies: Policies;
  queues: Queues;
  telemetry: Telemetry;
};
/** What this run did: digests made, of them without anything to say, and posts asked for. */
export type Digested = { made: number; skipped: number; asked: number };

type Run = {
  readonly deps: DigestDeps;
  readonly now: Date;
  readonly policy: Policy;
  readonly period: DigestPeriod;
};

/** A digest that nobody could post for so long wakes a person while its day still lasts. */
const UNSENT_ALARM_MS = 60 * 60_000;
/** What never arrived is not told again for ever. */
const LONGEST_COUNTED_MS = 8 * 86_400_000;

/** @throws Fault when the journal or a queue fails: the next run does what this one left */
export async function digest(deps: DigestDeps): Promise<Digested> {
  const now = deps.clock.now();
  const active = await deps.policies.active();
  const period = active && periodAt(now, active.policy);
  const done: Digested = { made: 0, skipped: 0, asked: 0 };
  if (!active || !period) return done;
  const run: Run = { deps, now, policy: active.policy, period };
  for (const made of await madeNow(run)) {
    done.made += 1;
    done.skipped += made.message.status === 'skipped' ? 1 : 0;
  }
  for (const channel of toldChannels(active.policy)) done.asked += await askToPost(run, channel);
  return done;
}

/** Makes what is missing. Whoever was faster has made the same. */
async function madeNow(run: Run): Promise<Digest[]> {
  const { deps, now, period, policy } = run;
  const spans = new Map<string, DigestPeriod['counted']>();
  for (const channel of toldChannels(policy)) {
    const counted = await countedFor(run, channel);
    if (counted) spans.set(channel, counted);
  }
  if (spans.size === 0 || (await isBeforeOurTime(run))) return [];
  const contents = await digestContents(deps.journal, {
    now,
    endsAt: period.endsAt,
    belonging: belongingBy(policy),
    reviewersOf: (request) =>
      reviewersOf(policy, { ...request, entitlement: request.entitlement.id }, byPolicyAlone(now)),
    halts: await standingHalts(deps.journal, { policy }),
    channels: spans,
  });
  const sealed = await lastCheckpoint(deps.journal);
  const made: Digest[] = [];
  for (const [channel, counted] of spans) {
    const content = contents.get(channel);
    if (!content) throw new Error(`The digest of ${channel} was not gathered`);
    const record = recordOf(run, { channel, counted, content, sealed });
    const base = absent('digest', digestIdOf(channel, period.day));
    const result = await deps.journal.commit([put(base, record)], now);
    if (result.committed) made.push(record);
  }
  return made;
}

/** Nobody is asked who somebody is: whoever reviews is judged then. */
const byPolicyAlone = (now: Date) => ({
  ...{ now, teamId: '', evidence: new Map(), linkedAccounts: new Map() },
});

/** The first policy came after this period's time: nobody waited for that digest, so it is not late, it never was. */
async function isBeforeOurTime({ deps, period }: Run): Promise<boolean> {
  const [first] = await deps.journal.history('policy', 'active');
  return first !== undefined && first.event.at > period.dueAt.toISOString();
}

/**
 * Whose events this channel's digest counts; null when it is made already, or when one for a later day is: after the policy moved
 * to a zone where that day has not begun. It goes on where the last one stopped, whatever zone that was made in; one that never
 * arrived is counted again.
 */
async function countedFor(
  { deps, period }: Run,
  channel: string,
): Promise<DigestPeriod['counted'] | null> {
  const days = [period.day, dayAfter(period.day), period.previousDay];
  const [today, tomorrow, last] = await Promise.all(
    days.map(async (day) => (await deps.journal.read('digest', digestIdOf(channel, day))).value),
  );
  if (today || tomorrow) return null;
  if (!last) return period.counted;
  const { from, to } = last.counted;
  const start = Date.parse(last.message.status === 'unsent' ? from : to);
  const end = period.counted.to.getTime();
  const isUsable = start < end && end - start <= LONGEST_COUNTED_MS;
  return { from: isUsable ? new Date(start) : period.counted.from, to: period.counted.to };
}

function recordOf(
  { now, period, policy }: Run,
  part: Pick<Digest, 'channel' | 'sealed'> & {
    counted: DigestPeriod['counted'];
    content: DigestContent;
  },
): Digest {
  const { channel, counted, content, sealed } = part;
  const hasToSay = !saysNothing(content) || (sealed !== null && isWitness(channel, policy));
  return {
    channel,
    day: period.day,
    timezone: period.timezone,
    dueAt: period.dueAt.toISOString(),
    madeAt: now.toISOString(),
    endsAt: period.endsAt.toISOString(),
    counted: { from: counted.from.toISOString(), to: counted.to.toISOString() },
    content,
    sealed,
    message: hasToSay
      ? { status: 'unsent', doubtful: false, lease: null, fence: 0 }
      : { status: 'skipped' },
  };
}

/** As the sealer noted it: the number that `audit verify --expect-last` takes. */
async function lastCheckpoint(journal: Journal): Promise<Digest['sealed']> {
  const { value } = await journal.read('seal', 'last');
  return value && { n: value.n, hash: value.hash };
}

/** Level-triggered: as long as it is not posted, every run asks again. */
async function askToPost({ deps, now, period }: Run, channel: string): Promise<number> {
  const digestId = digestIdOf(channel, period.day);
  const { value } = await deps.journal.read('digest', digestId);
  if (value?.message.status !== 'unsent') return 0;
  if (now.getTime() - Date.parse(value.madeAt) > UNSENT_ALARM_MS)
    deps.telemetry.alarm('digest-unsent', { channel, day: period.day, madeAt: value.madeAt });
  await deps.queues.send('announce', { digestId });
  return 1;
}

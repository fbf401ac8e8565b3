/**
 * Messages that are a projection of a chain, each told once to each of two audiences. Level-triggered: each audience has its
 * place in the chain, stored after each message, so a lost, late or doubled trigger is harmless. One run at a time (a lease);
 * a run that died in between posts under the same name again.
 */
import type { RecordOf } from '../domain/records.ts';
import {
  type Announcer,
  type Clock,
  Fault,
  type Journal,
  put,
  type QueueMessage,
  type Queues,
  type SlackMessage,
  type Stored,
  type Telemetry,
  written,
} from '../ports.ts';
import type { Policies } from './policies.ts';

export type Audience = 'owner' | 'security';
export type Notice = RecordOf<'notice'>;
export type Due = Notice['due'];
/** Null: nothing that this audience has to hear. */
export type Pictures = Readonly<Record<Audience, SlackMessage | null>>;

export type NoticeParts = {
  journal: Journal;
  clock: Clock;
  telemetry: Telemetry;
  policies: Policies;
  announcer: Announcer;
  queues: Queues;
};
export type Noticed = 'told' | 'nothing-new' | 'busy';

export type News = {
  readonly seq: number;
  readonly pictures: Pictures;
  /** What is due after it, told what was due before. */
  due(before: Due): Due;
};
/** A chain, and who hears of it where. */
export type NoticeSource = {
  /** Names the record and the messages. */
  readonly about: string;
  /** Asks for another run. */
  readonly again: QueueMessage;
  news(after: number): Promise<readonly News[]>;
  /** Null: there is nobody to hear it. */
  places(): Promise<Readonly<Record<Audience, string | null>>>;
  /** What is due, if it still has to be said. */
  reminder(due: NonNullable<Due>): Promise<SlackMessage | null>;
};

type Run = { readonly deps: NoticeParts; readonly source: NoticeSource; at: Held };
type Held = Stored<'notice'> & { value: Notice };

const LEASE_SECONDS = 60;
const BUSY_DELAY_SECONDS = 2;
/** How far the places may lag behind what nobody has to hear: it bounds what is read for nothing. */
const LONGEST_LAG = 50;
const UNTOLD: Notice = { owner: 0, security: 0, due: null, lease: null, fence: 0 };

/** @throws Fault when Slack or the store should be tried again: the message comes back */
export async function tellNotices(source: NoticeSource, deps: NoticeParts): Promise<Noticed> {
  const base = await deps.journal.read('notice', source.about);
  const notice = base.value ?? UNTOLD;
  const news = await source.news(Math.min(notice.owner, notice.security));
  const now = deps.clock.now().toISOString();
  const isDue = notice.due !== null && notice.due.at <= now;
  if (!isDue && !news.some(matters) && news.length < LONGEST_LAG) return 'nothing-new';
  if (notice.lease && notice.lease.until > now) return busy(deps, source);
  const at = await leased(deps, base, notice);
  if (!at) return busy(deps, source);
  const run: Run = { deps, source, at };
  try {
    await tellAll(run);
    await remind(run);
  } finally {
    await release(run);
  }
  return 'told';
}

const matters = ({ pictures }: News): boolean =>
  pictures.owner !== null || pictures.security !== null;

/** Whoever holds the lease may have looked before this happened. */
async function busy(deps: NoticeParts, { again }: NoticeSource): Promise<'busy'> {
  await deps.queues.send('announce', again, BUSY_DELAY_SECONDS);
  return 'busy';
}

async function tellAll(run: Run): Promise<void> {
  const { owner, security } = run.at.value;
  const chain = await run.source.news(Math.min(owner, security));
  const places = await run.source.places();
  await tell(run, { audience: 'owner', channel: places.owner, chain });
  await tell(run, { audience: 'security', channel: places.security, chain });
}

/** One after the other, its place stored after each. Without a channel there is nobody to hear it. */
async function tell(
  run: Run,
  to: { audience: Audience; channel: string | null; chain: readonly News[] },
): Promise<void> {
  const { audience, channel, chain } = to;
  for (const { seq, pictures, due: dueAfter } of chain) {
    if (seq <= run.at.value[audience]) continue;
    const message = pictures[audience];
    if (message && channel !== null)
      await post(run, { channel, message, slot: `${audience}-${seq}` });
    const due = audience === 'owner' ? dueAfter(run.at.value.due) : run.at.value.due;
    if (message || due !== run.at.value.due) await save(run, { [audience]: seq, due });
  }
  const last = chain.at(-1)?.seq ?? 0;
  if (run.at.value[audience] < last) await save(run, { [audience]: last });
}

async function remind(run: Run): Promise<void> {
  const { due } = run.at.value;
  if (due === null || due.at > run.deps.clock.now().toISOString()) return;
  const message = await run.source.reminder(due);
  const { owner: channel } = await run.source.places();
  if (message && channel !== null)
    await post(run, { channel, message, slot: `open-${due.resetId}` });
  await save(run, { due: null });
}

/** A place that Slack will never take is told to the operators and left; anything else comes back with the message. */
async function post(
  { deps, source }: Run,
  to: { channel: string; message: SlackMessage; slot: string },
): Promise<void> {
  const { channel, message, slot } = to;
  const { about } = source;
  try {
    await deps.announcer.post({ channel }, message, { noticesOf: about, slot });
  } catch (error) {
    if (!(error instanceof Fault) || error.service !== 'slack' || error.retryable) throw error;
    const why = error.message;
    deps.telemetry.error('Slack does not take a notice there', { about, slot, why });
  }
}

async function leased(
  deps: NoticeParts,
  base: Stored<'notice'>,
  notice: Notice,
): Promise<Held | null> {
  const now = deps.clock.now();
  const token = notice.fence + 1;
  const until = new Date(now.getTime() + LEASE_SECONDS * 1000).toISOString();
  const next = { ...notice, lease: { token, until }, fence: token };
  const done = await deps.journal.commit([put(base, next)], now);
  return done.committed ? written(base, next) : null;
}

async function save(run: Run, change: Partial<Notice>): Promise<void> {
  const { deps, source, at } = run;
  const next = { ...at.value, ...change };
  const done = await deps.journal.commit([put(at, next)], deps.clock.now());
  if (!done.committed)
    throw new Fault(
      `The lease on the notices of ${source.about} was lost. Another run tells them.`,
      {
        service: 'journal',
        retryable: true,
      },
    );
  run.at = written(at, next);
}

async function release({ deps, at }: Run): Promise<void> {
  try {
    await deps.journal.commit([put(at, { ...at.value, lease: null })], deps.clock.now());
  } catch (error) {
    // It runs out by itself; what failed before this is what the caller has to hear.
    if (!(error instanceof Fault)) throw error;
    deps.telemetry.error('A lease on notices could not be given back', { about: at.id });
  }
}

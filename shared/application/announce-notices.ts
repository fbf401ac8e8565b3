/**
 * What happened to a person's authenticator, told to its owner and to the security channel: a projection of its chain, so
 * it does not matter who changed it, on the page, in Slack or at the command line. Level-triggered: each audience has its
 * place in the chain, stored after each message, so a lost, late or doubled trigger is harmless. One run at a time (a lease);
 * a run that died in between posts under the same name again. Also reminds the owner when a reset's delay is over.
 */
import type { AuthenticatorEvent } from '../domain/authenticator/model.ts';
import type { RecordOf } from '../domain/records.ts';
import {
  type Announcer,
  type Clock,
  Fault,
  type Journal,
  put,
  type Queues,
  type SlackMessage,
  type Stored,
  type Telemetry,
  written,
} from '../ports.ts';
import type { Policies } from './policies.ts';

export type Audience = 'owner' | 'security';

/** Pure pictures. Null: nothing that this audience has to hear. */
export type RenderNotices = {
  event(event: AuthenticatorEvent): Readonly<Record<Audience, SlackMessage | null>>;
  /** The delay of a reset is over. */
  resetOpen(closesAt: string): SlackMessage;
};

export type NoticeDeps = {
  journal: Journal;
  clock: Clock;
  telemetry: Telemetry;
  policies: Policies;
  announcer: Announcer;
  queues: Queues;
  renderNotices: RenderNotices;
};
export type Noticed = 'told' | 'nothing-new' | 'busy';

type Notice = RecordOf<'notice'>;
type Chain = Awaited<ReturnType<typeof newsFor>>;
type Run = { readonly deps: NoticeDeps; readonly owner: string; at: Held };
type Held = Stored<'notice'> & { value: Notice };

const LEASE_SECONDS = 60;
const BUSY_DELAY_SECONDS = 2;
/** How far the places may lag behind what nobody has to hear: it bounds what is read for nothing. */
const LONGEST_LAG = 50;
const UNTOLD: Notice = { owner: 0, security: 0, due: null, lease: null, fence: 0 };

/** @throws Fault when Slack or the store should be tried again: the message comes back */
export async function announceNotices(owner: string, deps: NoticeDeps): Promise<Noticed> {
  const base = await deps.journal.read('notice', owner);
  const notice = base.value ?? UNTOLD;
  const news = await newsFor(deps, owner, notice);
  const now = deps.clock.now().toISOString();
  const isDue = notice.due !== null && notice.due.at <= now;
  if (!isDue && !news.some((each) => each.matters) && news.length < LONGEST_LAG)
    return 'nothing-new';
  if (notice.lease && notice.lease.until > now) return busy(deps, owner);
  const at = await leased(deps, base, notice);
  if (!at) return busy(deps, owner);
  const run: Run = { deps, owner, at };
  try {
    await tellAll(run);
    await remind(run);
  } finally {
    await release(run);
  }
  return 'told';
}

/** Whoever holds the lease may have looked before this happened. */
async function busy(deps: NoticeDeps, noticesOf: string): Promise<'busy'> {
  await deps.queues.send('announce', { noticesOf }, BUSY_DELAY_SECONDS);
  return 'busy';
}

async function newsFor(deps: NoticeDeps, owner: string, { owner: a, security: b }: Notice) {
  const chain = await deps.journal.history('authenticator', owner, Math.min(a, b));
  return chain.map(({ seq, event }) => {
    const pictures = deps.renderNotices.event(event);
    return { seq, event, pictures, matters: pictures.owner !== null || pictures.security !== null };
  });
}

async function tellAll(run: Run): Promise<void> {
  const chain = await newsFor(run.deps, run.owner, run.at.value);
  const channel = (await run.deps.policies.active())?.policy.security_channel ?? null;
  await tell(run, { audience: 'owner', channel: run.owner, chain });
  await tell(run, { audience: 'security', channel, chain });
}

/** One after the other, its place stored after each. Without a channel there is nobody to hear it. */
async function tell(
  run: Run,
  to: { audience: Audience; channel: string | null; chain: Chain },
): Promise<void> {
  const { audience, channel, chain } = to;
  for (const { seq, event, pictures } of chain) {
    if (seq <= run.at.value[audience]) continue;
    const message = pictures[audience];
    if (message && channel !== null)
      await post(run, { channel, message, slot: `${audience}-${seq}` });
    const due = audience === 'owner' ? dueAfter(event, run.at.value.due) : run.at.value.due;
    if (message || due !== run.at.value.due) await save(run, { [audience]: seq, due });
  }
  const last = chain.at(-1)?.seq ?? 0;
  if (run.at.value[audience] < last) await save(run, { [audience]: last });
}

/** The end of a delay is due with the confirmation, and no longer once the reset is called off or has done its work. */
function dueAfter(event: AuthenticatorEvent, due: Notice['due']): Notice['due'] {
  if (event.type === 'AuthenticatorResetConfirmed')
    return event.opensAt > event.at ? { at: event.opensAt, resetId: event.resetId } : null;
  if (event.type === 'AuthenticatorResetCancelled' || event.type === 'AuthenticatorReplaced')
    return null;
  return due;
}

/** The record says that the delay is over; whether the reset still stands is asked of the authenticator. */
async function remind(run: Run): Promise<void> {
  const { deps, owner } = run;
  const { due } = run.at.value;
  const now = deps.clock.now().toISOString();
  if (due === null || due.at > now) return;
  const { value } = await deps.journal.read('authenticator', owner);
  const reset = value?.reset;
  if (reset?.stage === 'confirmed' && reset.resetId === due.resetId && now < reset.closesAt) {
    const message = deps.renderNotices.resetOpen(reset.closesAt);
    await post(run, { channel: owner, message, slot: `open-${due.resetId}` });
  }
  await save(run, { due: null });
}

/** A place that Slack will never take is told to the operators and left; anything else comes back with the message. */
async function post(
  { deps, owner }: Run,
  to: { channel: string; message: SlackMessage; slot: string },
): Promise<void> {
  const { channel, message, slot } = to;
  try {
    await deps.announcer.post({ channel }, message, { noticesOf: owner, slot });
  } catch (error) {
    if (!(error instanceof Fault) || error.service !== 'slack' || error.retryable) throw error;
    const why = error.message;
    deps.telemetry.error('Slack does not take a notice there', { owner, slot, why });
  }
}

async function leased(
  deps: NoticeDeps,
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
  const { deps, owner, at } = run;
  const next = { ...at.value, ...change };
  const done = await deps.journal.commit([put(at, next)], deps.clock.now());
  if (!done.committed)
    throw new Fault(`The lease on the notices of ${owner} was lost. Another run tells them.`, {
      service: 'journal',
      retryable: true,
    });
  run.at = written(at, next);
}

async function release({ deps, at }: Run): Promise<void> {
  try {
    await deps.journal.commit([put(at, { ...at.value, lease: null })], deps.clock.now());
  } catch (error) {
    // It runs out by itself; what failed before this is what the caller has to hear.
    if (!(error instanceof Fault)) throw error;
    deps.telemetry.error('A lease on notices could not be given back', { owner: at.id });
  }
}

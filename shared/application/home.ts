/**
 * A person's Home tab, drawn from what is true now. Level-triggered: a lost, late, doubled or reordered job is harmless. One
 * run at a time per Home (a lease); what is shown already is not shown again; a drawing is on record before it is made, so
 * that one that died is made good. Who never opened their Home is never drawn.
 */
import { sha256 } from '../domain/audit/digest.ts';
import type { Home, HomeJob, HomeLens } from '../domain/home.ts';
import {
  type Announcer,
  Fault,
  type HomeView,
  put,
  type Queues,
  type Stored,
  type Telemetry,
  written,
} from '../ports.ts';
import type { FactsDeps } from './facts-for.ts';
import { type Beside, type HomeFacts, homeFacts } from './home-facts.ts';

/** Pure: a Home's picture. */
export type HomeRender = (facts: HomeFacts, beside: Beside, lens: HomeLens | null) => HomeView;
export type HomeDeps = FactsDeps & {
  announcer: Announcer;
  queues: Queues;
  home: HomeRender;
  telemetry: Telemetry;
};
export type HomeDrawn = 'drawn' | 'unchanged' | 'busy' | 'never-opened' | 'unreachable';

const LEASE_SECONDS = 60;
const BUSY_DELAY_SECONDS = 2;
/** Stands in for what moves all the time when two pictures are compared. */
const STILL: Beside = { now: new Date(0), sweptAt: null };

/** What is to be shown, and the record as it was read before that. */
type Picture = {
  readonly job: HomeJob;
  readonly base: Stored<'home'>;
  readonly facts: HomeFacts;
  readonly beside: Beside;
  readonly print: string;
  readonly lens: HomeLens | null;
};
type Claimed = Stored<'home'> & { value: Home };

/** @throws Fault when Slack or the store should be tried again: the job comes back */
export async function drawHome(job: HomeJob, deps: HomeDeps): Promise<HomeDrawn> {
  // The record first: whoever draws from here on makes the claim below fail.
  const base = await deps.journal.read('home', job.home);
  if (!base.value && job.why === 'changed') return 'never-opened';
  if (isHeld(base, deps)) return later(job, deps);
  const { facts, beside } = await homeFacts(deps, job.home);
  const print = fingerprint(facts, deps.home);
  const lens = job.why === 'page' ? job.lens : null;
  const picture = { job, base, facts, beside, print, lens };
  if (isShown(picture)) return 'unchanged';
  const claimed = await claim(picture, deps);
  return claimed ? show(picture, claimed, deps) : later(job, deps);
}

const isHeld = ({ value }: Stored<'home'>, { clock }: HomeDeps): boolean =>
  value?.lease != null && value.lease.until > clock.now().toISOString();

/** Somebody else draws what may be older than what this job is about: look again a moment later. */
async function later(job: HomeJob, { queues }: HomeDeps): Promise<'busy'> {
  await queues.send('announce', job, BUSY_DELAY_SECONDS);
  return 'busy';
}

/** Everything it shows on all pages, drawn with today's code. */
const fingerprint = (facts: HomeFacts, render: HomeRender): string =>
  sha256(JSON.stringify([facts, render(facts, STILL, null)]));

function isShown({ job, base, facts, print, lens }: Picture): boolean {
  const { value } = base;
  if (value?.shown !== print) return false;
  if (job.why === 'changed') return true;
  const same = value.lens?.section === lens?.section && value.lens?.page === lens?.page;
  if (job.why === 'page' || !same) return same;
  // Admins see when the sweep last ran, as of now.
  return job.seen === value.viewHash && !(facts.kind === 'open' && facts.health !== null);
}

/** On record before it is made: a run that dies in between leaves a Home that counts as not shown. Null: somebody was faster. */
async function claim({ base }: Picture, deps: HomeDeps): Promise<Claimed | null> {
  const now = deps.clock.now();
  const before = base.value ?? neverShown(now);
  const fence = before.fence + 1;
  const until = new Date(now.getTime() + LEASE_SECONDS * 1000).toISOString();
  const version = before.version + 1;
  const lease = { token: fence, until };
  const value: Home = { ...before, shown: null, version, lease, fence };
  const result = await deps.journal.commit([put(base, value)], now);
  return result.committed ? written(base, value) : null;
}

const neverShown = (now: Date): Home => ({
  openedAt: now.toISOString(),
  shown: null,
  viewHash: null,
  lens: null,
  version: 0,
  lease: null,
  fence: 0,
});

async function show(picture: Picture, claimed: Claimed, deps: HomeDeps): Promise<HomeDrawn> {
  const published = await publishOnce(picture, claimed, deps).catch(async (error: unknown) => {
    await giveBack(claimed, deps);
    throw error;
  });
  const isThere = published !== 'unreachable';
  const { print: shown, lens } = picture;
  await release(claimed, isThere ? { shown, viewHash: published.hash, lens } : {}, deps);
  return isThere ? 'drawn' : 'unreachable';
}

/** It runs out by itself; what failed before this is what the caller has to hear. */
async function giveBack(claimed: Claimed, deps: HomeDeps): Promise<void> {
  try {
    await release(claimed, {}, deps);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    deps.telemetry.error('A Home lease could not be given back', { person: claimed.id });
  }
}

/** A Home that Slack will never take is told and left; anything else comes back with the job. */
async function publishOnce(
  { job, facts, beside, lens }: Picture,
  claimed: Claimed,
  deps: HomeDeps,
): Promise<{ readonly hash: string } | 'unreachable'> {
  const publish = (over: string | null) =>
    deps.announcer.publishHome(job.home, deps.home(facts, beside, lens), over);
  try {
    const first = await publish(claimed.value.viewHash);
    if (first !== 'conflict') return first;
    await stillOurs(claimed, deps);
    // Left by a run that died before it could tell, or by somebody who is not us: the truth goes over it.
    const second = await publish(null);
    if (second !== 'conflict') return second;
  } catch (error) {
    if (!(error instanceof Fault) || error.service !== 'slack' || error.retryable) throw error;
    deps.telemetry.error('Slack does not take a Home', { person: job.home, why: error.message });
    return 'unreachable';
  }
  throw new Error('Slack answered a conflict to a view that was to go over anything');
}

/** @throws Fault when the lease ran out and another run draws what is newer */
async function stillOurs({ id, value }: Claimed, deps: HomeDeps): Promise<void> {
  const now = await deps.journal.read('home', id);
  if (now.value?.lease?.token === value.fence) return;
  throw new Fault(`The lease on the Home of ${id} was lost. Another run draws it.`, {
    service: 'journal',
    retryable: true,
  });
}

/** How far it is, and the lease given back. Lost meanwhile: ours may stand over a newer one, so it counts as not shown. */
async function release(claimed: Claimed, change: Partial<Home>, deps: HomeDeps): Promise<void> {
  const { journal, clock } = deps;
  const next: Home = { ...claimed.value, ...change, lease: null };
  const kept = await journal.commit([put(claimed, next)], clock.now());
  if (kept.committed) return;
  const base = await journal.read('home', claimed.id);
  if (base.value) await journal.commit([put(base, { ...base.value, shown: null })], clock.now());
  throw new Fault(`The Home of ${claimed.id} was drawn by another run meanwhile.`, {
    service: 'journal',
    retryable: true,
  });
}

/**
 * A person's Home tab, drawn from what is true now. Level-triggered: a lost, late, doubled or reordered job is harmless. What
 * is shown already is not shown again; a drawing is put on record before it is made, so one that died is made good; two
 * at once end with the newer. Who never opened their Home is never drawn.
 */
import { sha256 } from '../domain/audit/digest.ts';
import type { Home, HomeJob, HomeLens } from '../domain/home.ts';
import {
  type Announcer,
  Fault,
  type HomeView,
  put,
  type Stored,
  type Telemetry,
} from '../ports.ts';
import type { FactsDeps } from './facts-for.ts';
import { type Beside, type HomeFacts, homeFacts } from './home-facts.ts';

/** Pure: a Home's picture. */
export type HomeRender = (facts: HomeFacts, beside: Beside, lens: HomeLens | null) => HomeView;
export type HomeDeps = FactsDeps & {
  announcer: Announcer;
  home: HomeRender;
  telemetry: Telemetry;
};
export type HomeDrawn = 'drawn' | 'unchanged' | 'never-opened' | 'unreachable';

const MOST_ROUNDS = 5;
/** Stands in for what moves all the time when two pictures are compared. */
const STILL: Beside = { now: new Date(0), sweptAt: null };

/** One try: what it wants to show, over which record. */
type Round = {
  readonly job: HomeJob;
  readonly base: Stored<'home'>;
  readonly facts: HomeFacts;
  readonly beside: Beside;
  readonly print: string;
  readonly lens: HomeLens | null;
};
/** What earlier rounds left: our own picture may stand over a newer one; Slack shows another view than this one. */
type Doubts = { ours: boolean; notOver: string | null };

/** @throws Fault when Slack or the store should be tried again: the job comes back */
export async function drawHome(job: HomeJob, deps: HomeDeps): Promise<HomeDrawn> {
  const doubts: Doubts = { ours: false, notOver: null };
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    // The record first: whoever draws between these reads makes the claim below fail.
    const base = await deps.journal.read('home', job.home);
    if (!base.value && job.why === 'changed') return 'never-opened';
    const { facts, beside } = await homeFacts(deps, job.home);
    const print = fingerprint(facts, deps.home);
    const lens = job.why === 'page' ? job.lens : null;
    const trying = { job, base, facts, beside, print, lens };
    if (!doubts.ours && isShown(trying)) return 'unchanged';
    const drawn = await tried(trying, deps, doubts);
    if (drawn) return drawn;
  }
  throw new Fault(`The Home of ${job.home} is being drawn by others at the same time.`, {
    service: 'journal',
    retryable: true,
  });
}

/** Everything it shows on all pages, drawn with today's code. */
const fingerprint = (facts: HomeFacts, render: HomeRender): string =>
  sha256(JSON.stringify([facts, render(facts, STILL, null)]));

function isShown({ job, base, facts, print, lens }: Round): boolean {
  const { value } = base;
  if (value?.shown !== print) return false;
  if (job.why === 'changed') return true;
  const same = value.lens?.section === lens?.section && value.lens?.page === lens?.page;
  if (job.why === 'page' || !same) return same;
  // Admins see when the sweep last ran, as of now.
  return job.seen === value.viewHash && !(facts.kind === 'open' && facts.health !== null);
}

/** Null: somebody else was at it, look again. */
async function tried(
  trying: Round,
  deps: HomeDeps,
  doubts: Doubts,
): Promise<'drawn' | 'unreachable' | null> {
  const claimed = await claim(trying, deps);
  if (!claimed) return null;
  const shown = claimed.value.viewHash;
  const over = shown === doubts.notOver ? null : shown;
  const published = await publishedOver(trying, deps, over);
  if (published === 'unreachable') return 'unreachable';
  if (published === 'conflict') {
    doubts.notOver = over;
    return null;
  }
  const next: Home = {
    ...claimed.value,
    shown: trying.print,
    viewHash: published.hash,
    lens: trying.lens,
  };
  const kept = await deps.journal.commit([put(claimed, next)], deps.clock.now());
  if (kept.committed) return 'drawn';
  doubts.ours = true;
  return null;
}

type Claimed = Stored<'home'> & { value: Home };

/** On record before it is made: a run that dies in between leaves a Home that counts as not shown. Null: somebody was faster. */
async function claim({ base }: Round, deps: HomeDeps): Promise<Claimed | null> {
  const now = deps.clock.now();
  const before: Home = base.value ?? {
    openedAt: now.toISOString(),
    shown: null,
    viewHash: null,
    lens: null,
    version: 0,
  };
  const value: Home = { ...before, shown: null, version: before.version + 1 };
  const result = await deps.journal.commit([put(base, value)], now);
  return result.committed ? { ...base, value, rev: base.rev + 1 } : null;
}

/** A Home that Slack will never take is told and left; anything else comes back with the job. */
async function publishedOver(
  { job, facts, beside, lens }: Round,
  deps: HomeDeps,
  over: string | null,
): Promise<{ readonly hash: string } | 'conflict' | 'unreachable'> {
  try {
    return await deps.announcer.publishHome(job.home, deps.home(facts, beside, lens), over);
  } catch (error) {
    if (!(error instanceof Fault) || error.service !== 'slack' || error.retryable) throw error;
    deps.telemetry.error('Slack does not take a Home', { person: job.home, why: error.message });
    return 'unreachable';
  }
}

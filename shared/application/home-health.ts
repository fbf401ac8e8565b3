/**
 * What an admin's Home says about the whole: what is overdue, unclear or stuck, where members are without a grant, and whether
 * the sweep runs. Read from the store only, never from a provider; at most five index queries and about a hundred reads by key.
 */
import { attentionTo } from '../domain/holding/attention.ts';
import type { Holding } from '../domain/holding/model.ts';
import { holderOf } from '../domain/holding/stray.ts';
import { TIMING } from '../domain/holding/timing.ts';
import { membersOf } from '../domain/policy/members.ts';
import type { Stop, StopWhat } from '../domain/stop/model.ts';
import type { Clock, Journal } from '../ports.ts';
import { EVERYTHING } from './halts.ts';
import type { ActivePolicy } from './policies.ts';
import { isPolicyNotLoaded } from './policy-not-loaded.ts';

export type Overdue = {
  readonly requestId: string;
  readonly subject: string;
  readonly entitlement: string;
  readonly role: string;
  /** When it should have been gone. */
  readonly since: string;
  /** The provider's last fault, null for none. */
  readonly fault: string | null;
};
export type Drift = {
  /** `provider:kind:resource` */
  readonly container: string;
  /** Immutable account ids of members whom no grant explains. */
  readonly accounts: readonly string[];
};
export type Health = {
  readonly policyHash: string;
  /** The file is missing or has an error: the one in force stays. */
  readonly policyNotLoaded: boolean;
  readonly sweep: 'never-ran' | 'on-time' | 'late';
  /** `all` and names of providers whose new grants are paused. */
  readonly paused: readonly string[];
  /** Since when everything is stopped, null when it is not. */
  readonly stoppedSince: string | null;
  /** What an admin wants of the red button, while another one may still confirm it. */
  readonly proposal: {
    readonly what: StopWhat;
    readonly by: string;
    readonly until: string;
  } | null;
  /** Provider calls with an unknown outcome, and grants that do not become active. */
  readonly ambiguous: number;
  readonly stuck: number;
  readonly overdue: readonly Overdue[];
  readonly drift: readonly Drift[];
  /** There may be more than was looked at. */
  readonly partial: boolean;
};
type Deps = { journal: Journal; clock: Clock };

/** How many due holdings and how many containers are looked at. */
const HOLDINGS = 50;
const CONTAINERS = 50;

/** `sweptAt` stands beside the health: it moves every minute, and a Home is not drawn anew for that. */
export async function healthOf(
  deps: Deps,
  active: ActivePolicy,
): Promise<{ health: Health; sweptAt: string | null }> {
  const now = deps.clock.now();
  const entitlements = [...membersOf(active.policy).entitlements.values()];
  const containers = [
    ...new Set(entitlements.map((one) => `${one.provider}:${one.kind}:${one.resource}`)),
  ];
  const providers = [...new Set(entitlements.map(({ provider }) => provider))];
  const [beat, holdings, drift, paused, stop, policyNotLoaded] = await Promise.all([
    deps.journal.read('heartbeat', 'sweep'),
    dueHoldings(deps, now),
    driftIn(deps, containers.slice(0, CONTAINERS)),
    pausedAmong(deps, [EVERYTHING, ...providers]),
    deps.journal.read('stop', EVERYTHING),
    isPolicyNotLoaded(deps),
  ]);
  const sweptAt = beat.value?.at ?? null;
  const attention = holdings.map((holding) => ({ holding, ...attentionTo(holding, now) }));
  const health: Health = {
    policyHash: active.hash,
    policyNotLoaded,
    sweep: sweptAt === null ? 'never-ran' : isLate(sweptAt, now) ? 'late' : 'on-time',
    paused,
    stoppedSince: stop.value?.standing?.since ?? null,
    proposal: openProposal(stop.value, now),
    ambiguous: attention.reduce((sum, { ambiguous }) => sum + ambiguous.length, 0),
    stuck: attention.reduce((sum, { stuck }) => sum + stuck.length, 0),
    overdue: attention
      .flatMap(overdueRows)
      .sort((one, other) => (one.since < other.since ? -1 : 1)),
    drift,
    partial: holdings.length === HOLDINGS || containers.length > CONTAINERS,
  };
  return { health, sweptAt };
}

function openProposal(stop: Stop | null, now: Date): Health['proposal'] {
  const open = stop?.proposal;
  if (!open || open.until <= now.toISOString()) return null;
  return { what: open.what, by: open.by, until: open.until };
}

const isLate = (sweptAt: string, now: Date): boolean =>
  now.getTime() - Date.parse(sweptAt) > TIMING.heartbeatSeconds * 1000;

/** Whatever is unfinished is due at once, so what lasts too long stands first. */
async function dueHoldings({ journal }: Deps, now: Date): Promise<Holding[]> {
  const due = await journal.due(now, HOLDINGS, 'holding');
  const stored = await Promise.all(due.map(({ id }) => journal.read('holding', id)));
  return stored.flatMap(({ value }) => (value ? [value] : []));
}

const overdueRows = ({
  holding,
  overdue,
}: ReturnType<typeof attentionTo> & { holding: Holding }): Overdue[] =>
  overdue.map(({ grant, since }) => ({
    requestId: grant.grantId,
    subject: holderOf(holding),
    entitlement: grant.entitlementId,
    role: grant.role,
    since,
    fault: holding.lastFault,
  }));

/** Members of the first look of all are there by other means; who came later without a grant is drift. */
async function driftIn({ journal }: Deps, containers: readonly string[]): Promise<Drift[]> {
  const stored = await Promise.all(containers.map((id) => journal.read('container', id)));
  return stored.flatMap(({ id, value }) => {
    const known = new Set(value?.known ?? []);
    const accounts = (value?.strangers ?? []).filter((account) => !known.has(account));
    return accounts.length === 0 ? [] : [{ container: id, accounts }];
  });
}

async function pausedAmong({ journal }: Deps, scopes: readonly string[]): Promise<string[]> {
  const stored = await Promise.all(scopes.map((scope) => journal.read('pause', scope)));
  return stored.filter(({ value }) => value?.paused === true).map(({ id }) => id);
}

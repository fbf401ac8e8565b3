/** What every invariant may look at. Nothing here is code under test: the oracle has its own books. */
import type { Holding } from '../../../shared/domain/holding/model.ts';
import { rankOf } from '../../../shared/domain/holding/roles.ts';
import { RELEASE, ROLES } from '../cast.ts';
import type { Change } from '../changes.ts';
import type { Process } from '../processes.ts';
import type { Store } from '../sim-journal.ts';
import { type ProviderState, type ProviderWrite, placeOf } from '../sim-provider.ts';
import type { VirtualTime } from '../virtual-time.ts';

export type Watch = {
  readonly store: Store;
  readonly time: VirtualTime;
  readonly provider: ProviderState;
  /** Functions have clocks of their own. */
  readonly clocksDiffer: boolean;
  /** The index of what is due follows a while later. */
  readonly indexLags: boolean;
  /** What people gave by other means, by place. */
  readonly standing: Map<string, string | null>;
  /** Places where somebody outside the bot took away what a grant had given. */
  readonly tamperedWith: Set<string>;
  readonly scheduled: ReadonlyMap<string, string>;
  readonly exclusive: boolean;
  readonly narrowHash: string;
  /** Of the policy that takes the word "exclusive" back. */
  readonly openHash: string;
  /** Since when it is in force; null: it is not. */
  openSinceMs: number | null;
  /** Who became a member beside the bot, by place, and when. */
  readonly strangers: Map<string, { resource: string; login: string; sinceMs: number }>;
  /** What each look for drift was shown. */
  readonly looks: { resource: string; accounts: ReadonlySet<string>; atMs: number }[];
  readonly alarms: { atMs: number; name: string; holdingId: string | null }[];
  /** Who was deactivated in Slack, and when. */
  readonly left: Map<string, number>;
  /** When something last went wrong on the way of this holding, or, without one, of anything that runs by itself. */
  disturbedMs(holdingId?: string): number;
  violate(rule: string, what: string): void;
};

export type Invariant = {
  committed?(process: Process | null, changes: readonly Change[]): void;
  issued?(write: ProviderWrite): void;
  landed?(write: ProviderWrite): void;
  verified?(process: Process, owner: string, matched: boolean): void;
  /** After every event. */
  step?(): void;
  /** When the run is over and everything had the time to come to rest. */
  atRest?(): void | Promise<void>;
};

export const rank = rankOf(ROLES);
/** Whose container it was when a run began that may still call: a run, and a call of it that lands late. */
const STILL_MS = 110_000;
export const isExclusive = (watch: Watch, resource: string): boolean =>
  watch.exclusive &&
  resource === RELEASE &&
  (watch.openSinceMs === null || watch.time.nowMs() - watch.openSinceMs < STILL_MS);

export type Place = { holdingId: string; resource: string; login: string; place: string };
export const placeOfHolding = (holding: Holding): Place => ({
  holdingId: holding.holdingId,
  resource: holding.container.resource,
  login: holding.login,
  place: placeOf(holding.container.resource, holding.login),
});

/** The strongest role that a request lets this holding have now, null for none. */
export function liveRole(watch: Watch, holding: Holding, now: string): string | null {
  let best: string | null = null;
  for (const { grantId } of holding.grants) {
    const { value } = watch.store.peek('request', grantId);
    if (value?.status !== 'activating' && value?.status !== 'active') continue;
    if (value.expiresAt > now && rank(value.entitlement.role) > rank(best))
      best = value.entitlement.role;
  }
  return best;
}

/**
 * S2 and L3: how long somebody has more than they may, or less than they were granted, against what really is at the
 * provider; and whether somebody was woken in time. Looked at after every event.
 */
import { BOUND_SECONDS, TIMING } from '../../../shared/domain/holding/timing.ts';
import { type Invariant, liveRole, type Place, placeOfHolding, rank, type Watch } from './watch.ts';

export type Held = {
  /** Seconds of every finished stretch of excess. */
  readonly excess: number[];
  /** Stretches over the bound, alarm or not. */
  readonly overBound: string[];
  /** The longest, in seconds, that excess went on after the last thing that went wrong on its way. */
  calm: number;
};

/** A dead run's lease, the provider's wish to wait, the sweep after both, and a removal. */
const CALM_SECONDS =
  TIMING.leaseSeconds + TIMING.longestRetryAfterSeconds + TIMING.sweepSeconds + TIMING.runSeconds;

type Since = { atMs: number; reported: boolean };

export function accessHeld(watch: Watch, held: Held): Invariant {
  const excess = new Map<string, Since>();
  const missing = new Map<string, Since>();
  const track = (
    since: Map<string, Since>,
    place: Place,
    wrong: boolean,
    over: (seconds: number) => { rule: string; what: string },
  ) => {
    const known = since.get(place.place);
    const nowMs = watch.time.nowMs();
    if (!wrong) {
      if (known && since === excess) held.excess.push((nowMs - known.atMs) / 1000);
      since.delete(place.place);
      return;
    }
    const start = known ?? { atMs: nowMs, reported: false };
    if (!known) since.set(place.place, start);
    const seconds = (nowMs - start.atMs) / 1000;
    const { holdingId } = place;
    const { rule, what } = over(seconds);
    const calmSeconds = (nowMs - Math.max(start.atMs, watch.disturbedMs(holdingId))) / 1000;
    if (since === excess) held.calm = Math.max(held.calm, calmSeconds);
    // Nothing excuses what lasts while nothing goes wrong, an alarm no more than anything else.
    if (since === excess && calmSeconds > CALM_SECONDS)
      watch.violate(rule, `${what}, the last ${calmSeconds} s of it undisturbed`);
    if (seconds <= BOUND_SECONDS || start.reported) return;
    start.reported = true;
    held.overBound.push(`${rule} ${what}`);
    const woken = watch.alarms.some(
      (alarm) =>
        alarm.atMs >= start.atMs && (alarm.holdingId === null || alarm.holdingId === holdingId),
    );
    if (!woken) watch.violate(rule, `${what}, and nobody was woken`);
  };
  return {
    step() {
      const now = watch.time.now().toISOString();
      for (const id of watch.store.idsOf('holding')) {
        const holding = watch.store.peek('holding', id).value;
        if (!holding) continue;
        const place = placeOfHolding(holding);
        const actual = rank(watch.provider.roles.get(place.place) ?? null);
        const standing = rank(watch.standing.get(place.place) ?? null);
        const allowed = Math.max(standing, rank(liveRole(watch, holding, now)));
        track(excess, place, actual > allowed, (seconds) => ({
          rule: 'S2',
          what: `${place.place} has too much for ${seconds} s`,
        }));
        const active = holding.grants.filter(
          (grant) => grant.phase === 'active' && grant.expiresAt > now,
        );
        const promised = Math.max(0, ...active.map((grant) => rank(grant.role)));
        const lost = actual < promised && !watch.tamperedWith.has(place.place);
        track(missing, place, lost, (seconds) => ({
          rule: 'L3',
          what: `${place.place} misses its grant for ${seconds} s`,
        }));
      }
    },
  };
}

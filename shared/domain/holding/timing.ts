/** The protocol's times, in seconds, in one place: the bound on excess access is computed from them. */
export const TIMING = {
  /** An add is not issued when less than this is left of the grant: the call itself may take so long. */
  httpTimeoutSeconds: 10,
  /** A provider call is issued this long after its intent at most; after that the intent is dropped. */
  issueSeconds: 5,
  /** The clocks of two functions differ by this at most before one of them wakes a person (clock-watch.ts): one issues, another judges. */
  clocksApartSeconds: 15,
  /** How long after an intent a late call may still change what we see. */
  settleSeconds: 300,
  /** A read-back that does not show an answered write yet is repeated after this. */
  rereadSeconds: 2,
  /** How long one ensure run owns a holding; longer than the function may run. */
  leaseSeconds: 75,
  /** An ensure run stops taking new steps after this and leaves the rest to the next message. */
  runSeconds: 45,
  /** While new grants are paused, a waiting one is looked at this often. */
  pausedSeconds: 60,
  /** First and longest wait after a provider fault. */
  firstRetrySeconds: 5,
  longestRetrySeconds: 60,
  /** The provider's own wish to wait is honoured up to this. */
  longestRetryAfterSeconds: 120,
  /** Alarm thresholds of the sweep, and its interval. */
  overdueSeconds: 90,
  ambiguousSeconds: 120,
  stuckSeconds: 180,
  sweepSeconds: 60,
  heartbeatSeconds: 120,
  schedulerPrecisionSeconds: 60,
} as const;

/** Longest time access may outlive its grant without an alarm (invariant S2). */
export const BOUND_SECONDS =
  TIMING.schedulerPrecisionSeconds +
  TIMING.overdueSeconds +
  TIMING.sweepSeconds +
  TIMING.heartbeatSeconds;

/** Wait before the next attempt: doubling, or what the provider asked for when that is longer. */
export function retryDelaySeconds(attempts: number, retryAfterSeconds: number | null): number {
  const doubling = TIMING.firstRetrySeconds * 2 ** Math.min(attempts - 1, 10);
  const ours = Math.min(doubling, TIMING.longestRetrySeconds);
  return Math.max(ours, Math.min(retryAfterSeconds ?? 0, TIMING.longestRetryAfterSeconds));
}

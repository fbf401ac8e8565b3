/** Which calls go wrong, and how. Faults stop at a fixed time; from then on the outside world is well. */
import type { Rng } from './rng.ts';
import type { VirtualTime } from './virtual-time.ts';

export const FAULT_KINDS = [
  'error-before',
  'answer-lost',
  'crash-before',
  'crash-after',
  'late',
  'late-and-dead',
  'throttle',
  'refusal',
  'slow',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export type Faults = {
  /** What happens to one call, null for nothing special. */
  strike(call: {
    /** Name of the run that makes it. */
    by: string;
    point: string;
    writes: boolean;
    canBeLate: boolean;
    canRefuse: boolean;
  }): FaultKind | null;
  /** A fault that is not about a call: a lost or doubled delivery. */
  strikes(what: string, weight?: number): boolean;
  over(): boolean;
  /** When a delivery was last lost, doubled or made late. */
  lastStrikeMs(): number;
  readonly counts: Map<string, number>;
  /** A seed in which no stream record and no schedule ever arrives: only the sweep is left. */
  readonly sweepOnly: boolean;
  /** A seed without any fault. */
  readonly healthy: boolean;
};

const WEIGHTS: Record<FaultKind, number> = {
  'error-before': 3,
  'answer-lost': 3,
  'crash-before': 1.5,
  'crash-after': 1.5,
  late: 2,
  'late-and-dead': 2,
  throttle: 1,
  refusal: 0.6,
  slow: 3,
};

const CHANGES_ACCESS: ReadonlySet<string> = new Set([
  'provider.setRole',
  'provider.remove',
  'provider.stale',
]);

const READ_BEFORE_CALL = 'journal.read.holding';

/** No fault but one: a run of this name dies at its n-th call, and nothing but the sweep is left. */
export type CrashPoint = { by: string; call: number; kind: 'crash-before' | 'crash-after' };
export function oneCrash(at: CrashPoint): Faults & { struck(): string | null } {
  let calls = 0;
  let struck: string | null = null;
  return {
    counts: new Map(),
    over: () => true,
    healthy: false,
    sweepOnly: true,
    lastStrikeMs: () => 0,
    strikes: () => false,
    struck: () => struck,
    strike(call) {
      if (call.by !== at.by) return null;
      calls += 1;
      if (calls !== at.call) return null;
      struck = call.point;
      return at.kind;
    },
  };
}

/**
 * What a theme needs beside the usual. `calm`: its moments need what runs by itself to be well. `late-ends`: what was to end is found by
 * the sweep, up to a minute after its end. `writes-fail`: the few calls that change access fail most of the time.
 */
export type Lean = 'calm' | 'late-ends' | 'writes-fail';
const USUAL: Readonly<Record<Lean | 'none', readonly number[]>> = {
  none: [0, 0.01, 0.03, 0.06, 0.12],
  calm: [0, 0.005, 0.01, 0.03],
  'late-ends': [0.005, 0.01, 0.03],
  'writes-fail': [0.005, 0.01, 0.03],
};

export function faultsOf(
  rng: Rng,
  time: VirtualTime,
  { endMs, lean }: { endMs: number; lean: Lean | undefined },
): Faults {
  const usual = rng.pick(USUAL[lean ?? 'none']);
  const storms = Array.from({ length: usual === 0 ? 0 : rng.between(0, 2) }, () => {
    const from = time.nowMs() + rng.between(0, endMs - time.nowMs());
    const service = rng.pick(['journal', 'provider', 'ends', 'queues', 'directory', '']);
    return { from, to: from + rng.between(1, 8) * 60_000, service };
  });
  // Calls that change access are few: in some seeds they are struck most of the time.
  const nasty = usual > 0 && rng.chance(lean === 'writes-fail' ? 1 : 0.3);
  const counts = new Map<string, number>();
  let lastStrikeMs = 0;
  const over = () => time.nowMs() >= endMs;
  const rate = (point: string) => {
    const inStorm = storms.some(
      ({ from, to, service }) =>
        from <= time.nowMs() && time.nowMs() < to && point.startsWith(service),
    );
    if (inStorm) return 0.4;
    if (nasty && point === READ_BEFORE_CALL) return 0.1;
    return nasty && CHANGES_ACCESS.has(point) ? 0.4 : usual;
  };
  const count = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  return {
    counts,
    over,
    healthy: usual === 0,
    sweepOnly: usual > 0 && rng.chance(lean === 'late-ends' ? 0.7 : 0.1),
    strike(call) {
      if (over() || !rng.chance(rate(call.point))) return null;
      const kind = pickKind(rng, call);
      count(`${call.point} ${kind}`);
      return kind;
    },
    strikes(what, weight = 1) {
      if (over() || !rng.chance(rate(what) * weight)) return false;
      count(what);
      lastStrikeMs = time.nowMs();
      return true;
    },
    lastStrikeMs: () => lastStrikeMs,
  };
}

function pickKind(
  rng: Rng,
  call: { point: string; writes: boolean; canBeLate: boolean; canRefuse: boolean },
): FaultKind {
  const possible = FAULT_KINDS.filter((kind) => {
    if (kind === 'late' || kind === 'late-and-dead') return call.canBeLate;
    if (kind === 'refusal') return call.canRefuse;
    return kind !== 'answer-lost' || call.writes;
  });
  // Late effects at the provider are what the protocol is about, and what delays a call after its intent.
  const likely = (kind: FaultKind) =>
    kind.startsWith('late')
      ? call.point.startsWith('provider')
      : kind === 'slow' && call.point === READ_BEFORE_CALL;
  const weigh = (kind: FaultKind) => WEIGHTS[kind] * (likely(kind) ? 3 : 1);
  let left = rng.float() * possible.reduce((sum, kind) => sum + weigh(kind), 0);
  for (const kind of possible) {
    left -= weigh(kind);
    if (left < 0) return kind;
  }
  return 'error-before';
}

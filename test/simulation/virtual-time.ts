/**
 * Virtual time: a heap of events. Between two events every continuation of the code under test runs until nothing is
 * left to run, because each of its waits is an event here; so the order of everything depends on the seed alone.
 */
import { createHash } from 'node:crypto';

export type VirtualTime = {
  /** Milliseconds since the epoch. */
  nowMs(): number;
  now(): Date;
  /** Runs `what` later. A quiet event wakes no code under test: nothing has to settle after it. */
  after(delayMs: number, what: () => void, options?: { quiet: boolean }): void;
  /** Notes what happens, for the trace and its hash. */
  note(line: string): void;
  run(untilMs: number, afterEach: () => void): Promise<void>;
  traceHash(): string;
};

type Event = { at: number; seq: number; quiet: boolean; what: () => void };

export const START_MS = Date.parse('2026-11-22T08:00:00.000Z');

export function virtualTime(print: ((line: string) => void) | null): VirtualTime {
  const heap: Event[] = [];
  const hash = createHash('sha256');
  let nowMs = START_MS;
  let seq = 0;
  return {
    nowMs: () => nowMs,
    now: () => new Date(nowMs),
    after(delayMs, what, options) {
      seq += 1;
      const at = nowMs + Math.max(0, Math.round(delayMs));
      push(heap, { at, seq, quiet: options?.quiet ?? false, what });
    },
    note(line) {
      const full = `${((nowMs - START_MS) / 1000).toFixed(3)} ${line}`;
      hash.update(full);
      print?.(full);
    },
    async run(untilMs, afterEach) {
      // What was begun before time went on.
      await settled();
      for (let event = heap[0]; event && event.at <= untilMs; event = heap[0]) {
        pop(heap);
        nowMs = event.at;
        event.what();
        if (!event.quiet) await settled();
        afterEach();
      }
      nowMs = untilMs;
    },
    traceHash: () => hash.copy().digest('hex'),
  };
}

/** Node runs every microtask, and those they queue, before it calls back: exact, whatever the depth. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

const before = (one: Event, other: Event): boolean =>
  one.at < other.at || (one.at === other.at && one.seq < other.seq);

function push(heap: Event[], event: Event): void {
  heap.push(event);
  let at = heap.length - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!swapIf(heap, at, parent)) return;
    at = parent;
  }
}

function pop(heap: Event[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  heap[0] = last;
  let at = 0;
  for (;;) {
    const [left, right] = [2 * at + 1, 2 * at + 2];
    const [one, other] = [heap[left], heap[right]];
    if (!one) return;
    const child = other && before(other, one) ? right : left;
    if (!swapIf(heap, child, at)) return;
    at = child;
  }
}

/** Swaps when the first should come before the second. */
function swapIf(heap: Event[], first: number, second: number): boolean {
  const [one, other] = [heap[first], heap[second]];
  if (!one || !other || !before(one, other)) return false;
  heap[first] = other;
  heap[second] = one;
  return true;
}

/** Timers in order of their instants; equal instants keep the order in which they were added. */
export type Timer = { readonly at: number; readonly run: () => Promise<void> | void };

export type Timeline = {
  /** Answers the cancel, which answers whether there was still something to cancel. */
  add(at: number, run: Timer['run']): () => boolean;
  next(): Timer | undefined;
  /** Removes and answers the first timer that is due. */
  take(now: number): Timer | undefined;
  clear(): void;
};

export function openTimeline(): Timeline {
  let timers: Timer[] = [];
  return {
    add(at, run) {
      if (Number.isNaN(at)) throw new RangeError('A timer needs a valid date.');
      const timer = { at, run };
      timers.splice(firstAfter(timers, at), 0, timer);
      return () => {
        const index = timers.indexOf(timer);
        if (index >= 0) timers.splice(index, 1);
        return index >= 0;
      };
    },
    next: () => timers[0],
    take(now) {
      const first = timers[0];
      return first !== undefined && first.at <= now ? timers.shift() : undefined;
    },
    clear() {
      timers = [];
    },
  };
}

function firstAfter(timers: readonly Timer[], at: number): number {
  let low = 0;
  let high = timers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timers[middle]?.at ?? Number.POSITIVE_INFINITY) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

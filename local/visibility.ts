/** Which messages of which queue may be received now, and the timers that make the others visible, in local time. */
import type { LocalClock } from './clock.ts';

export type Visibility<Queue extends string> = {
  /** Visible from the instant on (milliseconds); replaces what was planned for the message before. */
  show(queue: Queue, id: string, visibleAt: number): void;
  hide(queue: Queue, id: string): void;
  /** Oldest first. */
  visible(queue: Queue): ReadonlySet<string>;
  close(): void;
};

export function openVisibility<Queue extends string>(
  clock: LocalClock,
  onVisible: (queue: Queue) => void,
): Visibility<Queue> {
  const queues = new Map<Queue, Set<string>>();
  const timers = new Map<string, () => void>();
  const setOf = (queue: Queue): Set<string> => {
    const known = queues.get(queue) ?? new Set();
    queues.set(queue, known);
    return known;
  };
  const hide = (queue: Queue, id: string): void => {
    timers.get(id)?.();
    timers.delete(id);
    setOf(queue).delete(id);
  };
  return {
    show(queue, id, visibleAt) {
      hide(queue, id);
      const appear = (): void => {
        timers.delete(id);
        setOf(queue).add(id);
        onVisible(queue);
      };
      if (visibleAt <= clock.now().getTime()) appear();
      else timers.set(id, clock.at(new Date(visibleAt), appear));
    },
    hide,
    visible: setOf,
    close() {
      for (const cancel of timers.values()) cancel();
      timers.clear();
    },
  };
}

/**
 * When a job last ran to its end, for a container that runs it again and again. What the container remembers of that is
 * enough while it is young: the stored instant can only be younger. Nobody decides by it; it only keeps a read from being made.
 */
import { type Journal, put, type Stored, written } from '../ports.ts';

export type Heartbeat = {
  /** The last end; asked of the store when what is remembered is older than this. Null: it never ran. @throws Fault */
  lastAt(now: Date, enoughMs: number): Promise<string | null>;
  /** This run came to its end. @throws Fault */
  beat(now: Date): Promise<void>;
};

export function heartbeatOf(journal: Journal, job: string): Heartbeat {
  let known: Stored<'heartbeat'> | null = null;
  const read = async (): Promise<Stored<'heartbeat'>> => {
    known = await journal.read('heartbeat', job);
    return known;
  };
  const beatOn = async (base: Stored<'heartbeat'>, now: Date): Promise<boolean> => {
    const next = { at: now.toISOString() };
    const { committed } = await journal.commit([put(base, next)], now);
    known = committed ? written(base, next) : null;
    return committed;
  };
  return {
    async lastAt(now, enoughMs) {
      const at = known?.value?.at;
      if (at !== undefined && now.getTime() - Date.parse(at) <= enoughMs) return at;
      return (await read()).value?.at ?? null;
    },
    async beat(now) {
      if (await beatOn(known ?? (await read()), now)) return;
      // Another container ran meanwhile. If a third one is faster now, it says the same.
      await beatOn(await read(), now);
    },
  };
}

/** Keeps a value as the server has it now: asks again and again, with an ETag, never twice at the same time. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type * as z from 'zod';
import { read } from './api.ts';

export type Polled<T> = {
  readonly value: T | null;
  /** The server has not answered the last few times. */
  readonly lost: boolean;
  /** Asks at once. */
  readonly refresh: () => void;
};

const FAILURES_UNTIL_LOST = 2;
const HIDDEN_FACTOR = 5;

/** @param path null stops asking */
export function usePolled<S extends z.ZodType>(
  path: string | null,
  schema: S,
  everyMs: number,
): Polled<z.infer<S>> {
  const [shown, setShown] = useState<{ path: string; value: z.infer<S> } | null>(null);
  const [lost, setLost] = useState(false);
  const askNow = useRef<() => void>(() => undefined);

  useEffect(() => {
    if (path === null) return;
    const stop = new AbortController();
    let etag: string | null = null;
    let failures = 0;
    let timer = 0;
    let asking = false;
    let again = false;
    const ask = async () => {
      if (asking) {
        again = true;
        return;
      }
      asking = true;
      clearTimeout(timer);
      try {
        const answer = await read(path, schema, { etag, signal: stop.signal });
        if (stop.signal.aborted) return;
        failures = 0;
        setLost(false);
        if (answer) {
          etag = answer.etag;
          setShown({ path, value: answer.value });
        }
      } catch (error) {
        if (stop.signal.aborted) return;
        failures += 1;
        if (failures === FAILURES_UNTIL_LOST) console.error(error);
        setLost(failures >= FAILURES_UNTIL_LOST);
      } finally {
        asking = false;
        if (!stop.signal.aborted) timer = setTimeout(ask, waitMs());
        again = false;
      }
    };
    const waitMs = () => (again ? 0 : document.hidden ? everyMs * HIDDEN_FACTOR : everyMs);
    askNow.current = () => void ask();
    askNow.current();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [path, schema, everyMs]);

  const refresh = useCallback(() => askNow.current(), []);
  return { value: shown !== null && shown.path === path ? shown.value : null, lost, refresh };
}

/**
 * The workspace as the stand-in shows it, asked twice a second while somebody looks (most answers are "nothing new" and
 * cost nothing) and at once after everything a person does. While the process is away, the last state stays.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import { type Act, Outcome, PageState } from '../../slack/page/contract.ts';
import { shared } from './view-model.ts';

const EVERY_MS = 500;
const LONGEST_WAIT_MS = 15_000;

export type Workspace = {
  readonly state: PageState | null;
  /** Never rejects: what went wrong is an outcome too. */
  act(act: Act): Promise<Outcome>;
};

export function useWorkspace(): Workspace {
  const [state, setState] = useState<PageState | null>(null);
  const etag = useRef<string | null>(null);
  const asked = useRef(0);
  const shown = useRef(0);

  const refresh = useCallback(async () => {
    asked.current += 1;
    const turn = asked.current;
    try {
      const answer = await fetchState(etag.current);
      // An answer that a later question overtook is old.
      if (answer === null || turn < shown.current) return;
      shown.current = turn;
      etag.current = answer.etag;
      setState((before) => shared(before, answer.state));
    } catch {
      // The page's own banner says that Hallpass is away; the last state stays in sight until it is back.
    }
  }, []);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stopped = false;
    const turn = async () => {
      if (!document.hidden) await refresh();
      if (!stopped) timer = setTimeout(turn, EVERY_MS);
    };
    void turn();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [refresh]);

  const act = useCallback(
    async (what: Act) => {
      const outcome = await post(what);
      await refresh();
      return outcome;
    },
    [refresh],
  );
  return { state, act };
}

async function fetchState(
  etag: string | null,
): Promise<{ state: PageState; etag: string | null } | null> {
  const response = await fetch('/_slack/page/state', {
    cache: 'no-store',
    headers: etag === null ? {} : { 'if-none-match': etag },
    signal: AbortSignal.timeout(LONGEST_WAIT_MS),
  });
  if (response.status === 304) return null;
  if (!response.ok) throw new Error(`/_slack/page/state answered ${response.status}`);
  return { state: PageState.parse(await response.json()), etag: response.headers.get('etag') };
}

async function post(act: Act): Promise<Outcome> {
  try {
    const response = await fetch('/_slack/page/act', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(act),
      signal: AbortSignal.timeout(LONGEST_WAIT_MS),
    });
    return Outcome.parse(await response.json());
  } catch {
    const message = 'Hallpass itself does not answer. Is it still running in the terminal?';
    return { ok: false, error: 'unreachable', message, errors: {} };
  }
}

/** Where the tour stands. Remembers in this browser which request it follows, what was read, and that it was skipped. */
import { useEffect, useMemo, useState } from 'react';
import * as z from 'zod';
import { RequestDetail, type RequestSummary } from '../../xray/shapes.ts';
import { usePolled } from '../use-polled.ts';
import { STEPS, type Step, WITHOUT_GRANT } from './steps.ts';

const KEY = 'hallpass-tour';
const DETAIL_MS = 2500;
const Kept = z.object({
  shown: z.boolean(),
  /** Requests that were there before do not count; null until the first look. */
  known: z.array(z.string()).nullable(),
  follows: z.string().nullable(),
  read: z.array(z.string()),
});
type Kept = z.infer<typeof Kept>;
const BEGINNING: Kept = { shown: true, known: null, follows: null, read: [] };

export type TourView = {
  readonly shown: boolean;
  readonly step: Step;
  readonly number: number;
  /** The step's own condition holds; for a reading step, the person may go on. */
  readonly ready: boolean;
  readonly finished: boolean;
  readonly begin: () => void;
  readonly skip: () => void;
  readonly goOn: () => void;
};

export type TourFacts = {
  /** Null until the server has said what there is. */
  requests: readonly RequestSummary[] | null;
  /** Changes with everything that a request's details show. */
  revision: string | undefined;
  persona: string;
  now: Date;
};

export function useTour({ requests, revision, persona, now }: TourFacts): TourView {
  const [kept, setKept] = useState(recall);
  useEffect(() => localStorage.setItem(KEY, JSON.stringify(kept)), [kept]);
  useEffect(() => {
    if (requests !== null) setKept((before) => followed(before, requests));
  }, [requests]);
  const { value: detail, refresh } = usePolled(
    kept.shown && kept.follows !== null ? `/_local/xray/requests/${kept.follows}` : null,
    RequestDetail,
    DETAIL_MS,
  );
  useEffect(() => {
    if (revision !== undefined) refresh();
  }, [revision, refresh]);
  const facts = { detail, persona, now };
  const first = STEPS.findIndex(
    (step) => !step.done(facts) || (step.reading && !kept.read.includes(step.id)),
  );
  const finished = first === -1;
  const at = finished ? STEPS.length - 1 : first;
  const [fallback] = STEPS;
  const step = STEPS[at] ?? fallback;
  if (step === undefined) throw new Error('A tour without steps');
  const ready = step.done(facts);
  const acts = useMemo(
    () => ({
      begin: () => setKept({ ...BEGINNING, known: requests?.map(({ id }) => id) ?? null }),
      skip: () => setKept((before) => ({ ...before, shown: false })),
      goOn: () => setKept((before) => ({ ...before, read: [...before.read, step.id] })),
    }),
    [step.id, requests],
  );
  return { shown: kept.shown, step, number: at + 1, ready, finished, ...acts };
}

function recall(): Kept {
  try {
    return Kept.parse(JSON.parse(localStorage.getItem(KEY) ?? 'null'));
  } catch {
    return BEGINNING;
  }
}

/** The first request made since the tour began, until it comes to nothing. */
function followed(kept: Kept, requests: readonly RequestSummary[]): Kept {
  if (kept.known === null) return { ...kept, known: requests.map(({ id }) => id) };
  const { known } = kept;
  const follows = requests.find(({ id }) => id === kept.follows);
  const lost = kept.follows !== null && follows === undefined;
  const failed = follows !== undefined && WITHOUT_GRANT.includes(follows.status);
  if (kept.follows !== null && !failed && !lost) return kept;
  if (failed || lost)
    return { ...kept, follows: null, read: [], known: requests.map(({ id }) => id) };
  const next = requests.findLast(({ id }) => !known.includes(id));
  return next === undefined ? kept : { ...kept, follows: next.id };
}

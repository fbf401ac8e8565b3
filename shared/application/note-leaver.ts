/**
 * Puts on record that somebody's Slack account is deactivated; the sweep does the rest (leavers.ts). Slack says so by an event; every
 * fifteen minutes announce also asks about those who hold or wait for something, in turns, for an event that never came.
 */
import { type Clock, type Directory, Fault, type Journal, put, type Telemetry } from '../ports.ts';
import { allOpen } from './open-requests.ts';

type NoteDeps = { journal: Journal; clock: Clock };

/** Told twice, it is one record: the later one, so that it is looked for longer. @throws Fault: Slack tells it again */
export async function noteLeaver({ journal, clock }: NoteDeps, person: string): Promise<void> {
  const now = clock.now();
  const at = now.toISOString();
  const stored = await journal.read('leaver', person);
  // Lost to another delivery of the same event: that one is on record.
  await journal.commit([put(stored, { at, dueAt: at })], now);
}

/** People that one look asks Slack about at most: what is left of them has its turn at the next. */
export const ASKED_AT_ONCE = 50;
/** Questions that are asked at the same time. */
const BATCH = 10;
const EVERY_MS = 15 * 60_000;

/** Answers how many were found. Only a clear "deactivated" counts: an unknown user, or a Slack that is silent, ends nothing. */
export async function lookForLeavers(
  deps: NoteDeps & { directory: Directory; telemetry: Telemetry },
): Promise<number> {
  const now = deps.clock.now();
  const people = new Set<string>();
  for await (const { subject, requester, status } of allOpen(deps.journal, now)) {
    people.add(subject);
    if (status === 'pending') people.add(requester);
  }
  let found = 0;
  const turn = turnOf([...people].sort(), now);
  for (let from = 0; from < turn.length; from += BATCH) {
    const asked = turn.slice(from, from + BATCH);
    const gone = await goneAmong(deps, asked, now);
    if (gone === null) break;
    for (const person of gone) await noteLeaver(deps, person);
    found += gone.length;
  }
  if (found > 0) deps.telemetry.info('People left of whom Slack had not told', { found });
  return found;
}

/** Everybody where there are few; otherwise the next so many, by the hour alone: nothing has to be remembered. */
function turnOf(people: readonly string[], now: Date): readonly string[] {
  const turns = Math.max(1, Math.ceil(people.length / ASKED_AT_ONCE));
  const turn = Math.floor(now.getTime() / EVERY_MS) % turns;
  return people.slice(turn * ASKED_AT_ONCE, (turn + 1) * ASKED_AT_ONCE);
}

/** Null when Slack does not answer: the next look asks again, and a burst of repeats would only make it worse. */
async function goneAmong(
  { directory, telemetry }: { directory: Directory; telemetry: Telemetry },
  people: readonly string[],
  now: Date,
): Promise<string[] | null> {
  try {
    const evidence = await directory.evidence(people, now);
    return [...evidence.values()].flatMap(({ slackUserId, deleted }) =>
      deleted ? [slackUserId] : [],
    );
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    telemetry.error('Slack was not asked who left', { why: error.message });
    return null;
  }
}

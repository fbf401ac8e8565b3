/** How an enrolment or an authenticator is changed: read, decide, append with its event in one transaction; somebody faster means decide again. */
import type { EnrolmentEvent } from '../domain/authenticator/model.ts';
import { ok, type Result } from '../domain/result.ts';
import { type Clock, Fault, type Journal, type Stored, type Write } from '../ports.ts';

const TRIES = 20;

export type Change<T> = { writes: Write[]; value: T };

type Deps = { journal: Journal; clock: Clock };
type Decide<K extends 'enrolment' | 'authenticator', T, E> = (
  base: Stored<K>,
  now: Date,
) => Promise<Result<Change<T>, E>>;

export const changeEnrolment = <T, E>(
  deps: Deps,
  owner: string,
  decide: Decide<'enrolment', T, E>,
): Promise<Result<T, E>> =>
  change(deps, async (now) => decide(await deps.journal.read('enrolment', owner), now));

export const changeAuthenticator = <T, E>(
  deps: Deps,
  owner: string,
  decide: Decide<'authenticator', T, E>,
): Promise<Result<T, E>> =>
  change(deps, async (now) => decide(await deps.journal.read('authenticator', owner), now));

async function change<T, E>(
  deps: Deps,
  decide: (now: Date) => Promise<Result<Change<T>, E>>,
): Promise<Result<T, E>> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const now = deps.clock.now();
    const decided = await decide(now);
    if (!decided.ok) return decided;
    const { writes, value } = decided.value;
    if (writes.length === 0) return ok(value);
    if ((await deps.journal.commit(writes, now)).committed) return ok(value);
  }
  throw new Fault('Too much happens at once around this authenticator. Try again.', {
    service: 'journal',
    retryable: true,
  });
}

type Head = Pick<EnrolmentEvent, 'v' | 'owner' | 'at' | 'actor'>;
/** What every event begins with; the owner acts unless somebody else is named. */
export const about = (owner: string, now: Date, actor?: Head['actor']): Head => ({
  v: 1,
  owner,
  at: now.toISOString(),
  actor: actor ?? { kind: 'person', id: owner },
});

/**
 * Asks again within one call where that is safe and soon: reads after 429 and 5xx, changes after 429 only, because a 5xx
 * may have changed something. Waits as GitLab asks, and never longer than BUDGET_MS in all: a longer wait belongs to
 * ensure, which stores it.
 */
import type { HttpAnswer } from '../exchange.ts';

const ATTEMPTS = 3;
const BUDGET_MS = 2000;
const FIRST_WAIT_MS = 200;
const PASSING: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);

export type Attempts = {
  readonly reads: boolean;
  /** Sends once; throws when it may not be sent any more. */
  readonly send: () => Promise<HttpAnswer>;
  /** Seconds that an answer asks to wait. */
  readonly waitAsked: (answer: HttpAnswer) => number | null;
  readonly wait: (ms: number) => Promise<void>;
};

export async function sendWithRetries(attempts: Attempts): Promise<HttpAnswer> {
  let left = BUDGET_MS;
  for (let attempt = 1; ; attempt += 1) {
    const answer = await attempts.send();
    const again = attempts.reads ? PASSING.has(answer.status) : answer.status === 429;
    if (!again || attempt === ATTEMPTS) return answer;
    const asked = attempts.waitAsked(answer);
    const ms = asked === null ? FIRST_WAIT_MS * 2 ** (attempt - 1) : asked * 1000;
    if (ms > left) return answer;
    left -= ms;
    await attempts.wait(ms);
  }
}

/**
 * Asks Slack (or whatever stands at `apiUrl`) about each payload with `blocks.validate`, one after the other and slowly: the
 * method has rate limits of its own. Waits as long as Slack says. Prints each problem with its pointer; a token is never printed.
 */
import * as z from 'zod';
import type { Payload } from './golden.ts';

export type Asking = {
  /** With a slash at its end. */
  readonly apiUrl: string;
  readonly token: string;
  readonly print: (line: string) => unknown;
  readonly wait: (seconds: number) => Promise<unknown>;
};

const Answer = z.looseObject({
  ok: z.boolean(),
  error: z.string().optional(),
  errors: z
    .array(z.looseObject({ pointer: z.string(), code: z.string(), message: z.string() }))
    .optional(),
});
type Answer = z.infer<typeof Answer>;

const PAUSE_SECONDS = 1.2;
const MOST_WAITS = 10;
const TIMEOUT_MS = 30_000;
const DEFAULT_WAIT_SECONDS = 30;
/** Slack's word for a payload it does not take; anything else is about the question. */
const REFUSED = ['invalid_blocks', 'invalid_message', 'invalid_view'];

/** How many of the payloads are refused. @throws Error when Slack cannot be asked, with what to do about it */
export async function validateAll(payloads: readonly Payload[], asking: Asking): Promise<number> {
  let refused = 0;
  for (const [index, payload] of payloads.entries()) {
    if (index > 0) await asking.wait(PAUSE_SECONDS);
    const answer = await answerTo(payload, asking);
    if (answer.ok) continue;
    if (!REFUSED.includes(answer.error ?? '')) throw new Error(cannot(answer.error));
    refused += 1;
    asking.print(`refused  ${payload.name}: ${answer.error}`);
    for (const { pointer, code, message } of answer.errors ?? [])
      asking.print(`         ${pointer} ${code}: ${message}`);
  }
  return refused;
}

async function answerTo(payload: Payload, asking: Asking): Promise<Answer> {
  for (let waits = 0; waits < MOST_WAITS; waits += 1) {
    const response = await fetch(new URL('blocks.validate', asking.apiUrl), {
      method: 'POST',
      headers: { authorization: `Bearer ${asking.token}` },
      body: new URLSearchParams({ ...payload.argument }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.status !== 429) return Answer.parse(await response.json());
    const seconds = Number(response.headers.get('retry-after')) || DEFAULT_WAIT_SECONDS;
    asking.print(`Slack asks for ${seconds} s of patience.`);
    await asking.wait(seconds);
  }
  throw new Error(`Slack asked for patience ${MOST_WAITS} times in a row. Try again later.`);
}

const cannot = (error = 'no reason'): string =>
  `Slack did not judge anything (${error}). Is SLACK_BOT_TOKEN the Bot User OAuth Token (xoxb-…) of an installed app?`;

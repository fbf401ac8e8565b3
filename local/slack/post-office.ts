/**
 * Signs a body at the local time and delivers it to the app, with Slack's patience of three seconds. Events are tried
 * again as Slack does: at once, after one minute, after five (on the local clock). Commands and clicks are not.
 */
import type { Answer, Deliveries } from './deliveries.ts';
import { type Body, headerOf, signed } from './payloads.ts';

export type SlackClock = {
  now(): Date;
  at?(instant: Date, run: () => Promise<void> | void): unknown;
};

/** What became of a delivery. */
export type Delivery = {
  readonly body: string;
  /** Null when the app did not answer in time, or at all. */
  readonly answer: Answer | null;
  readonly failure?: 'http_timeout' | 'connection_failed' | 'http_error';
};

export type PostOffice = {
  deliver(body: Body): Promise<Delivery>;
  /** With retries; resolves after the first try and, if that failed, the one at once. */
  deliverEvent(body: Body): Promise<Delivery>;
};

export type PostOfficeOptions = {
  readonly clock: SlackClock;
  readonly signingSecret: string;
  readonly deliverUrl: string | undefined;
  readonly deliveries: Deliveries;
  readonly patienceMs: number;
  readonly retries: boolean;
};

const laterRetries = [
  { num: 2, afterMs: 60_000 },
  { num: 3, afterMs: 5 * 60_000 },
];

export function openPostOffice(options: PostOfficeOptions): PostOffice {
  const { clock, deliveries } = options;

  async function attempt(body: Body, retry: { [name: string]: string } = {}): Promise<Delivery> {
    if (options.deliverUrl === undefined)
      throw new Error('The Slack stand-in was opened without deliverUrl; it cannot send anything.');
    const request = signed({ secret: options.signingSecret, at: clock.now() }, body);
    const headers = { ...request.headers, ...retry };
    deliveries.observeDelivery(headers, request.body);
    const delivery = await post(options.deliverUrl, { headers, body: request.body }, options);
    deliveries.observeAnswer(request.body, delivery.answer);
    return delivery;
  }

  async function again(body: Body, num: number, before: Delivery): Promise<Delivery> {
    if (before.failure === undefined || refusesRetries(before)) return before;
    const reason = { 'x-slack-retry-num': String(num), 'x-slack-retry-reason': before.failure };
    return attempt(body, reason);
  }

  /** The later tries wait on the local clock, each only when the one before failed. */
  function later(
    body: Body,
    before: Delivery,
    left: readonly (typeof laterRetries)[number][],
  ): void {
    const [next, ...rest] = left;
    if (next === undefined || before.failure === undefined || clock.at === undefined) return;
    clock.at(new Date(clock.now().getTime() + next.afterMs), async () =>
      later(body, await again(body, next.num, before), rest),
    );
  }

  return {
    deliver: (body) => attempt(body),
    async deliverEvent(body) {
      const first = await attempt(body);
      if (!options.retries) return first;
      const second = await again(body, 1, first);
      later(body, second, laterRetries);
      return second;
    },
  };
}

const refusesRetries = ({ answer }: Delivery) =>
  answer !== null && headerOf(answer.headers, 'x-slack-no-retry') === '1';

async function post(
  url: string,
  request: { headers: { [name: string]: string }; body: string },
  { patienceMs }: { patienceMs: number },
): Promise<Delivery> {
  const { body } = request;
  const signal = AbortSignal.timeout(patienceMs);
  try {
    const response = await fetch(url, { method: 'POST', ...request, redirect: 'error', signal });
    const answer = {
      statusCode: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    };
    return response.status === 200 ? { body, answer } : { body, answer, failure: 'http_error' };
  } catch {
    return { body, answer: null, failure: signal.aborted ? 'http_timeout' : 'connection_failed' };
  }
}

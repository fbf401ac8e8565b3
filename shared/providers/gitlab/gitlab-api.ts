/**
 * Asks GitLab one question and parses the answer: path -> token -> bounded exchange -> schema or fault. Answers `null`
 * for GitLab's own 404 only; a proxy's 404 page proves nothing and is a malformed answer. The token travels in a header
 * to this one address and appears nowhere else.
 */
import type * as z from 'zod';
import { ProviderFault } from '../../ports.ts';
import type { HttpAnswer, HttpRequest } from '../exchange.ts';
import { boundedExchange, describe } from '../exchange.ts';
import { refusalAnswer } from './answers.ts';
import { sendWithRetries } from './retries.ts';
import { CHANGING, malformed, statusFault, waitFor } from './status-fault.ts';

export type GitlabOptions = {
  /** `https://gitlab.com`, or the address of a self-managed GitLab; `/api/v4` is added where it is missing. */
  readonly baseUrl: string;
  /** Group access token or a service account's token, scope `api`. */
  readonly token: string;
  readonly fetch?: typeof fetch;
  /** For each HTTP exchange, body included. Default 8000. */
  readonly timeoutMs?: number;
  now(): Date;
  /** How to wait between two attempts; real time by default. */
  wait?(ms: number): Promise<void>;
};

export type Ask<T> = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api/v4`, every part encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  readonly body?: Readonly<Record<string, string | number | null>>;
  /** The only status that counts as success. */
  readonly status: 200 | 201 | 204;
  readonly schema: z.ZodType<T>;
  /** The request is not sent any more once this has fired. */
  readonly notAfter?: AbortSignal;
};

export type GitlabApi = {
  readonly baseUrl: string;
  readonly timeoutMs: number;
  ask<T>(question: Ask<T>): Promise<{ value: T; headers: Headers } | null>;
};

const DEFAULT_TIMEOUT_MS = 8000;
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export function gitlabApi(options: GitlabOptions): GitlabApi {
  const baseUrl = apiRoot(options.baseUrl);
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const exchange = boundedExchange({
    system: 'GitLab',
    changing: CHANGING,
    fetch: options.fetch ?? fetch,
    timeoutMs,
  });
  return {
    baseUrl,
    timeoutMs,
    async ask(question) {
      const request = build(baseUrl, options.token, question);
      const answer = await sendWithRetries({
        reads: question.method === 'GET',
        send: () => {
          if (question.notAfter?.aborted === true) throw tooLate(request);
          return exchange(request);
        },
        waitAsked: (limited) => waitFor(limited, options.now()),
        wait: options.wait ?? pause,
      });
      const asked = { method: request.method, what: describe(request), now: options.now() };
      return read(answer, question, asked);
    },
  };
}

function apiRoot(given: string): string {
  const root = given.replace(/\/+$/, '');
  return root.endsWith('/api/v4') ? root : `${root}/api/v4`;
}

function build(baseUrl: string, token: string, question: Ask<unknown>): HttpRequest {
  const url = new URL(baseUrl + question.path);
  for (const [name, value] of Object.entries(question.query ?? {})) {
    url.searchParams.set(name, String(value));
  }
  const json = question.body === undefined ? {} : { 'content-type': 'application/json' };
  return {
    method: question.method,
    url: url.href,
    headers: {
      accept: 'application/json',
      'user-agent': 'hallpass',
      'private-token': token,
      ...json,
    },
    body: question.body === undefined ? null : JSON.stringify(question.body),
  };
}

function read<T>(
  answer: HttpAnswer,
  question: Ask<T>,
  asked: { method: string; what: string; now: Date },
): { value: T; headers: Headers } | null {
  if (answer.status === 404) {
    if (refusalAnswer.safeParse(answer.body).success) return null;
    throw malformed(answer, asked);
  }
  if (answer.status !== question.status) throw statusFault(answer, asked);
  const parsed = question.schema.safeParse(answer.body);
  if (!parsed.success) throw malformed(answer, asked);
  return { value: parsed.data, headers: answer.headers };
}

function tooLate(request: HttpRequest): ProviderFault {
  return new ProviderFault(
    `GitLab was too slow before ${describe(request)}, which was therefore not sent; it is tried again later`,
    { code: 'timeout', retryable: true, applied: 'no' },
  );
}

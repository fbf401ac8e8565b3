/**
 * One HTTP exchange with a CI system under limits: a deadline that covers the body, a cap on the body, no redirect followed
 * (a token must never travel to another host), nothing retried. Failures become ProviderFaults that say honestly
 * whether a change may have been made; statuses are left to the caller.
 */
import { ProviderFault } from '../ports.ts';

export type HttpRequest = {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
};

/** `body` is the parsed JSON, `undefined` where the body was none. */
export type HttpAnswer = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
};

export type Exchange = (request: HttpRequest) => Promise<HttpAnswer>;

export type Limits = {
  /** As people know it: `GitHub`. */
  readonly system: string;
  /** Methods after which something may have changed for somebody. */
  readonly changing: ReadonlySet<string>;
  readonly fetch: typeof fetch;
  /** For the whole exchange, body included. */
  readonly timeoutMs: number;
};

const MAX_BODY_BYTES = 2 * 1024 * 1024;

/** The connection was never made, so the request was never sent. */
const NEVER_SENT: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

export function boundedExchange(limits: Limits): Exchange {
  const { system } = limits;
  return async (request) => {
    const { response, text } = await send(request, limits);
    const asked = describe(request);
    if (response.status >= 300 && response.status < 400) {
      throw new ProviderFault(
        `${system} answered ${response.status} to ${asked}; redirects are not followed, so check the API's base URL and the container's name`,
        { code: 'malformed-answer', retryable: false, applied: unsure(request.method, limits) },
      );
    }
    if (text === null && response.status < 400) {
      throw new ProviderFault(
        `${system}'s answer to ${asked} is larger than ${MAX_BODY_BYTES} bytes; check what stands between Hallpass and ${system}`,
        { code: 'malformed-answer', retryable: true, applied: unsure(request.method, limits) },
      );
    }
    return { status: response.status, headers: response.headers, body: parseJson(text) };
  };
}

/** `METHOD /path`: names the thing in a message without host, query or credentials. */
export function describe(request: { method: string; url: string }): string {
  return `${request.method} ${new URL(request.url).pathname}`;
}

/** What is known about a change when no clear answer came. */
export function unsure(method: string, limits: Pick<Limits, 'changing'>): 'no' | 'unknown' {
  return limits.changing.has(method) ? 'unknown' : 'no';
}

async function send(request: HttpRequest, limits: Limits) {
  const signal = AbortSignal.timeout(limits.timeoutMs);
  try {
    const response = await limits.fetch(request.url, {
      method: request.method,
      headers: request.headers,
      body: request.body,
      redirect: 'manual',
      signal,
    });
    return { response, text: await readCapped(response) };
  } catch (error) {
    throw signal.aborted
      ? timeoutFault(error, request, limits)
      : connectionFault(error, request, limits);
  }
}

/** `null` when the body is larger than the cap; leaving the loop closes the connection. */
async function readCapped(response: Response): Promise<string | null> {
  if (response.body === null) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined; // not JSON is an answer too: the caller's schema refuses it
  }
}

function timeoutFault(cause: unknown, request: HttpRequest, limits: Limits): ProviderFault {
  return new ProviderFault(
    `${limits.system} did not answer ${describe(request)} within ${limits.timeoutMs} ms; it is asked again later`,
    { code: 'timeout', retryable: true, applied: unsure(request.method, limits), cause },
  );
}

function connectionFault(error: unknown, request: HttpRequest, limits: Limits): ProviderFault {
  const asked = describe(request);
  const code = codeOf(error);
  const reason = code === null ? '' : ` (${code})`;
  return new ProviderFault(
    `the connection to ${limits.system} failed during ${asked}${reason}; check the network and the API's base URL`,
    {
      code: 'unavailable',
      retryable: true,
      applied: NEVER_SENT.has(code) ? 'no' : unsure(request.method, limits),
      cause: error,
    },
  );
}

/** fetch wraps the socket's error; its code is one or two causes down. */
function codeOf(error: unknown): string | null {
  let at = error;
  for (let depth = 0; depth < 4 && typeof at === 'object' && at !== null; depth += 1) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    at = 'cause' in at ? at.cause : null;
  }
  return null;
}

/** Seconds that a Retry-After (seconds or a date) asks to wait, `null` when there is none that makes sense. */
export function waitAsked(headers: Headers, now: Date): number | null {
  const asked = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+$/.test(asked)) return clampWait(Number(asked));
  if (/ GMT$/.test(asked) && !Number.isNaN(Date.parse(asked))) {
    return clampWait((Date.parse(asked) - now.getTime()) / 1000);
  }
  return null;
}

/** Whole seconds, at least one, an hour at most. */
export function clampWait(seconds: number): number {
  return Math.min(3600, Math.max(1, Math.ceil(seconds)));
}

/**
 * One HTTP exchange with GitHub under limits: a deadline that covers the body, a cap on the body, no redirect followed
 * (a token must never travel to another host), nothing retried. Failures become ProviderFaults that say honestly
 * whether a change may have been made; statuses are left to the caller.
 */
import { ProviderFault } from '../../ports.ts';

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

export function boundedExchange(limits: { fetch: typeof fetch; timeoutMs: number }): Exchange {
  return async (request) => {
    const { response, text } = await send(request, limits);
    const asked = describe(request);
    if (response.status >= 300 && response.status < 400) {
      throw new ProviderFault(
        `GitHub answered ${response.status} to ${asked}; redirects are not followed, so check the API's base URL and the organization's name`,
        { code: 'malformed-answer', retryable: false, applied: unsure(request.method) },
      );
    }
    if (text === null && response.status < 400) {
      throw new ProviderFault(
        `GitHub's answer to ${asked} is larger than ${MAX_BODY_BYTES} bytes; check what stands between Hallpass and GitHub`,
        { code: 'malformed-answer', retryable: true, applied: unsure(request.method) },
      );
    }
    return { status: response.status, headers: response.headers, body: parseJson(text) };
  };
}

/** `METHOD /path`: names the thing in a message without host, query or credentials. */
export function describe(request: { method: string; url: string }): string {
  return `${request.method} ${new URL(request.url).pathname}`;
}

/** What is known about a change when no clear answer came. Minting a token (POST) changes no membership. */
export function unsure(method: string): 'no' | 'unknown' {
  return method === 'PUT' || method === 'DELETE' ? 'unknown' : 'no';
}

async function send(request: HttpRequest, limits: { fetch: typeof fetch; timeoutMs: number }) {
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
      ? timeoutFault(error, request, limits.timeoutMs)
      : connectionFault(error, request);
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

function timeoutFault(cause: unknown, request: HttpRequest, timeoutMs: number): ProviderFault {
  return new ProviderFault(
    `GitHub did not answer ${describe(request)} within ${timeoutMs} ms; it is asked again later`,
    { code: 'timeout', retryable: true, applied: unsure(request.method), cause },
  );
}

function connectionFault(error: unknown, request: HttpRequest): ProviderFault {
  const asked = describe(request);
  const code = codeOf(error);
  const reason = code === null ? '' : ` (${code})`;
  return new ProviderFault(
    `the connection to GitHub failed during ${asked}${reason}; check the network and the API's base URL`,
    {
      code: 'unavailable',
      retryable: true,
      applied: NEVER_SENT.has(code) ? 'no' : unsure(request.method),
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

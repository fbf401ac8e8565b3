/**
 * One GET to a system outside, bounded in time and size, following no redirect: whoever was allowed is whom we talk to. What is
 * no answer is a Fault that names the system and the next step, never an address with a secret in it, a header or a body.
 */
import { Fault } from '../ports.ts';

export type Fetch = (url: URL, init: RequestInit) => Promise<Response>;
export type Outside = {
  /** As people know it: `PagerDuty`. */
  readonly name: string;
  /** Of this process unless another one is given. */
  readonly fetch?: Fetch;
};
export type Got = { readonly status: number; readonly text: string };

const TIMEOUT_MS = 2000;
const MOST_BYTES = 1_000_000;

export const outsideFault = (name: string, what: string, cause?: unknown): Fault =>
  new Fault(`${name} ${what}`, { service: 'outside', retryable: true, cause });

/** @throws Fault */
export async function boundedGet(
  { name, fetch: ask = fetch }: Outside,
  url: URL,
  headers: Readonly<Record<string, string>>,
): Promise<Got> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await ask(url, { headers, redirect: 'manual', signal });
    const text = await textOf(name, response);
    return { status: response.status, text };
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw outsideFault(name, 'did not answer in time. Try again in a minute.', error);
  }
}

async function textOf(name: string, response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return '';
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(parts).toString('utf8');
    size += value.byteLength;
    if (size > MOST_BYTES) {
      await reader.cancel();
      throw outsideFault(name, `answered with more than ${MOST_BYTES} bytes. Make it shorter.`);
    }
    parts.push(value);
  }
}

/** The JSON of a 200; anything else is a Fault. */
export async function boundedJson(
  outside: Outside,
  url: URL,
  headers: Readonly<Record<string, string>>,
): Promise<unknown> {
  const got = await boundedGet(outside, url, { accept: 'application/json', ...headers });
  if (got.status !== 200) throw statusFault(outside.name, got.status);
  return jsonOf(outside.name, got.text);
}

export const statusFault = (name: string, status: number): Fault =>
  status === 401 || status === 403
    ? outsideFault(name, `refused our token (HTTP ${status}). Check it and its rights.`)
    : outsideFault(name, `answered with HTTP ${status}. Try again in a minute.`);

export function jsonOf(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw outsideFault(name, 'answered with something that is no JSON.', error);
  }
}

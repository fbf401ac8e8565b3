/** Calls to the local port. Every answer is parsed; what does not fit is an error that says which address gave it. */
import type * as z from 'zod';

export type Read<T> = { readonly value: T; readonly etag: string | null };

/** @returns null when the server says that nothing changed since `etag` */
export async function read<S extends z.ZodType>(
  path: string,
  schema: S,
  known: { etag: string | null; signal?: AbortSignal },
): Promise<Read<z.infer<S>> | null> {
  const headers: Record<string, string> =
    known.etag === null ? {} : { 'if-none-match': known.etag };
  const response = await fetch(path, {
    headers,
    cache: 'no-store',
    ...(known.signal ? { signal: known.signal } : {}),
  });
  if (response.status === 304) return null;
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return { value: schema.parse(await response.json()), etag: response.headers.get('etag') };
}

/** @returns null when it was done, else what the server said */
export async function send(
  path: string,
  method: 'POST' | 'DELETE',
  body?: unknown,
): Promise<string | null> {
  try {
    const response = await fetch(path, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return response.ok ? null : `${path} answered ${response.status}: ${await response.text()}`;
  } catch {
    return 'Hallpass did not answer.';
  }
}

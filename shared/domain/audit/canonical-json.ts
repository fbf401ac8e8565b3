/**
 * Canonical JSON (RFC 8785) for the values we hash: keys sorted by UTF-16 code units, numbers as
 * ECMAScript prints them, no white space. Throws on what JSON cannot carry, because a hash of a
 * silently changed value proves nothing.
 */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

export function canonicalJson(value: Json): string {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new Error(`Canonical JSON cannot carry the number ${value}`);
  if (typeof value === 'string' && !value.isWellFormed())
    throw new Error('Canonical JSON cannot carry a lone surrogate');
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  return `{${Object.entries(value)
    .filter((entry): entry is [string, Json] => entry[1] !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${canonicalJson(key)}:${canonicalJson(item)}`)
    .join(',')}}`;
}

const isArray = (value: readonly Json[] | object): value is readonly Json[] => Array.isArray(value);

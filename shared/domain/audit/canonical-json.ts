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
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'number':
      if (!Number.isFinite(value))
        throw new Error(`Canonical JSON cannot carry the number ${value}`);
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    default:
      if (value === null) return 'null';
      return isArray(value) ? `[${value.map(canonicalJson).join(',')}]` : object(value);
  }
}

const isArray = (value: readonly Json[] | object): value is readonly Json[] => Array.isArray(value);

/** Millions of rows pass here: strings are put together directly, and sorted as the language sorts them, by code units. */
function object(value: { readonly [key: string]: Json | undefined }): string {
  let text = '';
  for (const key of Object.keys(value).sort()) {
    const item = value[key];
    if (item !== undefined)
      text += `${text === '' ? '' : ','}${quoted(key)}:${canonicalJson(item)}`;
  }
  return `{${text}}`;
}

/** Printable ASCII without a quote or a backslash stands for itself. */
const PLAIN = /^[ !#-[\]-~]*$/;

function quoted(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  if (!text.isWellFormed()) throw new Error('Canonical JSON cannot carry a lone surrogate');
  return JSON.stringify(text);
}

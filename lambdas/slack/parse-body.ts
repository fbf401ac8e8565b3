/**
 * The bytes of a signed request as one payload: a command's fields, an interaction, an event. Strict, because a signed body
 * that is not exactly what Slack sends was not made by Slack: bad UTF-8, repeated fields, a payload beside a command.
 * Called after the signature only. Never throws; the reason names the flaw and quotes nothing.
 */
import { isUtf8 } from 'node:buffer';
import { ok, type Result, refuse } from '../../shared/domain/result.ts';
import { parseStrictJson } from './strict-json.ts';

export type Payload = { readonly [field: string]: unknown };
export type BadBody = { readonly statusCode: 400 | 413; readonly reason: string };

const LONGEST_BYTES = 256 * 1024;
const bad = (reason: string) => refuse<BadBody>({ statusCode: 400, reason });

export function parseBody(raw: Uint8Array, contentType: string): Result<Payload, BadBody> {
  if (raw.length > LONGEST_BYTES) return refuse({ statusCode: 413, reason: 'too-large' });
  const text = strictUtf8(raw);
  if (text === undefined) return bad('not-utf-8');
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'application/json') return json(text);
  if (type === 'application/x-www-form-urlencoded') return form(text);
  return bad('content-type');
}

/** The byte order mark stays, and is refused as what it is: not JSON, not a field. */
const strictUtf8 = (raw: Uint8Array): string | undefined =>
  isUtf8(raw) ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(raw) : undefined;

const isPayload = (value: unknown): value is Payload =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function json(text: string): Result<Payload, BadBody> {
  const value = parseStrictJson(text);
  return isPayload(value) && typeof value['type'] === 'string' ? ok(value) : bad('json');
}

function form(text: string): Result<Payload, BadBody> {
  const fields = fieldsOf(text);
  if (!fields) return bad('form');
  const payload = fields.get('payload');
  if (payload === undefined)
    return fields.has('command') || fields.has('ssl_check')
      ? ok(Object.fromEntries(fields))
      : bad('payload-missing');
  return fields.size === 1 ? json(payload) : bad('payload-not-alone');
}

/** Null for a name that comes twice, and for percent signs that decode to no text. */
function fieldsOf(text: string): Map<string, string> | null {
  const fields = new Map<string, string>();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const split = pair.indexOf('=');
    const name = decoded(split < 0 ? pair : pair.slice(0, split));
    const value = decoded(split < 0 ? '' : pair.slice(split + 1));
    if (name === undefined || value === undefined) return null;
    if (name === '__proto__' || fields.has(name)) return null;
    fields.set(name, value);
  }
  return fields;
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part.replaceAll('+', ' '));
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

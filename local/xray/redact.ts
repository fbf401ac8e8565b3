/**
 * Takes secrets out of what the X-ray shows: signatures, tokens, keys, one-time codes, links that enrol. Works on names
 * of headers and fields and on the shape of codes; what it cannot parse is shown only in its first words. Never adds.
 */
import { type JsonObject, parseJson } from '../slack/json.ts';

const HIDDEN = '[redacted]';
const SECRET_NAME =
  /signature|authorization|cookie|(^|[-_])(token|secret|password|key|jwt|trigger_id|response_url)$/i;
/** Input blocks and fields in which people type one-time codes, recovery codes and the word of the enrolment page. */
const CODE_NAME = /^(code|codes|recovery|recovery_code|otp|pin|word)$/;
const LONE_SIX_DIGITS = /(?<![\w.:#-])\d{6}(?![\w.:-])/g;
const ENROL_LINK = /\/enroll\/[^\s"'\\>|]+/g;
const BEARER = /\b(xox[a-z]-|xapp-|gh[a-z]_|glpat-)[\w-]+/g;
const MOST_CHARACTERS = 24_000;

export function redactHeaders(headers: Iterable<[string, string]>): Record<string, string> {
  const shown = [...headers].map(([name, value]) => [
    name,
    SECRET_NAME.test(name) ? HIDDEN : redactText(value),
  ]);
  return Object.fromEntries(shown);
}

/** A JSON or form body, pretty-printed, without its secrets. */
export function redactBody(body: string): string {
  if (body === '') return '';
  const json = parseJson(body);
  if (json !== undefined) return print(redactValue(json));
  if (/^[\w.%~+-]+=/.test(body))
    return print(Object.fromEntries([...new URLSearchParams(body)].map(formField)));
  return redactText(body).slice(0, 400);
}

const formField = ([name, value]: [string, string]): [string, unknown] => {
  if (SECRET_NAME.test(name) || CODE_NAME.test(name)) return [name, HIDDEN];
  const inner = /^[[{]/.test(value) ? parseJson(value) : undefined;
  return [name, inner === undefined ? redactText(value) : redactValue(inner)];
};

function redactValue(value: unknown): unknown {
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return value.map(redactValue);
  if (typeof value !== 'object' || value === null) return value;
  const shown: JsonObject = {};
  for (const [name, inner] of Object.entries(value))
    shown[name] =
      SECRET_NAME.test(name) && typeof inner === 'string'
        ? HIDDEN
        : CODE_NAME.test(name)
          ? hideAll(inner)
          : redactValue(inner);
  return shown;
}

/** Keeps the shape, so that one sees where a code was typed. */
function hideAll(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hideAll);
  if (typeof value !== 'object' || value === null)
    return value === null || typeof value === 'boolean' ? value : HIDDEN;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, name === 'type' ? inner : hideAll(inner)]),
  );
}

export function redactText(text: string): string {
  return text
    .replace(LONE_SIX_DIGITS, HIDDEN)
    .replace(ENROL_LINK, `/enroll/${HIDDEN}`)
    .replace(BEARER, HIDDEN);
}

function print(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return text.length <= MOST_CHARACTERS
    ? text
    : `${text.slice(0, MOST_CHARACTERS)}\n… ${text.length - MOST_CHARACTERS} characters more`;
}

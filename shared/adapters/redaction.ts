/**
 * The last gate before a log line: what looks like a credential, a code or a payload does not pass, whoever handed it over.
 * Values that were read from Secrets Manager are known word for word, so those without a form of their own are caught too. Too
 * much is taken out rather than too little; long values, deep objects and cycles are cut. Never throws, never changes its input.
 */
import { redactSecrets } from '../domain/secret-text.ts';

const LONGEST_READ = 10_000;
const LONGEST_KEPT = 500;
const LONGEST_KEY = 60;
const MOST_ENTRIES = 40;
const DEEPEST = 4;
const STACK_LINES = 8;
const GONE = '[removed]';

/** A field of this name holds what nobody may read, whatever it looks like. */
const SECRET_NAME =
  /token|secret|passw|passphrase|credential|authorization|cookie|signature|private_?key|api_?key|otp|typed|digits|canary|body|payload|headers|^event$|response_?url|trigger_?id|justification/i;

/** What redactSecrets leaves alone because people may write it; in a log it has no business. */
const FORMS: readonly (readonly [RegExp, string])[] = [
  [/\bgh[pousr]_[A-Za-z0-9_.-]{10,}/g, '[removed: GitHub token]'],
  [/https:\/\/hooks\.slack\.com\/[^\s"'<>]+/gi, '[removed: Slack address]'],
  [/\/enroll\/(?!\[removed)[^\s"'<>?#]+/gi, '/enroll/[removed: link]'],
  [/\bv0=[0-9a-f]{64}\b/gi, '[removed: signature]'],
  [/\b(bearer|basic)[ \t]+[A-Za-z0-9._~+/=:-]{6,}/gi, '$1 [removed]'],
  [
    /((?:token|secret|passw(?:or)?d|api[_-]?key|signature|authorization)["']?\s{0,3}[=:]\s{0,3}["']?)[^\s"'&,;}[\]]{3,}/gi,
    `$1${GONE}`,
  ],
  // Recovery codes, then one-time codes as people type them, in any digits; not parts of dates, ids and longer numbers.
  [/(?<![A-Z0-9])[A-Z0-9]{4}(?:[ -][A-Z0-9]{4}){6}(?![A-Z0-9])/gi, '[removed: recovery code]'],
  [
    /(?<![\p{L}\p{Nd}_.:/#-])\p{Nd}(?:[\p{Zs}-]?\p{Nd}){5}(?![\p{L}\p{Nd}_#-]|[.:/][\p{L}\p{Nd}])/gu,
    '[removed: code]',
  ],
  // Keys of authenticators: base32, in one piece or in groups.
  [
    /(?<![A-Za-z0-9])(?:[A-Z2-7]{26,}|(?:[A-Z2-7]{4} ){5,}[A-Z2-7]{2,4})(?![A-Za-z0-9])/g,
    '[removed: key]',
  ],
  [/[A-Za-z0-9+/]{120,}={0,2}/g, '[removed: long value]'],
];

/** 256 random bits as base64url: tokens of links. Hashes are hex and stay. */
const LINK_TOKEN = /(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/g;
const isRandom = (text: string): boolean =>
  /[a-z]/.test(text) && /[A-Z]/.test(text) && /[0-9]/.test(text);

const SHORTEST_KNOWN = 8;
const MOST_KNOWN = 60;
const known = new Set<string>();

/** From now on no line of this process holds one of these, in whole or line by line. */
export function neverLog(secrets: readonly string[]): void {
  for (const part of secrets.flatMap((secret) => [secret, ...secret.split(/\r?\n|\\n/)])) {
    if (part.length < SHORTEST_KNOWN) continue;
    known.delete(part);
    known.add(part);
  }
  // Rotation leaves old ones behind; the oldest go first.
  for (const part of known) {
    if (known.size <= MOST_KNOWN) break;
    known.delete(part);
  }
}

export function redactedText(text: string): string {
  const isCut = text.length > LONGEST_READ;
  // A credential that the cut goes through would not be recognized: its rest goes with the last word.
  let left = isCut ? text.slice(0, LONGEST_READ).replace(/\S*$/, '') : text;
  for (const secret of known) left = left.replaceAll(secret, GONE);
  left = redactSecrets(left).text;
  for (const [form, instead] of FORMS) left = left.replace(form, instead);
  left = left.replace(LINK_TOKEN, (found) => (isRandom(found) ? '[removed: link]' : found));
  return isCut || left.length > LONGEST_KEPT ? `${left.slice(0, LONGEST_KEPT)}…` : left;
}

/** The fields of one line. */
export const redacted = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(entries(fields, 0));

function entries(fields: object, depth: number): [string, unknown][] {
  return Object.entries(fields)
    .slice(0, MOST_ENTRIES)
    .map(([key, value]) => [
      redactedText(key).slice(0, LONGEST_KEY),
      SECRET_NAME.test(key) ? GONE : plain(value, depth + 1),
    ]);
}

function plain(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactedText(value);
  if (typeof value === 'bigint') return redactedText(value.toString());
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'object') return undefined;
  if (ArrayBuffer.isView(value)) return `[removed: ${value.byteLength} bytes]`;
  if (depth > DEEPEST) return '[deeper]';
  try {
    if (value instanceof Error) return ofError(value, depth);
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
    if (Array.isArray(value))
      return value.slice(0, MOST_ENTRIES).map((each) => plain(each, depth + 1));
    return Object.fromEntries(entries(value, depth));
  } catch {
    // A getter that throws must not cost the line.
    return '[unreadable]';
  }
}

/** Name, message, where it happened, and what caused it; never what libraries hang onto errors (requests, responses). */
function ofError(error: Error, depth: number): Record<string, unknown> {
  const at = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    name: redactedText(error.name),
    message: redactedText(error.message),
    at: at.slice(0, STACK_LINES).map((line) => redactedText(line.trim())),
    ...(error.cause === undefined ? {} : { cause: plain(error.cause, depth + 1) }),
  };
}

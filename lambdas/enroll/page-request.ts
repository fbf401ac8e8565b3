/**
 * What the page is asked, from an API Gateway v2 event: whatever arrives becomes a value, nothing is thrown. A token is
 * all that a reader proves, so a request that a browser says came from another site is turned away before it counts.
 */
import * as z from 'zod';
import { isCodesToken } from '../../shared/application/recovery-codes.ts';

export type HttpEvent = {
  readonly rawPath?: string | undefined;
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
  readonly body?: string | null | undefined;
  readonly isBase64Encoded?: boolean | undefined;
  readonly requestContext?: {
    readonly http?: { readonly method?: string | undefined } | undefined;
  };
};

export type PageRequest =
  | { ask: 'look'; leadsTo: 'key' | 'codes' }
  | { ask: 'reveal'; token: string }
  | { ask: 'confirm'; token: string; typed: string }
  /** New recovery codes. */
  | { ask: 'codes'; token: string }
  | { ask: 'nothing'; status: 400 | 403 | 404 | 405 | 413 };

const Event = z.object({
  rawPath: z.string(),
  headers: z.record(z.string(), z.string().optional()).optional(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().optional(),
  requestContext: z.object({ http: z.object({ method: z.string() }) }),
});
type Parsed = z.infer<typeof Event>;

/** Our own form has two short fields. */
const LONGEST_BODY = 1024;
const PATH = /^\/enroll\/([^/]{1,200})$/;
const FORM = 'application/x-www-form-urlencoded';

const nothing = (status: 400 | 403 | 404 | 405 | 413): PageRequest => ({ ask: 'nothing', status });

export function readRequest(event: unknown, publicUrl: string): PageRequest {
  const parsed = Event.safeParse(event);
  if (!parsed.success) return nothing(400);
  const { rawPath, requestContext } = parsed.data;
  const token = PATH.exec(rawPath)?.[1];
  if (token === undefined) return nothing(404);
  const { method } = requestContext.http;
  if (method === 'GET') return { ask: 'look', leadsTo: leadsTo(token) };
  if (method !== 'POST') return nothing(405);
  if (!isOurOwnForm(parsed.data, publicUrl)) return nothing(403);
  return readForm(parsed.data, token);
}

/** By the looks of the token alone: what the page says before anything was asked must not depend on what is stored. */
const leadsTo = (token: string): 'key' | 'codes' => (isCodesToken(token) ? 'codes' : 'key');

function readForm(event: Parsed, token: string): PageRequest {
  const body = event.body ?? '';
  // Base64 takes four characters for three bytes.
  if (body.length > LONGEST_BODY * 2) return nothing(413);
  const bytes = Buffer.from(body, event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > LONGEST_BODY) return nothing(413);
  // A bare POST asks for what the link is for; so does the page's own button.
  if (bytes.length === 0) return { ask: leadsTo(token) === 'codes' ? 'codes' : 'reveal', token };
  const type = header(event, 'content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== FORM) return nothing(400);
  const fields = new URLSearchParams(bytes.toString('utf8'));
  const [step, ...more] = fields.getAll('step');
  if (more.length > 0) return nothing(400);
  if (step === 'reveal' || step === 'codes') return { ask: step, token };
  const [typed, ...others] = fields.getAll('code');
  if ((step ?? 'confirm') !== 'confirm' || typed === undefined || others.length > 0)
    return nothing(400);
  return { ask: 'confirm', token, typed };
}

/**
 * Our `no-referrer` makes browsers send `Origin: null` even to ourselves (Fetch standard, "append a request Origin
 * header"), so null says nothing; Sec-Fetch-Site, where a browser sends it, does.
 */
function isOurOwnForm(event: Parsed, publicUrl: string): boolean {
  const site = header(event, 'sec-fetch-site');
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const origin = header(event, 'origin');
  return origin === undefined || origin === 'null' || origin === new URL(publicUrl).origin;
}

const header = ({ headers }: Parsed, name: string): string | undefined =>
  Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];

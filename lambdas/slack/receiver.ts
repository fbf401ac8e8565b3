/**
 * Our Bolt Receiver for API Gateway v2 events: verify, then parse, then let Bolt find the listener. Answers as soon as the
 * listener acknowledged. Never throws to the runtime, never parses a byte that is not signed, never logs one.
 * Bolt's own AwsLambdaReceiver parses first, breaks on a charset and on base64, and accepts the future.
 */
import { createHash } from 'node:crypto';
import type { App, Receiver, ReceiverEvent } from '@slack/bolt';
import type { Clock, Telemetry } from '../../shared/ports.ts';
import { type Payload, parseBody } from './parse-body.ts';
import { foreignSender } from './payload-sender.ts';
import { isWellFormed } from './payload-shape.ts';
import { recentAnswers } from './recent-answers.ts';
import { isPlausible, isSigned, type SignedParts } from './signature.ts';

/** The part of an API Gateway v2 event that we read. */
export type HttpEvent = {
  readonly rawPath?: string | undefined;
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
  readonly body?: string | null | undefined;
  readonly isBase64Encoded?: boolean | undefined;
  readonly requestContext?: {
    readonly http?: { readonly method?: string | undefined } | undefined;
  };
};
export type HttpAnswer = {
  readonly statusCode: number;
  readonly headers?: Record<string, string>;
  readonly body: string;
};

export type ReceiverOptions = {
  /** Current and, while a rotation runs, previous secret. */
  signingSecrets(): Promise<readonly string[]>;
  readonly appId: string;
  readonly teamId: string;
  /** Set for an Enterprise Grid organization; then no other one is served. */
  readonly enterpriseId?: string;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Called when a request has come and its signature is not checked yet: what takes time and trusts nothing can begin. */
  ahead?(): void;
};
export type SlackReceiver = Receiver & { handle(event: HttpEvent): Promise<HttpAnswer> };

const PATH = '/slack/events';
const LONGEST_CHALLENGE = 200;
const empty = (statusCode: number): HttpAnswer => ({ statusCode, body: '' });

export function slackReceiver(options: ReceiverOptions): SlackReceiver {
  const { telemetry, clock } = options;
  const recent = recentAnswers<HttpAnswer>(({ statusCode }) => statusCode === 200);
  let app: App | undefined;
  const handle = async (event: HttpEvent): Promise<HttpAnswer> => {
    try {
      if (event.rawPath !== PATH) return empty(404);
      if (event.requestContext?.http?.method !== 'POST') return empty(405);
      const beganMs = clock.now().getTime();
      const parts = signedParts(event);
      options.ahead?.();
      if (!(await isAuthentic(parts, options))) return empty(401);
      const key = sha256(parts.timestamp, parts.raw);
      const answer = await recent.once(key, () => answerTo(event, parts, { options, app }));
      telemetry.measure('AckLatency', Math.max(0, clock.now().getTime() - beganMs));
      return answer;
    } catch (error) {
      telemetry.error('A Slack request could not be answered', { why: nameOf(error) });
      return empty(500);
    }
  };
  return {
    handle,
    init: (bolt) => {
      app = bolt;
    },
    start: async () => handle,
    stop: async () => undefined,
  };
}

function signedParts(event: HttpEvent): SignedParts {
  const raw = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  const timestamp = header(event, 'x-slack-request-timestamp');
  return { timestamp, signature: header(event, 'x-slack-signature'), raw };
}

async function isAuthentic(parts: SignedParts, options: ReceiverOptions): Promise<boolean> {
  if (!isPlausible(parts, options.clock.now())) return false;
  return isSigned(parts, await options.signingSecrets());
}

type Desk = { readonly options: ReceiverOptions; readonly app: App | undefined };

async function answerTo(event: HttpEvent, parts: SignedParts, desk: Desk): Promise<HttpAnswer> {
  const { telemetry } = desk.options;
  const parsed = parseBody(parts.raw, header(event, 'content-type'));
  if (!parsed.ok) {
    telemetry.info('A signed Slack request was malformed', { reason: parsed.error.reason });
    return empty(parsed.error.statusCode);
  }
  const payload = parsed.value;
  if (payload['ssl_check'] !== undefined && payload['command'] === undefined) return empty(200);
  if (payload['type'] === 'url_verification') return challenge(payload);
  const foreign = foreignSender(payload, desk.options);
  if (foreign) {
    telemetry.error('A signed Slack request came from elsewhere', { field: foreign });
    return empty(403);
  }
  if (!isWellFormed(payload)) {
    telemetry.info('A signed Slack request was malformed', { reason: 'shape' });
    return empty(400);
  }
  return processed(payload, { ...desk, event, sha: sha256(parts.raw) });
}

function challenge(payload: Payload): HttpAnswer {
  const word = payload['challenge'];
  if (typeof word !== 'string' || word.length > LONGEST_CHALLENGE) return empty(400);
  return { statusCode: 200, headers: { 'content-type': 'text/plain' }, body: word };
}

async function processed(
  body: Payload,
  desk: Desk & { readonly event: HttpEvent; readonly sha: string },
): Promise<HttpAnswer> {
  const { app, event } = desk;
  if (!app) throw new Error('The receiver got a request before an app was made with it');
  const retry = header(event, 'x-slack-retry-num');
  // Bolt acknowledges an event before its listeners run, and on Lambda nothing runs after the answer.
  const isEvent = body['type'] === 'event_callback';
  let answer = empty(404);
  return new Promise((resolve, reject) => {
    const work: ReceiverEvent = {
      body: { ...body },
      customProperties: { interaction: interactionKey(body, desk.sha) },
      ack: async (given: unknown) => {
        answer = acknowledged(given);
        if (!isEvent) resolve(answer);
      },
      ...(/^[0-9]{1,3}$/.test(retry) ? { retryNum: Number(retry) } : {}),
    };
    // Nobody acknowledged it: no listener wanted it.
    app.processEvent(work).then(() => resolve(answer), reject);
  });
}

function acknowledged(answer: unknown): HttpAnswer {
  if (answer === undefined || answer === '') return empty(200);
  if (typeof answer === 'string') return { statusCode: 200, body: answer };
  const headers = { 'content-type': 'application/json' };
  return { statusCode: 200, headers, body: JSON.stringify(answer) };
}

/** What Slack says identifies this interaction: a second delivery of it carries the same. */
function interactionKey(body: Payload, sha: string): string {
  const { event_id: eventId, trigger_id: triggerId, view } = body;
  if (typeof eventId === 'string' && eventId !== '') return `event:${eventId}`.slice(0, 200);
  if (typeof triggerId === 'string' && triggerId !== '') return `act:${triggerId}`.slice(0, 200);
  if (typeof view === 'object' && view !== null && 'id' in view && 'hash' in view)
    return `view:${String(view.id)}:${String(view.hash)}`.slice(0, 200);
  return `body:${sha}`;
}

const header = (event: HttpEvent, name: string): string =>
  Object.entries(event.headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1] ?? '';

const sha256 = (...parts: readonly (string | Uint8Array)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

/** Bolt wraps what a listener threw; its text may quote a payload, so only its kind is told. */
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);

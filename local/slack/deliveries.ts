/**
 * What Slack learns from watching its own deliveries: trigger_ids and response_urls become good when a request goes out,
 * and the app's answer changes what people see. The front door reports every request, also those that an outside test
 * signed by itself. Never throws, whatever the bytes; a delivery's answer counts once, however often it is reported.
 */
import { createHash } from 'node:crypto';
import { isObject, type JsonObject, objectIn, parseJson, stringIn } from './json.ts';
import { headerOf, isSignedBySlack } from './payloads.ts';
import { showAnswer } from './show-answer.ts';
import type { World } from './world.ts';

export type Headers = { readonly [name: string]: string | undefined };
export type Answer = {
  readonly statusCode: number;
  readonly headers: Headers;
  readonly body: string;
};

export type Deliveries = {
  /** Before the app sees the request. False when the signature or its time is bad: then Slack did not send it. */
  observeDelivery(headers: Headers, rawBody: string): boolean;
  /** After the app answered; `null` when it did not within Slack's patience. */
  observeAnswer(rawBody: string, answer: Answer | null): void;
};

export type DeliveryOptions = {
  readonly world: World;
  readonly clock: { now(): Date };
  readonly signingSecret: string;
  /** Something Slack would have complained about. */
  onRefusal(where: string, error: unknown): void;
};

type Seen = { readonly times: Set<string>; unanswered: number };
const remembered = 1000;
const toleranceSeconds = 300;

export function openDeliveries(options: DeliveryOptions): Deliveries {
  const { world } = options;
  const seen = new Map<string, Seen>();

  function isFromSlack(headers: Headers, rawBody: string): boolean {
    const at = Number(headerOf(headers, 'x-slack-request-timestamp') ?? Number.NaN);
    const age = Math.abs(Math.floor(options.clock.now().getTime() / 1000) - at);
    return age <= toleranceSeconds && isSignedBySlack(options.signingSecret, headers, rawBody);
  }

  /** A byte-identical replay brings nothing new. */
  function isNew(headers: Headers, rawBody: string): boolean {
    const key = digest(rawBody);
    const known = seen.get(key) ?? { times: new Set<string>(), unanswered: 0 };
    const time = headerOf(headers, 'x-slack-request-timestamp') ?? '';
    if (known.times.has(time)) return false;
    known.times.add(time);
    known.unanswered += 1;
    seen.delete(key);
    seen.set(key, known);
    const oldest = seen.keys().next();
    if (seen.size > remembered && !oldest.done) seen.delete(oldest.value);
    return true;
  }

  return {
    observeDelivery(headers, rawBody) {
      if (!isFromSlack(headers, rawBody)) return false;
      if (!isNew(headers, rawBody)) return true;
      const payload = payloadOf(rawBody);
      const retried = headerOf(headers, 'x-slack-retry-num') !== undefined;
      if (payload !== undefined && !retried) register(world, payload);
      return true;
    },
    observeAnswer(rawBody, answer) {
      const known = seen.get(digest(rawBody));
      if (known === undefined || known.unanswered === 0) return;
      known.unanswered -= 1;
      const payload = payloadOf(rawBody);
      if (payload === undefined) return;
      try {
        showAnswer(world, payload, answer);
      } catch (error) {
        options.onRefusal(`answer to ${stringIn(payload, 'type') ?? 'command'}`, error);
      }
    },
  };
}

const digest = (text: string) => createHash('sha256').update(text).digest('base64');

/** A command, an interaction or an event, whichever the body holds; undefined when it is none. */
export function payloadOf(rawBody: string): JsonObject | undefined {
  const json = parseJson(rawBody);
  if (isObject(json)) return json;
  const fields = new URLSearchParams(rawBody);
  const payload = fields.get('payload');
  if (payload === null) return fields.has('command') ? Object.fromEntries(fields) : undefined;
  const inner = parseJson(payload);
  return isObject(inner) ? inner : undefined;
}

function register(world: World, payload: JsonObject): void {
  const user = stringIn(objectIn(payload, 'user'), 'id') ?? stringIn(payload, 'user_id');
  if (user === undefined) return;
  const viewId = stringIn(objectIn(payload, 'view'), 'id');
  const trigger = stringIn(payload, 'trigger_id');
  if (trigger !== undefined)
    world.tickets.issueTrigger({ id: trigger, user, ...(viewId === undefined ? {} : { viewId }) });
  registerResponseUrl(world, payload, user);
  const channel = stringIn(payload, 'channel_id') ?? stringIn(objectIn(payload, 'channel'), 'id');
  if (channel?.startsWith('D') && world.directory.person(user)) world.directory.openDm(user);
  if (payload['type'] === 'view_closed' && viewId !== undefined) {
    if (payload['is_cleared'] === true) world.views.clear(user);
    else world.views.close(viewId);
  }
}

function registerResponseUrl(world: World, payload: JsonObject, user: string): void {
  const id = stringIn(payload, 'response_url')?.split(/[/?#]/).filter(Boolean).at(-1);
  const channel = stringIn(payload, 'channel_id') ?? stringIn(objectIn(payload, 'channel'), 'id');
  if (id === undefined || channel === undefined) return;
  const container = objectIn(payload, 'container');
  const messageTs = stringIn(container, 'message_ts') ?? stringIn(payload, 'message_ts');
  const message = messageTs === undefined ? {} : { messageTs };
  world.tickets.issueResponseUrl({ id, user, channel, ...message });
}

/**
 * Socket Mode: what a real workspace sends over its WebSocket goes, signed with a secret of this process, through the same
 * endpoint as everything Slack posts; the endpoint's answer is the acknowledgement. An envelope that could not be answered is
 * not acknowledged, so that Slack delivers it again. Never logs a payload.
 */
import { LogLevel, SocketModeClient } from '@slack/socket-mode';
import * as z from 'zod';
import type { GatewayAnswer, GatewayEvent } from './api-gateway.ts';
import { type Body, commandBody, eventBody, interactionBody, signed } from './slack/payloads.ts';

const Json = z.json();
const Payload = z.record(z.string(), Json);
const Envelope = z.object({
  type: z.enum(['slash_commands', 'interactive', 'events_api']),
  body: Payload,
  ack: z.custom<(answer?: Record<string, unknown>) => Promise<void>>(
    (value) => typeof value === 'function',
  ),
  retry_num: z.int().min(0).optional(),
});
type Envelope = z.infer<typeof Envelope>;

export type SocketModeParts = {
  appToken: string;
  /** Slack's Web API, with a slash at its end. */
  apiUrl: string;
  /** Known to this process and the receiver only. */
  signingSecret: string;
  handle: (event: GatewayEvent) => Promise<GatewayAnswer>;
  now: () => Date;
  print: (line: string) => void;
};

/** Connects, and stays connected until `close`. Resolves when Slack said hello. @throws when the app token is refused */
export async function openSocketMode(parts: SocketModeParts): Promise<{ close(): Promise<void> }> {
  const { appToken, apiUrl, print } = parts;
  const client = new SocketModeClient({
    appToken,
    logger: quietLogger(print),
    clientOptions: { slackApiUrl: apiUrl },
  });
  client.on('slack_event', (raw: unknown) => {
    answer(raw, parts).catch((error: unknown) =>
      print(
        `A delivery of Slack could not be answered (${error instanceof Error ? error.name : typeof error}); Slack sends it again`,
      ),
    );
  });
  await client.start();
  return { close: () => client.disconnect() };
}

async function answer(raw: unknown, parts: SocketModeParts): Promise<void> {
  const envelope = Envelope.parse(raw);
  const { statusCode, body } = await parts.handle(requestOf(envelope, parts));
  if (statusCode !== 200) throw new Error(`The endpoint answered ${statusCode}`);
  await envelope.ack(body === '' ? undefined : acknowledgement(body));
}

/** A text acknowledgement (of a slash command) and a JSON one (of a form, of a menu). */
function acknowledgement(body: string): Record<string, unknown> {
  const parsed = Payload.safeParse(jsonOf(body));
  return parsed.success ? parsed.data : { text: body };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function requestOf(envelope: Envelope, { signingSecret, now }: SocketModeParts): GatewayEvent {
  const { headers, body } = signed({ secret: signingSecret, at: now() }, bodyOf(envelope));
  const retry = envelope.retry_num;
  return {
    rawPath: '/slack/events',
    headers: { ...headers, ...(retry ? { 'x-slack-retry-num': String(retry) } : {}) },
    body,
    isBase64Encoded: false,
    requestContext: { http: { method: 'POST', path: '/slack/events' } },
  };
}

function bodyOf({ type, body }: Envelope): Body {
  if (type === 'events_api') return eventBody(body);
  if (type === 'interactive') return interactionBody(body);
  return commandBody(
    Object.fromEntries(
      Object.entries(body).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
    ),
  );
}

/** The client logs whole payloads below this level, typed codes included. */
function quietLogger(print: (line: string) => void) {
  const say = (...parts: unknown[]) => print(`Slack: ${parts.map(String).join(' ')}`);
  const silent = () => undefined;
  return {
    debug: silent,
    info: silent,
    warn: say,
    error: say,
    setLevel: silent,
    setName: silent,
    getLevel: () => LogLevel.ERROR,
  };
}

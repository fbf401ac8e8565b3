/** A stand-in on loopback with the real Slack client pointed at it, and an app endpoint that answers as the test says. */
import { type Logger, LogLevel, WebClient } from '@slack/web-api';
import { Hono } from 'hono';
import { type LoopbackServer, listenOnLoopback } from '../../../local/loopback.ts';
import { payloadOf } from '../../../local/slack/deliveries.ts';
import type { JsonObject } from '../../../local/slack/json.ts';
import type { SlackClock } from '../../../local/slack/post-office.ts';
import {
  openSlackStandIn,
  type SlackStandIn,
  type SlackStandInOptions,
} from '../../../local/slack/stand-in.ts';
import { LOCAL, localChannels, localPeople } from '../../../local/slack/workspace.ts';
import { slackManifest } from '../../../shared/config/slack-manifest.ts';

export type Received = { readonly headers: Record<string, string>; readonly body: string };
type Reply = (payload: JsonObject) => Response | Promise<Response>;

/** Stands still until told to move. */
export class TestClock implements SlackClock {
  private millis: number;
  private readonly timers: { at: number; run: () => Promise<void> | void }[] = [];

  constructor(start = '2026-11-22T09:00:00.000Z') {
    this.millis = Date.parse(start);
  }

  now(): Date {
    return new Date(this.millis);
  }

  at(instant: Date, run: () => Promise<void> | void): void {
    this.timers.push({ at: instant.getTime(), run });
  }

  async advance(seconds: number): Promise<void> {
    const target = this.millis + seconds * 1000;
    for (;;) {
      const due = this.timers.filter((one) => one.at <= target).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.timers.splice(this.timers.indexOf(due), 1);
      this.millis = Math.max(this.millis, due.at);
      await due.run();
    }
    this.millis = target;
  }
}

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};

/** Slack's own client against a stand-in, without its log lines. */
export function webClient(url: string, token: string | undefined): WebClient {
  const slackApiUrl = `${url}/_slack/api/`;
  return new WebClient(token, { slackApiUrl, retryConfig: { retries: 0 }, logger: silent });
}

export type Workshop = {
  readonly slack: SlackStandIn;
  readonly web: WebClient;
  readonly clock: TestClock;
  readonly url: string;
  /** What the app's endpoint got, oldest first. */
  readonly received: Received[];
  /** How the app's endpoint answers from now on; 200 and nothing else until told. */
  answer(reply: Reply): void;
  close(): Promise<void>;
};

export async function openWorkshop(unlike: Partial<SlackStandInOptions> = {}): Promise<Workshop> {
  const clock = new TestClock();
  const received: Received[] = [];
  let reply: Reply = () => new Response('');
  const root = new Hono();
  const server: LoopbackServer = await listenOnLoopback((request) => root.fetch(request));
  const slack = openSlackStandIn({
    dataDir: null,
    clock,
    people: localPeople,
    channels: localChannels,
    manifest: slackManifest({ baseUrl: server.url }),
    signingSecret: LOCAL.signingSecret,
    botToken: LOCAL.botToken,
    teamId: LOCAL.teamId,
    appId: LOCAL.appId,
    deliverUrl: `${server.url}/slack/events`,
    ...unlike,
  });
  root.route('/_slack/api', slack.app);
  root.route('/_slack/response', slack.responseUrl);
  root.post('/slack/events', async (c) => {
    const body = await c.req.text();
    received.push({ headers: c.req.header(), body });
    return reply(payloadOf(body) ?? {});
  });
  return {
    slack,
    clock,
    received,
    url: server.url,
    web: webClient(server.url, LOCAL.botToken),
    answer: (next) => {
      reply = next;
    },
    close: async () => {
      slack.close();
      await server.close();
    },
  };
}

/** A modal as the product builds them: one input, or several. */
export function modal(callbackId: string, more: JsonObject = {}) {
  return {
    type: 'modal' as const,
    callback_id: callbackId,
    title: { type: 'plain_text' as const, text: 'Approve' },
    submit: { type: 'plain_text' as const, text: 'Approve' },
    blocks: [
      {
        type: 'input',
        block_id: 'code',
        label: { type: 'plain_text', text: 'Code' },
        element: { type: 'plain_text_input', action_id: 'code', max_length: 16 },
      },
    ],
    ...more,
  };
}

export const section = (text: string, more: JsonObject = {}) => ({
  type: 'section' as const,
  text: { type: 'mrkdwn' as const, text },
  ...more,
});

export function button(actionId: string, value: string) {
  return {
    type: 'button' as const,
    action_id: actionId,
    text: { type: 'plain_text' as const, text: actionId },
    value,
  };
}

/** The error code with which a Web API call is refused, and its messages. */
export async function refusal(
  call: Promise<unknown>,
): Promise<{ error: string; data: JsonObject }> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error && 'data' in error && isData(error.data))
      return { error: error.data.error, data: { ...error.data } };
    throw error;
  }
  throw new Error('Slack took the call.');
}

function isData(value: unknown): value is { error: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'error' in value &&
    typeof value.error === 'string'
  );
}

export const errorOf = async (call: Promise<unknown>): Promise<string> =>
  (await refusal(call)).error;

/**
 * What Slack sends to an app, byte for byte, and how it signs it. Pure: the caller supplies time and ids. Exported on its
 * own so that tests can also craft what Slack never would send.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { JsonObject } from './json.ts';

/** `v0=` + HMAC-SHA256 over `v0:<timestamp>:<body>`, as docs.slack.dev describes it. */
export function signSlack(secret: string, timestampSeconds: number | string, body: string): string {
  const signature = createHmac('sha256', secret).update(`v0:${timestampSeconds}:${body}`);
  return `v0=${signature.digest('hex')}`;
}

export function isSignedBySlack(
  secret: string,
  headers: { readonly [name: string]: string | undefined },
  body: string,
): boolean {
  const given = Buffer.from(headerOf(headers, 'x-slack-signature') ?? '');
  const at = headerOf(headers, 'x-slack-request-timestamp') ?? '';
  const wanted = Buffer.from(signSlack(secret, at, body));
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** Header names in any case, as HTTP servers and API Gateway differ. */
export function headerOf(
  headers: { readonly [name: string]: string | undefined },
  name: string,
): string | undefined {
  return Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
}

export type SlackRequest = { readonly headers: { [name: string]: string }; readonly body: string };
export type Signing = { readonly secret: string; readonly at: Date };
export type Body = { readonly contentType: string; readonly body: string };

/** The body with the headers that Slack sends along. */
export function signed({ secret, at }: Signing, { contentType, body }: Body): SlackRequest {
  const seconds = Math.floor(at.getTime() / 1000);
  return {
    headers: {
      'content-type': contentType,
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      'x-slack-request-timestamp': String(seconds),
      'x-slack-signature': signSlack(secret, seconds, body),
    },
    body,
  };
}

const form = 'application/x-www-form-urlencoded';

/** A slash command: flat form fields. */
export function commandBody(fields: { readonly [name: string]: string }): Body {
  return { contentType: form, body: new URLSearchParams(fields).toString() };
}

/** A click, form or menu: one form field that holds JSON. */
export function interactionBody(payload: JsonObject): Body {
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  return { contentType: form, body };
}

export function eventBody(envelope: JsonObject): Body {
  return { contentType: 'application/json', body: JSON.stringify(envelope) };
}

/** Whom a payload comes from and which app it is for. */
export type Sender = {
  readonly teamId: string;
  readonly teamDomain: string;
  readonly appId: string;
  readonly botUserId: string;
  /** The deprecated verification token, which Slack still sends. */
  readonly token: string;
  readonly user: { readonly id: string; readonly name: string };
};

export type Spot = { readonly id: string; readonly name: string };

export function slashCommand(
  sender: Sender,
  said: { command: string; text: string; channel: Spot },
  tickets: { triggerId: string; responseUrl: string },
): Body {
  return commandBody({
    token: sender.token,
    team_id: sender.teamId,
    team_domain: sender.teamDomain,
    channel_id: said.channel.id,
    channel_name: said.channel.name,
    user_id: sender.user.id,
    user_name: sender.user.name,
    command: said.command,
    text: said.text,
    api_app_id: sender.appId,
    is_enterprise_install: 'false',
    response_url: tickets.responseUrl,
    trigger_id: tickets.triggerId,
  });
}

/** What every interaction carries. */
function envelope(sender: Sender, type: string): JsonObject {
  return {
    type,
    team: { id: sender.teamId, domain: sender.teamDomain },
    user: {
      id: sender.user.id,
      username: sender.user.name,
      name: sender.user.name,
      team_id: sender.teamId,
    },
    api_app_id: sender.appId,
    token: sender.token,
    enterprise: null,
    is_enterprise_install: false,
  };
}

/** `place` holds container, and channel + message or view, whatever the click was on. */
export function blockActions(
  sender: Sender,
  place: JsonObject,
  act: { actions: readonly JsonObject[]; triggerId: string; responseUrl?: string },
): Body {
  return interactionBody({
    ...envelope(sender, 'block_actions'),
    ...place,
    trigger_id: act.triggerId,
    ...(act.responseUrl === undefined ? {} : { response_url: act.responseUrl }),
    actions: act.actions,
  });
}

export function viewSubmission(sender: Sender, view: JsonObject, triggerId: string): Body {
  return interactionBody({
    ...envelope(sender, 'view_submission'),
    trigger_id: triggerId,
    view,
    response_urls: [],
  });
}

export function viewClosed(sender: Sender, view: JsonObject, isCleared: boolean): Body {
  return interactionBody({ ...envelope(sender, 'view_closed'), view, is_cleared: isCleared });
}

/** `place` as in `blockActions`. */
export function blockSuggestion(
  sender: Sender,
  place: JsonObject,
  asked: { blockId: string; actionId: string; query: string },
): Body {
  return interactionBody({
    ...envelope(sender, 'block_suggestion'),
    ...place,
    action_id: asked.actionId,
    block_id: asked.blockId,
    value: asked.query,
  });
}

/** A global shortcut, or one on a message: then `on` holds channel, message and response_url. */
export function shortcut(
  sender: Sender,
  what: { callbackId: string; triggerId: string; actionTs: string },
  on?: { channel: Spot; message: JsonObject; responseUrl: string },
): Body {
  const common = {
    ...envelope(sender, on === undefined ? 'shortcut' : 'message_action'),
    callback_id: what.callbackId,
    trigger_id: what.triggerId,
    action_ts: what.actionTs,
  };
  if (on === undefined) return interactionBody(common);
  return interactionBody({
    ...common,
    channel: on.channel,
    message: on.message,
    message_ts: on.message['ts'],
    response_url: on.responseUrl,
  });
}

export function eventCallback(
  sender: Omit<Sender, 'user'>,
  event: JsonObject,
  about: { eventId: string; at: Date },
): Body {
  return eventBody({
    token: sender.token,
    team_id: sender.teamId,
    api_app_id: sender.appId,
    event,
    type: 'event_callback',
    event_id: about.eventId,
    event_time: Math.floor(about.at.getTime() / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: sender.teamId,
        user_id: sender.botUserId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
    event_context: `4-${about.eventId}`,
  });
}

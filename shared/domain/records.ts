/**
 * Everything the journal keeps, by kind: the schema of the record and, for kinds that are a chain, of its events.
 * A record is what a decision reads and writes under its revision; events are the audit log.
 */
import * as z from 'zod';
import { AccessRequestEvent } from './access-request/events.ts';
import {
  AccessRequest,
  Actor,
  Instant,
  RequestId,
  SlackUserId,
  TicketKey,
} from './access-request/model.ts';
import { Commitment, Sha256 } from './audit/chain.ts';
import { AdministrationEvent, RefusalEvent } from './audit/model.ts';
import {
  Authenticator,
  AuthenticatorEvent,
  Enrolment,
  EnrolmentEvent,
} from './authenticator/model.ts';
import { Exclusive } from './container/exclusive.ts';
import { Digest } from './digest/model.ts';
import { Holding, HoldingEvent } from './holding/model.ts';
import { Home } from './home.ts';
import { Tracker } from './policy/schema/ticket.ts';
import { PolicyEvent, PolicyPointer } from './policy-change.ts';
import {
  ChannelTrouble,
  ContainerEvent,
  DirectMessage,
  Draft,
  MessagePlace,
  PauseEvent,
  StopEvent,
} from './record-parts.ts';
import { Stop } from './stop/model.ts';

export { ChannelTrouble } from './record-parts.ts';

/** Record schema and event schema per kind. `null` events: the kind is no chain. */
export const RECORDS = {
  request: { record: AccessRequest, events: AccessRequestEvent },
  holding: { record: Holding, events: HoldingEvent },
  authenticator: { record: Authenticator, events: AuthenticatorEvent },
  refusals: { record: z.strictObject({ day: z.string() }), events: RefusalEvent },
  /** id = UTC day: what was done with the audit log itself. */
  administration: { record: z.strictObject({ day: z.string() }), events: AdministrationEvent },
  /** id = slack user whose words and ties must be kept, whoever asks to erase them. */
  legalHold: { record: z.strictObject({ by: Actor, at: Instant }), events: null },
  /** id `active`: which policy is in force. */
  policy: {
    record: PolicyPointer,
    events: PolicyEvent,
  },
  /** id = provider name or `all`. */
  pause: {
    record: z.strictObject({ paused: z.boolean(), by: Actor, at: Instant }),
    events: PauseEvent,
  },
  /** id `all`: the red button. */
  stop: { record: Stop, events: StopEvent },
  /** id = `provider:kind:resource`: who was a member without a grant when it was last looked at. */
  container: {
    record: z.strictObject({
      strangers: z.array(z.string()),
      /** Those of the first look of all: there by other means, and no drift. */
      known: z.array(z.string()).default([]),
      lookedAt: Instant,
      /** Only of an exclusive container: how far the taking out of strangers is. */
      exclusive: Exclusive.exactOptional(),
    }),
    events: ContainerEvent,
  },
  /** id = SHA-256 of the file; immutable. `content` is the same data as JSON. */
  policyVersion: {
    record: z.strictObject({
      hash: Sha256,
      text: z.string(),
      content: z.string(),
      storedAt: Instant,
    }),
    events: null,
  },
  /** id = slack user. */
  enrolment: { record: Enrolment, events: EnrolmentEvent },
  /** id = `provider:login` in lower case: the immutable account it was pinned to on first use. */
  link: {
    record: z.strictObject({ accountId: z.string(), slackUserId: SlackUserId, pinnedAt: Instant }),
    events: null,
  },
  /** id = `AR-...#justification`, `#reason`, `#review` or `#extension-<number of its event>`: free text beside its commitment; erasable. */
  text: {
    record: z.strictObject({
      text: z.string(),
      salt: z.string(),
      commitment: Commitment,
      /** Since when text and salt are empty: nothing of the words is left. */
      erasedAt: Instant.exactOptional(),
    }),
    events: null,
  },
  /** id = subject#entitlement#role: the one request that waits for it. */
  pendingLock: { record: z.strictObject({ requestId: RequestId }), events: null },
  /** id = slack user: what they took by break-glass within a week, or without a review yet. */
  glass: {
    record: z.strictObject({
      taken: z.array(
        z.strictObject({
          requestId: RequestId,
          at: Instant,
          reviewBy: Instant,
          reviewed: z.boolean(),
        }),
      ),
    }),
    events: null,
  },
  /** id = SHA-256 of a key that tells humans apart: accounts that had it when they were last counted. */
  alias: {
    record: z.strictObject({ accounts: z.array(SlackUserId), expiresAt: Instant }),
    events: null,
  },
  /** id = slack user: their newest requests, whoever asked or holds, so that what a policy counts is exact. */
  usage: { record: z.strictObject({ requests: z.array(RequestId) }), events: null },
  /** id = what Slack says identifies the interaction; a second one has no effect. */
  interaction: {
    record: z.strictObject({ requestId: RequestId.nullable(), expiresAt: Instant }),
    events: null,
  },
  /** An ask that was typed but not yet submitted; a button names it by id. */
  draft: { record: Draft, events: null },
  /** A line that was misspelt, put right in up to three ways; a "Did you mean" button names it by id. */
  suggestion: {
    record: z.strictObject({
      requester: SlackUserId,
      /** As typed, and with the misspelt word put right. */
      typed: z.string(),
      lines: z.array(z.string()).max(3),
      expiresAt: Instant,
    }),
    events: null,
  },
  /** id = request: where its messages are in Slack and how far each is. */
  card: {
    record: z.strictObject({
      channel: MessagePlace.nullable(),
      dm: MessagePlace.nullable(),
      /** Last event told in the thread and to people. */
      told: z.int().min(0),
      /** The card says "STILL HAS ACCESS". */
      overdue: z.boolean(),
      /** Messages to single persons beside the receipt: an approver's card, how to mend a channel, a reminder of the end. */
      direct: z.array(DirectMessage).default([]),
      /** Why the card could not stand in its channel when that was last tried. */
      trouble: ChannelTrouble.nullable().default(null),
      /** Since when a post of ours may stand in Slack without being stored here: a run died, or an answer was lost. */
      doubtSince: Instant.nullable().default(null),
      /** A run that died may have left a second card in the channel. */
      twin: z.boolean().default(false),
      /** Version of the request that a run drew to its end. */
      drawn: z.int().min(0).default(0),
      lease: z.strictObject({ token: z.int().positive(), until: Instant }).nullable(),
      fence: z.int().min(0),
    }),
    events: null,
  },
  /** id = `AR-...#<instant>`: who wants no more of the reminder that was due then. */
  dismissal: { record: z.strictObject({ by: SlackUserId, at: Instant }), events: null },
  /** id = slack user: how far the person's Home tab in Slack is. */
  home: { record: Home, events: null },
  /** id = `channel#day`: what that channel's digest said, and how far its message is. */
  digest: { record: Digest, events: null },
  /** id = slack user: how far its owner and the security channel were told what happened to the authenticator. */
  notice: {
    record: z.strictObject({
      /** Last event of the authenticator's chain that each was told, or need not be. */
      owner: z.int().min(0),
      security: z.int().min(0),
      /** When the owner is to hear that the reset's delay is over. */
      due: z.strictObject({ at: Instant, resetId: z.string() }).nullable(),
      lease: z.strictObject({ token: z.int().positive(), until: Instant }).nullable(),
      fence: z.int().min(0),
    }),
    events: null,
  },
  /** id = request that was authorized for later: who of its people was in which group then. Whatever starts it by time can ask nobody. */
  ahead: {
    record: z.strictObject({
      memberships: z.record(z.string().max(250), z.array(SlackUserId)),
      expiresAt: Instant,
    }),
    events: null,
  },
  /** id = slack user whose account was deactivated: what they hold ends, and for a while whatever still comes to light. */
  leaver: { record: z.strictObject({ at: Instant, dueAt: Instant }), events: null },
  /** id = request: the ticket with which its access ends, and when somebody looks again whether it is closed. */
  watch: {
    record: z.strictObject({
      tracker: Tracker,
      key: TicketKey,
      dueAt: Instant,
      /** Since when the tracker gives no clear answer: access goes on meanwhile. */
      unreadableSince: Instant.nullable(),
    }),
    events: null,
  },
  /** id `last`: the checkpoint that was made last, as far as is known; the archive is the truth. */
  seal: {
    record: z.strictObject({ n: z.int().positive(), hash: Sha256, to: Instant }),
    events: null,
  },
  /** id = job name: when it last ran to its end. */
  heartbeat: { record: z.strictObject({ at: Instant }), events: null },
} as const;

export type Kind = keyof typeof RECORDS;
export type RecordOf<K extends Kind> = z.infer<(typeof RECORDS)[K]['record']>;
export type ChainKind = {
  [K in Kind]: (typeof RECORDS)[K]['events'] extends z.ZodType ? K : never;
}[Kind];
export type EventOf<K extends Kind> =
  (typeof RECORDS)[K]['events'] extends z.ZodType<infer E> ? E : never;

/** Parsers per kind, typed so that a generic kind keeps its record type. Throw ZodError on a malformed row. */
export const parseRecord: { readonly [K in Kind]: (value: unknown) => RecordOf<K> } = {
  request: (value) => RECORDS.request.record.parse(value),
  holding: (value) => RECORDS.holding.record.parse(value),
  authenticator: (value) => RECORDS.authenticator.record.parse(value),
  refusals: (value) => RECORDS.refusals.record.parse(value),
  administration: (value) => RECORDS.administration.record.parse(value),
  legalHold: (value) => RECORDS.legalHold.record.parse(value),
  policy: (value) => RECORDS.policy.record.parse(value),
  pause: (value) => RECORDS.pause.record.parse(value),
  stop: (value) => RECORDS.stop.record.parse(value),
  container: (value) => RECORDS.container.record.parse(value),
  policyVersion: (value) => RECORDS.policyVersion.record.parse(value),
  enrolment: (value) => RECORDS.enrolment.record.parse(value),
  link: (value) => RECORDS.link.record.parse(value),
  text: (value) => RECORDS.text.record.parse(value),
  pendingLock: (value) => RECORDS.pendingLock.record.parse(value),
  glass: (value) => RECORDS.glass.record.parse(value),
  alias: (value) => RECORDS.alias.record.parse(value),
  usage: (value) => RECORDS.usage.record.parse(value),
  interaction: (value) => RECORDS.interaction.record.parse(value),
  draft: (value) => RECORDS.draft.record.parse(value),
  suggestion: (value) => RECORDS.suggestion.record.parse(value),
  card: (value) => RECORDS.card.record.parse(value),
  dismissal: (value) => RECORDS.dismissal.record.parse(value),
  home: (value) => RECORDS.home.record.parse(value),
  digest: (value) => RECORDS.digest.record.parse(value),
  notice: (value) => RECORDS.notice.record.parse(value),
  ahead: (value) => RECORDS.ahead.record.parse(value),
  leaver: (value) => RECORDS.leaver.record.parse(value),
  watch: (value) => RECORDS.watch.record.parse(value),
  seal: (value) => RECORDS.seal.record.parse(value),
  heartbeat: (value) => RECORDS.heartbeat.record.parse(value),
};

export const parseEvent: { readonly [K in ChainKind]: (value: unknown) => EventOf<K> } = {
  request: (value) => RECORDS.request.events.parse(value),
  holding: (value) => RECORDS.holding.events.parse(value),
  authenticator: (value) => RECORDS.authenticator.events.parse(value),
  refusals: (value) => RECORDS.refusals.events.parse(value),
  administration: (value) => RECORDS.administration.events.parse(value),
  policy: (value) => RECORDS.policy.events.parse(value),
  pause: (value) => RECORDS.pause.events.parse(value),
  stop: (value) => RECORDS.stop.events.parse(value),
  container: (value) => RECORDS.container.events.parse(value),
  enrolment: (value) => RECORDS.enrolment.events.parse(value),
};

/** The kinds that are a chain. */
export const CHAIN_KINDS = [
  'request',
  'holding',
  'authenticator',
  'refusals',
  'administration',
  'policy',
  'pause',
  'stop',
  'container',
  'enrolment',
] as const satisfies readonly ChainKind[];

export type AnyEvent = EventOf<ChainKind>;
export const isChainKind = (kind: Kind): kind is ChainKind => kind in parseEvent;

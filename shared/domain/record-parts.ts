/** Shapes that records and events of several kinds share, or that are too small for a file of their own kind. */
import * as z from 'zod';
import {
  Actor,
  Factor,
  HoldingId,
  Instant,
  RequestId,
  SlackUserId,
  Start,
  TicketKey,
} from './access-request/model.ts';
import { StopWhat } from './stop/model.ts';

const pauseAbout = {
  v: z.literal(1),
  at: Instant,
  actor: Actor,
  /** `all`, or the name of a provider. */
  scope: z.string(),
};
export const PauseEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('GrantsPaused'), ...pauseAbout }),
  z.strictObject({ type: z.literal('GrantsResumed'), ...pauseAbout }),
]);

const stopAbout = { v: z.literal(1), at: Instant, actor: Actor };
/** Everything stops at the word of two admins, and goes on at the word of two. */
export const StopEvent = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('StopProposed'),
    ...stopAbout,
    what: StopWhat,
    /** Until then another admin may confirm it. */
    until: Instant,
    factor: Factor,
  }),
  z.strictObject({
    type: z.literal('EverythingStopped'),
    ...stopAbout,
    /** What was stopped: `all`. */
    scope: z.literal('all'),
    proposedBy: SlackUserId,
    factor: Factor,
  }),
  z.strictObject({
    type: z.literal('StopLifted'),
    ...stopAbout,
    scope: z.literal('all'),
    proposedBy: SlackUserId,
    factor: Factor,
  }),
]);

const containerAbout = {
  v: z.literal(1),
  at: Instant,
  actor: z.strictObject({ kind: z.literal('ensure') }),
  /** `provider:kind:resource`. */
  container: z.string().max(300),
};
const stranger = {
  /** The provider's immutable account id. */
  accountId: z.string().max(100),
  /** What they hold, null once they are gone. */
  role: z.string().max(80).nullable(),
};
const marked = { ...containerAbout, ...stranger, holdingId: HoldingId };

/** Members of a managed container whom no grant and no baseline of ours explains, and what became of them where it is exclusive. */
export const ContainerEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('StrangerFound'), ...containerAbout, ...stranger }),
  z.strictObject({ type: z.literal('StrangerGone'), ...containerAbout, ...stranger }),
  z.strictObject({
    type: z.literal('ExclusiveReported'),
    ...containerAbout,
    /** How many members no grant explains. None of them was touched. */
    strangers: z.int().min(0),
  }),
  z.strictObject({ type: z.literal('StrangerMarked'), ...marked, foundAt: Instant }),
  z.strictObject({
    type: z.literal('StrangerRemoved'),
    ...marked,
    /** When the provider was read and showed them gone. */
    readBackAt: Instant,
  }),
  z.strictObject({
    type: z.literal('StrangerKept'),
    ...marked,
    why: z.enum(['granted', 'not-exclusive', 'gone', 'late', 'machine', 'refused']),
    /** What the provider refused with. */
    fault: z.string().max(80).nullable(),
  }),
]);

export const MessagePlace = z.strictObject({
  channel: z.string(),
  ts: z.string(),
  /** Version of the state that was rendered last. */
  version: z.int().min(0),
});

/** Stable codes of why a card cannot stand in its rule's channel. */
export const ChannelTrouble = z.enum([
  'bot-not-in-channel',
  'channel-not-found',
  'channel-archived',
  'channel-shared',
  'channel-refused',
]);
export type ChannelTrouble = z.infer<typeof ChannelTrouble>;

/** The policy's security channel is told as a person is: once, and kept up to date. */
const SlackChannelId = z.string().regex(/^[CG][A-Z0-9]{2,30}$/, 'a Slack channel id');
export const DirectMessage = z.strictObject({
  what: z.enum([
    'approver',
    'mend',
    'reminder',
    'nudge',
    'escalation',
    'subject',
    'skipped',
    'security',
    'verdict',
  ]),
  to: z.union([SlackUserId, SlackChannelId]),
  /** Which of its kind: a reminder's due instant (an extension makes another one), the instant of a nudge or of an extension's ask. */
  dueAt: Instant.nullable(),
  /** Null while `open`; else: Slack does not take it, it is not tried again. */
  place: MessagePlace.nullable(),
  /** Set before its post and taken back with its place: what a run that died may have left in Slack. */
  open: z.boolean(),
});

export const Draft = z.strictObject({
  requestId: RequestId,
  requester: SlackUserId,
  subject: SlackUserId,
  entitlement: z.string(),
  role: z.string(),
  durationSeconds: z.int().positive(),
  justification: z.string(),
  /** Salt fixed with the draft: the content a code is given for must not change on submit. */
  salt: z.string(),
  start: Start.nullable().default(null),
  breakGlass: z.strictObject({ incident: TicketKey.nullable() }).nullable().default(null),
  expiresAt: Instant,
});

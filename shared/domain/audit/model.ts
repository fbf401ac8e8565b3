/**
 * What is done with the audit log itself: who read it, whose words and names were erased, what must be kept. One chain a UTC day.
 * Beside it the attempts that were refused, which change nothing else.
 * Events carry ids, counts and hashes; never a text, a login or a path on somebody's machine.
 */
import * as z from 'zod';
import { Actor, Instant, RequestId, SlackUserId } from '../access-request/model.ts';
import { Sha256 } from './chain.ts';

const READ_FORMATS = ['jsonl', 'csv', 'ocsf', 'soc2', 'iso27001'] as const;

const about = { v: z.literal(1), at: Instant, actor: Actor };
const event = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), ...about, ...shape });
const ReadId = z.string().min(8).max(64);

export const AdministrationEvent = z.discriminatedUnion('type', [
  /** On record before the first row leaves. */
  event('AuditReadStarted', {
    readId: ReadId,
    purpose: z.enum(['export', 'evidence']),
    /** Format of an export, framework of evidence. */
    format: z.enum(READ_FORMATS),
    /** Events from this instant to just before the other. */
    from: Instant,
    to: Instant,
    /** What it was narrowed to; null where it was not. */
    person: SlackUserId.nullable(),
    entitlement: z.string().max(200).nullable(),
    provider: z.string().max(40).nullable(),
    kind: z.string().max(40).nullable(),
  }),
  event('AuditReadFinished', {
    readId: ReadId,
    /** Events that were written out. */
    events: z.int().min(0),
    /** SHA-256 of what was written; of evidence: of its manifest. */
    sha256: Sha256,
  }),
  z.discriminatedUnion('v', [
    event('TextErased', {
      requestId: RequestId,
      text: z.enum(['justification', 'reason', 'review']),
    }),
    /** Why more time was denied; a request can have several of them. */
    z.strictObject({
      ...{ type: z.literal('TextErased'), v: z.literal(2), at: Instant, actor: Actor },
      requestId: RequestId,
      text: z.literal('extension'),
      /** Number of the request's event that the words belong to. */
      event: z.int().positive(),
    }),
  ]),
  event('PersonErased', {
    person: SlackUserId,
    /** Texts that were erased by this run, and ties between the person and an account. */
    texts: z.int().min(0),
    links: z.int().min(0),
  }),
  event('LegalHoldPlaced', { person: SlackUserId }),
  event('LegalHoldLifted', { person: SlackUserId }),
]);
export type AdministrationEvent = z.infer<typeof AdministrationEvent>;

/** A person's attempt that was refused: its own chains by day and shard, so it never touches a request. */
export const RefusalEvent = z.strictObject({
  type: z.literal('CommandRefused'),
  v: z.literal(1),
  at: Instant,
  actor: Actor,
  command: z.string().max(60),
  requestId: RequestId.nullable(),
  /** Stable refusal code. */
  code: z.string().max(60),
});

/**
 * The whole outside world on one page. Adapters and providers implement these; application code knows nothing else.
 * Every method may throw a Fault (the outside world failed); none of them ever throws a Refusal.
 */
import type { AlarmName, MetricName } from './config/signals.ts';
import type { KnownRequest } from './domain/access-request/model.ts';
import { type ChainedEvent, type ChainHead, EMPTY_CHAIN } from './domain/audit/chain.ts';
import type { SealedSecret } from './domain/authenticator/model.ts';
import type { HomeJob } from './domain/home.ts';
import type { PersonEvidence } from './domain/policy/identity.ts';
import type { AnyEvent, ChainKind, EventOf, Kind, RecordOf } from './domain/records.ts';
import type { ContainerRef } from './ports-provider.ts';

export type { AlarmName, MetricName } from './config/signals.ts';
export {
  type AccessProvider,
  type ContainerRef,
  type ListedMember,
  type ProviderAccount,
  ProviderFault,
  type ProviderFaultCode,
  type ProviderMembership,
} from './ports-provider.ts';

/** A record as it was read: `rev` 0 and `value` null while it does not exist. */
export type Stored<K extends Kind> = {
  readonly kind: K;
  readonly id: string;
  readonly value: RecordOf<K> | null;
  readonly rev: number;
  /** Where the record's chain stands; stays empty for kinds without events. */
  readonly head: ChainHead;
};

/** One item of a transaction, made by `put`, `remove` and `check` only. It holds while the record's rev is the one read. */
export type Write = {
  readonly do: 'put' | 'remove' | 'check';
  readonly kind: Kind;
  readonly id: string;
  readonly rev: number;
  readonly head: ChainHead;
  readonly next: unknown;
  readonly events: readonly unknown[];
};
const write = (
  what: Write['do'],
  base: Stored<Kind>,
  next: unknown,
  events: readonly unknown[],
) => ({
  do: what,
  kind: base.kind,
  id: base.id,
  rev: base.rev,
  head: base.head,
  next,
  events,
});
export const put = <K extends Kind>(
  base: Stored<K>,
  next: RecordOf<K>,
  events: readonly EventOf<K>[] = [],
): Write => write('put', base, next, events);
export const remove = (base: Stored<Kind>): Write => write('remove', base, null, []);
export const check = (base: Stored<Kind>): Write => write('check', base, null, []);

/** What was just committed, as the next write's base: nobody has to read what they wrote. */
export const written = <K extends Kind>(
  base: Stored<K>,
  next: RecordOf<K>,
  head: ChainHead = base.head,
): Stored<K> & { readonly value: RecordOf<K> } => ({
  ...base,
  value: next,
  rev: base.rev + 1,
  head,
});

/** `heads`: where the chain of each write's record stands since, in the order of the writes. */
export type CommitResult =
  | { readonly committed: true; readonly heads: readonly ChainHead[] }
  | { readonly committed: false; readonly conflicts: readonly { kind: Kind; id: string }[] };

export type DueItem = {
  kind: 'request' | 'holding' | 'notice' | 'watch' | 'leaver';
  id: string;
  dueAt: string;
};
export type RecentEvent = ChainedEvent<AnyEvent> & { kind: ChainKind; id: string };
/** Of a list: the limit counts what fits, so that a list is short only when there is no more. */
export type RequestFilter = { readonly entitlement?: string; readonly provider?: string };
/** `own`: without what others asked for on their behalf. */
export type PersonFilter = RequestFilter & { readonly own?: boolean };

/** Append-only record of everything. Reads are strongly consistent unless they say "index". */
export interface Journal {
  read<K extends Kind>(kind: K, id: string): Promise<Stored<K>>;
  /**
   * All writes or none, in one transaction; events are chained and stored with their record.
   * A rev that moved is a conflict (an answer, not an error).
   * @throws Fault when the store cannot be asked or its answer is not known: the commit may have landed
   */
  commit(writes: readonly Write[], at: Date): Promise<CommitResult>;
  /** A chain from its first event on, or from the one that follows number `after`. */
  history<K extends ChainKind>(
    kind: K,
    id: string,
    after?: number,
  ): Promise<ChainedEvent<EventOf<K>>[]>;
  /** Index: what time must act on before this instant, oldest first; of one kind where one is named. */
  due(before: Date, limit: number, kind?: DueItem['kind']): Promise<DueItem[]>;
  /** Index: what a person asked for and what others asked for on their behalf, newest first, in one query. */
  requestsOf(person: string, limit: number, only?: PersonFilter): Promise<KnownRequest[]>;
  /** Index: requests for one container, newest first. `container` is `provider:kind:resource`. */
  requestsIn(container: string, limit: number, only?: RequestFilter): Promise<KnownRequest[]>;
  /** Index: events of one UTC day (`2026-11-22`), newest first. */
  eventsOn(day: string, limit: number): Promise<RecentEvent[]>;
  /** Index: every event recorded from one instant to just before another, a page at a time, oldest first. */
  eventsBetween(from: Date, to: Date): AsyncIterable<RecentEvent>;
  /** Index: everything that time must act on before this instant, a page at a time, in no promised order. */
  allDue(before: Date): AsyncIterable<DueItem>;
}

/** The store, the scheduler, Slack or a key service failed. Nothing here says whether the call took effect. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly service:
    | 'journal'
    | 'scheduler'
    | 'slack'
    | 'keys'
    | 'queues'
    | 'policy'
    | 'archive'
    | 'bus'
    | 'outside';
  readonly retryable: boolean;
  /** The service's own word for it (`not_in_channel`); null when it gave none. */
  readonly code: string | null;
  constructor(
    message: string,
    detail: {
      service: Fault['service'];
      retryable: boolean;
      code?: string | null;
      cause?: unknown;
    },
  ) {
    super(message, { cause: detail.cause });
    this.service = detail.service;
    this.retryable = detail.retryable;
    this.code = detail.code ?? null;
  }
}

/** Ends of grants, one schedule each, named by the grant. Its target is the removals queue. */
export interface EndScheduler {
  /** Makes sure that a schedule for exactly this end exists. Idempotent. @throws Fault */
  schedule(
    end: { grantId: string; holdingId: string; expiresAt: string },
    now: Date,
  ): Promise<void>;
  /** Deletes a grant's schedule; succeeds when there is none. @throws Fault */
  cancel(grantId: string): Promise<void>;
}

export type QueueName = 'grants' | 'removals' | 'announce' | 'export';
/** `again`: it found the lease taken once; the second time it is dropped, the due index and the sweep remain. */
export type QueueMessage =
  | { holdingId: string; again?: true }
  /** Draw this request; `version`: unless this one or a later one is drawn already. */
  | { requestId: string; version?: number | undefined }
  | HomeJob
  /** Post this channel's digest. */
  | { digestId: string }
  /** Tell what happened to this person's authenticator. */
  | { noticesOf: string }
  /** Tell what became of members without a grant in this container. */
  | { strangersIn: string }
  /** The red button was pressed, or is proposed: who has to hear is told, and what is live is ended at once. */
  | { redButton: true }
  /** The policy changed, or a change of it waits: who has to hear is told. */
  | { policyChanged: true }
  /** Ask Slack about those who hold or wait for something: did somebody leave? */
  | { lookForLeavers: true }
  /** Look who is a member there without a grant. */
  | { container: ContainerRef }
  /** Export what this checkpoint seals, and what is owed of those before it. */
  | { checkpoint: number };
export interface Queues {
  /** At least once, any order. `delaySeconds` 0..900. @throws Fault */
  send(queue: QueueName, message: QueueMessage, delaySeconds?: number): Promise<void>;
}

/** Who Slack says somebody is, now. Unknown users are left out. @throws Fault */
export interface Directory {
  evidence(
    slackUserIds: readonly string[],
    now: Date,
  ): Promise<ReadonlyMap<string, PersonEvidence>>;
  /** Slack ids in one user group (`S0…`), at most a minute old. A group that is not there, or disabled, is a Fault. @throws Fault */
  groupMembers(group: string, now: Date): Promise<readonly string[]>;
}

/** Seals authenticator secrets. The context is bound to the ciphertext: another owner's row does not open. */
export interface SecretBox {
  seal(secret: Uint8Array, context: Readonly<Record<string, string>>): Promise<SealedSecret>;
  /** @throws Fault when the key service fails or the context does not match */
  open(sealed: SealedSecret, context: Readonly<Record<string, string>>): Promise<Uint8Array>;
}

/** Time-based one-time codes (RFC 6238: SHA-1, 6 digits, 30 s), and the digests of recovery codes under the same secret. */
export interface OneTimeCodes {
  /** The time step of now or the one before at which the secret makes these six digits, or null. */
  matchStep(secret: Uint8Array, sixDigits: string, now: Date): number | null;
  /** `otpauth://` URI and the key as people type it (base32 in groups of four). */
  provisioning(secret: Uint8Array, label: string): { uri: string; key: string };
  /** HMAC-SHA-256 of a recovery code in its printed form, hex; bound to the authenticator's id and its secret. */
  recoveryDigest(secret: Uint8Array, authenticatorId: string, code: string): string;
  /** Which of the digests this is, or null. All are compared, in constant time. */
  matchDigest(digests: readonly string[], digest: string): number | null;
}

/** What is posted to Slack: blocks are Block Kit; `text` is always set. */
export type SlackMessage = { text: string; blocks: readonly object[] };
/** A digest is posted once under its id; a request's message once per slot. */
export type PostAbout =
  | { requestId: string; version: number; slot?: string }
  /** What happened to this person's authenticator, or in this container. */
  | { noticesOf: string; slot: string }
  | { digestId: string };
/** A whole Home tab. */
export type HomeView = { blocks: readonly object[] };
export interface Announcer {
  /**
   * Posts and returns where. A person's id as channel reaches their direct messages. `about` becomes the message's metadata;
   * `slot` names the message among those of its request: the same slot again asks Slack for the message it has.
   * @throws Fault
   */
  post(
    place: { channel: string; threadTs?: string; broadcast?: boolean },
    message: SlackMessage,
    about: PostAbout,
  ): Promise<{ channel: string; ts: string }>;
  update(place: { channel: string; ts: string }, message: SlackMessage): Promise<void>;
  /**
   * Shows a person this Home tab and answers Slack's hash of it. `over`: the hash of the view it takes the place of; when
   * another one stands there by now, nothing is shown and the answer is a conflict. @throws Fault
   */
  publishHome(
    person: string,
    view: HomeView,
    over: string | null,
  ): Promise<{ readonly hash: string } | 'conflict'>;
  /** Is the channel shared with another company? Null where Slack does not tell us. @throws Fault when it should be asked again */
  isShared(channel: string): Promise<boolean | null>;
}

/** The policy file as bytes, wherever it is kept. @throws Fault */
export interface PolicySource {
  load(): Promise<{ bytes: Uint8Array; fileName: string }>;
}

export interface Clock {
  now(): Date;
}

/** The only source of randomness. */
export interface Ids {
  /** `AR-` and six Crockford characters; may collide, so create if absent. */
  requestId(): string;
  /** 128 random bits as lower-case hex: intents, salts, authenticators. */
  unique(): string;
  /** 256 random bits, base64url: link tokens. */
  token(): string;
  secret(bytes: number): Uint8Array;
}

/** Structured log, metrics and alarms. Never given a token, code, secret or raw payload. */
export interface Telemetry {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** Wakes a person: each name has a section in the runbook. */
  alarm(name: AlarmName, fields: Readonly<Record<string, unknown>>): void;
  /** One figure; `by` is the value of the metric's own dimension, where it has one. */
  measure(name: MetricName, figure: number, by?: string): void;
  /** Every line that is written while this runs carries the fields: what belongs to one request is found by its id. */
  within<T>(fields: Readonly<Record<string, unknown>>, run: () => Promise<T>): Promise<T>;
}

/** The base of a record that must not exist yet: no read is needed to create one. */
export const absent = <K extends Kind>(kind: K, id: string): Stored<K> => ({
  kind,
  id,
  value: null,
  rev: 0,
  head: EMPTY_CHAIN,
});

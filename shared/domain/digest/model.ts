/**
 * The digest of one channel for one day, as it is kept: what was true when it was made, and how far its message is. Made once
 * (the record's absence is the guard), then only the message part changes. Ids and counts, never anybody's words; lists are cut
 * to what a message can show, counts never are.
 */
import * as z from 'zod';
import { Instant, RequestId, SlackUserId } from '../access-request/model.ts';
import { Sha256 } from '../audit/chain.ts';
import { StandingHalt } from '../stop/standing.ts';

/** Entries of a list that are kept and shown; the rest is a number. */
export const LISTED = 7;
/** Everything stopped, everything paused, and each provider paused. */
export const HALTS_KEPT = 12;

const Count = z.int().min(0);
export const Counts = z.strictObject({
  asked: Count,
  /** The provider was read and showed the role. */
  granted: Count,
  denied: Count,
  lapsed: Count,
  withdrawn: Count,
  /** Approved, but the provider did not take it. */
  failed: Count,
  /** The provider was read and no longer showed it, within the product's bound after its time. */
  endedOnTime: Count,
  /** Ended by a person or a policy change before its time, and gone within the bound after that. */
  endedEarly: Count,
  /** Gone later than the bound after its end, whichever way it ended. */
  endedOverdue: Count,
});
export type Counts = z.infer<typeof Counts>;
export type CountName = keyof Counts;

const access = {
  requestId: RequestId,
  subject: SlackUserId,
  entitlementId: z.string(),
  role: z.string(),
};
export const AccessLine = z.strictObject({
  ...access,
  /** Waiting: asked then. Ending: ends then. Overdue: should have ended then. */
  at: Instant,
});
export type AccessLine = z.infer<typeof AccessLine>;

/** Who may give the review, as far as a line names them. */
export const REVIEWERS_NAMED = 2;
export const ReviewLine = z.strictObject({
  ...access,
  /** The review is owed by then. */
  at: Instant,
  /** Slack ids of those who may give it by the policy alone, the first few. */
  reviewers: z.array(SlackUserId).max(REVIEWERS_NAMED),
});
export type ReviewLine = z.infer<typeof ReviewLine>;

export const Anomaly = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('drift'),
    at: Instant,
    subject: SlackUserId,
    /** `provider:kind:resource`. */
    container: z.string(),
    actual: z.string().nullable(),
    expected: z.string().nullable(),
  }),
  z.strictObject({
    kind: z.literal('stranger'),
    at: Instant,
    container: z.string(),
    /** The provider's immutable account id. */
    accountId: z.string(),
    role: z.string().nullable(),
  }),
  /** `code`: why the provider did not take it. */
  z.strictObject({ kind: z.literal('failed'), at: Instant, ...access, code: z.string() }),
  /** Somebody else changed the membership meanwhile; it was left as it is. */
  z.strictObject({ kind: z.literal('left'), at: Instant, ...access }),
  z.strictObject({
    kind: z.literal('overdue'),
    at: Instant,
    ...access,
    /** How long it outlived its end. */
    lateSeconds: z.int().positive(),
  }),
]);
export type Anomaly = z.infer<typeof Anomaly>;

const listOf = <T extends z.ZodType>(entry: T) =>
  z.strictObject({ count: Count, first: z.array(entry).max(LISTED) });

export const DigestContent = z.strictObject({
  counts: Counts,
  /** What keeps new access from being given, told every day while it stands. None in digests of before they told. */
  halts: z.array(StandingHalt).max(HALTS_KEPT).default([]),
  /** Longest waiting first. */
  waiting: listOf(AccessLine),
  /** Live access that ends before the day does; soonest first. */
  ending: listOf(AccessLine),
  /** Access past its end for longer than the bound, when this was made; longest first. */
  overdue: listOf(AccessLine),
  /** Reviews that break-glass owes, until they are given; longest owed first. None in digests of before there was break-glass. */
  reviews: listOf(ReviewLine).default({ count: 0, first: [] }),
  /** Oldest first. */
  anomalies: listOf(Anomaly),
});
export type DigestContent = z.infer<typeof DigestContent>;

const Message = z.discriminatedUnion('status', [
  /** There was nothing to say: no message, remembered. */
  z.strictObject({ status: z.literal('skipped') }),
  z.strictObject({
    status: z.literal('unsent'),
    /** A post was begun whose outcome nobody knows: what is posted next may be a repeat, and says so. */
    doubtful: z.boolean(),
    /** One run posts at a time. */
    lease: z.strictObject({ token: z.int().positive(), until: Instant }).nullable(),
    fence: z.int().min(0),
  }),
  z.strictObject({
    status: z.literal('sent'),
    channel: z.string(),
    /** Slack's id of the message in that channel. */
    ts: z.string(),
    at: Instant,
  }),
]);

export const Digest = z.strictObject({
  /** Or the id of a member, who is told by direct message. */
  channel: z.string(),
  /** The period: a date in `timezone`. */
  day: z.iso.date(),
  timezone: z.string(),
  dueAt: Instant,
  madeAt: Instant,
  /** The day's end: from then on it is no longer posted. */
  endsAt: Instant,
  /** Whose events are counted: from the first instant on, to just before the second. */
  counted: z.strictObject({ from: Instant, to: Instant }),
  content: DigestContent,
  /**
   * The last checkpoint of the audit log when this was made: whoever keeps the message can prove later that nothing up to it was
   * remade or dropped. Null when there was none, and in digests of before they told.
   */
  sealed: z.strictObject({ n: z.int().positive(), hash: Sha256 }).nullable().default(null),
  message: Message,
});
export type Digest = z.infer<typeof Digest>;

/** Channel, or the member who is told by direct message, and day. */
export const DigestId = z.string().regex(/^[CGUW][A-Z0-9]{2,30}#\d{4}-\d{2}-\d{2}$/, 'a digest id');
export const digestIdOf = (channel: string, day: string): string => `${channel}#${day}`;

/** What the X-ray endpoints answer, parsed again by the page. Imports zod alone: the browser bundle takes it as it is. */
import * as z from 'zod';

const Text = z.string();
/** Somebody in a container of a provider. */
const Member = z.strictObject({ account: Text, role: Text });
const FaultShown = z.strictObject({ target: Text, on: Text, fail: Text, times: z.int() });

export const RequestSummary = z.strictObject({
  id: Text,
  status: Text,
  requester: Text,
  /** Names as people know them, `Ana`. */
  requesterName: Text,
  provider: Text,
  resource: Text,
  role: Text,
  durationSeconds: z.int(),
  requestedAt: Text,
  /** End of access once it is fixed, else null. */
  expiresAt: Text.nullable(),
  approvals: z.int(),
  approvalsNeeded: z.int(),
  version: z.int(),
});
export type RequestSummary = z.infer<typeof RequestSummary>;

export const NextEvent = z.strictObject({ at: Text, what: Text });
export type NextEvent = z.infer<typeof NextEvent>;

export const Overview = z.strictObject({
  /** Changes with everything that a request's details show. */
  revision: Text,
  /** How far the local clock is ahead of the machine's. */
  offsetMs: z.number(),
  /** In which instants are shown, as the workspace's people see them in Slack. */
  zone: Text,
  next: NextEvent.nullable(),
  /** Newest first. */
  requests: z.array(RequestSummary),
  faults: z.strictObject({
    active: z.array(FaultShown),
    targets: z.array(Text),
    operations: z.array(Text),
    kinds: z.array(Text),
  }),
});
export type Overview = z.infer<typeof Overview>;

/** One audit event in words, with its place in its chain. */
export const TimelineEntry = z.strictObject({
  at: Text,
  chain: Text,
  seq: z.int(),
  type: Text,
  sentence: Text,
  actor: Text,
  tone: z.enum(['plain', 'good', 'bad', 'wait']),
  hash: Text,
  previous: Text,
  raw: z.json(),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

export const JournalRow = z.strictObject({
  table: Text,
  pk: Text,
  sk: Text,
  /** Revision of a record or number of an event. */
  version: z.int().nullable(),
  hash: Text.nullable(),
  raw: z.json(),
});
export type JournalRow = z.infer<typeof JournalRow>;

export const ContainerView = z.strictObject({
  provider: Text,
  container: Text,
  /** The one that this request is about. */
  asked: z.boolean(),
  /** Null where nobody looked at the time. */
  before: z.array(Member).nullable(),
  now: z.array(Member),
});
export type ContainerView = z.infer<typeof ContainerView>;

export const RequestDetail = z.strictObject({
  summary: RequestSummary,
  login: Text.nullable(),
  /** Labelled facts about the request's state. */
  facts: z.array(z.strictObject({ label: Text, value: Text })),
  /** The same about the holding; empty until there is one. */
  holding: z.array(z.strictObject({ label: Text, value: Text })),
  schedules: z.array(z.strictObject({ name: Text, at: Text, state: Text })),
  /** The request's card is in its channel. */
  announced: z.boolean(),
  /** The subject holds the asked role, now, at the provider stand-in. */
  holdsRole: z.boolean(),
  timeline: z.array(TimelineEntry),
  rows: z.array(JournalRow),
  containers: z.array(ContainerView),
});
export type RequestDetail = z.infer<typeof RequestDetail>;

export const Exchange = z.strictObject({
  n: z.int(),
  at: Text,
  lane: z.enum(['slack-in', 'slack-out', 'provider']),
  title: Text,
  method: Text,
  path: Text,
  /** Null while it is unanswered. */
  status: z.int().nullable(),
  ms: z.number().nullable(),
  requestHeaders: z.record(Text, Text),
  requestBody: Text,
  responseBody: Text,
  /** Requests named in it. */
  about: z.array(Text),
});
export type Exchange = z.infer<typeof Exchange>;
export const Traffic = z.array(Exchange);

/** A persona as `/_local/personas` answers; more fields may come. */
export const PersonaShown = z.object({
  slack: Text,
  name: Text,
  accounts: z.record(Text, Text),
  code: Text,
});
export type PersonaShown = z.infer<typeof PersonaShown>;

/**
 * The daily digest of a channel: what is wrong first, then what waits, what ends today, what happened. A list shows its first few
 * and says how many more; a message within Slack's limits whatever the names are. Ids only, never anybody's words.
 */
import type { RenderDigest } from '../../../shared/application/announce-digest.ts';
import { dayBefore, dayOf } from '../../../shared/domain/digest/local-day.ts';
import type {
  AccessLine,
  Anomaly,
  Digest,
  ReviewLine,
} from '../../../shared/domain/digest/model.ts';
import { saysNothing } from '../../../shared/domain/digest/tally.ts';
import { unreachable } from '../../../shared/domain/result.ts';
import { COMMANDS } from '../commands.ts';
import type { KnownBlock } from './block-kit.ts';
import { code } from './escape.ts';
import { dayAndTime, span, timeOnly } from './instants.ts';
import { context, forHowLong, type Message, mention, section } from './parts.ts';
import { haltLine } from './standing-halts.ts';

type Facts = Parameters<RenderDigest>[1];

/** A heading with its lines; nothing where there is nothing to say. */
type Chapter = { readonly heading: string; readonly lines: readonly string[] };

const LATE_MS = 15 * 60_000;
const LONGEST_NAME = 70;

export function digestMessage(digest: Digest, facts: Facts): { message: Message; plain: Message } {
  if (saysNothing(digest.content)) return witnessAlone(digest, facts);
  const title = `Access digest for ${dateWords(digest.day)}`;
  const chapters = chaptersOf(digest, facts).filter(({ lines }) => lines.length > 0);
  const remarks = remarksOf(digest, facts);
  const blocks: KnownBlock[] = [
    section(`*${title}*`),
    ...chapters.map(({ heading, lines }) => section([`*${heading}*`, ...lines].join('\n'))),
    context(remarks.join(' · ')),
  ];
  const words = chapters.flatMap(({ heading, lines }) => [heading, ...lines]);
  return {
    message: { text: `${title}: ${summary(digest)}`, blocks },
    plain: { text: [title, ...words, ...remarks].join('\n'), blocks: [] },
  };
}

function chaptersOf(digest: Digest, { now }: Facts): Chapter[] {
  const { overdue, waiting, ending, reviews, anomalies, halts } = digest.content;
  const made = new Date(digest.madeAt);
  return [
    {
      heading: 'New access is stopped',
      lines: halts.map((halt) => `• ${haltLine(halt)}`),
    },
    {
      heading: `STILL HAS ACCESS past its end: ${overdue.count}`,
      lines: listed(
        overdue,
        (line) => `${whose(line)}, ${span(line.at, made)} past its end ${dayAndTime(line.at)}`,
      ),
    },
    {
      heading: `Reviews owed for break-glass: ${reviews.count}`,
      lines: listed(reviews, (line) => reviewWords(line, made)),
    },
    {
      heading: `Waiting for approval: ${waiting.count}`,
      lines: listed(waiting, (line) => `${whose(line)}, for ${span(line.at, now)}`),
    },
    {
      heading: `Ends today: ${ending.count}`,
      lines: listed(ending, (line) => `${whose(line)}, at ${timeOnly(line.at)}`),
    },
    { heading: countedWords(digest), lines: countLines(digest) },
    { heading: `Look at this: ${anomalies.count}`, lines: listed(anomalies, anomalyLine) },
  ];
}

function listed<T>(
  { count, first }: { count: number; first: readonly T[] },
  line: (entry: T) => string,
): string[] {
  const rest = count - first.length;
  return [...first.map((entry) => `• ${line(entry)}`), ...(rest > 0 ? [`… and ${rest} more`] : [])];
}

/** Cut so that it fits as it is written in the end, where one character may take eight. */
function short(name: string): string {
  if (code(name).length <= LONGEST_NAME) return code(name);
  let kept = name.slice(0, LONGEST_NAME - 3);
  while (code(`${kept}…`).length > LONGEST_NAME) kept = kept.slice(0, kept.length >> 1);
  return code(`${kept}…`);
}
const whose = ({ requestId, subject, role, entitlementId }: Omit<AccessLine, 'at'>): string =>
  `${requestId} ${mention(subject)}: ${short(role)} on ${short(entitlementId)}`;

function reviewWords(line: ReviewLine, made: Date): string {
  const due = dayAndTime(line.at);
  const when = line.at <= made.toISOString() ? `*OVERDUE* since ${due}` : `by ${due}`;
  const who =
    line.reviewers.length > 0 ? line.reviewers.map(mention).join(' or ') : 'an approver of it';
  return `${whose(line)}, ${when}: ${who} may review it`;
}

const held = (role: string | null): string => (role === null ? 'nothing' : short(role));

function anomalyLine(found: Anomaly): string {
  const when = dayAndTime(found.at);
  switch (found.kind) {
    case 'drift':
      return `${mention(found.subject)} has ${held(found.actual)} in ${short(found.container)}, by our books ${held(found.expected)} (${when})`;
    case 'stranger':
      return `account ${short(found.accountId)} is ${held(found.role)} of ${short(found.container)} without a grant (${when})`;
    case 'failed':
      return `${whose(found)} was approved but could not be given: ${short(found.code)} (${when})`;
    case 'left':
      return `${whose(found)} was changed by somebody else meanwhile and left as it is (${when})`;
    case 'overdue':
      return `${whose(found)} was gone ${forHowLong(found.lateSeconds)} after its end (${when})`;
    default:
      return unreachable(found);
  }
}

const COUNT_WORDS = [
  ['asked', 'asked'],
  ['granted', 'granted'],
  ['denied', 'denied'],
  ['lapsed', 'lapsed'],
  ['withdrawn', 'withdrawn'],
  ['failed', 'could not be given'],
  ['endedOnTime', 'ended on time'],
  ['endedEarly', 'ended early'],
  ['endedOverdue', 'ended overdue'],
] as const satisfies readonly (readonly [keyof Digest['content']['counts'], string])[];

function countLines({ content: { counts } }: Digest): string[] {
  const told = COUNT_WORDS.filter(([name]) => counts[name] > 0);
  return told.length === 0
    ? []
    : [told.map(([name, word]) => `${counts[name]} ${word}`).join(' · ')];
}

function countedWords({ day, timezone, counted }: Digest): string {
  const from = dayOf(new Date(counted.from), timezone);
  return from === dayBefore(day) ? `Yesterday, ${dateWords(from)}` : `Since ${dateWords(from)}`;
}

/** For notifications and screen readers: what the blocks are about. */
function summary({ content }: Digest): string {
  const { overdue, waiting, ending, reviews, anomalies, counts, halts } = content;
  const parts: [number, string][] = [
    [halts.length, halts.length === 1 ? 'stop or pause' : 'stops and pauses'],
    [overdue.count, 'past the end'],
    [reviews.count, 'to review'],
    [waiting.count, 'waiting'],
    [ending.count, 'ending today'],
    [anomalies.count, 'to look at'],
    [counts.granted, 'granted'],
  ];
  const told = parts.flatMap(([count, word]) => (count > 0 ? [`${count} ${word}`] : []));
  return told.length > 0 ? told.join(', ') : 'what happened since the last one';
}

/** A quiet day's digest of a witness: one line. */
function witnessAlone(digest: Digest, facts: Facts): { message: Message; plain: Message } {
  const line = [
    `Nothing to tell for ${dateWords(digest.day)}`,
    ...sealedWords(digest),
    ...doubts(digest, facts),
  ].join(' · ');
  return { message: { text: line, blocks: [context(line)] }, plain: { text: line, blocks: [] } };
}

const sealedWords = ({ sealed }: Digest): string[] =>
  sealed ? [`audit log sealed up to ${code(witnessOf(sealed))}`] : [];

function doubts(digest: Digest, { now, mayBeRepeat }: Facts): string[] {
  const late = now.getTime() - Date.parse(digest.dueAt) > LATE_MS;
  return [
    ...(late ? [`*Late:* this was due at ${timeOnly(digest.dueAt)}`] : []),
    ...(mayBeRepeat ? ['This may be a repeat: it is not known whether the first one arrived'] : []),
  ];
}

function remarksOf(digest: Digest, facts: Facts): string[] {
  return [
    ...doubts(digest, facts),
    `as of ${timeOnly(digest.madeAt)} · days of ${digest.timezone}`,
    `${code(`${COMMANDS.access} pending`)} lists what waits for you`,
    ...sealedWords(digest),
  ];
}

/** As `audit verify --expect-last` takes it. */
const witnessOf = ({ n, hash }: NonNullable<Digest['sealed']>): string => `${n}:${hash}`;

/** `Sun 22 Nov`: the date itself, whatever the reader's own zone. */
const dateWords = (day: string): string =>
  new Intl.DateTimeFormat('en-GB', {
    timeZone: 'UTC',
    ...{ weekday: 'short', day: 'numeric', month: 'short' },
  }).format(new Date(`${day}T00:00:00.000Z`));

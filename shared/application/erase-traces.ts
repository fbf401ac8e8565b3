/**
 * What of a person lies where: requests and holdings that are theirs or beside which they wrote, and each text there with everybody whose it
 * is. Words belong to their writer and to the people of the request they are about; a justification to the latter alone. Reads only.
 */
import type { LoggedEvent } from '../domain/audit/audit-row.ts';
import type { AdministrationEvent } from '../domain/audit/model.ts';
import type { Clock, Journal } from '../ports.ts';
import { extensionTextOf, type TextName } from './words-of.ts';

type Reads = { journal: Journal; clock: Clock };
type TextErased = Extract<AdministrationEvent, { type: 'TextErased' }>;
type About = Pick<AdministrationEvent, 'at' | 'actor'>;

/** A text beside a request: its name, or the number of the event that denied more time. */
export type Piece = {
  readonly requestId: string;
  readonly text: 'justification' | 'reason' | 'review' | number;
  /** Slack ids. */
  readonly owners: readonly string[];
};
export const nameOf = ({ text }: Piece): TextName =>
  typeof text === 'number' ? extensionTextOf(text) : text;
export const textErased = (about: About, { requestId, text }: Piece): TextErased =>
  typeof text === 'number'
    ? { type: 'TextErased', ...about, v: 2, requestId, text: 'extension', event: text }
    : { type: 'TextErased', ...about, v: 1, requestId, text };

/** Where something of the person may lie, and when it last moved. */
export type Traces = { requests: Map<string, string>; holdings: Map<string, string> };

/** By the whole log: an index knows requesters only, but others ask for somebody, and deny in their own words. */
export async function tracesOf({ journal, clock }: Reads, person: string): Promise<Traces> {
  const traces: Traces = { requests: new Map(), holdings: new Map() };
  const [first] = await journal.history('policy', 'active');
  const from = new Date(first?.event.at ?? 0);
  const end = new Date(clock.now().getTime() + 1);
  for await (const logged of journal.eventsBetween(from, end)) trace(traces, logged, person);
  for (const id of traces.holdings.keys())
    if ((await journal.read('holding', id)).value?.subject !== person) traces.holdings.delete(id);
  return traces;
}

function trace({ requests, holdings }: Traces, logged: LoggedEvent, person: string): void {
  const { event, id, kind } = logged;
  if (event.type === 'AccessRequested') {
    const isTheirs = event.requester === person || event.subject === person;
    if (isTheirs) requests.set(id, event.at);
    if (event.subject === person) holdings.set(event.holdingId, event.at);
    return;
  }
  if (WROTE.has(event.type) && event.actor.kind === 'person' && event.actor.id === person)
    requests.set(id, event.at);
  if (kind === 'request' && requests.has(id)) requests.set(id, event.at);
  if (kind === 'holding' && holdings.has(id)) holdings.set(id, event.at);
}

/** Events beside which their actor may have left words, and which text those are. */
const WROTE = new Map<string, (seq: number) => Piece['text']>([
  ['RequestDenied', () => 'reason'],
  ['GrantRevoked', () => 'reason'],
  ['BreakGlassReviewed', () => 'review'],
  ['ExtensionDenied', (seq) => seq],
]);

/** Every text that may lie beside a request and is this person's too; one that no event names is its people's. */
export async function piecesOf(
  { journal }: Reads,
  requestId: string,
  person: string,
): Promise<Piece[]> {
  const writers = new Map<Piece['text'], readonly string[]>([
    ['justification', []],
    ['reason', []],
    ['review', []],
  ]);
  const people = new Set<string>();
  for (const { seq, event } of await journal.history('request', requestId)) {
    if (event.type === 'AccessRequested') people.add(event.requester).add(event.subject);
    const text = WROTE.get(event.type)?.(seq);
    const writer = event.actor.kind === 'person' ? [event.actor.id] : [];
    if (text !== undefined) writers.set(text, [...(writers.get(text) ?? []), ...writer]);
  }
  return [...writers]
    .map(([text, own]) => ({ requestId, text, owners: [...new Set([...people, ...own])] }))
    .filter(({ owners }) => owners.includes(person));
}

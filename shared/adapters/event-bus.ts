/**
 * An EventBridge bus: at most ten entries and 256 KB a call, those that were not taken again, and a fault when some still are not.
 * `source` is `hallpass`, `detail-type` the event's type. EventBridge promises no order; chain and number are in the detail.
 */
import {
  EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
  type PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge';
import { Fault } from '../ports.ts';
import type { BusEntry, EventBus } from '../ports-audit.ts';
import { firm } from './aws-clients.ts';

const SOURCE = 'hallpass';
const MOST_ENTRIES = 10;
/** Of a call, and so of an entry. */
const MOST_BYTES = 256 * 1024;
const TIME_BYTES = 14;
const TRIES = 3;
const PAUSE_MS = 200;

export function eventBus(
  busArn: string,
  client: EventBridgeClient = new EventBridgeClient(firm()),
  { pauseMs } = { pauseMs: PAUSE_MS },
): EventBus {
  return {
    async publish(entries) {
      const all = entries.map((entry) => entryFor(busArn, entry));
      for (const batch of batchesOf(all)) await putAll(client, batch, pauseMs);
    },
  };
}

function entryFor(busArn: string, { type, at, detail, instead }: BusEntry): PutEventsRequestEntry {
  const entry = { EventBusName: busArn, Source: SOURCE, DetailType: type, Time: new Date(at) };
  const whole = { ...entry, Detail: detail };
  return sizeOf(whole) <= MOST_BYTES ? whole : { ...entry, Detail: instead };
}

/** As EventBridge counts it. */
const sizeOf = ({ Source = '', DetailType = '', Detail = '' }: PutEventsRequestEntry): number =>
  TIME_BYTES + [Source, DetailType, Detail].reduce((sum, text) => sum + Buffer.byteLength(text), 0);

function* batchesOf(entries: readonly PutEventsRequestEntry[]): Iterable<PutEventsRequestEntry[]> {
  let [batch, bytes]: [PutEventsRequestEntry[], number] = [[], 0];
  for (const entry of entries) {
    const size = sizeOf(entry);
    if (batch.length === MOST_ENTRIES || (batch.length > 0 && bytes + size > MOST_BYTES)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(entry);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

async function putAll(
  client: EventBridgeClient,
  batch: PutEventsRequestEntry[],
  pauseMs: number,
): Promise<void> {
  let left = batch;
  let why = '';
  for (let tried = 1; tried <= TRIES; tried += 1) {
    const answers = await put(client, left);
    const untaken = left.filter((_, i) => answers[i]?.EventId === undefined);
    if (untaken.length === 0) return;
    why = answers.find(({ ErrorCode }) => ErrorCode !== undefined)?.ErrorCode ?? 'no answer';
    left = untaken;
    if (tried < TRIES) await new Promise((resolve) => setTimeout(resolve, pauseMs * tried));
  }
  throw faultOf(`${left.length} of ${batch.length} events (${why})`, null);
}

async function put(
  client: EventBridgeClient,
  Entries: PutEventsRequestEntry[],
): Promise<PutEventsResultEntry[]> {
  try {
    return (await client.send(new PutEventsCommand({ Entries }))).Entries ?? [];
  } catch (cause) {
    const why = cause instanceof Error ? cause.name : 'unknown error';
    throw faultOf(`${Entries.length} events (${why})`, cause);
  }
}

const faultOf = (what: string, cause: unknown): Fault =>
  new Fault(`The event bus did not take ${what}. They come again.`, {
    service: 'bus',
    retryable: true,
    cause,
  });

/**
 * Items of the tables as a verifier is given them: rows, records and policy versions under the keys at which they stand. Interprets
 * nothing: what does not look like ours is handed on as it is, for the verifier to name. Says where an item hides from an index.
 */
import * as z from 'zod';
import {
  canonicalRow,
  type FoundHead,
  type FoundPolicy,
  type FoundRow,
  isAuditRow,
} from '../domain/audit/audit-source.ts';
import { canonicalJson, type Json } from '../domain/audit/canonical-json.ts';
import { ChainHead } from '../domain/audit/chain.ts';
import { cutRow, type RowLine } from '../domain/audit/row-line.ts';
import { isChainKind, type Kind } from '../domain/records.ts';
import {
  chainPk,
  dayPk,
  eventSk,
  heldAttributes,
  indexAttributes,
  parseEventKey,
  parsePk,
  shardOf,
} from './journal-keys.ts';
import { unpackedVersion } from './packed-version.ts';

export const Keyed = z.looseObject({ pk: z.string(), sk: z.string() });
export type Keyed = z.infer<typeof Keyed>;
const Indexed = z.object({ dayPk: z.string(), daySk: z.string() });
const Headed = z.object({ head: ChainHead });
const Version = z.object({ value: z.object({ text: z.string(), content: z.string() }) });
/** Attributes of an event row that its hash does not cover: its key and its places in the indexes. */
const BESIDE = new Set([...['pk', 'sk', 'dayPk', 'daySk', 'personPk', 'personSk', 'kind', 'id']]);

export function foundRow(tenant: string, item: Keyed): FoundRow[] {
  if (!item.sk.startsWith('event#')) return [];
  const key = parseEventKey(tenant, item);
  const chain = key ? `${key.kind}#${key.id}` : item.pk.slice(tenant.length + 1);
  const own = Object.entries(item).filter(([name]) => !BESIDE.has(name));
  const seq = key?.seq ?? 0;
  const found = { ...Object.fromEntries(own), chain };
  // Only what is JSON can be an event; everything else is handed on as the nothing it is.
  const row = isJson(found) ? found : undefined;
  return [{ chain, seq, row, line: lineOf(row), misplaced: misplaced(tenant, item) }];
}

/** By hand, since a verifier asks it of every row: what a table can hold beside JSON are sets, bytes and numbers that are none. */
function isJson(value: unknown): value is Json {
  if (Array.isArray(value)) return value.every(isJson);
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null)
    return value === null || typeof value === 'string' || typeof value === 'boolean';
  return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isJson);
}

/** Written anew as a copy holds it: hashing and folding a line is sooner done than parsing what is in it. */
function lineOf(row: unknown): RowLine | null {
  const text = isAuditRow(row) ? canonicalRow(row) : null;
  return text === null ? null : cutRow(text);
}

/** A row that another day, another chain or nobody's list shows is hidden from whoever reads by index. */
function misplaced(tenant: string, item: Keyed): string | null {
  const key = parseEventKey(tenant, item);
  if (!key) return 'Its key is not that of an event.';
  if (item.sk !== eventSk(key.seq)) return `Its key is not written as ${eventSk(key.seq)}.`;
  if (
    item['kind'] !== key.kind ||
    item['id'] !== key.id ||
    item.pk !== chainPk(tenant, key.kind, key.id)
  )
    return 'Its kind or id is not that of its key.';
  const indexed = Indexed.safeParse(item);
  const at = indexed.data?.daySk.split('#')[0] ?? '';
  const isListed =
    indexed.data?.dayPk === dayPk(tenant, at.slice(0, 10), shardOf(key.id)) &&
    indexed.data.daySk === `${at}#${key.kind}#${key.id}#${item.sk}` &&
    isNear(at, z.object({ event: z.object({ at: z.string() }) }).safeParse(item).data?.event.at);
  if (!isListed) return 'It is not listed under the day and time at which it was written.';
  const held = heldAttributes(tenant, { id: key.id, event: item['event'] });
  const isHolders = ['personPk', 'personSk'].every((name) => item[name] === held[name]);
  return isHolders
    ? null
    : 'It is not listed under whom the access is for, or under somebody else.';
}

/** A commit comes some moments after what it says; clocks are apart by minutes at most. */
export const NEAR_MS = 15 * 60_000;
const isNear = (listed: string, said: string | undefined): boolean =>
  Math.abs(Date.parse(listed) - Date.parse(said ?? '')) <= NEAR_MS;

export function foundHead(tenant: string, item: Keyed): FoundHead[] {
  const place = item.sk === 'state' ? parsePk(tenant, item.pk) : null;
  if (!place || !isChainKind(place.kind)) return [];
  const head = Headed.safeParse(item).data?.head ?? { seq: 1, hash: '' };
  const value = item['value'] ?? null;
  const text = place.kind === 'request' ? textOf(value) : null;
  return [
    {
      ...{ chain: `${place.kind}#${place.id}`, ...head, value },
      ...(text !== null && { text }),
      misplaced: unlisted(tenant, place, item),
    },
  ];
}

function textOf(value: unknown): string | null {
  try {
    return isJson(value) ? canonicalJson(value) : null;
  } catch {
    // A lone surrogate: whoever parses the record says what is wrong with it.
    return null;
  }
}

const INDEXES = ['due', 'person', 'container'];
const LISTED = INDEXES.flatMap((name) => [`${name}Pk`, name === 'due' ? 'dueAt' : `${name}Sk`]);

/** A record that the sweep, or whoever asks for a person's requests, does not find. Null for what cannot be read. */
function unlisted(tenant: string, { kind, id }: { kind: Kind; id: string }, item: Keyed) {
  const expected = listingOf(tenant, kind, { id, value: item['value'] });
  const isListed = !expected || LISTED.every((name) => item[name] === expected[name]);
  return isListed ? null : 'It is not listed where whoever looks for it by an index finds it.';
}

function listingOf(tenant: string, kind: Kind, record: { id: string; value: unknown }) {
  try {
    return indexAttributes(tenant, kind, record);
  } catch (error) {
    if (error instanceof z.ZodError) return null;
    throw error;
  }
}

export function foundPolicy(tenant: string, item: Keyed): FoundPolicy {
  const hash = item.pk.slice(`${tenant}#policyVersion#`.length);
  const value = unpackedVersion(item['value']);
  const version = Version.safeParse({ value }).data?.value ?? { text: '', content: '' };
  return { hash, ...version };
}

/**
 * The journal in memory, with the same guarantees as on DynamoDB: parsed on the way in and out, all writes of a
 * commit or none, conflict by revision. Used by domain-level tests and the simulation; the contract suite of the
 * journal port runs on both.
 */
import * as z from 'zod';
import { type KnownRequest, requestDueAt } from '../domain/access-request/model.ts';
import {
  type ChainedEvent,
  type ChainHead,
  chainEvents,
  EMPTY_CHAIN,
} from '../domain/audit/chain.ts';
import {
  type AnyEvent,
  type ChainKind,
  isChainKind,
  type Kind,
  parseEvent,
  parseRecord,
} from '../domain/records.ts';
import type {
  CommitResult,
  DueItem,
  Journal,
  RecentEvent,
  RequestFilter,
  Stored,
  Write,
} from '../ports.ts';
import type { Marker, Markers } from '../ports-audit.ts';

const Json = z.json();
type Row = { value: unknown; rev: number; head: typeof EMPTY_CHAIN };

type Table = {
  rows: Map<string, Row>;
  chains: Map<string, ChainedEvent<unknown>[]>;
  log: RecentEvent[];
  marked: Map<string, Marker & { readonly at: string }>;
  tenant: string;
};
const keyOf = (kind: Kind, id: string) => `${kind}#${id}`;

export type MemoryJournal = Journal & { readonly markers: Markers };

export function memoryJournal(tenant: string): MemoryJournal {
  const table: Table = { rows: new Map(), chains: new Map(), log: [], marked: new Map(), tenant };
  return {
    read: async (kind, id) => current(table, kind, id),
    markers: memoryMarkers(table),
    commit: async (writes, at) => commit(table, writes, at),
    history: async (kind, id, after = 0) =>
      (table.chains.get(keyOf(kind, id)) ?? []).slice(after).map((link) => ({
        ...link,
        event: parseEvent[kind](structuredClone(link.event)),
      })),
    due: async (before, limit, only) =>
      [...table.rows.keys()]
        .flatMap((key) => dueOf(table, key))
        .filter(({ kind, dueAt }) => (only ?? kind) === kind && dueAt <= before.toISOString())
        .sort((a, b) => (a.dueAt < b.dueAt ? -1 : 1))
        .slice(0, limit),
    requestsOf: async (person, limit, only) => {
      const isTheirs = ({ requester, subject }: KnownRequest) =>
        requester === person || (subject === person && only?.own !== true);
      return requests(table, isTheirs, only).slice(0, limit);
    },
    requestsIn: async (container, limit, only) => {
      const isThere = ({ entitlement: { provider, kind, resource } }: KnownRequest) =>
        `${provider}:${kind}:${resource}` === container;
      return requests(table, isThere, only).slice(0, limit);
    },
    eventsOn: async (day, limit) =>
      table.log
        .filter(({ event }) => event.at.startsWith(day))
        .slice(-limit)
        .reverse(),
    async *eventsBetween(from, to) {
      const span = [from.toISOString(), to.toISOString()] as const;
      const within = table.log.filter(({ event }) => event.at >= span[0] && event.at < span[1]);
      // Commits come in the order of time, save where a test says otherwise.
      yield* within.sort((a, b) =>
        a.event.at < b.event.at ? -1 : a.event.at > b.event.at ? 1 : 0,
      );
    },
    async *allDue(before) {
      for (const key of [...table.rows.keys()])
        for (const item of dueOf(table, key)) if (item.dueAt <= before.toISOString()) yield item;
    },
  };
}

function current<K extends Kind>(table: Table, kind: K, id: string): Stored<K> {
  const row = table.rows.get(keyOf(kind, id));
  if (!row) return { kind, id, value: null, rev: 0, head: EMPTY_CHAIN };
  const value = parseRecord[kind](structuredClone(row.value));
  return { kind, id, value, rev: row.rev, head: row.head };
}

const memoryMarkers = ({ marked }: Table): Markers => ({
  async *before(instant) {
    for (const { at, ...marker } of [...marked.values()])
      if (at < instant.toISOString()) yield structuredClone(marker);
  },
  async remove(markers) {
    for (const { key } of markers) marked.delete(key);
  },
});

/** One marker for all events of a commit. */
function mark(table: Table, from: number, at: Date): void {
  const leaves = table.log.slice(from).map(({ chain, seq, hash }) => ({ chain, seq, hash }));
  const [first] = leaves;
  if (!first) return;
  const key = `${first.chain}/${first.seq}`;
  table.marked.set(key, { key, leaves, at: at.toISOString() });
}

function commit(table: Table, writes: readonly Write[], at: Date): CommitResult {
  const keys = writes.map(({ kind, id }) => keyOf(kind, id));
  if (new Set(keys).size !== keys.length) throw new Error(`One item twice: ${keys.join(', ')}`);
  for (const write of writes) if (write.do === 'put') parseRecord[write.kind](write.next);
  const conflicts = writes.filter(
    ({ kind, id, rev }) => (table.rows.get(keyOf(kind, id))?.rev ?? 0) !== rev,
  );
  if (conflicts.length > 0)
    return { committed: false, conflicts: conflicts.map(({ kind, id }) => ({ kind, id })) };
  const from = table.log.length;
  const heads = writes.map((write) => apply(table, write));
  mark(table, from, at);
  return { committed: true, heads };
}

function apply(table: Table, write: Write): ChainHead {
  const { kind, id, rev } = write;
  if (write.do === 'check') return write.head;
  if (write.do === 'remove') {
    table.rows.delete(keyOf(kind, id));
    return write.head;
  }
  const value = structuredClone(parseRecord[kind](write.next));
  const head = isChainKind(kind) ? append(table, kind, write) : write.head;
  table.rows.set(keyOf(kind, id), { value, rev: rev + 1, head });
  return head;
}

function append(table: Table, kind: ChainKind, write: Write): typeof EMPTY_CHAIN {
  const events: AnyEvent[] = write.events.map((event) => parseEvent[kind](event));
  const chain = keyOf(kind, write.id);
  const { links, head } = chainEvents(
    { tenant: table.tenant, chain, head: write.head },
    events.map((event) => Json.parse(structuredClone(event))),
  );
  table.chains.set(chain, [...(table.chains.get(chain) ?? []), ...links]);
  links.forEach((link, i) => {
    const event = events[i];
    if (event) table.log.push({ ...link, event, kind, id: write.id });
  });
  return head;
}

function dueOf(table: Table, key: string): DueItem[] {
  const split = key.indexOf('#');
  const [kind, id] = [key.slice(0, split), key.slice(split + 1)];
  if (
    kind !== 'request' &&
    kind !== 'holding' &&
    kind !== 'notice' &&
    kind !== 'watch' &&
    kind !== 'leaver'
  )
    return [];
  const dueAt = dueAtOf(table, kind, id);
  return dueAt === null ? [] : [{ kind, id, dueAt }];
}

function dueAtOf(table: Table, kind: DueItem['kind'], id: string): string | null {
  if (kind === 'request') return requestDueAt(current(table, kind, id).value ?? { status: 'new' });
  if (kind === 'notice') return current(table, kind, id).value?.due?.at ?? null;
  return current(table, kind, id).value?.dueAt ?? null;
}

function requests(
  table: Table,
  match: (request: KnownRequest) => boolean,
  { entitlement, provider }: RequestFilter = {},
): KnownRequest[] {
  const fits = (request: KnownRequest) =>
    match(request) &&
    (entitlement ?? request.entitlement.id) === request.entitlement.id &&
    (provider ?? request.entitlement.provider) === request.entitlement.provider;
  const all = [...table.rows.keys()].flatMap((key) => {
    if (!key.startsWith('request#')) return [];
    const { value } = current(table, 'request', key.slice('request#'.length));
    return value && value.status !== 'new' && fits(value) ? [value] : [];
  });
  return all.sort((a, b) => (a.requestedAt < b.requestedAt ? 1 : -1));
}

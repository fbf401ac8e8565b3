/**
 * A unit of work. dynalite's write actions run against a view that reads the database but keeps every write, items and
 * index entries alike, in memory; the caller then commits all of them in one batch or drops them. Nothing reaches the
 * database before that, so there is nothing to roll back. Each operation gets a view of its own.
 */
import type { Callback, Item, Store, SubDatabase } from 'dynalite/db/index.js';
import type { Write } from './database.ts';
import { type Body, type DynaliteOperation, run } from './dynalite-operations.ts';
import { indexKey, itemKey } from './layout.ts';

export type StagedItem = {
  readonly table: string;
  readonly before: Item | undefined;
  after: Item | undefined;
  written: boolean;
};

export type View = {
  /** `check` evaluates the condition and discards the write. @throws DynamoError */
  run(operation: DynaliteOperation, prepared: Body, mode: 'write' | 'check'): Promise<Body>;
  /** The items that this operation read in order to write, known even when its condition failed. */
  readonly items: StagedItem[];
};

export type Stage = {
  view(): View;
  /** True once two operations touched one item. */
  collided(): boolean;
  items(): StagedItem[];
  writes(): Write[];
};

export function openStage(base: Store): Stage {
  const items = new Map<string, StagedItem>();
  const indexWrites = new Map<string, Write>();
  let collided = false;
  const fetch = (table: string, key: string, callback: Callback<StagedItem>) => {
    const place = itemKey(table, key);
    const known = items.get(place);
    if (known) collided = true;
    if (known) return callback(null, known);
    base.getItemDb(table).get(key, (error, before) => {
      if (error) return callback(error);
      const item: StagedItem = { table, before, after: before, written: false };
      items.set(place, item);
      callback(null, item);
    });
  };
  const keep = (place: string, after: Item | undefined) => {
    const item = items.get(place);
    if (item === undefined) throw new Error(`dynalite wrote ${place} without reading it first`);
    item.after = after;
    item.written = true;
  };
  return {
    view: () => openView({ base, fetch, keep, indexWrites }),
    collided: () => collided,
    items: () => [...items.values()],
    writes: () => [...[...items].flatMap(writeOf), ...indexWrites.values()],
  };
}

function writeOf([key, item]: [string, StagedItem]): Write[] {
  if (!item.written) return [];
  return item.after === undefined
    ? [{ type: 'del', key }]
    : [{ type: 'put', key, value: item.after }];
}

type Shelf = {
  readonly base: Store;
  fetch(table: string, key: string, callback: Callback<StagedItem>): void;
  keep(place: string, after: Item | undefined): void;
  readonly indexWrites: Map<string, Write>;
};

function openView(shelf: Shelf): View {
  const seen: StagedItem[] = [];
  return {
    items: seen,
    run: (operation, prepared, mode) =>
      new Promise((resolve, reject) => {
        const store: Store = {
          ...shelf.base,
          getItemDb: (table) => stagedItems({ table, shelf, seen, mode, reject }),
          getIndexDb: (kind, table, index) => stagedIndex({ kind, table, index, shelf, mode }),
        };
        run(store, operation, prepared).then(resolve, reject);
      }),
  };
}

type ItemScope = {
  readonly table: string;
  readonly shelf: Shelf;
  readonly seen: StagedItem[];
  readonly mode: 'write' | 'check';
  reject(cause: unknown): void;
};

/** Locks are dropped: the engine runs one request at a time. */
const unlocked: SubDatabase['lock'] = (_key, work) => work((callback) => callback);

function stagedItems({ table, shelf, seen, mode, reject }: ItemScope): SubDatabase {
  const keep = (key: string, after: Item | undefined) => {
    if (mode === 'write') shelf.keep(itemKey(table, key), after);
  };
  return {
    lock: unlocked,
    get: (key, callback) =>
      shelf.fetch(table, key, (error, item) => {
        if (item) seen.push(item);
        // The rest of the action runs inside this callback: what it throws belongs to this request, not to the process.
        try {
          callback(error, item?.after);
        } catch (cause) {
          reject(cause);
        }
      }),
    put: (key, value, callback) => {
      keep(key, value);
      callback(null);
    },
    del: (key, callback) => {
      keep(key, undefined);
      callback(null);
    },
  };
}

function stagedIndex(scope: {
  kind: string;
  table: string;
  index: string;
  shelf: Shelf;
  mode: 'write' | 'check';
}): SubDatabase {
  const { kind, table, index, shelf, mode } = scope;
  const keep = (write: Write) => {
    if (mode === 'write') shelf.indexWrites.set(write.key, write);
  };
  return {
    lock: unlocked,
    get: (key, callback) => shelf.base.getIndexDb(kind, table, index).get(key, callback),
    put: (key, value, callback) => {
      keep({ type: 'put', key: indexKey({ kind, table, index, key }), value });
      callback(null);
    },
    del: (key, callback) => {
      keep({ type: 'del', key: indexKey({ kind, table, index, key }) });
      callback(null);
    },
  };
}

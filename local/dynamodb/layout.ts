/**
 * Where things lie in the one LevelDB: dynalite's own layout (prefix, `~`, key) and ours beside it. Table names cannot
 * contain `~`, so the prefixes cannot collide.
 */
export const tablePrefix = 'table~';
export const feedPrefix = 'feed~';
export const tokenPrefix = 'token~';
/** Highest sequence ever given to a change, so that a restart never reuses one. */
export const lastSequenceKey = 'feed-last~';

export function itemKey(table: string, key: string): string {
  return `item-${table}~${key}`;
}

export function indexKey(place: { kind: string; table: string; index: string; key: string }) {
  return `index-${place.kind.toLowerCase()}~${place.table}~${place.index}~${place.key}`;
}

/** Everything that belongs to one table besides its own record. */
export function prefixesOfTable(table: string): string[] {
  return [`item-${table}~`, `tag-${table}~`, `index-global~${table}~`, `index-local~${table}~`];
}

/** All keys with the prefix; every key of ours and of dynalite is ASCII. */
export function rangeOf(prefix: string): { gte: string; lt: string } {
  return { gte: prefix, lt: `${prefix}\u00ff` };
}

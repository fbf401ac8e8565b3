/**
 * Strongly consistent reads by key: those that are asked for at the same moment travel in one call. Each caller gets the
 * answer to its own question; what they share is the call, so it fails for all who asked in it. Nothing is kept from one
 * moment to the next: every read is made after it was asked for.
 */
import {
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
  type DynamoDBClient,
  GetItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Item } from './journal-items.ts';

export type ItemKey = { readonly TableName: string; readonly Key: Item };
export type ReadItem = (at: ItemKey) => Promise<Item | undefined>;

/** One item and all who want it. */
type Wanted = {
  readonly at: ItemKey;
  readonly resolve: ((item: Item | undefined) => void)[];
  readonly reject: ((error: unknown) => void)[];
};

/** DynamoDB's limit of one BatchGetItem. */
const MOST_KEYS = 100;

export function gatheredReads(client: DynamoDBClient): ReadItem {
  let gathered = new Map<string, Wanted>();
  const send = (): void => {
    const all = [...gathered.values()];
    gathered = new Map();
    for (let from = 0; from < all.length; from += MOST_KEYS)
      void answer(client, all.slice(from, from + MOST_KEYS));
  };
  return (at) =>
    new Promise((resolve, reject) => {
      // After everything that can run without waiting has run, and asked.
      if (gathered.size === 0) process.nextTick(send);
      const name = nameOf(at);
      const wanted = gathered.get(name) ?? { at, resolve: [], reject: [] };
      wanted.resolve.push(resolve);
      wanted.reject.push(reject);
      gathered.set(name, wanted);
    });
}

const nameOf = ({ TableName, Key }: ItemKey): string =>
  JSON.stringify([TableName, Key['pk']?.S, Key['sk']?.S]);

/** Never rejects: whatever goes wrong is told to those who asked. */
async function answer(client: DynamoDBClient, wanted: readonly Wanted[]): Promise<void> {
  try {
    const items = await itemsAt(
      client,
      wanted.map(({ at }) => at),
    );
    for (const [index, { resolve }] of wanted.entries())
      for (const tell of resolve) tell(items[index]);
  } catch (error) {
    for (const tell of wanted.flatMap(({ reject }) => reject)) tell(error);
  }
}

/** In the order of the places. What DynamoDB left for later, because it was too much at once, is read one by one. */
async function itemsAt(
  client: DynamoDBClient,
  places: readonly ItemKey[],
): Promise<(Item | undefined)[]> {
  const [only] = places;
  if (only && places.length === 1) return [await itemAt(client, only)];
  const command = new BatchGetItemCommand({ RequestItems: requestFor(places) });
  const { Responses, UnprocessedKeys } = await client.send(command);
  const found = new Map<string, Item>();
  for (const [TableName, items] of Object.entries(Responses ?? {}))
    for (const item of items) found.set(nameOf({ TableName, Key: item }), item);
  const left = new Set<string>();
  for (const [TableName, { Keys }] of Object.entries(UnprocessedKeys ?? {}))
    for (const Key of Keys ?? []) left.add(nameOf({ TableName, Key }));
  return Promise.all(
    places.map((at) => (left.has(nameOf(at)) ? itemAt(client, at) : found.get(nameOf(at)))),
  );
}

const itemAt = async (client: DynamoDBClient, at: ItemKey): Promise<Item | undefined> =>
  (await client.send(new GetItemCommand({ ...at, ConsistentRead: true }))).Item;

function requestFor(places: readonly ItemKey[]): BatchGetItemCommandInput['RequestItems'] {
  const tables = new Map<string, Item[]>();
  for (const { TableName, Key } of places)
    tables.set(TableName, [...(tables.get(TableName) ?? []), Key]);
  return Object.fromEntries(
    [...tables].map(([name, Keys]) => [name, { Keys, ConsistentRead: true }]),
  );
}

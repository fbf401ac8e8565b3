/** Rows of several sources, each in the order of its sort key, as one in that order; one row of each is held at a time. */
import type { Item } from './journal-items.ts';

export async function* mergedRows(
  sources: readonly AsyncIterable<Item>[],
  sortKey: string,
): AsyncIterable<Item> {
  const rows = sources.map((source) => source[Symbol.asyncIterator]());
  const heads = await Promise.all(rows.map((row) => row.next()));
  for (;;) {
    let [first, least] = [-1, ''];
    heads.forEach((head, index) => {
      const key = head.done ? '' : (head.value[sortKey]?.S ?? '');
      if (!head.done && (first < 0 || key < least)) [first, least] = [index, key];
    });
    const [head, row] = [heads[first], rows[first]];
    if (!head || head.done || !row) return;
    yield head.value;
    heads[first] = await row.next();
  }
}

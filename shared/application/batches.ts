/** What comes one by one, some at a time: what is then read together waits for the slowest, not for each. Holds one batch. */
export async function* batchesOf<T>(size: number, items: AsyncIterable<T>): AsyncIterable<T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/**
 * A journal on somebody else's DynamoDB, whose stream does not reach this process: every commit is routed here, right
 * after it landed. A process that dies in between loses only the hint; the due index and the sweep remain.
 */
import type { JournalChange } from '../shared/application/route.ts';
import { isChainKind } from '../shared/domain/records.ts';
import type { Journal, Write } from '../shared/ports.ts';

export function routedJournal(
  journal: Journal,
  onChanges: (changes: readonly JournalChange[]) => void,
): Journal {
  return {
    ...journal,
    async commit(writes, at) {
      const result = await journal.commit(writes, at);
      const changes = writes.flatMap(changesOf);
      if (result.committed && changes.length > 0) onChanges(changes);
      return result;
    },
  };
}

function changesOf({ kind, id, head, events }: Write): JournalChange[] {
  if (!isChainKind(kind)) return [];
  return events.map((_, i) => ({ eventName: 'INSERT', kind, id, seq: head.seq + i + 1 }));
}

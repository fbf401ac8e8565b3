/**
 * Journal stream -> queues. Reads the request's state and names who has to look: ensure where access is wanted
 * or unwanted, announce always, also about authenticators, containers and the policy; both when the red button was pressed. Holds no secret. Wakes a person when an audit row was modified or removed.
 */
import type { AccessRequest } from '../domain/access-request/model.ts';
import type { ChainKind } from '../domain/records.ts';
import type { Journal, QueueName, Queues, Telemetry } from '../ports.ts';

export type JournalChange = {
  eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  kind: ChainKind;
  id: string;
  /** Number of the event whose row changed. */
  seq: number;
};

/** @throws Fault when the journal or a queue fails: the batch comes back. */
export async function route(
  changes: readonly JournalChange[],
  deps: { journal: Journal; queues: Queues; telemetry: Telemetry },
): Promise<void> {
  for (const { eventName, kind, id, seq } of changes)
    if (eventName !== 'INSERT')
      deps.telemetry.alarm('audit-row-changed', { eventName, chain: `${kind}#${id}`, seq });
  const requests = new Set(changes.flatMap(({ kind, id }) => (kind === 'request' ? [id] : [])));
  for (const requestId of requests) {
    const { value } = await deps.journal.read('request', requestId);
    if (!value || value.status === 'new') continue;
    const queue = ensureQueue(value);
    if (queue) await deps.queues.send(queue, { holdingId: value.holdingId });
    await deps.queues.send('announce', { requestId, version: value.version });
  }
  const owners = changes.flatMap(({ kind, id }) => (kind === 'authenticator' ? [id] : []));
  for (const noticesOf of new Set(owners)) await deps.queues.send('announce', { noticesOf });
  if (changes.some(({ kind }) => kind === 'stop')) {
    // Access first: an end never waits for words.
    await deps.queues.send('removals', { redButton: true });
    await deps.queues.send('announce', { redButton: true });
  }
  if (changes.some(({ kind }) => kind === 'policy'))
    await deps.queues.send('announce', { policyChanged: true });
  const containers = changes.flatMap(({ kind, id }) => (kind === 'container' ? [id] : []));
  for (const strangersIn of new Set(containers))
    await deps.queues.send('announce', { strangersIn });
}

/** Access on its way in goes behind the asks, access on its way out has a queue of its own. */
function ensureQueue(state: AccessRequest): Exclude<QueueName, 'announce'> | null {
  if (state.status === 'removing') return 'removals';
  return state.status === 'activating' || state.status === 'active' ? 'grants' : null;
}

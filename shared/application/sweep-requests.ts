/**
 * What time itself does to one request: it lapses, is escalated, starts, is reminded of, or its review is noted as overdue. Every
 * step is a decision of its own, made on the state as it is then; one that is not due any more is refused there.
 */
import {
  escalationDueAt,
  type InStatus,
  type KnownRequest,
  reviewDueAt,
} from '../domain/access-request/model.ts';
import { reminderAt } from '../domain/access-request/reminder.ts';
import type { Queues } from '../ports.ts';
import { type CommandDeps, executeCommand } from './execute-command.ts';

type WakeDeps = CommandDeps & { queues: Queues };
const SWEEP = { kind: 'sweep' } as const;

export async function wakeRequest(requestId: string, deps: WakeDeps): Promise<void> {
  const { value } = await deps.journal.read('request', requestId);
  if (!value || value.status === 'new') return;
  if (value.status === 'pending') return wakeWaiting(value, deps);
  if (value.status === 'scheduled') {
    await executeCommand({ type: 'StartGrant', requestId, actor: SWEEP }, deps);
    return;
  }
  await noteReview(value, deps);
  if (value.status === 'active') await remind(value, deps);
}

async function wakeWaiting(state: InStatus<'pending'>, deps: WakeDeps): Promise<void> {
  const { requestId } = state;
  const escalates = escalationDueAt(state);
  const isDue = escalates !== null && escalates <= deps.clock.now().toISOString();
  const type = isDue ? 'EscalateRequest' : 'LapseRequest';
  const done = await executeCommand({ type, requestId, actor: SWEEP }, deps);
  // Nobody looked between its escalation and its end: it lapses at once.
  if (isDue && !done.ok && done.error.code === 'request-lapsed')
    await executeCommand({ type: 'LapseRequest', requestId, actor: SWEEP }, deps);
}

async function noteReview(state: KnownRequest, deps: WakeDeps): Promise<void> {
  const { requestId } = state;
  const dueAt = reviewDueAt(state);
  if (dueAt !== null && dueAt <= deps.clock.now().toISOString())
    await executeCommand({ type: 'NoteOverdueReview', requestId, actor: SWEEP }, deps);
}

/** Access stays due from its reminder to its end; once the reminder is on record, announce is left in peace. */
async function remind(grant: InStatus<'active'>, deps: WakeDeps): Promise<void> {
  const { requestId } = grant;
  const { value: card } = await deps.journal.read('card', requestId);
  const dueAt = reminderAt(grant);
  if (dueAt === null || dueAt > deps.clock.now().toISOString()) return;
  if (card?.direct.some((each) => each.what === 'reminder' && each.dueAt === dueAt)) return;
  await deps.queues.send('announce', { requestId });
}

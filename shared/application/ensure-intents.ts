/** The life of one intent within a run: opened before its call, dropped when it comes too late, answered when the call came back. */
import { TIMING } from '../domain/holding/timing.ts';
import { aboutHolding, draft, type Run } from './ensure-run.ts';

/** On record with the next save, before the call is issued; it opens the settle window. */
export function openIntent(
  run: Run,
  intent: { kind: 'add' | 'remove'; role: string | null; grantIds: readonly string[] },
): string {
  const now = run.deps.clock.now();
  const intentId = run.deps.ids.unique();
  const { kind, role } = intent;
  const settleUntil = new Date(now.getTime() + TIMING.settleSeconds * 1000).toISOString();
  const issuedAt = now.toISOString();
  draft(
    run,
    {
      intents: [...run.holding.intents, { intentId, kind, role, issuedAt, answer: 'open' }],
      settleUntil,
    },
    {
      type: 'IntentIssued',
      ...aboutHolding(run),
      intentId,
      kind,
      role,
      grantIds: [...intent.grantIds],
      fence: run.token,
    },
  );
  return intentId;
}

/**
 * The store took long to record the intent. Whoever looks later relies on when its call can no longer take effect,
 * so it is not issued any more: the run plans again.
 */
export function tooLate(run: Run, intentId: string): boolean {
  const intent = run.holding.intents.find((each) => each.intentId === intentId);
  const sinceMs = run.deps.clock.now().getTime() - Date.parse(intent?.issuedAt ?? '');
  if (sinceMs <= TIMING.issueSeconds * 1000) return false;
  const intents = run.holding.intents.filter((each) => each !== intent);
  const closed = { type: 'IntentClosed' as const, intentId, result: 'refused' as const };
  draft(run, { intents }, { ...closed, ...aboutHolding(run) });
  return true;
}

/** The call came back well; only a read-back closes the intent. */
export function answered(run: Run, intentId: string): void {
  draft(run, {
    intents: run.holding.intents.map((intent) =>
      intent.intentId === intentId ? { ...intent, answer: 'answered' } : intent,
    ),
  });
}

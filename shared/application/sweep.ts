/**
 * Every minute: what is due goes to the queues, unanswered requests lapse, ends that come near are announced, and whoever
 * must be woken is woken.
 * The schedules are hints; this is the truth that a lost hint cannot escape. One item that fails never stops
 * the others. Its cost grows with what is due, not with what is open.
 */
import { attentionTo } from '../domain/holding/attention.ts';
import type { Holding } from '../domain/holding/model.ts';
import { TIMING } from '../domain/holding/timing.ts';
import { type DueItem, Fault, type Queues } from '../ports.ts';
import type { CommandDeps } from './execute-command.ts';
import { type Heartbeat, heartbeatOf } from './heartbeat.ts';
import { endForLeaver } from './leavers.ts';
import { obeyStop } from './obey-stop.ts';
import { wakeRequest } from './sweep-requests.ts';
import { watchTickets } from './watch-tickets.ts';

export type SweepDeps = CommandDeps & { queues: Queues };
const PAGE = 200;
const MAX_PAGES = 50;
const LATE_MS = TIMING.heartbeatSeconds * 1000;

export type Swept = { due: number; failed: number };

/** What one sweep gathers on its way. */
type SweepRun = {
  readonly now: Date;
  readonly defects: unknown[];
  /** Looked at last, together: a tracker that is slow keeps nobody else waiting. */
  readonly watches: string[];
  overdue: number;
};

/** `heart`: kept by a container that sweeps every minute. */
export async function sweep(
  deps: SweepDeps,
  heart: Heartbeat = heartbeatOf(deps.journal, 'sweep'),
): Promise<Swept> {
  const now = deps.clock.now();
  await alarmWhenLate(deps, heart, now);
  const seen = new Set<string>();
  let failed = 0;
  const run: SweepRun = { now, defects: [], watches: [], overdue: 0 };
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const found = await deps.journal.due(now, PAGE * page);
    const items = found.filter(({ kind, id }) => !seen.has(`${kind}#${id}`));
    for (const item of items) {
      seen.add(`${item.kind}#${item.id}`);
      failed += (await swept(item, deps, run)) ? 0 : 1;
    }
    // Fewer than were asked for: that was everything.
    if (items.length === 0 || found.length < PAGE * page) break;
  }
  await obeyStop(deps);
  await heart.beat(now);
  failed += await watchTickets(deps, run.watches);
  // Our own mistakes still crash the sweep, but only after everybody behind them was looked at.
  deps.telemetry.measure('OverdueGrants', run.overdue);
  if (run.defects.length > 0) throw run.defects[0];
  return { due: seen.size, failed };
}

/** False when this item failed: it stays due, the next sweep meets it again. */
async function swept(item: DueItem, deps: SweepDeps, run: SweepRun): Promise<boolean> {
  try {
    if (item.kind === 'notice') await deps.queues.send('announce', { noticesOf: item.id });
    else if (item.kind === 'leaver') await endForLeaver(deps, item.id);
    else if (item.kind === 'watch') run.watches.push(item.id);
    else if (item.kind === 'request') await wakeRequest(item.id, deps);
    else await wakeHolding(item.id, deps, run);
    return true;
  } catch (error) {
    if (!(error instanceof Fault)) run.defects.push(error);
    const why = error instanceof Error ? error.message : String(error);
    deps.telemetry.error('A due item could not be handled', { ...item, why });
    return false;
  }
}

async function wakeHolding(holdingId: string, deps: SweepDeps, run: SweepRun): Promise<void> {
  const { now } = run;
  const { value } = await deps.journal.read('holding', holdingId);
  if (!value) return;
  // First whoever must be woken: that a queue does not answer is a reason for access to stay, not for silence.
  const { overdue, stuck } = alarmsOf(value, deps, now);
  run.overdue += overdue.length;
  const ends = value.grants.some((g) => g.phase === 'removing' || g.expiresAt <= now.toISOString());
  await deps.queues.send(ends ? 'removals' : 'grants', { holdingId });
  for (const grantId of [...overdue, ...stuck])
    await deps.queues.send('announce', { requestId: grantId });
}

/** Raises what is overdue, ambiguous or stuck. Returns the grants whose card must say so: still there, or not there and why. */
function alarmsOf(
  holding: Holding,
  deps: SweepDeps,
  now: Date,
): { overdue: string[]; stuck: string[] } {
  const { holdingId } = holding;
  const { overdue, ambiguous, stuck } = attentionTo(holding, now);
  for (const { grant, since } of overdue)
    deps.telemetry.alarm('grant-overdue', { holdingId, grantId: grant.grantId, since });
  for (const { intentId, issuedAt } of ambiguous)
    deps.telemetry.alarm('intent-ambiguous', { holdingId, intentId, issuedAt });
  for (const { grantId, authorizedAt } of stuck)
    deps.telemetry.alarm('activation-stuck', { holdingId, grantId, authorizedAt });
  if (isAbandoned(holding, now))
    deps.telemetry.alarm('activation-stuck', { holdingId, dueAt: holding.dueAt });
  return {
    overdue: overdue.map(({ grant }) => grant.grantId),
    stuck: stuck.map(({ grantId }) => grantId),
  };
}

/** Every run that reaches its end moves the due instant. Where no grant and no intent tells that none does, this must. */
function isAbandoned({ dueAt, grants, intents }: Holding, now: Date): boolean {
  const at = now.toISOString();
  if (intents.length > 0 || grants.some((g) => g.phase !== 'active' || g.expiresAt <= at))
    return false;
  return dueAt !== null && now.getTime() - Date.parse(dueAt) > TIMING.overdueSeconds * 1000;
}

/** That it is not known when the last sweep ran is no reason to leave this one out: an alarm outside watches the heartbeat too. */
async function alarmWhenLate(deps: SweepDeps, heart: Heartbeat, now: Date): Promise<void> {
  try {
    const lastAt = await heart.lastAt(now, LATE_MS);
    if (lastAt === null) return;
    const late = now.getTime() - Date.parse(lastAt) > LATE_MS;
    if (late) deps.telemetry.alarm('sweep-late', { lastAt });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    deps.telemetry.error('When the last sweep ran could not be read', { why: error.message });
  }
}

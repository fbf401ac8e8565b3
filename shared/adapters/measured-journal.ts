/**
 * A journal that measures and logs what was committed: figures and lines come from the facts themselves, after they are durable,
 * so no caller can forget them or tell of something that did not happen. A commit whose answer is lost is measured by nobody; whether
 * access is overdue is counted by the sweep, which does not depend on this.
 */
import * as z from 'zod';
import type { Effect, MetricName } from '../config/signals.ts';
import { Instant } from '../domain/access-request/model.ts';
import type { Journal, Telemetry, Write } from '../ports.ts';

export type Measured = { readonly name: MetricName; readonly figure: number; readonly by?: Effect };

const Typed = z.object({ type: z.string() });
const Given = z.object({ authorizedAt: Instant, activatedAt: Instant });
const Ended = z.object({
  endedAt: Instant,
  expiresAt: Instant,
  removedAt: Instant,
  outcome: z.string(),
});
const Removed = z.object({ readBackAt: Instant.nullable() });
const REFUSED_CODES = new Set(['CodeRefused', 'RecoveryCodeRefused']);

export const measuredJournal = (journal: Journal, telemetry: Telemetry): Journal => ({
  ...journal,
  async commit(writes, at) {
    const result = await journal.commit(writes, at);
    if (result.committed) for (const write of writes) tell(write, telemetry);
    return result;
  },
});

/** The line joins a request, by its id, with everything else that this invocation says. */
function tell(write: Write, telemetry: Telemetry): void {
  const { kind, id, events } = write;
  const types = events.map((event) => Typed.safeParse(event).data?.type);
  if (kind === 'request' && types.length > 0)
    telemetry.info('Recorded', { requestId: id, events: types });
  for (const { name, figure, by } of measuresOf(write)) telemetry.measure(name, figure, by);
}

/** What one committed write says about how well the product does. */
export function measuresOf({ kind, next, events }: Write): Measured[] {
  if (kind !== 'request' && kind !== 'authenticator') return [];
  return events.flatMap((event): Measured[] => {
    const type = Typed.safeParse(event).data?.type ?? '';
    if (REFUSED_CODES.has(type)) return [{ name: 'CodeFailures', figure: 1 }];
    if (type === 'GrantActivated') return given(next);
    if (type === 'GrantRemoved') return takenAway(next, event);
    return [];
  });
}

function given(next: unknown): Measured[] {
  const grant = Given.safeParse(next).data;
  if (!grant) return [];
  const figure = seconds(grant.authorizedAt, grant.activatedAt);
  return [{ name: 'EffectAge', figure, by: 'given' }];
}

/** Access that was never given has no end that could come late. */
function takenAway(next: unknown, event: unknown): Measured[] {
  const grant = Ended.safeParse(next).data;
  if (!grant || grant.outcome === 'never-granted') return [];
  const { endedAt, expiresAt, removedAt } = grant;
  const goneAt = Removed.safeParse(event).data?.readBackAt ?? removedAt;
  // Ended early, or at its end: that this was recorded late does not make access any shorter.
  const past = Math.max(seconds(endedAt, goneAt), seconds(expiresAt, goneAt));
  return [
    { name: 'TimePastExpiry', figure: past },
    { name: 'EffectAge', figure: seconds(endedAt, goneAt), by: 'taken-away' },
  ];
}

const seconds = (from: string, to: string): number =>
  Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);

/** What a decision is, and the fields every event of it shares. */
import type { Result } from '../result.ts';
import type { Command, Refusal } from './command.ts';
import type { AccessRequestEvent } from './events.ts';
import type { Facts } from './facts.ts';

export type Decision = Result<AccessRequestEvent[], Refusal>;

/** The fields every event has. */
export const about = <C extends Command>(
  command: C,
  facts: Facts,
): { v: 1; requestId: string; at: string; actor: C['actor'] } => ({
  v: 1,
  requestId: command.requestId,
  at: facts.now.toISOString(),
  actor: command.actor,
});

export const after = (now: Date, seconds: number): string =>
  new Date(now.getTime() + seconds * 1000).toISOString();

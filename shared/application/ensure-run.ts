/**
 * One run of ensure over one holding, under its lease. `save` is the run's only way to write: one transaction
 * that holds the holding, its events and the outcomes of its grants. Whoever else changed the holding meanwhile
 * wins; the run then looks again, and stops when the lease is no longer its own.
 */
import type { Command } from '../domain/access-request/command.ts';
import type { Facts } from '../domain/access-request/facts.ts';
import { applyToHolding } from '../domain/holding/apply-events.ts';
import type { Observation } from '../domain/holding/facts.ts';
import type { Holding, HoldingEvent } from '../domain/holding/model.ts';
import { accountDriven } from '../domain/holding/stray.ts';
import {
  type AccessProvider,
  type EndScheduler,
  type ProviderAccount,
  put,
  type Queues,
  type Stored,
  type Write,
  written,
} from '../ports.ts';
import { advance, type CommandDeps } from './execute-command.ts';
import { aboutGrant } from './holding-write.ts';
import type { ActivePolicy } from './policies.ts';

export type EnsureDeps = Pick<
  CommandDeps,
  'journal' | 'clock' | 'ids' | 'policies' | 'telemetry' | 'teamId'
> & {
  /** The configured CI systems by name. */
  providers: { get(name: string): AccessProvider | undefined };
  ends: EndScheduler;
  queues: Queues;
};

export type Run = {
  readonly deps: EnsureDeps;
  readonly provider: AccessProvider;
  readonly token: number;
  /** What is stored, and what it should become with the next save. */
  stored: Stored<'holding'>;
  holding: Holding;
  /** Events and writes that wait for the next save. */
  events: HoldingEvent[];
  extra: Write[];
  active: ActivePolicy | null;
  pauses: Stored<'pause'>[];
  stop: Stored<'stop'>;
  account: ProviderAccount | null;
  accountGone: boolean;
  observation: Observation | null;
};

/** Another run took the lease: it does the work now. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** Commands on requests that a step reports; each is decided by the domain like any other. */
export type GrantCommand = Exclude<Command, { type: 'RequestAccess' }>;

/**
 * Commits what waits plus the given change. False when somebody was faster: nothing was written, the run has
 * the fresh state and must plan again. @throws LeaseLost, Fault
 */
export async function save(
  run: Run,
  change: { commands?: readonly GrantCommand[]; checks?: readonly Write[] } = {},
): Promise<boolean> {
  const { journal, clock } = run.deps;
  let next = run.holding;
  const writes: Write[] = [...run.extra, ...(change.checks ?? [])];
  const reports = (change.commands ?? []).map(async (command) => ({
    command,
    stored: await journal.read('request', command.requestId),
  }));
  for (const { command, stored } of await Promise.all(reports)) {
    const facts = effectFacts(run);
    const step = advance(stored, command, facts);
    if (!step.ok || step.value.next.status === 'new') {
      await reload(run);
      return false;
    }
    const { events, next: request } = step.value;
    writes.push(put(stored, request, events));
    next = applyToHolding(next, aboutGrant(step.value.next), events);
  }
  const result = await journal.commit([...writes, put(run.stored, next, run.events)], clock.now());
  if (!result.committed) {
    await reload(run);
    return false;
  }
  // The lease is in what was just written, under its revision: whoever takes it over makes the next save fail.
  take(run, written(run.stored, next, result.heads.at(-1)));
  return true;
}

/** Reports of effects rest on no policy and no person; one that did would have to say which policy it asked. */
const effectFacts = (run: Run): Facts => ({
  now: run.deps.clock.now(),
  get policies(): Facts['policies'] {
    if (!run.active) throw new Error('This report needs a policy, and none can be read');
    return [run.active];
  },
  teamId: run.deps.teamId,
  evidence: new Map(),
  linkedAccounts: new Map(),
  approvalsVoidUntil: new Map(),
  halted: null,
  stoppedBy: run.stop.value?.standing?.confirmedBy ?? null,
  code: null,
  pending: null,
  glass: [],
});

/** Takes over what is stored now; what was drafted but not saved is planned again. @throws LeaseLost */
export async function reload(run: Run): Promise<void> {
  const stored = await run.deps.journal.read('holding', run.stored.id);
  if (stored.value?.lease?.token !== run.token)
    throw new LeaseLost(`Lease ${run.token} on ${run.stored.id} was taken over`);
  take(run, { ...stored, value: stored.value });
}

function take(run: Run, stored: Stored<'holding'> & { value: Holding }): void {
  if (accountDriven(stored.value) !== accountDriven(run.holding)) run.accountGone = false;
  run.stored = stored;
  run.holding = stored.value;
  run.events = [];
  run.extra = [];
  // A pin that did not make it into the store must be looked up again; so must another account than before.
  if (run.account?.accountId !== accountDriven(stored.value)) run.account = null;
}

/** Changes the draft; it becomes durable with the next save. */
export function draft(run: Run, part: Partial<Holding>, event?: HoldingEvent): void {
  run.holding = { ...run.holding, ...part };
  if (event) run.events.push(event);
}

export const aboutHolding = (run: Run) => ({
  v: 1 as const,
  holdingId: run.holding.holdingId,
  at: run.deps.clock.now().toISOString(),
  actor: { kind: 'ensure' as const },
});

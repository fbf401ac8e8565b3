/**
 * The one write door: load, decide, append. One transaction holds the events, the state, the holding's list of
 * grants, the interaction key, the lock of a waiting ask and the time step of a code. A conflict means that
 * somebody was faster: reload and decide again. A person's refused attempt is recorded; a stale timer's is not.
 */
import type { Command, Refusal } from '../domain/access-request/command.ts';
import { decide } from '../domain/access-request/decide.ts';
import type { AccessRequestEvent } from '../domain/access-request/events.ts';
import { evolve } from '../domain/access-request/evolve.ts';
import type { Facts } from '../domain/access-request/facts.ts';
import type { AccessRequest, KnownRequest } from '../domain/access-request/model.ts';
import { pendingLockOf } from '../domain/access-request/model.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import {
  absent,
  type CommitResult,
  check,
  Fault,
  type Ids,
  type Journal,
  put,
  remove,
  type Stored,
  type Telemetry,
  type Write,
} from '../ports.ts';
import { countedWrites } from './counted.ts';
import { earlierApprovals, type FactsDeps, factsAndUsage, haltsFor } from './facts-for.ts';
import { haltChecks } from './halts.ts';
import { holdingWrite } from './holding-write.ts';
import { aheadWrites } from './own-groups.ts';
import type { ActivePolicy } from './policies.ts';
import { recordRefusal } from './record-refusal.ts';
import { codeWrite, consumeCode, type SpendRefusal, type VerifiedCode } from './verify-code.ts';
import { watchWrites } from './watch-writes.ts';
import { extensionTextOf } from './words-of.ts';

export type CommandDeps = FactsDeps & { journal: Journal; ids: Ids; telemetry: Telemetry };

export type Side = {
  /** What Slack says identifies this interaction; a second one with the same key has no effect. */
  interaction?: string;
  code?: VerifiedCode;
  /** Free text that an event commits to. */
  text?: {
    key: 'justification' | 'reason' | 'review' | 'extension';
    text: string;
    salt: string;
    commitment: string;
  };
};

export type Executed = {
  state: KnownRequest;
  /** The same interaction was carried out before: nothing happened now. */
  repeated: boolean;
};
export type CommandRefusal = Refusal | { code: 'policy-unavailable' } | SpendRefusal;
const ATTEMPTS = 6;
const INTERACTION_TTL_MS = 24 * 3600_000;

export const executeCommand = (
  command: Command,
  deps: CommandDeps,
  side: Side = {},
): Promise<Result<Executed, CommandRefusal>> =>
  deps.telemetry.within({ requestId: command.requestId }, async () => {
    const done = await executed(command, deps, side);
    const outcome = done.ok ? (done.value.repeated ? 'repeated' : 'recorded') : done.error.code;
    // Joins the request with everything else that this invocation says.
    deps.telemetry.info('Decided', { command: command.type, outcome });
    return done;
  });

async function executed(
  command: Command,
  deps: CommandDeps,
  side: Side,
): Promise<Result<Executed, CommandRefusal>> {
  let pending: string | null = null;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const [stored, active] = await Promise.all([
      loaded(command, deps.journal, attempt),
      deps.policies.active(),
    ]);
    const tried = active
      ? await attemptOnce(command, deps, { side, stored, active, pending })
      : refuse({ code: 'policy-unavailable' as const });
    if (!tried.ok) {
      // Carried out before (the same click again, or our commit whose answer was lost): the refusal is its echo.
      if (await alreadyDone(deps.journal, side)) return repeated(command, deps.journal);
      return refused(command, deps, { refusal: tried.error, side });
    }
    const result = await committed(tried.value.writes, deps);
    if (result === null) continue;
    if (result.committed) return ok({ state: known(tried.value.next), repeated: false });
    if (result.conflicts.some(({ kind }) => kind === 'interaction'))
      return repeated(command, deps.journal);
    const lock = result.conflicts.find(({ kind }) => kind === 'pendingLock');
    if (lock) pending = (await deps.journal.read('pendingLock', lock.id)).value?.requestId ?? null;
  }
  throw new Fault(`${command.type} on ${command.requestId} met ${ATTEMPTS} conflicts. Try again.`, {
    service: 'journal',
    retryable: true,
  });
}

/** A new ask needs no read: its record must be absent, and the transaction says so if it is not. */
const loaded = async (command: Command, journal: Journal, attempt: number) =>
  command.type === 'RequestAccess' && attempt === 1
    ? absent('request', command.requestId)
    : journal.read('request', command.requestId);

type Tried = { writes: Write[]; next: AccessRequest };

async function attemptOnce(
  command: Command,
  deps: CommandDeps,
  from: { side: Side; stored: Stored<'request'>; active: ActivePolicy; pending: string | null },
): Promise<Result<Tried, CommandRefusal>> {
  const { side, stored, active, pending } = from;
  const state = stored.value ?? { status: 'new' as const };
  const code = side.code?.evidence ?? null;
  const [earlier, halts] = await Promise.all([
    earlierApprovals(deps.journal, state),
    haltsFor(deps.journal, command, state),
  ]);
  const read = { earlier, halts };
  const asked = { command, state, active, code, pending, ...read };
  const { facts, ...counted } = await factsAndUsage(deps, asked);
  const step = advance(stored, command, facts);
  if (!step.ok) return step;
  const { events, next } = step.value;
  const [holding, coded, lock] = await Promise.all([
    holdingWrite(deps.journal, {
      ...{ events, next: known(next), active },
      groupMembers: facts.groupMembers,
    }),
    side.code ? codeWrite(deps.journal, side.code, facts.now) : ok([]),
    lockOf(deps.journal, events, next),
  ]);
  if (!holding.ok) return holding;
  if (!coded.ok) return coded;
  const sides = sideWrites(command, side, { now: facts.now, version: known(next).version });
  const locks = lockWrites(lock, known(next), events);
  // Their resets are part of what was judged; the actor's own authenticator is in the transaction by the code.
  const approves = RELIES.has(command.type);
  const relied = earlier.read.filter(({ id }) => approves && id !== side.code?.owner).map(check);
  return ok({
    writes: [
      ...[put(stored, next, events), ...holding.value, ...coded.value, ...locks, ...sides],
      ...[...relied, ...(halts ? haltChecks(halts) : [])],
      ...aheadWrites({ events, next: known(next), groupMembers: facts.groupMembers }),
      ...watchWrites(active.policy, { events, next: known(next), now: facts.now }),
      ...countedWrites(counted, { events, next: known(next), now: facts.now }),
    ],
    next,
  });
}

/** What rests on approvals that were given before. */
const RELIES = new Set<Command['type']>(['ApproveRequest', 'ApproveExtension', 'StartGrant']);

/** Decides and folds, without writing: ensure builds its own transactions from it. */
export function advance(
  stored: Stored<'request'>,
  command: Command,
  facts: Facts,
): Result<{ events: AccessRequestEvent[]; next: AccessRequest }, Refusal> {
  const state: AccessRequest = stored.value ?? { status: 'new' };
  const decision = decide(state, command, facts);
  if (!decision.ok) return decision;
  return ok({ events: decision.value, next: decision.value.reduce(evolve, state) });
}

function sideWrites(
  command: Command,
  side: Side,
  { now, version }: { now: Date; version: number },
): Write[] {
  const writes: Write[] = [];
  if (side.interaction)
    writes.push(
      put(absent('interaction', side.interaction), {
        requestId: command.requestId,
        expiresAt: new Date(now.getTime() + INTERACTION_TTL_MS).toISOString(),
      }),
    );
  if (side.text) {
    const { key, text, salt, commitment } = side.text;
    // More time can be denied more than once: each answer has its own words, under the number of its event.
    const name = key === 'extension' ? extensionTextOf(version) : key;
    writes.push(put(absent('text', `${command.requestId}#${name}`), { text, salt, commitment }));
  }
  return writes;
}

/** The lock of a waiting ask is taken with it and given back when it stops waiting. */
async function lockOf(
  journal: Journal,
  events: readonly AccessRequestEvent[],
  next: AccessRequest,
): Promise<Stored<'pendingLock'> | null> {
  const state = known(next);
  const id = pendingLockOf({
    subject: state.subject,
    entitlementId: state.entitlement.id,
    role: state.entitlement.role,
  });
  const begins = events.some((event) => event.type === 'AccessRequested');
  if (begins) return state.status === 'pending' ? absent('pendingLock', id) : null;
  const stopped = events.some((event) => STOPS_WAITING.has(event.type));
  return stopped ? journal.read('pendingLock', id) : null;
}

const STOPS_WAITING = new Set<AccessRequestEvent['type']>([
  'GrantAuthorized',
  'GrantScheduled',
  'RequestDenied',
  'RequestWithdrawn',
  'RequestLapsed',
]);

function lockWrites(
  lock: Stored<'pendingLock'> | null,
  state: KnownRequest,
  events: readonly AccessRequestEvent[],
): Write[] {
  if (!lock) return [];
  if (events[0]?.type === 'AccessRequested') return [put(lock, { requestId: state.requestId })];
  return lock.value?.requestId === state.requestId ? [remove(lock)] : [];
}

/** Null when the answer was lost: what happened shows at the next attempt. */
async function committed(
  writes: readonly Write[],
  deps: CommandDeps,
): Promise<CommitResult | null> {
  try {
    return await deps.journal.commit(writes, deps.clock.now());
  } catch (error) {
    if (!(error instanceof Fault) || !error.retryable) throw error;
    return null;
  }
}

const alreadyDone = async (journal: Journal, side: Side): Promise<boolean> =>
  side.interaction !== undefined &&
  (await journal.read('interaction', side.interaction)).value !== null;

async function repeated(
  command: Command,
  journal: Journal,
): Promise<Result<Executed, CommandRefusal>> {
  const { value } = await journal.read('request', command.requestId);
  return value && value.status !== 'new'
    ? ok({ state: value, repeated: true })
    : refuse({ code: 'unknown-request' });
}

async function refused(
  command: Command,
  deps: CommandDeps,
  from: { refusal: CommandRefusal; side: Side },
): Promise<Result<Executed, CommandRefusal>> {
  const { refusal, side } = from;
  if (side.code) await consumeCode(deps, side.code);
  if (command.actor.kind === 'person')
    await recordRefusal(deps, {
      actor: command.actor,
      command: command.type,
      requestId: command.requestId,
      code: refusal.code,
    });
  return refuse(refusal);
}

function known(state: AccessRequest): KnownRequest {
  if (state.status === 'new') throw new Error('A decision without events cannot be committed');
  return state;
}

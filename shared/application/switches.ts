/**
 * The switches that stop new access: a pause of everything or of one provider (one admin), and the red button (two). Each is one
 * fact with the code of who pressed it; whoever gives access checks it in its own transaction (halts.ts), so nothing has to be told.
 * A switch never stops a removal. Whoever is refused is on record.
 */
import { digestOf } from '../domain/audit/digest.ts';
import { isAdmin } from '../domain/authenticator/enrolment-rights.ts';
import { inForce, sameHumanBy } from '../domain/policy/in-force.ts';
import { membersOf } from '../domain/policy/members.ts';
import type { EventOf } from '../domain/records.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import {
  barredFromSwitches,
  judgePress,
  type Press,
  pressed,
  type StopRefusal,
  type SwitchRefusal,
} from '../domain/stop/decide.ts';
import { NOTHING_STOPPED, type Stop, type StopWhat } from '../domain/stop/model.ts';
import { absent, check, type Directory, Fault, put, type Stored, type Write } from '../ports.ts';
import { rightsFacts } from './enrol-parts.ts';
import type { CommandDeps } from './execute-command.ts';
import { EVERYTHING } from './halts.ts';
import type { ActivePolicy } from './policies.ts';
import { recordRefusal } from './record-refusal.ts';
import { pauseScopes } from './standing-halts.ts';
import {
  type CodeDeps,
  type CodePurpose,
  type CodeRefusal,
  codeWrite,
  consumeCode,
  type SpendRefusal,
  type VerifiedCode,
  verifyCode,
} from './verify-code.ts';

export type SwitchDeps = CommandDeps & CodeDeps & { directory: Directory };
type Known = { code: 'policy-unavailable' } | CodeRefusal | SpendRefusal | SwitchRefusal;
export type PauseRefusal =
  | Known
  | { code: 'unknown-scope'; scopes: readonly string[] }
  | { code: 'pause-unchanged'; scope: string; paused: boolean };
export type PressRefusal = Known | StopRefusal | { code: 'content-changed' };

export type PauseAsk = { person: string; scope: string; paused: boolean };
const TRIES = 6;
const INTERACTION_TTL_MS = 24 * 3600_000;

/** What would refuse this switch whatever the code: asked before the code is. */
export async function mayPause(
  deps: SwitchDeps,
  ask: PauseAsk,
): Promise<Result<{ base: Stored<'pause'>; active: ActivePolicy }, PauseRefusal>> {
  const { person, scope, paused } = ask;
  const active = await deps.policies.active();
  if (!active) return refuse({ code: 'policy-unavailable' });
  const facts = await rightsFacts(deps, active, [person]);
  const barred = barredFromSwitches(inForce(active), person, facts);
  if (barred) return refuse(barred);
  const scopes = pauseScopes(active);
  const base = await deps.journal.read('pause', scope.slice(0, 40));
  // What was paused and left the policy since can still be resumed.
  if (!scopes.includes(scope) && (paused || !base.value))
    return refuse({ code: 'unknown-scope', scopes });
  if ((base.value?.paused ?? false) === paused)
    return refuse({ code: 'pause-unchanged', scope, paused });
  return ok({ base, active });
}

export const switchPause = (
  deps: SwitchDeps,
  ask: PauseAsk & { typed: string; interaction: string },
): Promise<Result<{ repeated: boolean }, PauseRefusal>> => {
  const { person, scope, paused } = ask;
  const contentHash = digestOf('pause', { scope, paused, by: person });
  const about = { ...ask, command: paused ? 'PauseGrants' : 'ResumeGrants', contentHash };
  return switched(deps, { ...about, purpose: 'pause' }, async (_, now) => {
    const may = await mayPause(deps, ask);
    if (!may.ok) return may;
    const { base, active } = may.value;
    const by = { kind: 'person' as const, id: person };
    const at = now.toISOString();
    const type = paused ? ('GrantsPaused' as const) : ('GrantsResumed' as const);
    const event = { type, v: 1 as const, at, actor: by, scope };
    return ok([put(base, { paused, by, at }, [event]), check(active.pointer)]);
  });
};

/** What a press of the red button would be now. `others`: the admins (Slack ids) who could confirm one of this person. */
export async function mayPress(
  deps: SwitchDeps,
  ask: { person: string; what: StopWhat },
): Promise<
  Result<Press & { base: Stored<'stop'>; active: ActivePolicy; others: string[] }, PressRefusal>
> {
  const [active, base] = await Promise.all([
    deps.policies.active(),
    deps.journal.read('stop', EVERYTHING),
  ]);
  if (!active) return refuse({ code: 'policy-unavailable' });
  const stop = base.value ?? NOTHING_STOPPED;
  const facts = await rightsFacts(deps, active, [
    ...new Set([ask.person, ...(stop.proposal ? [stop.proposal.by] : [])]),
  ]);
  const policies = inForce(active);
  const press = judgePress(stop, ask, { policies, facts });
  if (!press.ok) return press;
  const isSame = sameHumanBy(policies, facts);
  const others = [...membersOf(active.policy).bySlack.keys()].filter(
    (id) => isAdmin(policies, id) && !isSame(id, ask.person),
  );
  return ok({ ...press.value, base, active, others });
}

/** `contentHash`: of the press that its form showed; another one in its place is not what was meant. */
export const pressRedButton = (
  deps: SwitchDeps,
  ask: {
    person: string;
    what: StopWhat;
    contentHash: string;
    typed: string;
    interaction: string;
  },
): Promise<Result<{ repeated: boolean }, PressRefusal>> =>
  switched(deps, { ...ask, command: 'PressRedButton', purpose: 'stop' }, async (code, now) => {
    const may = await mayPress(deps, ask);
    if (!may.ok) return may;
    const { base, active, contentHash } = may.value;
    if (contentHash !== ask.contentHash) return refuse({ code: 'content-changed' });
    const next = pressed(base.value ?? NOTHING_STOPPED, may.value, { person: ask.person, now });
    const event = pressEvent(may.value, { next, code, now });
    return ok([put(base, next, [event]), check(active.pointer)]);
  });

function pressEvent(
  { step, what, proposedBy }: Press,
  { next, code, now }: { next: Stop; code: VerifiedCode; now: Date },
): EventOf<'stop'> {
  const { factor } = code.evidence;
  const actor = { kind: 'person' as const, id: code.owner };
  const about = { v: 1 as const, at: now.toISOString(), actor, factor };
  if (step === 'propose' || proposedBy === null)
    return { type: 'StopProposed', ...about, what, until: next.proposal?.until ?? about.at };
  const type = what === 'stop' ? ('EverythingStopped' as const) : ('StopLifted' as const);
  return { type, ...about, scope: EVERYTHING, proposedBy };
}

type About = {
  person: string;
  command: string;
  purpose: CodePurpose;
  contentHash: string;
  typed: string;
  interaction: string;
};

/** A switch is one transaction with its code and its interaction; refused, the code is spent all the same. */
async function switched<R extends { code: string }>(
  deps: SwitchDeps,
  about: About,
  decide: (code: VerifiedCode, now: Date) => Promise<Result<Write[], R>>,
): Promise<Result<{ repeated: boolean }, R | CodeRefusal | SpendRefusal>> {
  const { person: owner, typed, contentHash, purpose, interaction } = about;
  if ((await deps.journal.read('interaction', interaction)).value) return ok({ repeated: true });
  const code = await verifyCode(deps, { owner, typed, contentHash, purpose });
  if (!code.ok) return refused(deps, about, code.error);
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const now = deps.clock.now();
    const decided = await decide(code.value, now);
    if (!decided.ok) {
      await consumeCode(deps, code.value);
      return refused(deps, about, decided.error);
    }
    const spent = await codeWrite(deps.journal, code.value, now);
    if (!spent.ok) return refused(deps, about, spent.error);
    const expiresAt = new Date(now.getTime() + INTERACTION_TTL_MS).toISOString();
    const once = put(absent('interaction', interaction), { requestId: null, expiresAt });
    const done = await deps.journal.commit([...decided.value, ...spent.value, once], now);
    if (done.committed) return ok({ repeated: false });
    if (done.conflicts.some(({ kind }) => kind === 'interaction')) return ok({ repeated: true });
  }
  throw new Fault('A switch met too many conflicts. Try again.', {
    service: 'journal',
    retryable: true,
  });
}

async function refused<R extends { code: string }>(
  deps: SwitchDeps,
  { person, command }: About,
  error: R,
): Promise<Result<never, R>> {
  const actor = { kind: 'person' as const, id: person };
  await recordRefusal(deps, { actor, command, requestId: null, code: error.code });
  return refuse(error);
}

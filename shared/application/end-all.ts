/**
 * Ends everything that one person holds or asked for: each grant and each waiting ask by the write door, one by one, so that a crash
 * in between leaves the rest as it was and the same call goes on with it. What is open comes from an index, which may be a moment old.
 */
import { mayEndAnything } from '../domain/access-request/decide-end.ts';
import type { KnownRequest } from '../domain/access-request/model.ts';
import { inForce } from '../domain/policy/in-force.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { type CommandDeps, type CommandRefusal, executeCommand } from './execute-command.ts';
import { openOf } from './open-requests.ts';

export type EndedAll = {
  /** Ids of grants that end now, and of asks that were taken back. */
  readonly ended: readonly string[];
  readonly withdrawn: readonly string[];
  /** What could not be ended, and why. */
  readonly left: readonly { readonly requestId: string; readonly code: string }[];
  /** There is more: do it once more. */
  readonly more: boolean;
};

/** Ended at one call, which a person waits for. */
const MOST = 40;

export async function endEverythingOf(
  deps: CommandDeps,
  { whose, by }: { whose: string; by: string },
): Promise<Result<EndedAll, CommandRefusal>> {
  const active = await deps.policies.active();
  if (!active) return refuse({ code: 'policy-unavailable' });
  if (whose !== by && !mayEndAnything(inForce(active), by))
    return refuse({ code: 'not-allowed-to-end' });
  const open = await openOf(deps.journal, whose, deps.clock.now());
  const now = open.slice(0, MOST);
  const told = await Promise.all(now.map((state) => endOne(deps, state, by)));
  const ids = (what: string) =>
    told.flatMap((each) => (each.what === what ? [each.requestId] : []));
  const left = told.flatMap(({ what, requestId, code }) =>
    what === 'left' ? [{ requestId, code }] : [],
  );
  const more = open.length > now.length;
  return ok({ ended: ids('ended'), withdrawn: ids('withdrawn'), left, more });
}

async function endOne(deps: CommandDeps, { requestId, status }: KnownRequest, by: string) {
  const actor = { kind: 'person' as const, id: by };
  const waits = status === 'pending';
  const taken = waits
    ? await executeCommand({ type: 'WithdrawRequest', requestId, actor }, deps)
    : null;
  if (taken?.ok) return { what: 'withdrawn', requestId, code: '' };
  if (taken && taken.error.code !== 'wrong-status')
    return { what: 'left', requestId, code: taken.error.code };
  // Live; or it does not wait any more: approved in that very moment, it ends all the same.
  const done = await executeCommand({ type: 'EndGrant', requestId, actor, reason: null }, deps);
  if (done.ok) return { what: 'ended', requestId, code: '' };
  // Somebody was faster, or its time came: it is over.
  const isOver = done.error.code === 'wrong-status';
  return {
    what: isOver ? (waits ? 'withdrawn' : 'ended') : 'left',
    requestId,
    code: isOver ? '' : done.error.code,
  };
}

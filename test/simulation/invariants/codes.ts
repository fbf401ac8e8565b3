/** S7: accepted steps strictly increase, each serves one decision, and no way of trying gives more tries than the limit. */
import { ATTEMPTS } from '../../../shared/domain/authenticator/attempts.ts';
import type { AuthenticatorEvent } from '../../../shared/domain/authenticator/model.ts';
import type { Process } from '../processes.ts';
import type { Invariant, Watch } from './watch.ts';

type Books = {
  lastStep: Map<string, number>;
  acceptedMs: Map<string, number>;
  /** Instants of the attempts whose code turned out wrong, since the last accepted one. */
  misses: Map<string, number[]>;
  /** When a run recorded its attempt. */
  reservedMs: Map<Process, number>;
  used: Set<string>;
};

export function codes(watch: Watch): Invariant {
  const books: Books = {
    lastStep: new Map(),
    acceptedMs: new Map(),
    misses: new Map(),
    reservedMs: new Map(),
    used: new Set(),
  };
  return {
    verified(process, owner, matched) {
      const atMs = books.reservedMs.get(process) ?? watch.time.nowMs();
      // An attempt from before the last success was counted there, however late it is compared.
      if (!matched && atMs >= (books.acceptedMs.get(owner) ?? 0))
        missed(watch, books, { owner, atMs });
    },
    committed(process, changes) {
      for (const { kind, authenticator, request } of changes) {
        if (kind === 'authenticator' && process && !books.reservedMs.has(process))
          books.reservedMs.set(process, watch.time.nowMs());
        for (const event of authenticator) accepted(watch, books, event);
        for (const event of request) {
          if (!('factor' in event) || !event.factor || event.actor.kind !== 'person') continue;
          const key = `${event.actor.id} ${event.factor.step}`;
          if (books.used.has(key)) watch.violate('S7', `${key} served two decisions`);
          books.used.add(key);
        }
      }
    },
  };
}

function missed(watch: Watch, books: Books, attempt: { owner: string; atMs: number }): void {
  const { owner, atMs } = attempt;
  const all = [...(books.misses.get(owner) ?? []), atMs].sort((one, other) => one - other);
  books.misses.set(owner, all);
  if (all.length > ATTEMPTS.inRow)
    watch.violate('S7', `${all.length} wrong codes of ${owner} were compared in a row`);
  const tooMany = all.some((at, index) => {
    const nth = all[index + ATTEMPTS.perLock];
    return nth !== undefined && nth - at < ATTEMPTS.lockSeconds * 1000;
  });
  if (tooMany)
    watch.violate('S7', `${ATTEMPTS.perLock + 1} wrong codes of ${owner} within a lock's time`);
}

function accepted(watch: Watch, books: Books, event: AuthenticatorEvent): void {
  if (event.type !== 'CodeAccepted') return;
  const { owner, step } = event;
  if (step <= (books.lastStep.get(owner) ?? 0))
    watch.violate('S7', `${owner}'s step ${step} was accepted again`);
  books.lastStep.set(owner, step);
  books.acceptedMs.set(owner, watch.time.nowMs());
  books.misses.delete(owner);
}

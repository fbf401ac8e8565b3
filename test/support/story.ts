/** given(history).when(command, facts): what is decided, and the state that follows, judged in one line. */
import type { Command, Refusal } from '../../shared/domain/access-request/command.ts';
import { decide } from '../../shared/domain/access-request/decide.ts';
import { AccessRequestEvent } from '../../shared/domain/access-request/events.ts';
import { evolve, replay } from '../../shared/domain/access-request/evolve.ts';
import type { Facts } from '../../shared/domain/access-request/facts.ts';
import { AccessRequest, type KnownRequest } from '../../shared/domain/access-request/model.ts';

type Part<T> = T extends unknown ? Partial<T> : never;
export type Expected = Part<AccessRequestEvent> & { type: AccessRequestEvent['type'] };

export function given(...history: AccessRequestEvent[]) {
  const state = replay(history);
  return {
    when(command: Command, facts: Facts) {
      const decision = decide(state, command, facts);
      return {
        /** Exactly these events, each as far as it is written; all parse, and fold into the answer. */
        thenEvents(...expected: Expected[]): KnownRequest {
          if (!decision.ok) throw new Error(`Refused: ${JSON.stringify(decision.error)}`);
          const events = decision.value.map((event) => AccessRequestEvent.parse(event));
          expect(events).toMatchObject(expected);
          const next = AccessRequest.parse(events.reduce(evolve, state));
          expect(next).toEqual(replay([...history, ...events]));
          if (next.status === 'new') throw new Error('No event happened');
          return next;
        },
        /** Refused with exactly this. */
        thenRefused(refusal: Refusal): void {
          expect(decision).toEqual({ ok: false, error: refusal });
        },
      };
    },
  };
}

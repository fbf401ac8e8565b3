/** A commit as observers see it: the events of each write, parsed once. */
import type { AccessRequestEvent } from '../../shared/domain/access-request/events.ts';
import type { AuthenticatorEvent } from '../../shared/domain/authenticator/model.ts';
import type { HoldingEvent } from '../../shared/domain/holding/model.ts';
import { type EventOf, type Kind, parseEvent } from '../../shared/domain/records.ts';
import type { Write } from '../../shared/ports.ts';

export type Change = {
  readonly what: 'put' | 'remove';
  readonly kind: Kind;
  readonly id: string;
  /** Events of any kind; the lists below hold those that somebody looks into. */
  readonly events: number;
  readonly request: readonly AccessRequestEvent[];
  readonly holding: readonly HoldingEvent[];
  readonly authenticator: readonly AuthenticatorEvent[];
  readonly container: readonly EventOf<'container'>[];
};

export const changesOf = (writes: readonly Write[]): Change[] =>
  writes.flatMap(({ do: what, kind, id, events }) =>
    what === 'check'
      ? []
      : [
          {
            what,
            kind,
            id,
            events: events.length,
            request: kind === 'request' ? events.map(parseEvent.request) : [],
            holding: kind === 'holding' ? events.map(parseEvent.holding) : [],
            authenticator: kind === 'authenticator' ? events.map(parseEvent.authenticator) : [],
            container: kind === 'container' ? events.map(parseEvent.container) : [],
          },
        ],
  );

/** Whose Slack this is: the four people of the story, with what waits for each of them. Arrows move, as between tabs. */
import type { KeyboardEvent } from 'react';
import type { PageState } from '../../slack/page/contract.ts';
import { Avatar } from './avatar.tsx';
import { personasOf, type ReadMarks, unreadFor } from './view-model.ts';

/** What each is in the example policy. */
const PARTS: Readonly<Record<string, string>> = {
  U0ANA: 'requester',
  U0BO: 'approver',
  U0CY: 'second approver',
  U0DEE: 'admin',
};

type Props = {
  state: PageState;
  persona: string;
  onPersona: (id: string) => void;
  marksOf: (person: string) => ReadMarks;
};

export function PersonaBar({ state, persona, onPersona, marksOf }: Props) {
  const people = personasOf(state);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const step = new Map([
      ['ArrowRight', 1],
      ['ArrowLeft', -1],
    ]).get(event.key);
    const at = people.findIndex(({ id }) => id === persona);
    const next =
      step === undefined ? undefined : people[(at + step + people.length) % people.length];
    if (next === undefined) return;
    event.preventDefault();
    onPersona(next.id);
    event.currentTarget.querySelector<HTMLElement>(`[data-persona="${next.id}"]`)?.focus();
  };
  return (
    <div
      className="personas"
      role="toolbar"
      aria-label="Act as"
      onKeyDown={onKeyDown}
      tabIndex={-1}
    >
      {people.map((person) => {
        const unread = unreadFor(state, person.id, marksOf(person.id));
        const chosen = person.id === persona;
        const news = unread > 0 ? `, ${unread} unread` : '';
        return (
          <button
            key={person.id}
            type="button"
            aria-pressed={chosen}
            tabIndex={chosen ? 0 : -1}
            className="persona"
            data-persona={person.id}
            data-testid={`persona-${person.id}`}
            onClick={() => onPersona(person.id)}
          >
            <span className="persona-picture" aria-hidden="true">
              <Avatar person={person} />
              {unread > 0 && <span className="badge">{unread > 99 ? '99+' : unread}</span>}
            </span>
            <span className="persona-words">
              <span className="persona-name">{person.realName}</span>
              <span className="persona-part">{PARTS[person.id] ?? 'member'}</span>
            </span>
            <span className="visually-hidden">{news}</span>
          </button>
        );
      })}
    </div>
  );
}

/** The lists of the panel: people who are in something, and tickets. */
import { type FormEvent, useState } from 'react';
import type { Around, AroundChange } from '../../around/shapes.ts';
import type { PersonaShown } from '../../xray/shapes.ts';

export function People(props: {
  title: string;
  personas: readonly PersonaShown[];
  people: readonly string[];
  onChange: (people: string[]) => void;
}) {
  const { title, personas, people, onChange } = props;
  return (
    <fieldset className="around-people">
      <legend>{title}</legend>
      {personas.map(({ slack, name }) => (
        <label key={slack}>
          <input
            type="checkbox"
            checked={people.includes(slack)}
            onChange={({ target }) =>
              onChange([
                ...people.filter((one) => one !== slack),
                ...(target.checked ? [slack] : []),
              ])
            }
          />
          {name}
        </label>
      ))}
    </fieldset>
  );
}

type Ticket = NonNullable<Around['tickets']>[number];

export function Tickets(props: {
  tickets: readonly Ticket[];
  onChange: (change: AroundChange) => void;
}) {
  const { tickets, onChange } = props;
  const [key, setKey] = useState('');
  const openNew = (event: FormEvent) => {
    event.preventDefault();
    onChange({ ticket: key.trim(), is: 'open' });
    setKey('');
  };
  return (
    <>
      <h3 className="around-title">Tickets</h3>
      <ul className="around-tickets" aria-label="Tickets">
        {tickets.map(({ key: ticket, is }) => (
          <li key={ticket}>
            <span>
              <strong>{ticket}</strong> {is}
            </span>
            <button
              type="button"
              className="button"
              onClick={() => onChange({ ticket, is: is === 'open' ? 'closed' : 'open' })}
            >
              {is === 'open' ? 'Close' : 'Reopen'} {ticket}
            </button>
          </li>
        ))}
      </ul>
      <form className="around-new" onSubmit={openNew}>
        <label>
          New ticket
          <input
            value={key}
            required
            maxLength={100}
            placeholder="OPS-9"
            onChange={({ target }) => setKey(target.value)}
          />
        </label>
        <button type="submit" className="button">
          Open it
        </button>
      </form>
    </>
  );
}

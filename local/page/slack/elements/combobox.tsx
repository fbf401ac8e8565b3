/**
 * One choice out of many, found by typing: the shape of every select menu. Arrows move, Enter chooses, Escape closes the list
 * and nothing else. What stands in the field is the choice; typing looks for another one.
 */

import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { type JsonObject, stringIn } from '../../../slack/json.ts';
import { type Choice, textOf } from '../form-state.ts';
import { CrossIcon } from '../icons.tsx';
import { ChoiceList } from './choice-list.tsx';
import type { FieldNames } from './field-names.ts';
import { Floating } from './floating.tsx';

export type ComboboxProps = {
  names: FieldNames;
  chosen: JsonObject | null;
  placeholder: string;
  choices: readonly Choice[];
  /** Said instead of choices: searching, nothing found, no answer. */
  notice: string | null;
  query: string | null;
  onQuery: (query: string | null) => void;
  onChoose: (option: JsonObject) => void;
  /** Offered where the field may be empty. */
  onClear?: (() => void) | undefined;
};

export function Combobox(props: ComboboxProps) {
  const { names, chosen, placeholder, choices, query, onQuery, onClear } = props;
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const { open, at, choose, look, begin, onKeyDown } = useChoosing(props);
  const words = chosen === null ? '' : textOf(chosen['text']);
  return (
    <div className="combobox" ref={frame}>
      <input
        {...names}
        type="text"
        role="combobox"
        className="field"
        aria-expanded={open}
        aria-controls={open ? `${id}-list` : undefined}
        aria-autocomplete="list"
        aria-activedescendant={open && choices.length > 0 ? `${id}-${at}` : undefined}
        autoComplete="off"
        spellCheck={false}
        placeholder={words || placeholder}
        value={query ?? words}
        onChange={(event) => look(event.target.value)}
        onClick={begin}
        onKeyDown={onKeyDown}
        onBlur={() => onQuery(null)}
      />
      {onClear && chosen !== null && (
        <button
          type="button"
          className="combobox-clear"
          aria-label="Clear the choice"
          onClick={onClear}
        >
          <CrossIcon />
        </button>
      )}
      <span className="combobox-arrow" aria-hidden="true" />
      {open && (
        <Floating anchor={frame} wide onLeave={() => onQuery(null)}>
          <ChoiceList
            {...{ id, choices }}
            label={placeholder}
            active={at}
            notice={props.notice}
            onChoose={choose}
          />
        </Floating>
      )}
    </div>
  );
}

function useChoosing({ chosen, choices, query, onQuery, onChoose }: ComboboxProps) {
  const [active, setActive] = useState(0);
  const open = query !== null;
  const at = Math.max(0, Math.min(active, choices.length - 1));
  const choose = (option: JsonObject) => {
    onQuery(null);
    onChoose(option);
  };
  const look = (text: string) => {
    setActive(0);
    onQuery(text);
  };
  const begin = () => {
    if (open) return;
    const value = stringIn(chosen, 'value');
    setActive(choices.findIndex(({ option }) => option['value'] === value));
    onQuery('');
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const step = new Map([
      ['ArrowDown', 1],
      ['ArrowUp', -1],
    ]).get(event.key);
    const option = choices[at]?.option;
    if (step !== undefined && !open) begin();
    else if (step !== undefined) setActive(at + step);
    else if (event.key === 'Escape' && open) onQuery(null);
    else if (event.key === 'Enter' && open && option !== undefined) choose(option);
    else if (event.key !== 'Enter' || !open) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return { open, at, choose, look, begin, onKeyDown };
}

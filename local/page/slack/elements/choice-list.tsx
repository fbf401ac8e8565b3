/** The choices of a select menu, under the labels of their groups. */
import { useEffect, useRef } from 'react';
import type { JsonObject } from '../../../slack/json.ts';
import { stringIn } from '../../../slack/json.ts';
import { type Choice, textOf } from '../form-state.ts';

type Props = {
  id: string;
  label: string;
  choices: readonly Choice[];
  active: number;
  notice: string | null;
  onChoose: (option: JsonObject) => void;
};
type Numbered = Choice & { readonly index: number };

export function ChoiceList({ id, label, choices, active, notice, onChoose }: Props) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector(`[data-index="${active}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  const one = (choice: Numbered) => (
    <OneChoice
      key={`${choice.index}:${stringIn(choice.option, 'value')}`}
      id={id}
      choice={choice}
      active={active}
      onChoose={onChoose}
    />
  );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: nothing is done here; the field keeps the focus while one clicks
    <div onMouseDown={(event) => event.preventDefault()}>
      {notice !== null && (
        <p className="choices-notice" role="status">
          {notice}
        </p>
      )}
      <div
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label={label}
        className="choices"
        tabIndex={-1}
      >
        {grouped(choices).map(({ group, members }) =>
          group === null ? (
            members.map(one)
          ) : (
            // biome-ignore lint/a11y/useSemanticElements: a list box holds groups, not field sets
            <div key={group} role="group" aria-label={group}>
              <div className="choices-group" aria-hidden="true">
                {group}
              </div>
              {members.map(one)}
            </div>
          ),
        )}
      </div>
    </div>
  );
}

type OneProps = {
  id: string;
  choice: Numbered;
  active: number;
  onChoose: (option: JsonObject) => void;
};

function OneChoice({ id, choice: { option, index }, active, onChoose }: OneProps) {
  return (
    <div
      id={`${id}-${index}`}
      role="option"
      aria-selected={index === active}
      tabIndex={-1}
      data-index={index}
      className="choice"
      onClick={() => onChoose(option)}
      // Keys go to the field, which keeps the focus; this is for tools that press an option directly.
      onKeyDown={(event) => event.key === 'Enter' && onChoose(option)}
    >
      <span>{textOf(option['text'])}</span>
      {textOf(option['description']) !== '' && (
        <span className="choice-note">{textOf(option['description'])}</span>
      )}
    </div>
  );
}

/** Neighbours of the same group stand together; the order of the choices stays. */
function grouped(choices: readonly Choice[]): { group: string | null; members: Numbered[] }[] {
  const groups: { group: string | null; members: Numbered[] }[] = [];
  for (const [index, choice] of choices.entries()) {
    const last = groups.at(-1);
    if (last !== undefined && last.group === choice.group) last.members.push({ ...choice, index });
    else groups.push({ group: choice.group, members: [{ ...choice, index }] });
  }
  return groups;
}

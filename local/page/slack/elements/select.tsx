/** Select menus: choices that the app gave, that it is asked for while somebody types, or people and channels. */
import { useEffect, useState } from 'react';
import { type JsonObject, stringIn } from '../../../slack/json.ts';
import type { PageState } from '../../../slack/page/contract.ts';
import { type Choice, choicesOf, chosenOption, fieldId, matching, textOf } from '../form-state.ts';
import { type Screen, useScreen } from '../screen.tsx';
import { Combobox } from './combobox.tsx';
import type { FieldNames } from './field-names.ts';
import { type Place, useSurface } from './surface.tsx';

export type SelectProps = Place & {
  readonly names: FieldNames;
  readonly optional?: boolean;
  /** After the choice stands in the field; undefined where nobody is told before the form is sent. */
  readonly onChosen?: ((value: string | JsonObject) => void) | undefined;
};

export function StaticSelect(props: SelectProps) {
  return <LocalSelect {...props} choices={choicesOf(props.element)} />;
}

/** `users_select`, `channels_select`, `conversations_select`: the value is an id. */
export function DirectorySelect(props: SelectProps) {
  const screen = useScreen();
  const initial = new Map([
    ['users_select', 'initial_user'],
    ['channels_select', 'initial_channel'],
    ['conversations_select', 'initial_conversation'],
  ]).get(stringIn(props.element, 'type') ?? '');
  const choices = directory(screen, stringIn(props.element, 'type') ?? '');
  const value = stringIn(props.element, initial ?? '');
  const chosen = choices.find(({ option }) => option['value'] === value)?.option;
  const element = { ...props.element, options: choices.map(({ option }) => option) };
  return (
    <LocalSelect
      {...props}
      element={chosen === undefined ? element : { ...element, initial_option: chosen }}
      choices={choices}
    />
  );
}

function directory({ state, me }: Screen, type: string): Choice[] {
  const list = type === 'users_select' ? peopleIn(state) : channelsIn(state, me.id);
  return list.map(([value, text]) => ({
    option: { value, text: { type: 'plain_text', text } },
    group: null,
  }));
}

const peopleIn = (state: PageState) =>
  state.people.filter(({ isBot }) => !isBot).map((one) => [one.id, one.realName] as const);
const channelsIn = (state: PageState, me: string) =>
  state.conversations
    .filter((one) => one.kind === 'channel' && one.members.includes(me))
    .map((one) => [one.id, `#${one.name}`] as const);

function LocalSelect(props: SelectProps & { choices: readonly Choice[] }) {
  const [query, setQuery] = useState<string | null>(null);
  const found = query ? matching(props.choices, query) : props.choices;
  const notice = query !== null && found.length === 0 ? 'No results' : null;
  return <Select {...props} {...{ query, setQuery, notice }} choices={found} />;
}

const TYPING_PAUSE_MS = 180;
const SLACK_MIN_QUERY = 3;

/** The app answers while somebody types; an answer that a later question overtook is dropped. */
export function ExternalSelect(props: SelectProps) {
  const { act } = useScreen();
  const { on } = useSurface();
  const [query, setQuery] = useState<string | null>(null);
  const [answer, setAnswer] = useState<{ choices: readonly Choice[]; notice: string | null }>({
    choices: [],
    notice: null,
  });
  const { block, element } = props;
  const blockId = stringIn(block, 'block_id') ?? '';
  const actionId = stringIn(element, 'action_id') ?? '';
  const given = element['min_query_length'];
  const shortest = typeof given === 'number' ? given : SLACK_MIN_QUERY;

  useEffect(() => {
    if (query === null) return;
    if (query.length < shortest) {
      const left = shortest === 1 ? 'a character' : `${shortest} characters`;
      setAnswer({ choices: [], notice: `Type at least ${left} to search` });
      return;
    }
    let overtaken = false;
    const timer = setTimeout(
      async () => {
        setAnswer((before) => ({
          ...before,
          notice: before.choices.length > 0 ? null : 'Searching…',
        }));
        const outcome = await act({ act: 'options', on, blockId, actionId, query });
        if (overtaken) return;
        const choices = outcome.ok && outcome.choices !== null ? choicesOf(outcome.choices) : [];
        const none = outcome.ok
          ? 'No results'
          : `The choices could not be loaded. ${outcome.message}`;
        setAnswer({ choices, notice: choices.length === 0 ? none : null });
      },
      query === '' ? 0 : TYPING_PAUSE_MS,
    );
    return () => {
      overtaken = true;
      clearTimeout(timer);
    };
  }, [query, shortest, act, on, blockId, actionId]);

  return <Select {...props} {...{ query, setQuery }} {...answer} />;
}

type PartsOfSelect = SelectProps & {
  choices: readonly Choice[];
  notice: string | null;
  query: string | null;
  setQuery: (query: string | null) => void;
};

function Select(props: PartsOfSelect) {
  const { block, element, names, onChosen, choices, notice, query, setQuery } = props;
  const { entered, enter } = useSurface();
  const field = fieldId(block, element);
  const external = element['type'] === 'external_select';
  const put = (value: string | JsonObject) => {
    enter(field, value);
    onChosen?.(value);
  };
  return (
    <Combobox
      names={names}
      chosen={chosenOption(element, entered[field])}
      placeholder={textOf(element['placeholder']) || 'Select an option'}
      {...{ choices, notice, query }}
      onQuery={setQuery}
      onChoose={(option) => put(external ? option : (stringIn(option, 'value') ?? ''))}
      onClear={props.optional ? () => put('') : undefined}
    />
  );
}

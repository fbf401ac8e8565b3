/** Fields that one types into: text, number, e-mail, address; dates and times. */
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { isObject, stringIn } from '../../../slack/json.ts';
import { enteredSeconds, enteredText, fieldId, textOf } from '../form-state.ts';
import type { FieldNames } from './field-names.ts';
import { type Place, useSurface } from './surface.tsx';

type Props = Place & {
  readonly names: FieldNames;
  /** The app wants to know before the form is sent. */
  readonly dispatches: boolean;
};

const KINDS: Readonly<Record<string, { type: string; initial: string }>> = {
  plain_text_input: { type: 'text', initial: 'initial_value' },
  number_input: { type: 'text', initial: 'initial_value' },
  email_text_input: { type: 'email', initial: 'initial_value' },
  url_text_input: { type: 'url', initial: 'initial_value' },
  datepicker: { type: 'date', initial: 'initial_date' },
  timepicker: { type: 'time', initial: 'initial_time' },
  datetimepicker: { type: 'datetime-local', initial: 'initial_date_time' },
};
const CHARACTER_PAUSE_MS = 400;

export const isTyped = (type: string): boolean => Object.hasOwn(KINDS, type);

export function TypedField({ block, element, names, dispatches }: Props) {
  const { entered, enter, press } = useSurface();
  const type = stringIn(element, 'type') ?? '';
  const { type: inputType, initial } = KINDS[type] ?? { type: 'text', initial: 'initial_value' };
  const field = fieldId(block, element);
  const isInstant = type === 'datetimepicker';
  const held = isInstant
    ? enteredSeconds(element, entered[field])
    : enteredText(element, initial, entered[field]);
  const value = isInstant ? shownInstant(held) : held;
  const onPicked = inputType === 'date' || inputType === 'time' || isInstant;
  const triggers = triggersOf(element);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const change = (shown: string) => {
    const text = isInstant ? secondsOf(shown) : shown;
    enter(field, text);
    if (!dispatches || !(onPicked || triggers.includes('on_character_entered'))) return;
    clearTimeout(timer.current);
    timer.current = setTimeout(
      () => press({ block, element }, text),
      onPicked ? 0 : CHARACTER_PAUSE_MS,
    );
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement | HTMLTextAreaElement>) => {
    const multiline = element['multiline'] === true;
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
    if (multiline && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.currentTarget.form?.requestSubmit();
    } else if (!multiline && dispatches && triggers.includes('on_enter_pressed')) {
      event.preventDefault();
      press({ block, element }, value);
    }
  };
  const common = {
    ...names,
    className: 'field',
    placeholder: textOf(element['placeholder']),
    value,
    autoComplete: 'off',
    onKeyDown,
    ...lengths(element['max_length']),
  };
  if (element['multiline'] === true)
    return <textarea {...common} rows={3} onChange={(event) => change(event.target.value)} />;
  const numeric = type === 'number_input' ? { inputMode: 'decimal' as const } : {};
  return (
    <input
      {...common}
      {...numeric}
      type={inputType}
      onChange={(event) => change(event.target.value)}
    />
  );
}

const lengths = (max: unknown) => (typeof max === 'number' ? { maxLength: max } : {});

function triggersOf(element: { [key: string]: unknown }): readonly unknown[] {
  const config = element['dispatch_action_config'];
  const given = isObject(config) ? config['trigger_actions_on'] : undefined;
  return Array.isArray(given) ? given : ['on_enter_pressed'];
}

/** The picker speaks in times of this browser's clock, Slack in seconds; both name the same instant. */
function shownInstant(seconds: string): string {
  if (seconds === '') return '';
  const at = new Date(Number(seconds) * 1000);
  const two = (part: number) => String(part).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

function secondsOf(shown: string): string {
  const at = shown === '' ? Number.NaN : new Date(shown).getTime();
  return Number.isNaN(at) ? '' : String(Math.floor(at / 1000));
}

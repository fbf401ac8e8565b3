/** Interactive elements: which fields each has, how long they may be, and where each may stand. */
import { LIMITS } from '../../../lambdas/slack/views/limits.ts';
import { isObject, type JsonObject } from '../json.ts';
import { checkChoices, checkConfirm, checkInitial, checkOptions, checkStyle } from './options.ts';
import {
  checkFields,
  checkId,
  checkString,
  checkText,
  complain,
  inside,
  type Place,
} from './problems.ts';

type Checker = (place: Place, element: JsonObject) => void;
export type Home = 'actions' | 'section' | 'input';
type Kind = { readonly homes: readonly Home[]; readonly fields: readonly string[]; check: Checker };

const everywhere: readonly Home[] = ['actions', 'section', 'input'];
const menu = ['placeholder', 'confirm', 'focus_on_load'];
const typed = ['placeholder', 'initial_value', 'dispatch_action_config', 'focus_on_load'];

const nothing: Checker = () => undefined;

function matches(field: string, pattern: RegExp, shape: string): Checker {
  return (place, element) => {
    const value = element[field];
    if (value !== undefined && !(typeof value === 'string' && pattern.test(value)))
      complain(inside(place, field), 'failed_constraint', `must be ${shape}`);
  };
}

function checkButton(place: Place, element: JsonObject): void {
  const { text, value, url, accessibilityLabel } = LIMITS.button;
  checkText(inside(place, 'text'), element['text'], { max: text, only: 'plain_text' });
  checkString(inside(place, 'value'), element['value'], { max: value, optional: true });
  checkString(inside(place, 'url'), element['url'], { max: url, optional: true });
  const label = { max: accessibilityLabel, optional: true };
  checkString(inside(place, 'accessibility_label'), element['accessibility_label'], label);
  checkStyle(inside(place, 'style'), element['style']);
}

function checkStaticSelect(place: Place, element: JsonObject): void {
  checkChoices(place, element);
  checkInitial(inside(place, 'initial_option'), element['initial_option'], element);
}

function checkTicks(max: number): Checker {
  return (place, element) => {
    checkOptions(inside(place, 'options'), element['options'], { max, mrkdwn: true });
    checkInitial(inside(place, 'initial_option'), element['initial_option'], element);
    const initial = Array.isArray(element['initial_options']) ? element['initial_options'] : [];
    for (const one of initial) checkInitial(inside(place, 'initial_options'), one, element);
  };
}

/** Slack wants ten digits: seconds from September 2001 to November 2286. */
function checkInstant(place: Place, element: JsonObject): void {
  const value = element['initial_date_time'];
  if (value !== undefined && !(typeof value === 'number' && /^\d{10}$/.test(String(value))))
    complain(inside(place, 'initial_date_time'), 'failed_constraint', 'must be ten digits');
}

function checkPlainTextInput(place: Place, element: JsonObject): void {
  const max = LIMITS.plainTextInput.length;
  for (const field of ['min_length', 'max_length']) {
    const value = element[field];
    const fits = Number.isInteger(value) && Number(value) >= 0 && Number(value) <= max;
    if (value !== undefined && !fits)
      complain(inside(place, field), 'failed_constraint', `must be between 0 and ${max}`);
  }
  const longest = typeof element['max_length'] === 'number' ? element['max_length'] : max;
  const initial = element['initial_value'];
  if (typeof initial === 'string' && initial.length > longest)
    complain(inside(place, 'initial_value'), 'failed_constraint', 'longer than max_length');
}

const KINDS: Readonly<Record<string, Kind>> = {
  button: {
    homes: ['actions', 'section'],
    fields: ['text', 'value', 'url', 'style', 'confirm', 'accessibility_label'],
    check: checkButton,
  },
  static_select: {
    homes: everywhere,
    fields: [...menu, 'options', 'option_groups', 'initial_option'],
    check: checkStaticSelect,
  },
  external_select: {
    homes: everywhere,
    fields: [...menu, 'initial_option', 'min_query_length'],
    check: nothing,
  },
  users_select: { homes: everywhere, fields: [...menu, 'initial_user'], check: nothing },
  conversations_select: {
    homes: everywhere,
    fields: [...menu, 'initial_conversation', 'default_to_current_conversation', 'filter'],
    check: nothing,
  },
  channels_select: { homes: everywhere, fields: [...menu, 'initial_channel'], check: nothing },
  overflow: {
    homes: ['actions', 'section'],
    fields: ['options', 'confirm'],
    check: (place, element) =>
      checkOptions(inside(place, 'options'), element['options'], {
        max: LIMITS.options.overflow,
        min: LIMITS.options.overflowMin,
      }),
  },
  radio_buttons: {
    homes: everywhere,
    fields: ['options', 'initial_option', 'confirm', 'focus_on_load'],
    check: checkTicks(LIMITS.options.radioButtons),
  },
  checkboxes: {
    homes: everywhere,
    fields: ['options', 'initial_options', 'confirm', 'focus_on_load'],
    check: checkTicks(LIMITS.options.checkboxes),
  },
  datepicker: {
    homes: everywhere,
    fields: [...menu, 'initial_date'],
    check: matches('initial_date', /^\d{4}-\d\d-\d\d$/, 'a date like 2026-11-22'),
  },
  timepicker: {
    homes: everywhere,
    fields: [...menu, 'initial_time', 'timezone'],
    check: matches('initial_time', /^\d\d:\d\d$/, 'a time like 17:30'),
  },
  datetimepicker: {
    homes: ['actions', 'input'],
    fields: ['confirm', 'focus_on_load', 'initial_date_time'],
    check: checkInstant,
  },
  plain_text_input: {
    homes: ['input'],
    fields: [...typed, 'multiline', 'min_length', 'max_length'],
    check: checkPlainTextInput,
  },
  number_input: {
    homes: ['input'],
    fields: [...typed, 'is_decimal_allowed', 'min_value', 'max_value'],
    check: (place, element) => {
      if (typeof element['is_decimal_allowed'] !== 'boolean')
        complain(inside(place, 'is_decimal_allowed'), 'missing_field', 'missing required field');
    },
  },
  email_text_input: { homes: ['input'], fields: typed, check: nothing },
  url_text_input: { homes: ['input'], fields: typed, check: nothing },
};

/** An element in a block that can hold it; its action_id is required (Slack would invent one, nobody could handle it). */
export function checkElement(place: Place, value: unknown, home: Home): void {
  if (!isObject(value)) {
    complain(place, 'missing_field', 'missing required field');
    return;
  }
  const type = value['type'];
  const kind = typeof type === 'string' && Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
  if (kind === undefined) {
    complain(inside(place, 'type'), 'invalid_type', `unsupported type: ${String(type)}`);
    return;
  }
  if (!kind.homes.includes(home))
    complain(inside(place, 'type'), 'invalid_type', `unsupported type: ${type} in ${home}`);
  checkId(place, value['action_id'], 'action_id');
  checkFields(place, value, ['type', 'action_id', ...kind.fields]);
  checkConfirm(inside(place, 'confirm'), value['confirm']);
  checkText(inside(place, 'placeholder'), value['placeholder'], {
    max: LIMITS.select.placeholder,
    only: 'plain_text',
    optional: true,
  });
  kind.check(place, value);
}

/**
 * What a person typed or chose, as Slack puts it into payloads. A value is given as text (typed, or the value of an
 * option) or as the option itself; an empty text empties the field, what is not given keeps the initial value.
 */
import { elementsOf } from './block-kit/blocks.ts';
import { isObject, type JsonObject, objectIn, objectsIn, stringIn } from './json.ts';
import { NotOnScreen } from './not-on-screen.ts';

export type Given = string | number | JsonObject | readonly (string | JsonObject)[];
/** By block id; by `block/action` where a block holds several fields. */
export type GivenValues = { readonly [blockId: string]: Given | undefined };
export type StateValues = { [blockId: string]: { [actionId: string]: JsonObject } };

const CHOSEN: Readonly<Record<string, { field: string; initial: string }>> = {
  static_select: { field: 'selected_option', initial: 'initial_option' },
  external_select: { field: 'selected_option', initial: 'initial_option' },
  radio_buttons: { field: 'selected_option', initial: 'initial_option' },
  overflow: { field: 'selected_option', initial: '' },
  checkboxes: { field: 'selected_options', initial: 'initial_options' },
  users_select: { field: 'selected_user', initial: 'initial_user' },
  conversations_select: { field: 'selected_conversation', initial: 'initial_conversation' },
  channels_select: { field: 'selected_channel', initial: 'initial_channel' },
  datepicker: { field: 'selected_date', initial: 'initial_date' },
  timepicker: { field: 'selected_time', initial: 'initial_time' },
  datetimepicker: { field: 'selected_date_time', initial: 'initial_date_time' },
};
const TYPED = ['plain_text_input', 'number_input', 'email_text_input', 'url_text_input'];

/** A form that Slack's own client would not send, with what it shows under the fields instead. */
export class FormIncomplete extends Error {
  readonly errors: { readonly [blockId: string]: string };

  constructor(errors: { readonly [blockId: string]: string }) {
    super(`Slack would not send this form: ${JSON.stringify(errors)}`);
    this.name = 'FormIncomplete';
    this.errors = errors;
  }
}

function optionsOf(element: JsonObject): JsonObject[] {
  const groups = objectsIn(element, 'option_groups').flatMap((group) =>
    objectsIn(group, 'options'),
  );
  return [...objectsIn(element, 'options'), ...groups];
}

function option(element: JsonObject, given: unknown): unknown {
  if (isObject(given)) return given;
  const value = String(given);
  if (element['type'] === 'external_select')
    return { text: { type: 'plain_text', text: value, emoji: true }, value };
  const found = optionsOf(element).find((one) => one['value'] === value);
  if (found !== undefined) return found;
  const choices = optionsOf(element).map((one) => stringIn(one, 'value'));
  throw new NotOnScreen(
    `Nobody can choose "${value}" there: the choices are ${choices.join(', ')}.`,
  );
}

/** Seconds since 1970, as Slack's picker of an instant makes them: ten digits. */
function secondsOf(given: unknown): number {
  if (!/^\d{10}$/.test(String(given)))
    throw new NotOnScreen(`Nobody can choose "${String(given)}" there: it is no time in seconds.`);
  return Number(given);
}

/** The element's part of `state.values`, or of an action; undefined for what has no state (buttons). */
export function fieldValue(element: JsonObject, given: Given | undefined): JsonObject | undefined {
  const type = stringIn(element, 'type') ?? '';
  if (TYPED.includes(type)) {
    const text = given === undefined ? element['initial_value'] : String(given);
    return { type, value: text === undefined || text === '' ? null : text };
  }
  const chosen = Object.hasOwn(CHOSEN, type) ? CHOSEN[type] : undefined;
  if (chosen === undefined) return undefined;
  const { field, initial } = chosen;
  const many = field === 'selected_options';
  if (given === undefined) return { type, [field]: element[initial] ?? (many ? [] : null) };
  if (many) {
    const list: readonly unknown[] = Array.isArray(given) ? given : [given];
    return { type, [field]: list.map((one) => option(element, one)) };
  }
  if (given === '') return { type, [field]: null };
  if (type === 'datetimepicker') return { type, [field]: secondsOf(given) };
  return { type, [field]: field === 'selected_option' ? option(element, given) : given };
}

/** What a view held, by block and action. */
type KeptValues = { readonly [blockId: string]: { readonly [actionId: string]: unknown } };

/** The fields that an update leaves as they are: same block id, same action id, same kind. Emptiness is kept as well. */
export function survivingValues(blocks: readonly JsonObject[], kept: KeptValues): StateValues {
  const values: StateValues = {};
  for (const block of blocks) {
    const blockId = stringIn(block, 'block_id') ?? '';
    for (const element of elementsOf(block)) {
      const actionId = stringIn(element, 'action_id') ?? '';
      const before = kept[blockId]?.[actionId];
      if (!isObject(before) || before['type'] !== element['type']) continue;
      values[blockId] = { ...values[blockId], [actionId]: before };
    }
  }
  return values;
}

/** `state.values` of a view or message: what the person typed or chose now, what the view held, else its initial values. */
export function stateValues(
  blocks: readonly JsonObject[],
  given: GivenValues,
  kept: KeptValues = {},
): StateValues {
  const ids = blocks.map((block) => block['block_id']);
  const known = blocks.flatMap((block) => [
    block['block_id'],
    ...elementsOf(block).map((element) => `${block['block_id']}/${element['action_id']}`),
  ]);
  const stray = Object.keys(given).find((id) => !known.includes(id));
  if (stray !== undefined)
    throw new NotOnScreen(`There is no block "${stray}" to fill in, only ${ids.join(', ')}.`);
  const survivors = survivingValues(blocks, kept);
  const values: StateValues = {};
  for (const block of blocks) {
    const blockId = stringIn(block, 'block_id') ?? '';
    for (const element of elementsOf(block)) {
      const actionId = stringIn(element, 'action_id') ?? '';
      const now = given[`${blockId}/${actionId}`] ?? given[blockId];
      const value =
        (now === undefined ? survivors[blockId]?.[actionId] : undefined) ??
        fieldValue(element, now);
      if (value === undefined || element['type'] === 'overflow') continue;
      values[blockId] = { ...values[blockId], [actionId]: value };
    }
  }
  return values;
}

/** Throws FormIncomplete where Slack's client would keep the form open by itself. */
export function refuseIncomplete(blocks: readonly JsonObject[], values: StateValues): void {
  const errors: { [blockId: string]: string } = {};
  for (const block of blocks.filter((one) => one['type'] === 'input')) {
    const blockId = stringIn(block, 'block_id') ?? '';
    const element = objectIn(block, 'element') ?? {};
    const value = values[blockId]?.[stringIn(element, 'action_id') ?? ''];
    const problem = problemOf(element, value ?? {}, block['optional'] === true);
    if (problem !== undefined) errors[blockId] = problem;
  }
  if (Object.keys(errors).length > 0) throw new FormIncomplete(errors);
}

function problemOf(
  element: JsonObject,
  value: JsonObject,
  mayBeEmpty: boolean,
): string | undefined {
  const content = Object.entries(value).find(([field]) => field !== 'type')?.[1];
  const empty =
    content === null || content === undefined || (Array.isArray(content) && content.length === 0);
  if (empty) return mayBeEmpty ? undefined : 'Please complete this required field.';
  if (typeof content !== 'string') return undefined;
  const { min_length: min, max_length: max } = element;
  if (typeof min === 'number' && content.length < min) return `At least ${min} characters.`;
  if (typeof max === 'number' && content.length > max) return `At most ${max} characters.`;
  return undefined;
}

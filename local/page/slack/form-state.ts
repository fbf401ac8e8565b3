/**
 * What stands in the fields of a message or view: what the app put there until a person typed or chose. Pure. Fields are
 * named `block/action`, so that typed input survives when the app shows the form anew, as in Slack.
 */
import { isObject, type JsonObject, objectIn, objectsIn, stringIn } from '../../slack/json.ts';
import type { Block, Given, Typed } from '../../slack/page/contract.ts';

/** What a person typed or chose since; an empty text empties the field. */
export type Entered = { readonly [field: string]: Given };

export type Field = { readonly id: string; readonly element: JsonObject };

const HOLDERS = ['accessory', 'element'];
const WITHOUT_STATE = ['button', 'overflow', 'image'];

export const fieldId = (block: JsonObject, element: JsonObject): string =>
  `${stringIn(block, 'block_id') ?? ''}/${stringIn(element, 'action_id') ?? ''}`;

/** Everything on this surface that can hold a value. */
export function fieldsOf(blocks: readonly Block[]): Field[] {
  return blocks.flatMap((block) =>
    [
      ...HOLDERS.map((key) => block[key]).filter(isObject),
      ...(block['type'] === 'actions' ? objectsIn(block, 'elements') : []),
    ]
      .filter((element) => !WITHOUT_STATE.includes(stringIn(element, 'type') ?? ''))
      .map((element) => ({ id: fieldId(block, element), element })),
  );
}

/** What is sent along: only what was entered, only what is still there. */
export function typedOf(blocks: readonly Block[], entered: Entered): Typed {
  const there = new Set(fieldsOf(blocks).map(({ id }) => id));
  return Object.fromEntries(Object.entries(entered).filter(([id]) => there.has(id)));
}

/** Options of a menu, one list with the label of each one's group. */
export type Choice = { readonly option: JsonObject; readonly group: string | null };

export function choicesOf(holder: JsonObject): Choice[] {
  const plain = objectsIn(holder, 'options').map((option) => ({ option, group: null }));
  const grouped = objectsIn(holder, 'option_groups').flatMap((group) =>
    objectsIn(group, 'options').map((option) => ({ option, group: textOf(group['label']) })),
  );
  return [...plain, ...grouped];
}

/** The words of a text object, without markup. */
export const textOf = (text: unknown): string => stringIn(text, 'text') ?? '';

export const isMrkdwn = (text: unknown): boolean => isObject(text) && text['type'] === 'mrkdwn';

/** The option that stands in a single menu now: as entered, else as the app set it. */
export function chosenOption(element: JsonObject, entered: Given | undefined): JsonObject | null {
  if (entered === undefined) return objectIn(element, 'initial_option') ?? null;
  if (isObject(entered)) return entered;
  return choicesOf(element).find(({ option }) => option['value'] === entered)?.option ?? null;
}

/** Values of the ticked boxes. */
export function tickedValues(element: JsonObject, entered: Given | undefined): string[] {
  if (Array.isArray(entered)) return entered.filter((one) => typeof one === 'string');
  return objectsIn(element, 'initial_options').flatMap((one) => stringIn(one, 'value') ?? []);
}

/** What stands in a typed field, a date or a picker of people. */
export function enteredText(
  element: JsonObject,
  initial: string,
  entered: Given | undefined,
): string {
  if (typeof entered === 'string') return entered;
  return stringIn(element, initial) ?? '';
}

/** What stands in a picker of an instant: seconds, empty for none. */
export function enteredSeconds(element: JsonObject, entered: Given | undefined): string {
  if (typeof entered === 'string') return entered;
  const initial = element['initial_date_time'];
  return typeof initial === 'number' ? String(initial) : '';
}

/** Choices whose words hold everything typed, in any order; those that begin so come first. */
export function matching(choices: readonly Choice[], query: string): Choice[] {
  const parts = query.toLowerCase().split(/\s+/).filter(Boolean);
  const words = ({ option }: Choice) => textOf(option['text']).toLowerCase();
  const found = choices.filter((one) => parts.every((part) => words(one).includes(part)));
  const begins = (one: Choice) => words(one).startsWith(parts[0] ?? '');
  return [...found.filter(begins), ...found.filter((one) => !begins(one))];
}

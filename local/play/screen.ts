/** What one person sees of the stand-in's workspace, as lines of text, and where a button or a form of theirs is. Pure. */
import { isObject, type JsonObject, objectIn, objectsIn, stringIn } from '../slack/json.ts';
import type { Message, Modal, On, PageState } from '../slack/page/contract.ts';

/** A button that somebody can press now. */
export type Found = { readonly on: On; readonly blockId: string; readonly actionId: string };

/** Oldest first: what stands where the person is a member and is not for somebody else. */
export function messagesFor(state: PageState, person: string): Message[] {
  const open = state.conversations.filter(({ members }) => members.includes(person));
  return state.messages.filter(
    ({ channel, onlyFor }) =>
      (onlyFor === null || onlyFor === person) && open.some(({ id }) => id === channel),
  );
}

/** The form in front of the person, if one is open. */
export const formOf = (state: PageState, person: string): Modal | undefined =>
  state.modals.findLast(({ user }) => user === person);

/** By its words or its action id, the newest first; in the open form before any message. */
export function findButton(state: PageState, person: string, name: string): Found | undefined {
  const form = formOf(state, person);
  const places: { on: On; blocks: readonly JsonObject[] }[] = [
    ...(form ? [{ on: { viewId: form.view.id }, blocks: form.view.blocks }] : []),
    ...messagesFor(state, person)
      .reverse()
      .map(({ ts, blocks }) => ({ on: { ts }, blocks })),
  ];
  for (const { on, blocks } of places)
    for (const block of blocks)
      for (const element of elementsOf(block))
        if ([labelOf(element), stringIn(element, 'action_id')].includes(name))
          return {
            on,
            blockId: stringIn(block, 'block_id') ?? '',
            actionId: stringIn(element, 'action_id') ?? '',
          };
  return undefined;
}

/** `block/action` of the fields in a form, by block id. */
export const fieldsOf = (form: Modal): ReadonlyMap<string, string> =>
  new Map(
    form.view.blocks.flatMap((block) => {
      const element = objectIn(block, 'element');
      const id = stringIn(block, 'block_id');
      if (block['type'] !== 'input' || element === undefined || id === undefined) return [];
      return [[id, `${id}/${stringIn(element, 'action_id') ?? ''}`] as const];
    }),
  );

const elementsOf = (block: JsonObject): JsonObject[] =>
  [...objectsIn(block, 'elements'), objectIn(block, 'accessory')].filter(isObject);
const labelOf = (element: JsonObject): string | undefined =>
  stringIn(objectIn(element, 'text') ?? {}, 'text');

export const messageLines = (message: Message, state: PageState): string[] =>
  linesOf(message.blocks.length > 0 ? message.blocks : [{ text: message.text }], state);

export const formLines = ({ view, errors }: Modal, state: PageState): string[] => [
  `= ${view.title} =`,
  ...linesOf(view.blocks, state),
  ...Object.entries(errors).map(([field, words]) => `! ${field}: ${words}`),
  ...(view.submit === null ? [] : [`(${view.submit})`]),
];

function linesOf(blocks: readonly JsonObject[], state: PageState): string[] {
  return blocks.flatMap((block) => {
    if (block['type'] === 'actions')
      return [
        elementsOf(block)
          .map((one) => `[${labelOf(one) ?? '…'}]`)
          .join(' '),
      ];
    if (block['type'] === 'input')
      return [`${labelIn(block)}: ____ (${stringIn(block, 'block_id')})`];
    return texts(block).flatMap((text) => plain(text, state).split('\n'));
  });
}
const labelIn = (block: JsonObject): string =>
  stringIn(objectIn(block, 'label') ?? {}, 'text') ?? '';

/** Every text in it, in order. */
function texts(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(texts);
  if (!isObject(value)) return [];
  if (typeof value['text'] === 'string') return [value['text']];
  return Object.values(value).flatMap(texts);
}

/** Markup as a terminal can show it: people by name, instants in UTC. */
const plain = (text: string, { people }: PageState): string =>
  text
    .replace(
      /<@([A-Z0-9]+)>/g,
      (_, id: string) => `@${people.find((one) => one.id === id)?.name ?? id}`,
    )
    .replace(/<!date\^[0-9]+\^[^|>]*\|([^>]*)>/g, '$1')
    .replace(/<#([A-Z0-9]+)>/g, '#$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

/** What a person has on the screen: surfaces, the elements on them, and what pressing one says. Throws when it is not there. */
import { elementsOf } from './block-kit/blocks.ts';
import type { Conversation } from './directory.ts';
import { fieldValue, type Given } from './form-values.ts';
import { type JsonObject, stringIn } from './json.ts';
import { NotOnScreen } from './not-on-screen.ts';
import type { Spot } from './payloads.ts';
import { messageObject } from './shapes.ts';
import type { View } from './view-object.ts';
import type { World } from './world.ts';

/** Where the pressed element stands. */
export type On = { readonly ts: string } | { readonly viewId: string } | { readonly home: true };

export type Surface = {
  readonly blocks: readonly JsonObject[];
  readonly hasResponseUrl: boolean;
  /** What a view's fields held before; a message keeps nothing. */
  readonly values: View['state']['values'];
  /** The payload's container and what it contains, with this state of the fields. */
  place(state: JsonObject): JsonObject;
};

export function modalOf(world: World, userId: string, viewId: string): View {
  const modal = world.views.find(viewId);
  if (modal?.user !== userId) throw new NotOnScreen(`${userId} has no open modal ${viewId}.`);
  return modal.view;
}

export function surfaceOf(world: World, userId: string, on: On): Surface {
  if ('ts' in on) return messageSurface(world, userId, on.ts);
  const view = 'viewId' in on ? modalOf(world, userId, on.viewId) : world.views.home(userId);
  if (view === undefined) throw new NotOnScreen(`${userId} has no Home tab of this app yet.`);
  return {
    blocks: view.blocks,
    hasResponseUrl: false,
    values: view.state.values,
    place: (state) => ({
      container: { type: 'view', view_id: view.id },
      view: { ...view, state },
    }),
  };
}

function messageSurface(world: World, userId: string, ts: string): Surface {
  const shown = world.messages.findByTs(ts);
  if (shown === undefined) throw new NotOnScreen(`There is no message ${ts}.`);
  const message = world.messages.find(shown.channel, ts);
  if (message === undefined && shown.user !== userId)
    throw new NotOnScreen(`${userId} cannot see the ephemeral ${ts}: it is for ${shown.user}.`);
  const container = {
    type: 'message',
    message_ts: ts,
    channel_id: shown.channel,
    is_ephemeral: message === undefined,
    ...(shown.thread_ts === undefined ? {} : { thread_ts: shown.thread_ts }),
  };
  return {
    blocks: shown.blocks,
    hasResponseUrl: true,
    values: {},
    place: (state) => ({
      container,
      channel: spotOf(world, shown.channel, userId),
      ...(message === undefined ? {} : { message: messageObject(world, message) }),
      state,
    }),
  };
}

/** A channel as payloads name it. A person's own direct message exists as soon as the person types there. */
export function spotOf(world: World, id: string, userId: string): Spot {
  const conversation = world.directory.conversation(id) ?? world.directory.openDm(userId);
  if (conversation.id !== id) throw new NotOnScreen(`${userId} sees no channel ${id}.`);
  return { id, name: spotName(conversation) };
}

function spotName({ kind, isPrivate, name }: Conversation): string {
  if (kind === 'im') return 'directmessage';
  return isPrivate ? 'privategroup' : name;
}

export function findElement(
  blocks: readonly JsonObject[],
  wanted: { actionId: string; blockId?: string },
): { block: JsonObject; element: JsonObject } {
  const all = blocks.flatMap((block) => elementsOf(block).map((element) => ({ block, element })));
  const found = all.find(
    ({ block, element }) =>
      element['action_id'] === wanted.actionId &&
      (wanted.blockId === undefined || block['block_id'] === wanted.blockId),
  );
  if (found !== undefined) return found;
  const there = all.map(({ element }) => element['action_id']).join(', ') || 'nothing';
  throw new NotOnScreen(`There is no "${wanted.actionId}" to press, only ${there}.`);
}

/** One entry of `actions`: what was pressed, and what it says now. */
export function actionOf(
  at: { block: JsonObject; element: JsonObject },
  given: Given | undefined,
  actionTs: string,
): JsonObject {
  const { block, element } = at;
  const common = {
    type: element['type'],
    action_id: element['action_id'],
    block_id: stringIn(block, 'block_id') ?? '',
    action_ts: actionTs,
  };
  if (element['type'] !== 'button') return { ...common, ...fieldValue(element, given) };
  const { text, style, url } = element;
  const value = given ?? element['value'];
  return {
    ...common,
    text,
    ...(value === undefined ? {} : { value }),
    ...(style === undefined ? {} : { style }),
    ...(url === undefined ? {} : { url }),
  };
}

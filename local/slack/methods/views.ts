/** views.* and blocks.validate: forms, Home tabs, and the judgement of a payload without sending it. */
import { optional, required, structured } from '../arguments.ts';
import { problemsOfBlocks } from '../block-kit/blocks.ts';
import type { Problem } from '../block-kit/problems.ts';
import { problemsOfView, viewTooLarge } from '../block-kit/view.ts';
import { isObject, type JsonObject } from '../json.ts';
import { badArguments, SlackError } from '../slack-error.ts';
import type { Call, Method } from '../world.ts';

const said = (problems: readonly Problem[]) =>
  problems.map((one) => `${one.message} [json-pointer:${one.pointer}]`);

/** The view, judged before anything is used up: a refused view leaves its trigger_id good. */
export function checkedView(view: unknown, type: 'modal' | 'home'): JsonObject {
  if (viewTooLarge(view)) throw new SlackError('view_too_large');
  const problems = problemsOfView(view, type);
  if (problems.length > 0 || !isObject(view))
    throw badArguments('invalid_arguments', said(problems));
  return view;
}

function viewOf({ args }: Call, type: 'modal' | 'home'): JsonObject {
  return checkedView(structured(args, 'view', 'invalid_arguments'), type);
}

function update(call: Call): JsonObject {
  const { world, args } = call;
  const viewId = optional(args, 'view_id');
  const externalId = optional(args, 'external_id');
  const hash = optional(args, 'hash');
  if (!viewId === !externalId)
    throw badArguments('invalid_arguments', ['exactly one of view_id and external_id is required']);
  const which = {
    ...(viewId ? { viewId } : {}),
    ...(externalId ? { externalId } : {}),
    ...(hash === undefined ? {} : { hash }),
  };
  return { view: world.views.update(which, viewOf(call, 'modal')) };
}

function publish(call: Call): JsonObject {
  const { world, args } = call;
  const user = required(args, 'user_id');
  const person = world.directory.person(user);
  if (person === undefined || person.isBot) throw new SlackError('user_not_found');
  const hash = optional(args, 'hash');
  return { view: world.views.publish(user, viewOf(call, 'home'), hash) };
}

function validate({ args }: Call): JsonObject {
  const given = (['blocks', 'message', 'view'] as const).filter((name) => args[name] !== undefined);
  const [what] = given;
  if (what === undefined || given.length > 1)
    throw badArguments('invalid_arguments', [
      'exactly one of blocks, message and view is required',
    ]);
  const value = structured(args, what, `invalid_${what}`);
  const errors = judged(what, value);
  if (errors.length > 0) throw new SlackError(`invalid_${what}`, { errors });
  return {};
}

function judged(what: 'blocks' | 'message' | 'view', value: unknown): Problem[] {
  if (what === 'blocks') return problemsOfBlocks(value, 'message');
  if (what === 'message')
    return problemsOfBlocks(isObject(value) ? value['blocks'] : undefined, 'message', '/blocks');
  return problemsOfView(value, isObject(value) && value['type'] === 'home' ? 'home' : 'modal');
}

export const views: Readonly<Record<string, Method>> = {
  'views.open': {
    scopes: [],
    run(call) {
      const view = viewOf(call, 'modal');
      const trigger = call.world.tickets.redeemTrigger(call.args['trigger_id']);
      return { view: call.world.views.open(trigger.user, view) };
    },
  },
  'views.push': {
    scopes: [],
    run(call) {
      const view = viewOf(call, 'modal');
      const trigger = call.world.tickets.redeemTrigger(call.args['trigger_id']);
      return { view: call.world.views.push(trigger.user, trigger.viewId, view) };
    },
  },
  'views.update': { scopes: [], run: update },
  'views.publish': { scopes: [], run: publish },
  'blocks.validate': { scopes: [], run: validate },
};

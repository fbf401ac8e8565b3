/**
 * The modals on people's screens (a stack of at most three each) and their Home tabs. Homes survive a restart, modals
 * do not. Every change gives a view a new hash; an update that names an old one is refused, and leaves what people put
 * into the fields that are still there, whatever initial values it brings.
 */
import { randomBytes } from 'node:crypto';
import { LIMITS } from '../../lambdas/slack/views/limits.ts';
import { openDurableMap } from '../durable-map.ts';
import { type StateValues, survivingValues } from './form-values.ts';
import { type JsonObject, stringIn } from './json.ts';
import { SlackError } from './slack-error.ts';
import { type Owner, View, viewMaker } from './view-object.ts';

/** A modal on somebody's screen. */
export type Modal = { readonly view: View; readonly user: string; readonly errors: Errors };
export type Errors = { readonly [blockId: string]: string };

export type Views = {
  open(user: string, view: JsonObject): View;
  /** On top of the modal in which the person acted. Throws `not_found` or `push_limit_reached`. */
  push(user: string, onto: string | undefined, view: JsonObject): View;
  /** By id or external id. Throws `not_found` or `hash_conflict`. */
  update(which: { viewId?: string; externalId?: string; hash?: string }, view: JsonObject): View;
  setErrors(viewId: string, errors: Errors): void;
  /** What stands in the fields now. An update leaves it there where block id, action id and kind of field stay. */
  keepValues(viewId: string, values: StateValues): void;
  /** Closes this modal and what was pushed onto it; the one below shows again. */
  close(viewId: string): void;
  clear(user: string): void;
  find(viewId: string): Modal | undefined;
  modals(): readonly Modal[];
  publish(user: string, view: JsonObject, hash?: string): View;
  home(user: string): View | undefined;
  homes(): [string, View][];
  shutDown(): void;
};

const newId = () => `V0${randomBytes(5).toString('hex').toUpperCase()}`;

type Make = ReturnType<typeof viewMaker>;
type HomePart = Pick<Views, 'publish' | 'home' | 'homes' | 'shutDown'>;
/** External ids are unique over all views of the app; `except` is the view being replaced. */
type Unique = (given: JsonObject, except?: string) => void;

export function openViews(owner: Owner, clock: { now(): Date }, homesFile: string | null): Views {
  const make = viewMaker(owner, clock);
  const unique: Unique = (given, except) => {
    const external = stringIn(given, 'external_id');
    const all = [
      ...modals.modals().map((one) => one.view),
      ...homes.homes().map(([, view]) => view),
    ];
    if (external && all.some((one) => one.external_id === external && one.id !== except))
      throw new SlackError('duplicate_external_id');
  };
  const homes = homePart(make, unique, homesFile);
  const modals = modalPart(make, unique);
  return { ...modals, ...homes };
}

function homePart(make: Make, unique: Unique, file: string | null): HomePart {
  const kept = openDurableMap(file, (value) => View.parse(value));
  return {
    publish(user, given, hash) {
      const before = kept.get(user);
      if (hash !== undefined && hash !== before?.hash) throw new SlackError('hash_conflict');
      unique(given, before?.id);
      const id = before?.id ?? newId();
      const view = make(given, { id, root_view_id: id, previous_view_id: null });
      kept.set(user, view);
      return view;
    },
    home: (user) => kept.get(user),
    homes: () => kept.entries(),
    shutDown: () => kept.close(),
  };
}

function modalPart(make: Make, unique: Unique): Omit<Views, keyof HomePart> {
  let open: Modal[] = [];
  const find = (viewId: string) => open.find((one) => one.view.id === viewId);
  const stackOf = (user: string) => open.filter((one) => one.user === user);
  const show = (user: string, view: View): View => {
    open.push({ user, view, errors: {} });
    return view;
  };

  return {
    open(user, given) {
      unique(given);
      open = open.filter((one) => one.user !== user);
      const id = newId();
      return show(user, make(given, { id, root_view_id: id, previous_view_id: null }));
    },
    push(user, onto, given) {
      const stack = stackOf(user);
      const top = stack.at(-1)?.view;
      if (top === undefined || !stack.some((one) => one.view.id === onto))
        throw new SlackError('not_found');
      if (stack.length >= LIMITS.view.stack) throw new SlackError('push_limit_reached');
      unique(given);
      const { root_view_id } = top;
      return show(user, make(given, { id: newId(), root_view_id, previous_view_id: top.id }));
    },
    update({ viewId, externalId, hash }, given) {
      const before = open.find(({ view }) =>
        viewId === undefined ? view.external_id === externalId : view.id === viewId,
      );
      if (before === undefined) throw new SlackError('not_found');
      if (hash !== undefined && hash !== before.view.hash) throw new SlackError('hash_conflict');
      unique(given, before.view.id);
      const made = make(given, before.view);
      const view = {
        ...made,
        state: { values: survivingValues(made.blocks, before.view.state.values) },
      };
      open = open.map((one) => (one === before ? { ...one, view, errors: {} } : one));
      return view;
    },
    setErrors(viewId, errors) {
      open = open.map((one) => (one.view.id === viewId ? { ...one, errors } : one));
    },
    keepValues(viewId, values) {
      open = open.map((one) =>
        one.view.id === viewId ? { ...one, view: { ...one.view, state: { values } } } : one,
      );
    },
    close(viewId) {
      const closed = find(viewId);
      if (closed === undefined) return;
      const stack = stackOf(closed.user);
      const gone = new Set(stack.slice(stack.indexOf(closed)));
      open = open.filter((one) => !gone.has(one));
    },
    clear(user) {
      open = open.filter((one) => one.user !== user);
    },
    find,
    modals: () => open,
  };
}

/**
 * People at their Slack: they type commands, press buttons, fill in forms. Each act becomes the payload that Slack would
 * send, with fresh trigger_id and response_url, signed and delivered. Refuses acts that no screen offers: a command that
 * the manifest lacks, a button that is not there, a form with a required field empty.
 */
import { randomBytes } from 'node:crypto';
import { dmIdOf } from './directory.ts';
import { escapeCommand } from './escape-command.ts';
import { type Given, type GivenValues, refuseIncomplete, stateValues } from './form-values.ts';
import type { JsonObject } from './json.ts';
import { NotOnScreen } from './not-on-screen.ts';
import * as payloads from './payloads.ts';
import type { Delivery, PostOffice, SlackClock } from './post-office.ts';
import { actionOf, findElement, modalOf, type On, spotOf, surfaceOf } from './screen.ts';
import { messageObject, userObject } from './shapes.ts';
import type { Person } from './workspace.ts';
import type { InstalledManifest, World } from './world.ts';

export type Press = {
  readonly actionId: string;
  readonly blockId?: string;
  /** What was chosen or typed; a button keeps its own value unless a forged one is given. */
  readonly value?: Given;
  /** What stands in the other fields of the same surface. */
  readonly typed?: GivenValues;
};

export type SlackClient = {
  slash(
    userId: string,
    command: string,
    said: { text: string; channel?: string } | string,
  ): Promise<Delivery>;
  click(userId: string, on: On, press: Press): Promise<Delivery>;
  /** By block id. Throws FormIncomplete where Slack's client would not send. */
  submit(userId: string, viewId: string, values: GivenValues): Promise<Delivery>;
  /** Cancel or X. Answers null when the view did not ask to be told. */
  close(userId: string, viewId: string): Promise<Delivery | null>;
  /** Away with the whole stack. Answers what the views that asked to be told were answered. */
  closeAll(userId: string): Promise<Delivery[]>;
  /** On a modal by its id, or wherever else a menu stands. */
  options(
    userId: string,
    on: On | string,
    asked: { blockId: string; actionId: string; query: string },
  ): Promise<Delivery>;
  /** A global shortcut, or with a time stamp one on that message. */
  shortcut(userId: string, callbackId: string, messageTs?: string): Promise<Delivery>;
  openHome(userId: string): Promise<Delivery>;
  /** Somebody leaves, becomes a guest, changes the e-mail; the app is told by `user_change`. */
  changePerson(userId: string, change: Partial<Omit<Person, 'id'>>): Promise<Delivery>;
  event(type: string, payload: JsonObject): Promise<Delivery>;
};

export type ClientOptions = {
  readonly world: World;
  readonly clock: SlackClock;
  readonly manifest: InstalledManifest;
  readonly postOffice: PostOffice;
  /** Where this stand-in serves response_urls. */
  readonly responseUrlBase: string;
};

/** What every act needs: who acts, and tickets that nobody used yet. */
type Hand = ClientOptions & {
  readonly sender: (userId: string) => payloads.Sender;
  readonly triggerId: () => string;
  readonly responseUrl: () => string;
};

type ModalPart = Pick<SlackClient, 'submit' | 'close' | 'closeAll' | 'options'>;
type EventPart = Pick<SlackClient, 'openHome' | 'changePerson' | 'event'>;

export function openClient(options: ClientOptions): SlackClient {
  const { world } = options;
  const hand: Hand = {
    ...options,
    sender: (id) => ({
      ...appOf(world),
      user: { id, name: world.directory.person(id)?.name ?? id.toLowerCase() },
    }),
    triggerId: () => `${Date.now()}.${world.teamId}.${randomBytes(16).toString('hex')}`,
    responseUrl: () => `${options.responseUrlBase}/${randomBytes(12).toString('hex')}`,
  };
  return { ...actPart(hand), ...modalPart(hand), ...eventPart(hand) };
}

const appOf = (world: World) => ({
  teamId: world.teamId,
  teamDomain: world.teamDomain,
  appId: world.appId,
  botUserId: world.botUserId,
  token: 'deprecated-verification-token',
});

function actPart(hand: Hand): Omit<SlackClient, keyof ModalPart | keyof EventPart> {
  const { world, manifest, postOffice, sender, triggerId, responseUrl } = hand;
  return {
    async slash(userId, command, said) {
      const { text, channel } = typeof said === 'string' ? { text: said } : said;
      const known = manifest.features.slash_commands.find((one) => one.command === command);
      if (known === undefined) throw new NotOnScreen(`${command} is not a valid command.`);
      const first = world.directory.conversations()[0]?.id;
      const spot = spotOf(world, channel ?? first ?? dmIdOf(userId), userId);
      const typed = known.should_escape ? escapeCommand(text, world.directory) : text;
      const tickets = { triggerId: triggerId(), responseUrl: responseUrl() };
      const words = { command, text: typed, channel: spot };
      return postOffice.deliver(payloads.slashCommand(sender(userId), words, tickets));
    },
    async click(userId, on, press) {
      const surface = surfaceOf(world, userId, on);
      const found = findElement(surface.blocks, press);
      const field = `${found.block['block_id']}/${press.actionId}`;
      const chosen = press.value === undefined ? {} : { [field]: press.value };
      const given = { ...press.typed, ...chosen };
      const state = { values: stateValues(surface.blocks, given, surface.values) };
      if ('viewId' in on) world.views.keepValues(on.viewId, state.values);
      const action = actionOf(found, press.value, world.messages.nextTs());
      const body = payloads.blockActions(sender(userId), surface.place(state), {
        actions: [action],
        triggerId: triggerId(),
        ...(surface.hasResponseUrl ? { responseUrl: responseUrl() } : {}),
      });
      return postOffice.deliver(body);
    },
    async shortcut(userId, callbackId, messageTs) {
      const type = messageTs === undefined ? 'global' : 'message';
      const { shortcuts } = manifest.features;
      if (!shortcuts.some((one) => one.callback_id === callbackId && one.type === type))
        throw new NotOnScreen(`The manifest has no ${type} shortcut "${callbackId}".`);
      const what = { callbackId, triggerId: triggerId(), actionTs: world.messages.nextTs() };
      const on = messageTs === undefined ? undefined : marked(hand, userId, messageTs);
      return postOffice.deliver(payloads.shortcut(sender(userId), what, on));
    },
  };
}

/** The message that a message shortcut was used on. */
function marked({ world, responseUrl }: Hand, userId: string, ts: string) {
  const found = world.messages.findByTs(ts);
  const message = found && world.messages.find(found.channel, found.ts);
  if (message === undefined) throw new NotOnScreen(`There is no message ${ts}.`);
  const channel = spotOf(world, message.channel, userId);
  return { channel, message: messageObject(world, message), responseUrl: responseUrl() };
}

function modalPart({ world, postOffice, sender, triggerId }: Hand): ModalPart {
  return {
    async submit(userId, viewId, values) {
      const view = modalOf(world, userId, viewId);
      const state = stateValues(view.blocks, values, view.state.values);
      refuseIncomplete(view.blocks, state);
      world.views.keepValues(viewId, state);
      const filled = { ...view, state: { values: state } };
      return postOffice.deliver(payloads.viewSubmission(sender(userId), filled, triggerId()));
    },
    async close(userId, viewId) {
      const view = modalOf(world, userId, viewId);
      world.views.close(viewId);
      if (!view.notify_on_close) return null;
      return postOffice.deliver(payloads.viewClosed(sender(userId), view, false));
    },
    async closeAll(userId) {
      const stack = world.views.modals().filter(({ user }) => user === userId);
      world.views.clear(userId);
      const told = stack.filter(({ view }) => view.notify_on_close);
      return Promise.all(
        told.map(({ view }) => postOffice.deliver(payloads.viewClosed(sender(userId), view, true))),
      );
    },
    async options(userId, on, asked) {
      const surface = surfaceOf(world, userId, typeof on === 'string' ? { viewId: on } : on);
      findElement(surface.blocks, asked);
      const place = surface.place({ values: {} });
      return postOffice.deliver(payloads.blockSuggestion(sender(userId), place, asked));
    },
  };
}

function eventPart({ world, manifest, clock, postOffice }: Hand): EventPart {
  async function event(type: string, payload: JsonObject): Promise<Delivery> {
    const subscribed = manifest.settings.event_subscriptions.bot_events;
    if (!subscribed.includes(type))
      throw new Error(
        `Slack sends no "${type}": the manifest subscribes to ${subscribed.join(', ')}.`,
      );
    const eventId = `Ev0${randomBytes(5).toString('hex').toUpperCase()}`;
    const body = payloads.eventCallback(
      appOf(world),
      { type, ...payload, event_ts: world.messages.nextTs() },
      { eventId, at: clock.now() },
    );
    return postOffice.deliverEvent(body);
  }
  return {
    event,
    openHome(userId) {
      const view = world.views.home(userId);
      const channel = world.directory.openDm(userId).id;
      const shown = view === undefined ? {} : { view };
      return event('app_home_opened', { user: userId, channel, tab: 'home', ...shown });
    },
    changePerson(userId, change) {
      const person = world.directory.changePerson(userId, change);
      return event('user_change', { user: userObject(world, person) });
    },
  };
}

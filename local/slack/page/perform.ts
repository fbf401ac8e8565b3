/**
 * What a person did on the page, done at the stand-in: through the same signed deliveries as any other client. Expected
 * failures (an app that does not answer, a screen out of date, a form not filled in) are answers, defects are thrown.
 */
import type { SlackClient } from '../client.ts';
import { escapeCommand } from '../escape-command.ts';
import { FormIncomplete } from '../form-values.ts';
import { isObject, parseJson } from '../json.ts';
import { NotOnScreen } from '../not-on-screen.ts';
import type { Delivery } from '../post-office.ts';
import type { World } from '../world.ts';
import type { Act, Outcome } from './contract.ts';

export type Performance = {
  readonly world: World;
  readonly client: SlackClient;
  /** The code of the latest answer of the app that Slack refused; undefined when there was none. */
  lastRefusal(): { readonly where: string; readonly error: string } | undefined;
};

const done: Outcome = { ok: true, choices: null };
const failed = (error: string, message: string, errors: Record<string, string> = {}): Outcome => ({
  ok: false,
  ...{ error, message, errors },
});

export async function perform(parts: Performance, act: Act): Promise<Outcome> {
  const before = parts.lastRefusal();
  try {
    const delivery = await run(parts, act);
    const failure = delivery === null ? undefined : failureOf(delivery);
    if (failure !== undefined) return failure;
    const after = parts.lastRefusal();
    if (after !== undefined && after !== before && after.where.startsWith('answer to '))
      return failed(after.error, `Slack refused what the app answered (${after.error}).`);
    if (act.act !== 'options') return done;
    const choices = parseJson(delivery?.answer?.body ?? '');
    return { ok: true, choices: isObject(choices) ? choices : null };
  } catch (error) {
    if (error instanceof FormIncomplete)
      return failed('incomplete', 'Please fill in what is missing.', { ...error.errors });
    if (error instanceof NotOnScreen) return failed('not_there', error.message);
    throw error;
  }
}

/** Null where nothing has to be told to the app. */
async function run({ world, client }: Performance, act: Act): Promise<Delivery | null> {
  const { user } = act;
  switch (act.act) {
    case 'slash':
      visible(world, user, act.channel);
      return client.slash(user, act.command, { text: act.text, channel: act.channel });
    case 'say':
      say(world, act);
      return null;
    case 'press': {
      const { actionId, blockId, value, typed } = act;
      const given = value === undefined ? {} : { value };
      return client.click(user, act.on, { actionId, blockId, typed, ...given });
    }
    case 'options':
      return client.options(user, act.on, act);
    case 'submit':
      return client.submit(user, act.viewId, act.values);
    case 'close':
      if (!act.all) return client.close(user, act.viewId);
      return (await client.closeAll(user)).at(-1) ?? null;
    case 'shortcut':
      return client.shortcut(user, act.callbackId, act.ts);
    case 'home':
      return client.openHome(user);
    case 'dismiss':
      dismiss(world, user, act.ts);
      return null;
  }
}

function failureOf({ failure, answer }: Delivery): Outcome | undefined {
  if (failure === undefined) return undefined;
  if (answer !== null)
    return failed('dispatch_failed', `The app responded with status code ${answer.statusCode}.`);
  return failed('operation_timeout', 'The app did not respond. Look before you try again.');
}

/** A conversation that the person is a member of; the own direct message exists from the first word. */
function visible(world: World, user: string, channel: string) {
  const found = world.directory.conversation(channel) ?? world.directory.openDm(user);
  if (found.id !== channel || !found.members.includes(user))
    throw new NotOnScreen(`${user} is not a member of ${channel}.`);
  return found;
}

/** A person's own words in a channel. No event tells the app: it subscribes to none. */
function say(world: World, act: Extract<Act, { act: 'say' }>): void {
  const { user, channel, threadTs } = act;
  const { kind, isArchived } = visible(world, user, channel);
  if (kind === 'im') throw new NotOnScreen('Messages to this app are turned off.');
  if (isArchived) throw new NotOnScreen('The channel is archived: nobody can write there.');
  if (act.text.trim() === '') throw new NotOnScreen('There is nothing to send.');
  const root = threadTs === undefined ? undefined : world.messages.find(channel, threadTs);
  if (threadTs !== undefined && (root === undefined || root.thread_ts !== undefined))
    throw new NotOnScreen(`There is no message ${threadTs} to reply to.`);
  world.messages.post({
    channel,
    user,
    text: escapeCommand(act.text, world.directory),
    blocks: [],
    ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
  });
}

function dismiss(world: World, user: string, ts: string): void {
  if (!world.messages.ephemerals().some((one) => one.ts === ts && one.user === user))
    throw new NotOnScreen(`${user} sees no private message ${ts}.`);
  world.messages.changeEphemeral(ts, null);
}

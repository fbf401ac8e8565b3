/**
 * People at their Slack, as the demo and the journeys play them: what they type, press and fill in goes through the
 * stand-in's client as signed deliveries, and what they see is read back from the stand-in. Nothing is short-cut.
 */
import { isObject, type JsonObject, objectsIn, stringIn } from './slack/json.ts';
import type { World as WholeWorld } from './world.ts';

/** What people need of a world: their Slack and their phones. */
type World = Pick<WholeWorld, 'slack' | 'personas'>;

export type Seen = { ts: string; text: string; blocks: JsonObject[]; thread: boolean };

export type People = {
  /** Types a one-line ask, submits its confirm card (with a code when asked) and answers the request's id. */
  ask(who: string, line: string, code?: string): Promise<string>;
  /** Opens the form by the command alone, looks the target up, chooses, types and sends; answers the request's id. */
  asksByForm(who: string, ask: FormAsk): Promise<string>;
  /** Types a slash command; answers what the person sees of it. */
  type(who: string, command: string, text: string): Promise<string>;
  /** Opens the approval form on the card; answers the view. */
  openApproval(who: string, requestId: string): Promise<string>;
  /** Approves with the current code (or the given one); answers the form's errors, empty when it closed. */
  approve(who: string, requestId: string, code?: string): Promise<Record<string, string>>;
  deny(who: string, requestId: string, reason: string): Promise<Record<string, string>>;
  /** Presses a button of the card, or of the requester's receipt when the card has none of that name. */
  press(who: string, requestId: string, actionId: string): Promise<void>;
  code(who: string): Promise<string>;
  /** The request's card in its channel, as everybody sees it now. */
  card(requestId: string): Seen | undefined;
  thread(requestId: string): Seen[];
  /** The latest thing only this person was shown. */
  lastEphemeral(who: string): string;
  /** What a person was sent directly about a request. */
  receipt(requestId: string): Seen | undefined;
};

/** `code`: the current one where the form asks for it and none is given. */
export type FormAsk = {
  target: string;
  role?: string;
  /** A length from the list, or `other` with an exact one. */
  duration?: string;
  exact?: string;
  reason: string;
  code?: string;
  /** Slack id of for whom. */
  subject?: string;
  /** Not before; with an end its holder starts it in between. */
  start?: { from: Date; until?: Date };
  /** Breaks the glass, for this incident. */
  incident?: string;
};

export function peopleOf(world: World): People {
  const { client } = world.slack;
  const errors = (viewId: string): Record<string, string> => {
    const open = world.slack.state().views.find((view) => view.id === viewId);
    return Object.fromEntries(Object.entries(open?.errors ?? {}));
  };
  const code = async (who: string) => {
    const persona = (await world.personas()).find(({ slack }) => slack === who);
    if (!persona) throw new Error(`${who} has no authenticator here`);
    return persona.code;
  };
  const openForm = async (who: string, requestId: string, actionId: string) => {
    await press(world, { who, requestId, actionId });
    return topView(world, who);
  };
  return {
    code,
    ask: (who, line, typed) => ask(world, { who, line, code: typed ?? (() => code(who)) }),
    asksByForm: (who, given) => askByForm(world, { who, ...given }, () => code(who)),
    async type(who, command, text) {
      const before = world.slack.state().ephemerals.length;
      await client.slash(who, command, text);
      const shown = world.slack.state().ephemerals.slice(before);
      return shown.map(words).join('\n');
    },
    openApproval: (who, requestId) => openForm(who, requestId, 'approve'),
    async approve(who, requestId, typed) {
      const viewId = await openForm(who, requestId, 'approve');
      await client.submit(who, viewId, { code: typed ?? (await code(who)) });
      return errors(viewId);
    },
    async deny(who, requestId, reason) {
      const viewId = await openForm(who, requestId, 'deny');
      await client.submit(who, viewId, { reason });
      return errors(viewId);
    },
    press: (who, requestId, actionId) => press(world, { who, requestId, actionId }),
    card: (requestId) => seen(world, requestId).find((m) => !m.thread && !m.direct),
    thread: (requestId) => seen(world, requestId).filter((m) => m.thread),
    receipt: (requestId) => seen(world, requestId).find((m) => !m.thread && m.direct),
    lastEphemeral: (who) => {
      const last = world.slack
        .state()
        .ephemerals.filter(({ user }) => user === who)
        .at(-1);
      return last ? words(last) : '';
    },
  };
}

type Ask = { who: string; line: string; code: string | (() => Promise<string>) };

async function ask(world: World, { who, line, code }: Ask): Promise<string> {
  const { client } = world.slack;
  await client.slash(who, '/request-access', line);
  const card = world.slack
    .state()
    .ephemerals.filter(({ user }) => user === who)
    .at(-1);
  const id = card && /AR-[0-9A-Z]{6}/.exec(JSON.stringify(card.blocks))?.[0];
  if (!card || !id)
    throw new Error(`No confirm card for "${line}": ${card ? words(card) : 'nothing'}`);
  await client.click(who, { ts: card.ts }, { actionId: 'submit' });
  const form = world.slack.state().views.findLast(({ user }) => user === who);
  if (form?.callback_id === 'request')
    await client.submit(who, form.id, { code: typeof code === 'string' ? code : await code() });
  return id;
}

async function askByForm(
  world: World,
  { who, target, reason, ...rest }: FormAsk & { who: string },
  codeNow: () => Promise<string>,
): Promise<string> {
  const { client } = world.slack;
  await client.slash(who, '/request-access', '');
  const viewId = topView(world, who);
  const query = target.slice(target.lastIndexOf('/') + 1);
  const field = { blockId: 'target', actionId: 'target', query };
  const { answer } = await client.options(who, viewId, field);
  if (!answer?.body.includes(JSON.stringify(target)))
    throw new Error(`The form does not offer ${target} to ${who}: ${answer?.body}`);
  const choices = {
    ...{ target, glass: rest.incident && 'glass', role: rest.role },
    ...{ duration: rest.duration, exact: rest.exact, subject: rest.subject },
    ...startChoices(rest.start),
  };
  for (const [actionId, value] of Object.entries(choices))
    if (value !== undefined)
      await client.click(who, { viewId }, { actionId, value, typed: { reason } });
  const asksForCode = world.slack
    .state()
    .views.some(({ id, blocks }) => id === viewId && JSON.stringify(blocks).includes('"code"'));
  const code = asksForCode ? { code: rest.code ?? (await codeNow()) } : {};
  const incident = rest.incident === undefined ? {} : { incident: rest.incident };
  await client.submit(who, viewId, { ...code, ...incident });
  const shown = world.slack.state().views.find(({ id }) => id === viewId);
  const id = /AR-[0-9A-Z]{6}/.exec(JSON.stringify(shown?.blocks))?.[0];
  if (!id || shown?.callback_id !== 'notice')
    throw new Error(
      `Nothing was asked: ${JSON.stringify(shown?.errors)} ${JSON.stringify(shown?.blocks)}`,
    );
  return id;
}

/** As a picker of times has them: seconds since 1970. */
function startChoices(start: FormAsk['start']) {
  if (!start) return {};
  const seconds = (at: Date) => String(Math.floor(at.getTime() / 1000));
  const { from, until } = start;
  return {
    begins: until ? 'window' : 'at',
    from: seconds(from),
    ...(until ? { until: seconds(until) } : {}),
  };
}

async function press(
  world: World,
  { who, requestId, actionId }: { who: string; requestId: string; actionId: string },
): Promise<void> {
  const places = seen(world, requestId).filter(({ blocks }) =>
    JSON.stringify(blocks).includes(`"action_id":"${actionId}"`),
  );
  const place = places[0];
  if (!place) throw new Error(`No message about ${requestId} has a button "${actionId}"`);
  await world.slack.client.click(who, { ts: place.ts }, { actionId });
}

function topView(world: World, who: string): string {
  const top = world.slack.state().views.findLast(({ user }) => user === who);
  if (!top) throw new Error(`No form opened for ${who}: ${peopleOf(world).lastEphemeral(who)}`);
  return top.id;
}

/** Messages about a request, found by the metadata that the bot put on them. */
function seen(world: World, requestId: string): (Seen & { direct: boolean })[] {
  return world.slack.state().messages.flatMap((message) => {
    const metadata = message['metadata'];
    const payload = isObject(metadata) ? metadata['event_payload'] : undefined;
    if (!isObject(payload) || payload['request_id'] !== requestId) return [];
    const ts = stringIn(message, 'ts') ?? '';
    const thread = stringIn(message, 'thread_ts');
    return [
      {
        ts,
        text: stringIn(message, 'text') ?? '',
        blocks: objectsIn(message, 'blocks'),
        thread: thread !== undefined && thread !== ts,
        direct: stringIn(message, 'channel')?.startsWith('D') ?? false,
      },
    ];
  });
}

/** Everything that is written on it, without the markup around it. */
const words = (shown: { text: string; blocks?: unknown }): string => {
  const found: string[] = [];
  JSON.stringify(shown.blocks ?? [], (key, value) => {
    if (key === 'text' && typeof value === 'string') found.push(value);
    return value;
  });
  return [shown.text, ...found].join('\n');
};

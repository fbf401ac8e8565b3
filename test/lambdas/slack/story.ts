/** What people do in the stories: ask, approve, deny; and what they see afterwards. */
import * as z from 'zod';
import type { Bot } from './bot.ts';

const ASK = 'github:acme/deployers member 2h INC-123 rollback of the release';
const Buttons = z.object({ value: z.string(), action_id: z.string() });

/** The latest private words for a person. */
export function lastEphemeral(bot: Bot, person: string) {
  const shown = bot.slack.state().ephemerals.filter(({ user }) => user === person);
  const last = shown.at(-1);
  if (!last) throw new Error(`${person} was told nothing`);
  return last;
}

export function modalOf(bot: Bot, person: string) {
  const view = bot.slack.state().views.find(({ user }) => user === person);
  if (!view) throw new Error(`${person} has no form open`);
  return view;
}

/** All text somebody reads in these blocks. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(textOf).join('\n');
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value)
    .filter(
      ([key]) => !['type', 'action_id', 'block_id', 'value', 'private_metadata'].includes(key),
    )
    .map(([, inner]) => textOf(inner))
    .join('\n');
}

export function buttonsIn(blocks: readonly object[]): { action: string; id: string; v: number }[] {
  return blocks.flatMap((block) =>
    'elements' in block && Array.isArray(block.elements)
      ? block.elements.flatMap((element: unknown) => {
          const found = Buttons.safeParse(element);
          if (!found.success) return [];
          const { id, v } = z
            .object({ id: z.string(), v: z.number() })
            .parse(JSON.parse(found.data.value));
          return [{ action: found.data.action_id, id, v }];
        })
      : [],
  );
}

/** Types the one-liner; answers the confirm card's time stamp and the id it carries. */
export async function draft(bot: Bot, text = ASK, person = 'U0ANA') {
  await bot.slack.client.slash(person, '/request-access', text);
  const { ts, blocks } = lastEphemeral(bot, person);
  const id = buttonsIn(blocks).find(({ action }) => action === 'submit')?.id;
  if (!id) throw new Error(`No confirm card: ${textOf(blocks)}`);
  return { ts, id };
}

/** A request that waits, with its card drawn. */
export async function ask(bot: Bot, text = ASK, person = 'U0ANA'): Promise<string> {
  const { ts, id } = await draft(bot, text, person);
  await bot.slack.client.click(person, { ts }, { actionId: 'submit' });
  await bot.announce(id);
  return id;
}

export function cardOf(bot: Bot, id: string) {
  const found = bot.slack
    .state()
    .messages.filter(
      (message) =>
        message['channel'] === 'C0ACCESS' &&
        [undefined, message['ts']].includes(message['thread_ts']) &&
        JSON.stringify(message['metadata']).includes(id),
    );
  const [card] = found;
  if (!card || found.length > 1) throw new Error(`${id} has ${found.length} cards`);
  return z
    .object({ ts: z.string(), text: z.string(), blocks: z.array(z.looseObject({})) })
    .parse(card);
}

export async function clickCard(bot: Bot, id: string, by: { person: string; action: string }) {
  const { ts } = cardOf(bot, id);
  return bot.slack.client.click(by.person, { ts }, { actionId: by.action });
}

/** Opens the approve form and sends it. */
export async function approve(
  bot: Bot,
  id: string,
  by: { person: string; code?: string; duration?: string },
) {
  await clickCard(bot, id, { person: by.person, action: 'approve' });
  const view = modalOf(bot, by.person);
  await bot.slack.client.submit(by.person, view.id, {
    code: by.code ?? bot.code(by.person),
    ...(by.duration === undefined ? {} : { duration: by.duration }),
  });
}

export const eventsOf = async (bot: Bot, id: string): Promise<string[]> =>
  (await bot.journal.history('request', id)).map(({ event }) => event.type);

export const refusalsToday = async (bot: Bot): Promise<string[]> =>
  (await bot.journal.eventsOn('2026-11-22', 100)).flatMap(({ event }) =>
    event.type === 'CommandRefused' ? [event.code] : [],
  );

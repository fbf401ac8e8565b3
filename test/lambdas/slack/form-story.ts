/** The form as people use it: it opens, they look for a target, choose, type and send; and what stands in it then. */
import * as z from 'zod';
import type { Bot } from './bot.ts';
import { modalOf } from './story.ts';

const Option = z.object({ value: z.string(), text: z.object({ text: z.string() }) });
const Menu = z.looseObject({
  action_id: z.string(),
  options: z.array(Option).default([]),
  initial_option: Option.optional(),
  initial_value: z.string().optional(),
});
const Input = z.looseObject({ block_id: z.string(), element: Menu });
const Answer = z.object({
  option_groups: z
    .array(z.object({ label: z.object({ text: z.string() }), options: z.array(Option) }))
    .default([]),
});

export const REASON = 'INC-123 rollback of the release';

/** Types the command; answers the open form's id. */
export async function openForm(bot: Bot, typed = '', person = 'U0ANA'): Promise<string> {
  await bot.slack.client.slash(person, '/request-access', typed);
  return modalOf(bot, person).id;
}

/** The fields of somebody's open form, by what they are for. */
export function fieldsOf(bot: Bot, person = 'U0ANA') {
  const inputs = modalOf(bot, person).blocks.flatMap((block) => {
    const input = Input.safeParse(block);
    return input.success ? [input.data] : [];
  });
  return Object.fromEntries(
    inputs.map(({ block_id: id, element }) => [
      element.action_id,
      {
        id,
        options: element.options.map(({ value }) => value),
        words: element.options.map(({ text }) => text.text),
        starts: element.initial_option?.value ?? element.initial_value ?? null,
      },
    ]),
  );
}

export async function pick(
  bot: Bot,
  choice: Readonly<Record<string, string>>,
  by: { person?: string; typed?: Readonly<Record<string, string>> } = {},
) {
  const person = by.person ?? 'U0ANA';
  for (const [actionId, value] of Object.entries(choice)) {
    const { id } = modalOf(bot, person);
    const press = { actionId, value, typed: by.typed ?? {} };
    await bot.slack.client.click(person, { viewId: id }, press);
  }
}

/** What the field for the target offers, as `group: value`. */
export async function search(bot: Bot, query: string, person = 'U0ANA'): Promise<string[]> {
  const asked = { blockId: 'target', actionId: 'target', query };
  const { answer } = await bot.slack.client.options(person, modalOf(bot, person).id, asked);
  const { option_groups: groups } = Answer.parse(JSON.parse(answer?.body ?? ''));
  return groups.flatMap(({ label, options }) =>
    options.map(({ value }) => `${label.text}: ${value}`),
  );
}

export const send = (bot: Bot, typed: Readonly<Record<string, string>> = {}, person = 'U0ANA') =>
  bot.slack.client.submit(person, modalOf(bot, person).id, typed);

/** The id of the request that somebody's form turned into. */
export function askedId(bot: Bot, person = 'U0ANA'): string {
  const id = /AR-[0-9A-Z]{6}/.exec(JSON.stringify(modalOf(bot, person).blocks))?.[0];
  if (!id) throw new Error(`Nothing was asked: ${JSON.stringify(modalOf(bot, person))}`);
  return id;
}

/** A submission that no screen of Slack's would send; `change` is laid over the honest one. */
export async function forge(
  bot: Bot,
  change: { values?: object; metadata?: string; user?: string; trigger?: string },
) {
  const { errors: _, user, ...view } = modalOf(bot, 'U0ANA');
  const body = {
    type: 'view_submission',
    team: { id: 'T0LOCAL' },
    api_app_id: 'A0LOCAL',
    user: { id: change.user ?? user },
    trigger_id: change.trigger ?? `forged.${JSON.stringify(change).length}`,
    view: {
      ...view,
      private_metadata: change.metadata ?? view.private_metadata,
      state: { values: change.values ?? view.state },
    },
  };
  return bot.deliver(new URLSearchParams({ payload: JSON.stringify(body) }).toString());
}

const chosen = (value: string) => ({ selected_option: { value } });
export const filled = (part: {
  target?: string;
  role?: string;
  duration?: string;
  reason?: string;
  code?: string;
}) => ({
  target: { target: chosen(part.target ?? 'github:acme/deployers') },
  role: { role: chosen(part.role ?? 'member') },
  duration: { duration: chosen(part.duration ?? '2h') },
  reason: { reason: { value: part.reason ?? REASON } },
  ...(part.code === undefined ? {} : { code: { code: { value: part.code } } }),
});

/** A view as Slack keeps it: what the app gave, plus ids, hash and place in the stack. */
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { withBlockIds } from './block-ids.ts';
import { type JsonObject, stringIn } from './json.ts';

const Text = z.record(z.string(), z.unknown()).nullable();
export const View = z.object({
  id: z.string(),
  team_id: z.string(),
  app_id: z.string(),
  app_installed_team_id: z.string(),
  bot_id: z.string(),
  type: z.enum(['modal', 'home']),
  hash: z.string(),
  callback_id: z.string(),
  private_metadata: z.string(),
  external_id: z.string(),
  title: Text,
  submit: Text,
  close: Text,
  blocks: z.array(z.record(z.string(), z.unknown())),
  clear_on_close: z.boolean(),
  notify_on_close: z.boolean(),
  root_view_id: z.string().nullable(),
  previous_view_id: z.string().nullable(),
  state: z.object({ values: z.record(z.string(), z.record(z.string(), z.unknown())) }),
});
export type View = z.infer<typeof View>;

export type Owner = { readonly teamId: string; readonly appId: string; readonly botId: string };
type Position = Pick<View, 'id' | 'root_view_id' | 'previous_view_id'>;
const Title = z.record(z.string(), z.unknown()).nullable().catch(null);

function newHash(clock: { now(): Date }): string {
  return `${Math.floor(clock.now().getTime() / 1000)}.${randomBytes(4).toString('hex')}`;
}

export function viewMaker(owner: Owner, clock: { now(): Date }) {
  return (given: JsonObject, position: Position): View => ({
    ...position,
    team_id: owner.teamId,
    app_id: owner.appId,
    app_installed_team_id: owner.teamId,
    bot_id: owner.botId,
    type: given['type'] === 'home' ? 'home' : 'modal',
    hash: newHash(clock),
    callback_id: stringIn(given, 'callback_id') ?? '',
    private_metadata: stringIn(given, 'private_metadata') ?? '',
    external_id: stringIn(given, 'external_id') ?? '',
    title: Title.parse(given['title']),
    submit: Title.parse(given['submit']),
    close: Title.parse(given['close']),
    blocks: withBlockIds(given['blocks']),
    clear_on_close: given['clear_on_close'] === true,
    notify_on_close: given['notify_on_close'] === true,
    state: { values: {} },
  });
}

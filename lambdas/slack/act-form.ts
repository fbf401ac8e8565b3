/**
 * How a listener meets what happens inside a form: a field that changed, a search, a shortcut. Nothing is decided by any of
 * them, so a silent outside world costs no more than a form that stays as it was.
 */
import type { App } from '@slack/bolt';
import type * as z from 'zod';
import type { SlackDeps } from './deps.ts';
import { type FormOpener, type FormUpdater, formOpener, formUpdater } from './form-opener.ts';
import { ChangeBody, SearchBody, ShortcutBody } from './form-payloads.ts';
import { outsideSilence } from './slack-error.ts';
import type { targetGroups } from './views/form-options.ts';

type Groups = ReturnType<typeof targetGroups>;
const parsed = <T>(schema: z.ZodType<T>, value: unknown): T | null => {
  const result = schema.safeParse(value);
  return result.success ? result.data : null;
};

/** Runs `run` for every change of these fields, in forms with this callback id. */
export function onChange(
  app: App,
  deps: SlackDeps,
  on: {
    actionIds: readonly string[];
    callbackId: string;
    run(body: ChangeBody, updateForm: FormUpdater): Promise<void>;
  },
): void {
  for (const actionId of on.actionIds)
    app.action(actionId, async ({ body, client, ack }) => {
      const change = parsed(ChangeBody, body);
      if (change?.view.callback_id === on.callbackId)
        await on.run(change, formUpdater(client, deps)).catch(toLog(deps));
      await ack();
    });
}

/** Answers what somebody looks for in this field; nothing when it cannot be found out. */
export function onSearch(
  app: App,
  deps: SlackDeps,
  on: { actionId: string; run(body: SearchBody): Promise<Groups> },
): void {
  app.options(on.actionId, async ({ body, ack }) => {
    const search = parsed(SearchBody, body);
    const groups = search ? await on.run(search).catch(toLog(deps)) : undefined;
    // Slack wants a group to hold something; an empty list is how "nothing found" is said.
    await ack(groups && groups.length > 0 ? { option_groups: groups } : { options: [] });
  });
}

export function onShortcut(
  app: App,
  deps: SlackDeps,
  on: {
    callbackId: string;
    type: 'shortcut' | 'message_action';
    run(body: ShortcutBody, openForm: FormOpener): Promise<void>;
  },
): void {
  const { callbackId: callback_id, type } = on;
  app.shortcut({ callback_id, type }, async ({ body, client, ack }) => {
    const shortcut = parsed(ShortcutBody, body);
    if (shortcut) await on.run(shortcut, formOpener(client, deps)).catch(toLog(deps));
    await ack();
  });
}

const toLog =
  (deps: SlackDeps) =>
  (error: unknown): undefined => {
    outsideSilence(error, deps);
    return undefined;
  };

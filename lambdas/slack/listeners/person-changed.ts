/**
 * Slack says that somebody's account changed. Only one change matters here: who is deactivated loses what they hold. It is put on
 * record before Slack is answered; the sweep does the rest. The event is signed, and ending access is the safe side to err on.
 */
import type { App } from '@slack/bolt';
import * as z from 'zod';
import { noteLeaver } from '../../../shared/application/note-leaver.ts';
import { SlackUserId } from '../../../shared/domain/access-request/model.ts';
import type { SlackDeps } from '../deps.ts';

const Changed = z.object({
  user: z.object({ id: SlackUserId, deleted: z.boolean().default(false) }),
});

export function registerPersonChanged(app: App, deps: SlackDeps): void {
  // A store that does not answer makes the receiver say so, and Slack sends the event again.
  app.event('user_change', async ({ event }) => {
    const parsed = Changed.safeParse(event);
    if (!parsed.success) {
      deps.telemetry.info('A signed Slack event was malformed', { reason: 'user_change' });
      return;
    }
    const { id, deleted } = parsed.data.user;
    if (deleted) await noteLeaver(deps, id);
  });
}

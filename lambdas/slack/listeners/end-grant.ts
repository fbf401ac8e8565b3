/** Ending access early: by the button, after a dialog that names the deed, or by `/access end`. Easy on purpose. */
import type { App } from '@slack/bolt';
import { executeCommand } from '../../../shared/application/execute-command.ts';
import { onClick } from '../act.ts';
import type { SlackDeps } from '../deps.ts';
import { ButtonValue, parseJsonAs } from '../payloads.ts';
import { receiptFor, refusedAbout } from '../requests.ts';
import type { Message } from '../views/parts.ts';
import { refusalMessage } from '../views/refusal-message.ts';

export function registerEndGrant(app: App, deps: SlackDeps): void {
  onClick(app, deps, {
    actionId: 'end',
    run: async ({ body, interaction }) => {
      const pressed = parseJsonAs(ButtonValue, body.actions[0]?.value);
      const message = pressed
        ? await endGrant(deps, pressed.id, { person: body.user.id, interaction })
        : refusalMessage({ code: 'action-unreadable' }, deps.clock.now());
      return { message };
    },
  });
}

export async function endGrant(
  deps: SlackDeps,
  requestId: string,
  by: { person: string; interaction: string },
): Promise<Message> {
  const actor = { kind: 'person' as const, id: by.person };
  const { interaction } = by;
  const command = { type: 'EndGrant', requestId, actor, reason: null } as const;
  const done = await executeCommand(command, deps, { interaction });
  return done.ok ? receiptFor(deps, done.value.state) : refusedAbout(deps, requestId, done.error);
}

/** Reminding the approvers who have not answered, seldom: by the button of the receipt or by `/access nudge`. */
import type { App } from '@slack/bolt';
import { executeCommand } from '../../../shared/application/execute-command.ts';
import { onClick } from '../act.ts';
import type { SlackDeps } from '../deps.ts';
import { ButtonValue, parseJsonAs } from '../payloads.ts';
import { receiptFor, refusedAbout } from '../requests.ts';
import type { Message } from '../views/parts.ts';
import { refusalMessage } from '../views/refusal-message.ts';

export function registerNudgeApprovers(app: App, deps: SlackDeps): void {
  onClick(app, deps, {
    actionId: 'nudge',
    run: async ({ body, interaction }) => {
      const pressed = parseJsonAs(ButtonValue, body.actions[0]?.value);
      const message = pressed
        ? await nudge(deps, pressed.id, { person: body.user.id, interaction })
        : refusalMessage({ code: 'action-unreadable' }, deps.clock.now());
      return { message };
    },
  });
}

export async function nudge(
  deps: SlackDeps,
  requestId: string,
  by: { person: string; interaction: string },
): Promise<Message> {
  const actor = { kind: 'person' as const, id: by.person };
  const { interaction } = by;
  const command = { type: 'NudgeApprovers', requestId, actor } as const;
  const done = await executeCommand(command, deps, { interaction });
  return done.ok ? receiptFor(deps, done.value.state) : refusedAbout(deps, requestId, done.error);
}

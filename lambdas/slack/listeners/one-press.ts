/** Buttons whose one press is the whole deed: the button names a request, the store says the rest, the answer takes the message's place. */
import type { App } from '@slack/bolt';
import { executeCommand } from '../../../shared/application/execute-command.ts';
import type { Command } from '../../../shared/domain/access-request/command.ts';
import { onClick } from '../act.ts';
import type { SlackDeps } from '../deps.ts';
import { ButtonValue, parseJsonAs } from '../payloads.ts';
import { receiptFor, refusedAbout } from '../requests.ts';
import type { Message } from '../views/parts.ts';
import { refusalMessage } from '../views/refusal-message.ts';

export type By = { person: string; interaction: string };
export type Deed = (deps: SlackDeps, requestId: string, by: By) => Promise<Message>;

/** What a person does to a request by a press or a typed line, and what they read then. */
export const deed =
  (make: (about: { requestId: string; actor: { kind: 'person'; id: string } }) => Command): Deed =>
  async (deps, requestId, { person, interaction }) => {
    const command = make({ requestId, actor: { kind: 'person', id: person } });
    const done = await executeCommand(command, deps, { interaction });
    return done.ok ? receiptFor(deps, done.value.state) : refusedAbout(deps, requestId, done.error);
  };

export function onPress(app: App, deps: SlackDeps, on: { actionId: string; run: Deed }): void {
  onClick(app, deps, {
    actionId: on.actionId,
    run: async ({ body, interaction }) => {
      const pressed = parseJsonAs(ButtonValue, body.actions[0]?.value);
      const message = pressed
        ? await on.run(deps, pressed.id, { person: body.user.id, interaction })
        : refusalMessage({ code: 'action-unreadable' }, deps.clock.now());
      return { message };
    },
  });
}

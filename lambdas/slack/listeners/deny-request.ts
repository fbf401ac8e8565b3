/** Denying: the button opens a form that asks why; `/access deny AR-… why` says it at once. One denial ends a request. */

import type { App } from '@slack/bolt';
import { executeCommand } from '../../../shared/application/execute-command.ts';
import { typedReason } from '../../../shared/application/typed-text.ts';
import { mayDecide } from '../../../shared/application/verdict.ts';
import { rightToDecide } from '../../../shared/domain/policy/evaluate.ts';
import { ok } from '../../../shared/domain/result.ts';
import type { SlackDeps } from '../deps.ts';
import { typedIn } from '../payloads.ts';
import { justificationOf } from '../requests.ts';
import { denyModal } from '../views/modals.ts';
import type { Message } from '../views/parts.ts';
import type { AnyRefusal } from '../views/refusals.ts';
import { type Opens, onFormPress, openAbout, receiptWithout } from './form-press.ts';

export const registerDenyRequest = (app: App, deps: SlackDeps): void =>
  onFormPress(app, deps, {
    id: 'deny',
    opens: openDenial,
    sends: ({ body, interaction }, _, form) => {
      const reason = typedIn(body, 'reason') ?? '';
      return deny(deps, form.id, { person: body.user.id, interaction, reason });
    },
    titles: { done: 'Denied', not: 'Not denied' },
  });

const openDenial: Opens = (deps, requestId, by) =>
  openAbout(
    deps,
    { requestId, by },
    {
      command: 'DenyRequest',
      async may(state) {
        const verdicts = await mayDecide(deps, state, by.person, { by: rightToDecide });
        const regrets = state.approvals.some(({ approver }) => approver === by.person);
        return verdicts.ok || (regrets && state.status === 'pending') ? ok(null) : verdicts;
      },
      async form(_, state) {
        const justification = await justificationOf(deps, requestId);
        return denyModal({ state, justification, codeNeeded: false });
      },
    },
  );

/** From the form and from `/access deny`. */
export async function deny(
  deps: SlackDeps,
  requestId: string,
  by: { person: string; interaction: string; reason: string },
): Promise<Message | AnyRefusal> {
  const typed = typedReason(by.reason, deps.ids);
  if (!typed.ok) return typed.error;
  const { side, redacted } = typed.value;
  const actor = { kind: 'person' as const, id: by.person };
  const done = await executeCommand(
    { type: 'DenyRequest', requestId, actor, reason: side.commitment },
    deps,
    { interaction: by.interaction, text: side },
  );
  if (!done.ok) return done.error;
  return receiptWithout(deps, done.value.state, redacted);
}

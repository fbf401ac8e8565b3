/** Saying no to more time: the button opens a form that asks why; `/access deny AR-… why` says it at once. The access stays as it is. */

import type { App } from '@slack/bolt';
import { executeCommand } from '../../../shared/application/execute-command.ts';
import { mayDenyExtension } from '../../../shared/application/extension.ts';
import { typedReason } from '../../../shared/application/typed-text.ts';
import type { SlackDeps } from '../deps.ts';
import { typedIn } from '../payloads.ts';
import { justificationOf } from '../requests.ts';
import { EXTENSION_ACTIONS } from '../views/extension.ts';
import { denyExtensionModal } from '../views/extension-forms.ts';
import type { Message } from '../views/parts.ts';
import type { AnyRefusal } from '../views/refusals.ts';
import { type Opens, onFormPress, openAbout, receiptWithout } from './form-press.ts';

export const registerDenyExtension = (app: App, deps: SlackDeps): void =>
  onFormPress(app, deps, {
    id: EXTENSION_ACTIONS.deny,
    opens: openDenial,
    sends: ({ body, interaction }, _, form) => {
      const reason = typedIn(body, 'reason') ?? '';
      return denyMoreTime(deps, form, { person: body.user.id, interaction, reason });
    },
    titles: { done: 'Denied', not: 'Not denied' },
  });

const openDenial: Opens = (deps, requestId, by) =>
  openAbout(
    deps,
    { requestId, by },
    {
      command: 'DenyExtension',
      may: (state) => mayDenyExtension(deps, state, by.person),
      form: async (asked) => denyExtensionModal(asked, await justificationOf(deps, requestId)),
    },
  );

/** `contentHash`: of the extension that the form showed; a later one in its place is not what was meant. Null: whichever waits. */
export async function denyMoreTime(
  deps: SlackDeps,
  of: { id: string; contentHash: string | null },
  by: { person: string; interaction: string; reason: string },
): Promise<Message | AnyRefusal> {
  const typed = typedReason(by.reason, deps.ids, 'extension');
  if (!typed.ok) return typed.error;
  const { side, redacted } = typed.value;
  const { id: requestId, contentHash } = of;
  if (contentHash !== null && (await replaced(deps, requestId, contentHash)))
    return { code: 'content-changed' };
  const actor = { kind: 'person' as const, id: by.person };
  const done = await executeCommand(
    { type: 'DenyExtension', requestId, actor, reason: side.commitment },
    deps,
    { interaction: by.interaction, text: side },
  );
  if (!done.ok) return done.error;
  return receiptWithout(deps, done.value.state, redacted);
}

/** Another extension waits than the one that was shown. */
async function replaced(deps: SlackDeps, requestId: string, contentHash: string): Promise<boolean> {
  const { value } = await deps.journal.read('request', requestId);
  const waits = value?.status === 'active' ? value.extension : null;
  return waits !== null && waits.contentHash !== contentHash;
}

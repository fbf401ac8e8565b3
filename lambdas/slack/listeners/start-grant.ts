/** Starting what was approved ahead: by its holder, within its window; with a code where the rule asks the requester for one. */

import type { App } from '@slack/bolt';
import { executeCommand } from '../../../shared/application/execute-command.ts';
import { type VerifiedCode, verifyCode } from '../../../shared/application/verify-code.ts';
import { wouldRefuse } from '../../../shared/application/would-decide.ts';
import { ok, refuse } from '../../../shared/domain/result.ts';
import type { SlackDeps } from '../deps.ts';
import { typedIn } from '../payloads.ts';
import { receiptFor } from '../requests.ts';
import type { Message } from '../views/parts.ts';
import type { AnyRefusal } from '../views/refusals.ts';
import { startModal } from '../views/unusual-forms.ts';
import { type Opens, onFormPress, openAbout, type Sends } from './form-press.ts';

export const registerStartGrant = (app: App, deps: SlackDeps): void =>
  onFormPress(app, deps, {
    id: 'start',
    opens: openStart,
    sends: startSent,
    titles: { done: 'Started', not: 'Not started' },
  });

export const openStart: Opens = (deps, requestId, by) =>
  openAbout(
    deps,
    { requestId, by },
    {
      command: 'StartGrant',
      async may(state) {
        const command = { type: 'StartGrant', requestId, actor: actorOf(by.person) } as const;
        const refusal = await wouldRefuse(deps, command, state);
        return refusal && refusal.code !== 'code-required' ? refuse(refusal) : ok(null);
      },
      async form(_, state) {
        const { person, interaction } = by;
        if (!state.codeFrom.requester)
          return started(deps, { requestId, person, interaction, code: null });
        const { value: authenticator } = await deps.journal.read('authenticator', person);
        return authenticator ? startModal(state) : { code: 'not-enrolled' };
      },
    },
  );

const startSent: Sends = async ({ body, interaction }, deps, { id: requestId, contentHash }) => {
  const person = body.user.id;
  const typed = typedIn(body, 'code') ?? '';
  const before = await deps.journal.read('interaction', interaction);
  const code = before.value
    ? null
    : await verifyCode(deps, { owner: person, typed, contentHash, purpose: 'ask' });
  if (code && !code.ok) return code.error;
  return started(deps, { requestId, person, interaction, code: code?.value ?? null });
};

const actorOf = (person: string) => ({ kind: 'person' as const, id: person });

async function started(
  deps: SlackDeps,
  by: { requestId: string; person: string; interaction: string; code: VerifiedCode | null },
): Promise<Message | AnyRefusal> {
  const { requestId, person, interaction, code } = by;
  const done = await executeCommand(
    { type: 'StartGrant', requestId, actor: actorOf(person) },
    deps,
    { interaction, ...(code ? { code } : {}) },
  );
  return done.ok ? receiptFor(deps, done.value.state) : done.error;
}

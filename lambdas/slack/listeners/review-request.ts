/**
 * Reviewing a break-glass: by somebody who could have approved it, with a verdict and a reason. Who may is judged when the form
 * opens and again on the facts that enter the transaction.
 */

import type { App } from '@slack/bolt';
import { executeCommand } from '../../../shared/application/execute-command.ts';
import { typedReason } from '../../../shared/application/typed-text.ts';
import { wouldRefuse } from '../../../shared/application/would-decide.ts';
import { ReviewVerdict } from '../../../shared/domain/access-request/model.ts';
import { ok, refuse } from '../../../shared/domain/result.ts';
import type { SlackDeps } from '../deps.ts';
import { chosenIn, typedIn } from '../payloads.ts';
import { justificationOf } from '../requests.ts';
import { reviewModal } from '../views/unusual-forms.ts';
import { type Opens, onFormPress, openAbout, receiptWithout, type Sends } from './form-press.ts';

export const registerReviewRequest = (app: App, deps: SlackDeps): void =>
  onFormPress(app, deps, {
    id: 'review',
    opens: openReview,
    sends: review,
    titles: { done: 'Reviewed', not: 'Not reviewed' },
  });

const NO_WORDS_YET = `sha256:${'0'.repeat(64)}`;
const TYPE = 'ReviewBreakGlass';
const actorOf = (person: string) => ({ kind: 'person' as const, id: person });

export const openReview: Opens = (deps, requestId, by) =>
  openAbout(
    deps,
    { requestId, by },
    {
      command: TYPE,
      async may(state) {
        const told = { verdict: 'justified', reason: NO_WORDS_YET } as const;
        const command = { type: TYPE, requestId, actor: actorOf(by.person), ...told } as const;
        const refusal = await wouldRefuse(deps, command, state);
        return refusal ? refuse(refusal) : ok(null);
      },
      form: async (_, state) => reviewModal(state, await justificationOf(deps, requestId)),
    },
  );

const review: Sends = async ({ body, interaction }, deps, { id: requestId }) => {
  const verdict = ReviewVerdict.safeParse(chosenIn(body, 'verdict'));
  if (!verdict.success) return { code: 'action-unreadable' };
  const typed = typedReason(typedIn(body, 'reason') ?? '', deps.ids, 'review');
  if (!typed.ok) return typed.error;
  const { side, redacted } = typed.value;
  const told = { verdict: verdict.data, reason: side.commitment };
  const done = await executeCommand(
    { type: TYPE, requestId, actor: actorOf(body.user.id), ...told },
    deps,
    { interaction, text: side },
  );
  return done.ok ? receiptWithout(deps, done.value.state, redacted) : done.error;
};

/** The forms of what does not go the usual way: the review of a break-glass, and the code that starts what was approved ahead. */
import type { KnownRequest } from '../../../shared/domain/access-request/model.ts';
import type { Modal } from './block-kit.ts';
import { asked } from './card.ts';
import { LIMITS } from './limits.ts';
import { codeInput, form } from './modals.ts';
import { context, quoted, section } from './parts.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const VERDICTS = [
  { text: plain('Justified'), value: 'justified' },
  { text: plain('Not justified'), value: 'not-justified' },
];

const metadataOf = ({ requestId, version, contentHash }: KnownRequest) => ({
  ...{ id: requestId, v: version, contentHash },
});

export const startModal = (state: KnownRequest): Modal =>
  form(
    {
      callbackId: 'start',
      title: `Start ${state.requestId}`,
      submit: 'Start',
      metadata: metadataOf(state),
    },
    [section(asked(state)), codeInput],
  );

export const reviewModal = (state: KnownRequest, justification: string | null): Modal =>
  form(
    {
      callbackId: 'review',
      title: `Review ${state.requestId}`,
      submit: 'Review',
      metadata: metadataOf(state),
    },
    [
      section(asked(state)),
      justification === null
        ? context('Why: the words were erased')
        : quoted('Why (typed by the requester)', justification),
      {
        type: 'input',
        block_id: 'verdict',
        label: plain('Was it justified?'),
        element: { type: 'static_select', action_id: 'verdict', options: VERDICTS },
      },
      {
        type: 'input',
        block_id: 'reason',
        label: plain('Why do you say so?'),
        hint: plain('Kept with the request. "Not justified" is told to the security channel.'),
        element: {
          type: 'plain_text_input',
          action_id: 'reason',
          multiline: true,
          max_length: LIMITS.plainTextInput.length,
        },
      },
    ],
  );

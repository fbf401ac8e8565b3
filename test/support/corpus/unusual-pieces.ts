/** What does not go the usual way: the review of a break-glass and its verdict, the code that starts what was approved ahead. */
import * as fc from 'fast-check';
import { verdictMessage } from '../../../lambdas/slack/views/unusual.ts';
import { reviewModal, startModal } from '../../../lambdas/slack/views/unusual-forms.ts';
import { typedUpTo } from './hostile.ts';
import { messages, modals, type Pieces } from './piece.ts';
import { stateIn } from './states.ts';

const held = stateIn('active', 'removing', 'ended', 'failed');

export const UNUSUAL_PIECES: Readonly<Record<string, Pieces>> = {
  'unusual.verdictMessage': messages(held.map(verdictMessage)),
  'unusual-forms.startModal': modals(stateIn('scheduled').map(startModal)),
  'unusual-forms.reviewModal': modals(
    fc
      .tuple(held, fc.option(typedUpTo(3000)))
      .map(([state, justification]) => reviewModal(state, justification)),
  ),
};

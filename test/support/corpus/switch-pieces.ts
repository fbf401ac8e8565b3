/** The forms of the switches and what they answer. */
import * as fc from 'fast-check';
import {
  endedAll,
  pauseModal,
  pressedAnswer,
  redButtonModal,
  switchedAnswer,
} from '../../../lambdas/slack/views/switches.ts';
import { requestIdOf } from '../bench.ts';
import { HASH } from '../samples.ts';
import { nameUpTo } from './hostile.ts';
import { message, messages, modal, modals, type Pieces } from './piece.ts';
import { person } from './states.ts';

const pause = fc.record({ scope: nameUpTo(40), paused: fc.boolean() });
const press = fc.record({
  step: fc.constantFrom('propose', 'confirm'),
  what: fc.constantFrom('stop', 'lift'),
  proposedBy: fc.option(person),
  contentHash: fc.constant(HASH),
});
const ids = fc.array(fc.nat(0x3fff_ffff).map(requestIdOf), { maxLength: 60 });

export const SWITCH_PIECES: Readonly<Record<string, Pieces>> = {
  'switches.pauseModal': modals(pause.map(pauseModal)),
  'switches.switchedAnswer': messages(pause.map(switchedAnswer)),
  'switches.redButtonModal': press.map((one) => [modal(redButtonModal(one))]),
  'switches.pressedAnswer': press.map((one) => [message(pressedAnswer(one))]),
  'switches.endedAll': messages(
    fc
      .record({ ended: ids, withdrawn: ids, stuck: ids, more: fc.boolean() })
      .map(({ stuck, ...rest }) =>
        endedAll('U0ANA', {
          ...rest,
          left: stuck.map((requestId) => ({ requestId, code: 'store-silent' })),
        }),
      ),
  ),
};

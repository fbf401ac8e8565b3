/** The forms of the switches and what they answer. */
import * as fc from 'fast-check';
import { stopNotices } from '../../../lambdas/slack/views/stop-notices.ts';
import {
  endedAll,
  pauseModal,
  pressedAnswer,
  redButtonModal,
  switchedAnswer,
} from '../../../lambdas/slack/views/switches.ts';
import { StopEvent } from '../../../shared/domain/record-parts.ts';
import { requestIdOf } from '../bench.ts';
import { HASH, START } from '../samples.ts';
import { arbitraryOf } from './arbitrary-of.ts';
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
  'switches.redButtonModal': fc
    .tuple(press, fc.array(person, { maxLength: 8 }))
    .map(([one, others]) => [modal(redButtonModal(one, others))]),
  'switches.pressedAnswer': press.map((one) => [message(pressedAnswer(one))]),
  'stop-notices.stopNotices': fc
    .tuple(arbitraryOf(StopEvent), fc.option(person), fc.constantFrom(START, new Date(0)))
    .map(([event, admin, now]) =>
      Object.values(stopNotices(event, { admin, now })).flatMap((told) =>
        told ? [message(told)] : [],
      ),
    ),
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

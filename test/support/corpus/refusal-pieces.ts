/** Every no, as a message, with its contacts, and with the buttons of a near miss. */
import * as fc from 'fast-check';
import { enrolmentRefusalMessage } from '../../../lambdas/slack/views/enroll-refusals.ts';
import { refusalMessage } from '../../../lambdas/slack/views/refusal-message.ts';
import type { AnyRefusal } from '../../../lambdas/slack/views/refusals.ts';
import { didYouMean } from '../../../lambdas/slack/views/suggestions.ts';
import { enrolmentSamples } from '../../../local/docs/enrolment-refusal-samples.ts';
import { refusalSamples, SAMPLE_NOW } from '../../../local/docs/refusal-samples.ts';
import { POLICY_REFUSAL_CODES, type PolicyRefusal } from '../../../shared/domain/policy/refusal.ts';
import { typedUpTo } from './hostile.ts';
import { message, messages, type Pieces } from './piece.ts';

const typed = fc.record({
  ...{ target: typedUpTo(300), role: typedUpTo(300) },
  ...{ word: typedUpTo(300), name: typedUpTo(80) },
});

export const refusal: fc.Arbitrary<AnyRefusal> = typed.chain((words) =>
  fc.constantFrom(...Object.values(refusalSamples(words)).map((sample) => sample.refusal)),
);
const isOfPolicy = (one: AnyRefusal): one is PolicyRefusal =>
  POLICY_REFUSAL_CODES.includes(one.code);
export const policyRefusal: fc.Arbitrary<PolicyRefusal> = refusal.filter(isOfPolicy);
const enrolmentRefusal = typed.chain((words) =>
  fc.constantFrom(...Object.values(enrolmentSamples(words)).map((sample) => sample.refusal)),
);

export const REFUSAL_PIECES: Readonly<Record<string, Pieces>> = {
  'refusal-message.refusalMessage': typed.map((words) =>
    Object.values(refusalSamples(words)).map((sample) =>
      message(refusalMessage(sample.refusal, SAMPLE_NOW)),
    ),
  ),
  'enroll-refusals.enrolmentRefusalMessage': messages(
    enrolmentRefusal.map((one) => enrolmentRefusalMessage(one, SAMPLE_NOW)),
  ),
  'suggestions.didYouMean': messages(
    fc
      .record({
        part: fc.constantFrom('target', 'role', 'duration'),
        typed: typedUpTo(300),
        names: fc.array(fc.stringMatching(/^github:[a-z0-9/._-]{3,200}$/), { maxLength: 4 }),
      })
      .map(({ part, typed: text, names }) =>
        didYouMean(
          { code: 'not-understood', part, typed: text, didYouMean: names },
          'AR-7K2M9Q',
          SAMPLE_NOW,
        ),
      ),
  ),
};

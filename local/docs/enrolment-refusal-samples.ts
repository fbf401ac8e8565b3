/** One plausible sample of every no on the way to an authenticator: in Slack, on the page, at the operator's terminal. Exhaustive by type. */
import type { OwnEnrolmentRefusal } from '../../lambdas/slack/views/enroll-refusals.ts';
import type { OperatorRefusal } from '../../shared/application/operator-enrol.ts';
import type { PageRefusal } from '../../shared/domain/authenticator/enrolment.ts';
import { met, type SamplesOf } from './refusal-places.ts';
import { SAMPLE_AT as at, type Typed } from './refusal-samples.ts';

const person = 'U0BO';

export const enrolmentSamples = ({ name }: Typed): SamplesOf<OwnEnrolmentRefusal> => ({
  'vouching-needed': met({ code: 'vouching-needed', vouchers: ['U0BO', 'U0DEE'] }, 'enroll'),
  'sign-in-not-available': met({ code: 'sign-in-not-available' }, 'enroll'),
  'current-code-needed': met({ code: 'current-code-needed' }, 'enroll'),
  'already-enrolled': met({ code: 'already-enrolled', person }, 'enroll'),
  'proof-needed': met({ code: 'proof-needed' }, 'enroll'),
  'self-vouch': met({ code: 'self-vouch' }, 'enroll'),
  'same-human': met({ code: 'same-human' }, 'enroll'),
  'not-a-voucher': met({ code: 'not-a-voucher', vouchers: ['U0BO', 'U0DEE'] }, 'enroll'),
  'nobody-by-that-name': met(
    { code: 'nobody-by-that-name', after: 'enroll', typed: name },
    'enroll',
    'lost',
  ),
  'no-enrolment': met({ code: 'no-enrolment' }, 'enroll'),
  'link-expired': met({ code: 'link-expired' }, 'enroll'),
  'word-too-early': met({ code: 'word-too-early' }, 'enroll'),
  'word-wrong': met({ code: 'word-wrong' }, 'enroll'),
  'too-many-tries': met({ code: 'too-many-tries' }, 'enroll'),
  'recovery-code-malformed': met({ code: 'recovery-code-malformed' }, 'lost'),
  'recovery-code-refused': met({ code: 'recovery-code-refused' }, 'lost'),
  'no-recovery-codes': met({ code: 'no-recovery-codes' }, 'lost'),
  'nothing-to-reset': met({ code: 'nothing-to-reset', person }, 'lost'),
  'not-an-admin': met({ code: 'not-an-admin' }, 'lost'),
  'self-reset': met({ code: 'self-reset' }, 'lost'),
  'second-person-needed': met({ code: 'second-person-needed', confirmers: ['U0CY'] }, 'lost'),
  'reset-started': met({ code: 'reset-started', by: 'U0DEE' }, 'lost'),
  'reset-under-way': met({ code: 'reset-under-way', opensAt: at }, 'lost'),
  'no-reset': met({ code: 'no-reset' }, 'enroll', 'lost'),
  'reset-not-supported': met({ code: 'reset-not-supported', person: 'U0DEE' }, 'enroll', 'lost'),
  'reset-waiting': met({ code: 'reset-waiting', until: at }, 'enroll'),
  'reset-over': met({ code: 'reset-over' }, 'enroll'),
  'not-allowed-to-cancel': met({ code: 'not-allowed-to-cancel' }, 'lost'),
  'authenticator-changed': met({ code: 'authenticator-changed' }, 'enroll'),
});

export const pageSamples = (): SamplesOf<PageRefusal> => ({
  'link-unknown': met({ code: 'link-unknown' }, 'page'),
  'link-expired': met({ code: 'link-expired' }, 'page'),
  'link-used': met({ code: 'link-used' }, 'page'),
  'key-already-shown': met({ code: 'key-already-shown' }, 'page'),
  'key-not-shown-yet': met({ code: 'key-not-shown-yet' }, 'page'),
  'code-malformed': met({ code: 'code-malformed' }, 'page'),
  'code-wrong': met({ code: 'code-wrong' }, 'page'),
  'too-many-tries': met({ code: 'too-many-tries' }, 'page'),
  'authenticator-changed': met({ code: 'authenticator-changed' }, 'page'),
});

export const operatorSamples = (): SamplesOf<OperatorRefusal> => ({
  'policy-unavailable': met({ code: 'policy-unavailable' }, 'operator'),
  'unknown-person': met({ code: 'unknown-person', person }, 'operator'),
  'already-enrolled': met({ code: 'already-enrolled', person }, 'operator'),
  'vouching-needed': met({ code: 'vouching-needed', vouchers: ['U0BO', 'U0DEE'] }, 'operator'),
});

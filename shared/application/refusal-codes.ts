/**
 * Every stable refusal code of the product's decisions, by who says no. Tests, metrics and other programs may rely on
 * them. Exhaustive by type: a code that is missing here, or that nobody says any more, does not compile.
 */
import type { Refusal } from '../domain/access-request/command.ts';
import type { PolicyRefusal } from '../domain/policy/evaluate.ts';
import { POLICY_REFUSAL_CODES } from '../domain/policy/refusal.ts';
import type { SubmitRefusal } from './ask.ts';
import type { EnrolRefusal } from './enrol-parts.ts';
import type { CommandRefusal } from './execute-command.ts';
import type { OperatorRefusal } from './operator-enrol.ts';
import type { PauseRefusal, PressRefusal } from './switches.ts';
import type { CodeRefusal } from './verify-code.ts';

type Policy = PolicyRefusal['code'];
type Decision = Exclude<(Refusal | CommandRefusal)['code'], Policy>;
type Code = Exclude<CodeRefusal['code'], Policy | Decision>;
type Ask = Exclude<SubmitRefusal['code'], Policy | Decision | Code>;
type Switch = Exclude<(PauseRefusal | PressRefusal)['code'], Policy | Decision | Code>;
type Enrolment = Exclude<(EnrolRefusal | OperatorRefusal)['code'], Policy | Decision | Code | Ask>;
type All<C extends string> = Readonly<Record<C, true>>;

const DECISION: All<Decision> = {
  'unknown-request': true,
  'wrong-status': true,
  'content-changed': true,
  'code-required': true,
  'already-pending': true,
  'request-lapsed': true,
  'not-due': true,
  'not-your-request': true,
  'not-allowed-to-end': true,
  'duration-not-shorter': true,
  'extension-too-long': true,
  'extension-too-late': true,
  'extension-pending': true,
  'no-extension': true,
  'not-your-grant': true,
  'nudged-just-now': true,
  'nudged-enough': true,
  'everything-stopped': true,
  'grants-paused': true,
  'review-owed': true,
  'break-glass-quota': true,
  'nothing-to-review': true,
  'already-reviewed': true,
  'not-a-reviewer': true,
  'window-closed': true,
  'approvals-no-longer-count': true,
  'policy-unavailable': true,
  'code-already-used': true,
  'authenticator-replaced': true,
  'authenticator-being-reset': true,
};
const CODE: All<Code> = {
  'not-enrolled': true,
  'authenticator-on-hold': true,
  'code-malformed': true,
  'code-refused': true,
};
const ASK: All<Ask> = {
  'justification-too-long': true,
  'draft-gone': true,
  'not-your-draft': true,
};
const SWITCH: All<Switch> = {
  'admins-only': true,
  'already-stopped': true,
  'nothing-stopped': true,
  'second-admin-needed': true,
  'unknown-scope': true,
  'pause-unchanged': true,
};
const ENROLMENT: All<Enrolment> = {
  'already-enrolled': true,
  'authenticator-changed': true,
  'code-wrong': true,
  'current-code-needed': true,
  'key-already-shown': true,
  'key-not-shown-yet': true,
  'link-expired': true,
  'link-unknown': true,
  'link-used': true,
  'no-enrolment': true,
  'no-recovery-codes': true,
  'no-reset': true,
  'not-a-voucher': true,
  'not-allowed-to-cancel': true,
  'not-an-admin': true,
  'nothing-to-reset': true,
  'proof-needed': true,
  'recovery-code-malformed': true,
  'recovery-code-refused': true,
  'reset-not-supported': true,
  'reset-over': true,
  'reset-started': true,
  'reset-under-way': true,
  'reset-waiting': true,
  'same-human': true,
  'second-person-needed': true,
  'self-reset': true,
  'self-vouch': true,
  'sign-in-not-available': true,
  'too-many-tries': true,
  'vouching-needed': true,
  'word-too-early': true,
  'word-wrong': true,
};

/** Who says no, and the codes only they have. */
export const REFUSAL_CODES = {
  /** The policy, to an ask or to a person who decides. */
  policy: POLICY_REFUSAL_CODES,
  /** The request itself: where it stands, what it needs. */
  decision: Object.keys(DECISION),
  /** The check of a one-time code. */
  code: Object.keys(CODE),
  /** The form, before there is a request. */
  ask: Object.keys(ASK),
  /** The switches that stop new access. */
  switch: Object.keys(SWITCH),
  /** The way to an authenticator. */
  enrolment: Object.keys(ENROLMENT),
} as const;

/**
 * One plausible sample of every refusal that Slack shows outside the way to an authenticator, and where it is met: what
 * docs/errors.md is generated from, and what the tests of the sentences run over. Exhaustive by type. Whatever somebody could
 * have typed is the argument: words of an example for the page, hostile text for the tests.
 */

import type { ShellRefusal } from '../../lambdas/slack/shell-refusal.ts';
import type { AnyRefusal } from '../../lambdas/slack/views/refusals.ts';
import type { PolicyRefusal } from '../../shared/domain/policy/refusal.ts';
import { unusualAskSamples, unusualLifeSamples } from './emergency-samples.ts';
import { met, type SamplesOf } from './refusal-places.ts';

export const SAMPLE_NOW = new Date('2026-11-22T09:03:00.000Z');
export const SAMPLE_AT = '2026-11-22T09:00:00.000Z';
/** What somebody typed, where a sentence repeats it. */
export type Typed = {
  readonly target: string;
  readonly role: string;
  readonly word: string;
  readonly name: string;
};
export const EXAMPLE_TYPED: Typed = {
  target: 'github:acme/deploiers',
  role: 'maintaner',
  word: 'aprove',
  name: 'bob',
};

type RequestRefusal = Exclude<AnyRefusal, { code: (PolicyRefusal | ShellRefusal)['code'] }>;

const person = 'U0ANA';
const rule = 'prod-deploy';
const timezone = 'Europe/Berlin';
const at = SAMPLE_AT;
const TICKET = { tracker: 'jira', key: 'INC-123' } as const;

export const refusalSamples = (typed: Typed): SamplesOf<AnyRefusal> => ({
  ...policySamples(typed),
  ...requestSamples(),
  ...shellSamples(typed),
});

const policySamples = ({ target, role }: Typed): SamplesOf<PolicyRefusal> => ({
  'unknown-person': met({ code: 'unknown-person', person }, 'any'),
  'unknown-entitlement': met({ code: 'unknown-entitlement', entitlement: target }, 'ask'),
  'unknown-role': met(
    { code: 'unknown-role', entitlement: 'github:acme/deployers', role, roles: ['member'] },
    'ask',
  ),
  'no-matching-rule': met({ code: 'no-matching-rule', entitlement: target }, 'ask'),
  'denied-by-rule': met({ code: 'denied-by-rule', rule }, 'ask', 'approve'),
  'on-behalf-not-allowed': met({ code: 'on-behalf-not-allowed', rule, person }, 'ask'),
  ...unusualAskSamples(at),
  'outside-working-hours': met(
    {
      ...{ code: 'outside-working-hours', rule, timezone },
      hours: { days: ['mon', 'fri'], from: '08:00', to: '19:00' },
    },
    ...(['ask', 'approve'] as const),
  ),
  'inside-working-hours': met(
    { code: 'inside-working-hours', rule, timezone, hours: null },
    ...(['ask', 'approve'] as const),
  ),
  frozen: met({ code: 'frozen', freeze: 'year-end', until: at }, 'ask', 'approve', 'extend'),
  'too-many-asks': met({ code: 'too-many-asks', limit: 5, again: at }, 'ask'),
  'too-many-pending': met({ code: 'too-many-pending', limit: 1, requestId: 'AR-7K2M9Q' }, 'ask'),
  'cooling-down': met({ code: 'cooling-down', until: at }, 'ask'),
  'day-used-up': met(
    { code: 'day-used-up', day: '2026-11-22', maxSeconds: 14_400, leftSeconds: 1800 },
    ...(['ask', 'approve', 'extend'] as const),
  ),
  'duties-not-separate': met(
    {
      ...{ code: 'duties-not-separate', separation: 'four-eyes', requestId: 'AR-7K2M9Q' },
      entitlement: 'github:acme/payroll',
    },
    ...(['ask', 'approve'] as const),
  ),
  'counts-unknown': met({ code: 'counts-unknown' }, 'ask', 'approve'),
  'not-on-call': met({ code: 'not-on-call', rule, group: 'platform' }, 'ask', 'approve'),
  'group-unknown': met({ code: 'group-unknown', groups: ['platform'] }, 'ask', 'approve', 'deny'),
  'duration-too-short': met({ code: 'duration-too-short', minSeconds: 60 }, 'ask', 'approve'),
  'duration-too-long': met({ code: 'duration-too-long', maxSeconds: 7200 }, 'ask', 'approve'),
  'justification-too-short': met({ code: 'justification-too-short', min: 10, have: 3 }, 'ask'),
  'ticket-missing': met({ code: 'ticket-missing', pattern: '[A-Z]+-[0-9]+' }, 'ask'),
  'ticket-unknown': met({ code: 'ticket-unknown', ...TICKET }, 'ask', 'approve'),
  'ticket-closed': met({ code: 'ticket-closed', ...TICKET }, 'ask', 'approve'),
  'ticket-unreadable': met({ code: 'ticket-unreadable', ...TICKET }, 'ask', 'approve'),
  'provider-not-configured': met(
    { code: 'provider-not-configured', provider: 'gitlab' },
    'ask',
    'approve',
  ),
  'no-account': met({ code: 'no-account', provider: 'github', person }, 'ask', 'approve'),
  'nobody-can-approve': met(
    { code: 'nobody-can-approve', rule, needed: 2, from: ['release-manager'] },
    'ask',
  ),
  'not-a-full-member': met({ code: 'not-a-full-member', person, why: 'guest' }, 'any'),
  'evidence-stale': met({ code: 'evidence-stale', person }, 'any'),
  'self-approval': met({ code: 'self-approval' }, 'approve', 'deny'),
  'subject-approval': met({ code: 'subject-approval' }, 'approve', 'deny'),
  'same-identity': met({ code: 'same-identity', as: 'requester' }, 'approve', 'deny'),
  'not-an-approver': met({ code: 'not-an-approver', from: ['release-manager'] }, 'approve', 'deny'),
  'already-approved': met({ code: 'already-approved', by: 'U0BO' }, 'approve'),
  'approval-not-needed': met({ code: 'approval-not-needed' }, 'approve'),
});

const requestSamples = (): SamplesOf<RequestRefusal> => ({
  'unknown-request': met({ code: 'unknown-request' }, 'any'),
  'wrong-status': met(
    { code: 'wrong-status', status: 'denied', by: { kind: 'person', id: 'U0BO' }, at },
    ...(['approve', 'deny', 'withdraw', 'extend', 'end'] as const),
  ),
  'content-changed': met({ code: 'content-changed' }, 'ask', 'approve'),
  'code-required': met({ code: 'code-required', from: 'approver' }, 'ask', 'approve', 'extend'),
  'already-pending': met({ code: 'already-pending', requestId: 'AR-7K2M9Q' }, 'ask'),
  'request-lapsed': met({ code: 'request-lapsed', lapsedAt: at }, 'approve', 'deny'),
  'not-due': met({ code: 'not-due', dueAt: at }, 'timer'),
  'not-your-request': met({ code: 'not-your-request' }, 'withdraw'),
  'not-allowed-to-end': met({ code: 'not-allowed-to-end' }, 'end'),
  ...unusualLifeSamples(at),
  'duration-not-shorter': met({ code: 'duration-not-shorter', askedSeconds: 7200 }, 'approve'),
  'extension-too-long': met({ code: 'extension-too-long', maxTotalSeconds: 14_400 }, 'extend'),
  'extension-too-late': met({ code: 'extension-too-late', endedAt: at }, 'extend'),
  'extension-pending': met({ code: 'extension-pending' }, 'extend'),
  'no-extension': met({ code: 'no-extension' }, 'extend', 'withdraw'),
  'not-your-grant': met({ code: 'not-your-grant' }, 'extend'),
  'nudged-just-now': met({ code: 'nudged-just-now', nextAt: at }, 'nudge'),
  'nudged-enough': met({ code: 'nudged-enough', most: 3 }, 'nudge'),
  'everything-stopped': met(
    { code: 'everything-stopped', since: at },
    ...(['ask', 'approve', 'extend', 'nudge'] as const),
  ),
  'grants-paused': met(
    { code: 'grants-paused', scope: 'github', since: at },
    ...(['ask', 'approve', 'extend', 'nudge'] as const),
  ),
  'admins-only': met({ code: 'admins-only' }, 'switch'),
  'already-stopped': met({ code: 'already-stopped', since: at }, 'switch'),
  'nothing-stopped': met({ code: 'nothing-stopped' }, 'switch'),
  'second-admin-needed': met({ code: 'second-admin-needed', until: at }, 'switch'),
  'unknown-scope': met({ code: 'unknown-scope', scopes: ['all', 'github'] }, 'switch'),
  'pause-unchanged': met({ code: 'pause-unchanged', scope: 'github', paused: true }, 'switch'),
  'policy-unavailable': met({ code: 'policy-unavailable' }, 'any'),
  'code-already-used': met({ code: 'code-already-used' }, 'ask', 'approve', 'enroll', 'lost'),
  'authenticator-replaced': met({ code: 'authenticator-replaced' }, 'ask', 'approve', 'enroll'),
  'authenticator-being-reset': met(
    { code: 'authenticator-being-reset' },
    ...(['ask', 'approve', 'enroll', 'lost'] as const),
  ),
  'not-enrolled': met({ code: 'not-enrolled' }, 'ask', 'approve', 'enroll', 'lost'),
  'authenticator-on-hold': met({ code: 'authenticator-on-hold', until: at }, 'approve', 'enroll'),
  'code-malformed': met({ code: 'code-malformed' }, 'ask', 'approve', 'enroll', 'lost'),
  'code-refused': met({ code: 'code-refused' }, 'ask', 'approve', 'enroll', 'lost'),
  'draft-gone': met({ code: 'draft-gone' }, 'ask'),
  'not-your-draft': met({ code: 'not-your-draft' }, 'ask'),
  'justification-too-long': met({ code: 'justification-too-long', max: 3000, have: 3001 }, 'ask'),
});

const shellSamples = ({ target, word }: Typed): SamplesOf<ShellRefusal> => ({
  'not-supported-yet': met({ code: 'not-supported-yet', what: word }, 'ask'),
  'nothing-to-ask-for': met({ code: 'nothing-to-ask-for' }, 'ask'),
  'field-empty': met({ code: 'field-empty', field: 'role' }, 'ask'),
  'not-understood': met(
    {
      code: 'not-understood',
      part: 'target',
      typed: target,
      didYouMean: ['github:acme/deployers'],
    },
    'ask',
  ),
  'flag-not-understood': met(
    { code: 'flag-not-understood', flag: '--at', typed: word, wrong: 'value' },
    'ask',
  ),
  'nothing-to-repeat': met({ code: 'nothing-to-repeat' }, 'ask'),
  'unknown-subcommand': met({ code: 'unknown-subcommand', typed: word, didYouMean: [] }, 'look'),
  'id-missing': met(
    { code: 'id-missing', subcommand: 'approve' },
    ...(['approve', 'deny', 'withdraw', 'end', 'look'] as const),
  ),
  'who-of-what': met({ code: 'who-of-what', offered: [target] }, 'look'),
  'not-visible': met(
    { code: 'not-visible', part: 'target', typed: target, didYouMean: ['github:acme/deployers'] },
    'look',
  ),
  'reason-missing': met({ code: 'reason-missing' }, 'deny'),
  'bad-duration': met({ code: 'bad-duration' }, 'approve'),
  'action-unreadable': met({ code: 'action-unreadable' }, 'any'),
  'too-slow': met({ code: 'too-slow' }, 'any'),
  'slack-silent': met({ code: 'slack-silent' }, 'any'),
  'store-silent': met({ code: 'store-silent' }, 'any'),
  'keys-silent': met({ code: 'keys-silent' }, 'ask', 'approve', 'enroll', 'lost'),
});

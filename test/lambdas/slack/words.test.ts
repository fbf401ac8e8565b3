import { refusalLine, refusalMessage } from '../../../lambdas/slack/views/refusal-message.ts';
import { type AnyRefusal, REFUSAL_CODES, wordsFor } from '../../../lambdas/slack/views/refusals.ts';
import { problemsOfBlocks } from '../../../local/slack/block-kit/blocks.ts';
import { POLICY_REFUSAL_CODES } from '../../../shared/domain/policy/refusal.ts';
import { textOf } from './story.ts';

const now = new Date('2026-11-22T09:03:00.000Z');
const at = '2026-11-22T09:00:00.000Z';
const EVIL = '<!channel> <@U0BO> <https://evil|Approve> `x` *y*\n‮';
const person = 'U0ANA';
const rule = 'prod-deploy';
const by = { kind: 'person', id: 'U0BO' } as const;
const hours = { days: ['mon' as const], from: '08:00', to: '19:00' };

const SAMPLES: readonly AnyRefusal[] = [
  { code: 'unknown-person', person },
  { code: 'unknown-entitlement', entitlement: EVIL },
  { code: 'unknown-role', entitlement: 'github:acme/x', role: EVIL, roles: ['member'] },
  { code: 'no-matching-rule', entitlement: EVIL },
  { code: 'denied-by-rule', rule },
  { code: 'on-behalf-not-allowed', rule, person },
  { code: 'break-glass-not-available', rule },
  { code: 'outside-working-hours', rule, timezone: 'Europe/Berlin', hours },
  { code: 'inside-working-hours', rule, timezone: 'Europe/Berlin', hours: null },
  { code: 'duration-too-short', minSeconds: 60 },
  { code: 'duration-too-long', maxSeconds: 7200 },
  { code: 'justification-too-short', min: 10, have: 3 },
  { code: 'justification-too-long', max: 3000, have: 3001 },
  { code: 'ticket-missing', pattern: '[A-Z]+-[0-9]+' },
  { code: 'no-account', provider: 'github', person },
  { code: 'nobody-can-approve', rule, needed: 2, from: ['release-manager'] },
  { code: 'not-a-full-member', person, why: 'guest' },
  { code: 'evidence-stale', person },
  { code: 'self-approval' },
  { code: 'subject-approval' },
  { code: 'same-identity', as: 'requester' },
  { code: 'not-an-approver', from: ['release-manager'] },
  { code: 'already-approved', by: 'U0BO' },
  { code: 'approval-not-needed' },
  { code: 'unknown-request' },
  { code: 'wrong-status', status: 'denied', by, at },
  { code: 'content-changed' },
  { code: 'code-required', from: 'approver' },
  { code: 'already-pending', requestId: 'AR-7K2M9Q' },
  { code: 'request-lapsed', lapsedAt: at },
  { code: 'not-due', dueAt: at },
  { code: 'not-your-request' },
  { code: 'not-allowed-to-end' },
  { code: 'duration-not-shorter', askedSeconds: 7200 },
  { code: 'extension-too-long', maxTotalSeconds: 14_400 },
  { code: 'policy-unavailable' },
  { code: 'code-already-used' },
  { code: 'authenticator-replaced' },
  { code: 'authenticator-being-reset' },
  { code: 'not-enrolled' },
  { code: 'authenticator-on-hold', until: at },
  { code: 'code-malformed' },
  { code: 'code-refused' },
  { code: 'draft-gone' },
  { code: 'not-your-draft' },
  { code: 'not-supported-yet', what: EVIL },
  { code: 'nothing-to-ask-for' },
  { code: 'field-empty', field: 'role' },
  { code: 'not-understood', part: 'target', typed: EVIL, didYouMean: ['github:acme/x'] },
  { code: 'nothing-to-repeat' },
  { code: 'unknown-subcommand', typed: EVIL, didYouMean: [] },
  { code: 'id-missing', subcommand: 'approve' },
  { code: 'who-of-what', offered: [EVIL] },
  { code: 'not-visible', part: 'target', typed: EVIL, didYouMean: [EVIL] },
  { code: 'reason-missing' },
  { code: 'bad-duration' },
  { code: 'action-unreadable' },
  { code: 'too-slow' },
  { code: 'slack-silent' },
  { code: 'store-silent' },
  { code: 'keys-silent' },
];

test('every code has a sentence, and every code of the policy is among them', () => {
  expect(SAMPLES.map(({ code }) => code).sort()).toEqual([...REFUSAL_CODES].sort());
  expect(REFUSAL_CODES).toEqual(expect.arrayContaining([...POLICY_REFUSAL_CODES]));
});

test.each(SAMPLES)(
  '$code says what happened, why and what to do, in whole sentences',
  (refusal) => {
    const { happened, why, next } = wordsFor(refusal, now);
    for (const sentence of [happened, why, next]) {
      expect(sentence).toMatch(/[.?…]$/);
      expect(sentence).not.toMatch(/undefined|null|NaN|\[object/);
    }
    const { text, blocks } = refusalMessage(refusal, now);
    expect(text).toContain(`(${refusal.code})`);
    expect(textOf(blocks.at(-1))).toContain(refusal.code);
    expect(problemsOfBlocks(blocks, 'message')).toEqual([]);
    expect(refusalLine(refusal, now)).not.toContain('`');
  },
);

test.each(SAMPLES)(
  '$code lets nothing typed act: no mention, link or ping of its own',
  (refusal) => {
    const shown = textOf(refusalMessage(refusal, now).blocks);
    expect(shown).not.toMatch(/<!(channel|here|everyone)|<https|‮/);
    expect(shown.match(/<@U0BO>/g)?.length ?? 0).toBeLessThanOrEqual(1);
    expect(refusalMessage(refusal, now).text).not.toContain('evil');
  },
);

test('whoever is not enrolled gets the button that starts it', () => {
  const { blocks } = refusalMessage({ code: 'not-enrolled' }, now);
  expect(JSON.stringify(blocks)).toContain('"action_id":"enroll"');
});

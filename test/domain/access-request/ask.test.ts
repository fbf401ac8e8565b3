/** Asking, and what happens to an ask that nobody approves. */
import { contentHash } from '../../../shared/domain/audit/chain.ts';
import { lapse, request, withdraw } from '../../support/commands.ts';
import { evidenceOf, factsAt, ruled } from '../../support/company.ts';
import { asked, HASH, iso, later, pendingRequest } from '../../support/samples.ts';
import { given } from '../../support/story.ts';

const content = (policyHash: string) =>
  contentHash({
    requester: 'U0ANA',
    subject: 'U0ANA',
    entitlement: 'github:acme/deployers',
    role: 'member',
    durationSeconds: 7200,
    justification: asked().justification,
    policyHash,
  });

describe('an ask', () => {
  test('is recorded with its rule, its policy, what approvals are bound to, and its deadline', () => {
    const facts = factsAt(0);
    const { hash } = facts.policies[0];
    const state = given()
      .when(request(), facts)
      .thenEvents({
        type: 'AccessRequested',
        requester: 'U0ANA',
        subject: 'U0ANA',
        rule: 'prod-deploy',
        policyHash: hash,
        contentHash: content(hash),
        approvalsNeeded: 1,
        codeFrom: { requester: false, approver: true },
        lapsesAt: iso(3600),
        channel: 'C0ACCESS',
        factor: null,
      });
    expect(state).toMatchObject({ status: 'pending', version: 1, approvals: [] });
  });

  test('never carries the words of the requester', () => {
    const state = given().when(request(), factsAt(0)).thenEvents({ type: 'AccessRequested' });
    expect(JSON.stringify(state)).not.toContain('rollback');
  });

  test.each([
    [
      'for longer than the rule allows',
      { durationSeconds: 7201 },
      { code: 'duration-too-long', maxSeconds: 7200 },
    ],
    [
      'for less than a minute',
      { durationSeconds: 59 },
      { code: 'duration-too-short', minSeconds: 60 },
    ],
    ['for no time at all', { durationSeconds: 0 }, { code: 'duration-too-short', minSeconds: 60 }],
    [
      'for a negative time',
      { durationSeconds: -3600 },
      { code: 'duration-too-short', minSeconds: 60 },
    ],
    [
      'for somebody else, where the rule does not say so',
      { subject: 'U0FAY' },
      { code: 'on-behalf-not-allowed', rule: 'prod-deploy', person: 'U0FAY' },
    ],
    [
      'by a stranger to the policy',
      { actor: { kind: 'person', id: 'U0MALLORY' } },
      { code: 'unknown-person', person: 'U0MALLORY' },
    ],
    [
      'without a ticket',
      { justification: { text: 'because I want to', commitment: `sha256:${HASH}` } },
      { code: 'ticket-missing', pattern: '[A-Z]+-[0-9]+' },
    ],
  ] as const)('%s is refused', (_what, part, refusal) => {
    given().when(request(part), factsAt(0)).thenRefused(refusal);
  });

  test('is refused while an equal one waits, and names it', () => {
    given()
      .when(request(), factsAt(0, { pending: 'AR-000001' }))
      .thenRefused({ code: 'already-pending', requestId: 'AR-000001' });
  });

  test('is not in its own way', () => {
    given()
      .when(request(), factsAt(0, { pending: request().requestId }))
      .thenEvents({ type: 'AccessRequested' });
  });

  test('is refused when what Slack said about the requester is older than a minute', () => {
    const old = evidenceOf('U0ANA', later(-61));
    given()
      .when(request(), factsAt(0, { evidence: new Map([['U0ANA', old]]) }))
      .thenRefused({ code: 'evidence-stale', person: 'U0ANA' });
  });
});

describe('where the rule asks the requester for a code', () => {
  const policy = ruled({ code: ['requester', 'approver'] });
  const factor = { kind: 'totp', step: 7 } as const;

  test('an ask without one is refused', () => {
    given()
      .when(request(), factsAt(0, { policies: [policy], code: null }))
      .thenRefused({ code: 'code-required', from: 'requester' });
  });

  test('a code for another content is refused', () => {
    given()
      .when(request(), factsAt(0, { policies: [policy], code: { factor, contentHash: HASH } }))
      .thenRefused({ code: 'code-required', from: 'requester' });
  });

  test('a code for this very content is recorded with the ask', () => {
    const code = { factor, contentHash: content(policy.hash) };
    given()
      .when(request(), factsAt(0, { policies: [policy], code }))
      .thenEvents({
        type: 'AccessRequested',
        factor,
        codeFrom: { requester: true, approver: true },
      });
  });
});

describe('a request that waits', () => {
  test('is withdrawn by its requester', () => {
    const state = given(asked())
      .when(withdraw(), factsAt(60))
      .thenEvents({ type: 'RequestWithdrawn' });
    expect(state).toMatchObject({
      status: 'withdrawn',
      closedAt: iso(60),
      closedBy: { id: 'U0ANA' },
    });
  });

  test('is withdrawn by its subject', () => {
    given(asked({ subject: 'U0FAY' }))
      .when(withdraw('U0FAY'), factsAt(60))
      .thenEvents({ type: 'RequestWithdrawn' });
  });

  test('is withdrawn by an admin, who may end whatever anybody has', () => {
    given(asked()).when(withdraw('U0DEE'), factsAt(60)).thenEvents({ type: 'RequestWithdrawn' });
  });

  test.each(['U0BO', 'U0FAY'])('is not withdrawn by %s', (person) => {
    given(asked()).when(withdraw(person), factsAt(60)).thenRefused({ code: 'not-your-request' });
  });

  test('does not lapse a millisecond before its deadline', () => {
    given(asked())
      .when(lapse(), factsAt(3599.999))
      .thenRefused({ code: 'not-due', dueAt: iso(3600) });
  });

  test('lapses at its deadline', () => {
    given(asked()).when(lapse(), factsAt(3600)).thenEvents({ type: 'RequestLapsed' });
    expect(pendingRequest()).toMatchObject({ lapsesAt: iso(3600) });
  });
});

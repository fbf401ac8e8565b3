/** Approving and denying: who, with which proof, for how long, and judged anew every time. */
import type { PolicyInForce } from '../../../shared/domain/access-request/facts.ts';
import { approve, deny } from '../../support/commands.ts';
import { evidenceOf, factsAt, inForce, ruled, writtenCompany } from '../../support/company.ts';
import { approval, asked, HASH, iso } from '../../support/samples.ts';
import { given } from '../../support/story.ts';

const twoApprovals = { approvals: [{ from: { roles: ['release-manager'] }, count: 2 }] };
const person = (id: string) => ({ kind: 'person' as const, id });
const approvedBy = (id: string, part: Parameters<typeof approval>[0] = {}) =>
  approval({ actor: person(id), ...part });
const under = (policy: PolicyInForce, at = 600) => factsAt(at, { policies: [policy] });
const granted = { type: 'GrantAuthorized' } as const;
const counted = { type: 'RequestApproved' } as const;

describe('an approval', () => {
  test('of the only approver needed authorizes the grant; its end is its own time plus the duration', () => {
    const state = given(asked())
      .when(approve(), factsAt(600))
      .thenEvents(
        {
          ...counted,
          contentHash: HASH,
          durationSeconds: 7200,
          factor: { kind: 'totp', step: 59_000_100 },
        },
        {
          ...granted,
          durationSeconds: 7200,
          expiresAt: iso(7800),
          approvers: ['U0BO'],
          at: iso(600),
        },
      );
    expect(state).toMatchObject({ status: 'activating', version: 3, expiresAt: iso(7800) });
  });

  test('names the policy it was judged by', () => {
    const facts = factsAt(600);
    const { hash } = facts.policies[0];
    given(asked())
      .when(approve(), facts)
      .thenEvents({ ...counted, policyHash: hash }, { ...granted, policyHash: hash });
  });

  test('is refused to the requester', () => {
    given(asked({ requester: 'U0BO', actor: person('U0BO'), subject: 'U0BO' }))
      .when(approve('U0BO'), factsAt(600))
      .thenRefused({ code: 'self-approval' });
  });

  test('is refused to whoever will hold the access', () => {
    const policy = ruled({ subjects: { roles: ['developer'] } });
    given(asked({ subject: 'U0BO' }))
      .when(approve('U0BO'), under(policy))
      .thenRefused({ code: 'subject-approval' });
  });

  test('is refused to a developer', () => {
    given(asked())
      .when(approve('U0FAY'), factsAt(600))
      .thenRefused({ code: 'not-an-approver', from: ['release-manager'] });
  });

  test.each([
    [
      'whose evidence is a minute and a second old',
      { observedAt: iso(539) },
      { code: 'evidence-stale', person: 'U0BO' },
    ],
    [
      'who left the company',
      { deleted: true },
      { code: 'not-a-full-member', person: 'U0BO', why: 'deactivated' },
    ],
    [
      'who is a guest',
      { isRestricted: true },
      { code: 'not-a-full-member', person: 'U0BO', why: 'guest' },
    ],
    [
      'who shares the mailbox of the requester',
      { email: 'U0ANA+x@acme.example' },
      { code: 'same-identity', as: 'requester' },
    ],
    [
      'who is the requester in the enterprise',
      { enterpriseUserId: 'U0ANA' },
      { code: 'same-identity', as: 'requester' },
    ],
  ] as const)('is refused to somebody %s', (_who, part, refusal) => {
    const facts = factsAt(600);
    const evidence = new Map(facts.evidence).set('U0BO', evidenceOf('U0BO', facts.now, part));
    given(asked())
      .when(approve(), { ...facts, evidence })
      .thenRefused(refusal);
  });

  test('is refused to a second account with the same account at the provider', () => {
    const linkedAccounts = new Map([
      ['U0ANA', ['github:4711']],
      ['U0BO', ['github:4711']],
    ]);
    given(asked())
      .when(approve(), factsAt(600, { linkedAccounts }))
      .thenRefused({ code: 'same-identity', as: 'requester' });
  });

  test('is accepted a millisecond before the request lapses, and refused at that instant', () => {
    given(asked()).when(approve(), factsAt(3599.999)).thenEvents(counted, granted);
    given(asked())
      .when(approve(), factsAt(3600))
      .thenRefused({ code: 'request-lapsed', lapsedAt: iso(3600) });
  });

  test('of another content than the request has is refused', () => {
    given(asked())
      .when(approve('U0BO', { contentHash: 'b'.repeat(64) }), factsAt(600))
      .thenRefused({ code: 'content-changed' });
  });
});

describe('the code of an approver', () => {
  const required = { code: 'code-required', from: 'approver' } as const;
  const factor = { kind: 'totp', step: 5 } as const;

  test('is demanded where the rule demands it', () => {
    given(asked())
      .when(approve(), factsAt(600, { code: null }))
      .thenRefused(required);
  });

  test('counts for the content it was given for only', () => {
    given(asked())
      .when(approve(), factsAt(600, { code: { factor, contentHash: 'b'.repeat(64) } }))
      .thenRefused(required);
  });

  test('is demanded when the rule demanded it at the ask, though today it does not', () => {
    const today = ruled({ code: [] });
    given(asked())
      .when(approve(), factsAt(600, { policies: [today], code: null }))
      .thenRefused(required);
  });

  test('is demanded when today the rule does, though at the ask it did not', () => {
    given(asked({ codeFrom: { requester: false, approver: false } }))
      .when(approve(), factsAt(600, { code: null }))
      .thenRefused(required);
  });

  test('is not demanded when no policy in force does', () => {
    given(asked({ codeFrom: { requester: false, approver: false } }))
      .when(approve(), factsAt(600, { policies: [ruled({ code: [] })], code: null }))
      .thenEvents({ ...counted, factor: null }, granted);
  });

  test('given before it was demanded is asked for again: an approval without one does not count', () => {
    const history = [
      asked({ codeFrom: { requester: false, approver: false } }),
      approvedBy('U0BO', { factor: null }),
    ];
    const policy = ruled(twoApprovals);
    given(...history)
      .when(approve('U0CY'), under(policy))
      .thenEvents(counted);
    const state = given(...history)
      .when(approve('U0BO'), under(policy))
      .thenEvents(counted);
    expect(state).toMatchObject({ approvals: [{ approver: 'U0BO', coded: true }] });
  });
});

describe('a shorter approval', () => {
  test('is granted for what the approver allows', () => {
    given(asked())
      .when(approve('U0BO', { shortenToSeconds: 1800 }), factsAt(600))
      .thenEvents(
        { ...counted, durationSeconds: 1800 },
        { ...granted, durationSeconds: 1800, expiresAt: iso(2400) },
      );
  });

  test('cannot be longer than what was asked for', () => {
    given(asked({ durationSeconds: 3600 }))
      .when(approve('U0BO', { shortenToSeconds: 3601 }), factsAt(600))
      .thenRefused({ code: 'duration-not-shorter', askedSeconds: 3600 });
  });

  test.each([0, -60, 59])('of %s seconds is refused as too short', (shortenToSeconds) => {
    given(asked())
      .when(approve('U0BO', { shortenToSeconds }), factsAt(600))
      .thenRefused({ code: 'duration-too-short', minSeconds: 60 });
  });

  test.each([
    ['the first', 1200, null],
    ['the second', 7200, 1200],
  ])('by %s of two approvers holds', (_who, durationSeconds, shortenToSeconds) => {
    given(asked(), approvedBy('U0BO', { durationSeconds }))
      .when(approve('U0CY', { shortenToSeconds }), under(ruled(twoApprovals)))
      .thenEvents(counted, { ...granted, durationSeconds: 1200, expiresAt: iso(1800) });
  });

  test('is the way to approve what a narrower policy of today allows for less', () => {
    const today = ruled({ max_duration: '1h' });
    given(asked())
      .when(approve(), under(today))
      .thenRefused({ code: 'duration-too-long', maxSeconds: 3600 });
    given(asked())
      .when(approve('U0BO', { shortenToSeconds: 3600 }), under(today))
      .thenEvents(counted, { ...granted, durationSeconds: 3600 });
  });
});

describe('where two must approve', () => {
  const two = under(ruled(twoApprovals));

  test('one is not enough', () => {
    const state = given(asked()).when(approve(), two).thenEvents(counted);
    expect(state.status).toBe('pending');
  });

  test('the second one authorizes, and the grant rests on both', () => {
    given(asked(), approvedBy('U0BO'))
      .when(approve('U0CY'), two)
      .thenEvents(counted, { ...granted, approvers: ['U0BO', 'U0CY'] });
  });

  test('nobody approves twice', () => {
    given(asked(), approvedBy('U0BO'))
      .when(approve('U0BO'), two)
      .thenRefused({ code: 'already-approved', by: 'U0BO' });
  });

  test('a human with two accounts approves once', () => {
    const linkedAccounts = new Map([
      ['U0CY', ['github:7']],
      ['U0BO', ['github:7']],
    ]);
    given(asked(), approvedBy('U0BO'))
      .when(approve('U0CY'), { ...two, linkedAccounts })
      .thenRefused({ code: 'already-approved', by: 'U0BO' });
  });

  test('the approval of somebody who lost the role since no longer counts, nor does the grant rest on it', () => {
    const people = {
      ...writtenCompany.people,
      bo: { ...writtenCompany.people.bo, roles: ['auditor'] },
    };
    const rules = [{ ...writtenCompany.rules[0], ...twoApprovals }];
    const today = under(inForce({ people, rules }));
    given(asked(), approvedBy('U0BO')).when(approve('U0CY'), today).thenEvents(counted);
    given(asked(), approvedBy('U0BO'), approvedBy('U0CY'))
      .when(approve('U0DEE'), today)
      .thenEvents(counted, { ...granted, approvers: ['U0CY', 'U0DEE'] });
  });

  test('the approval of somebody whose authenticator was reset since no longer counts; a new one does', () => {
    const at = iso(300);
    const lost = { ...two, approvalsVoidUntil: new Map([['U0BO', at]]) };
    const before = approvedBy('U0BO', { at });
    given(asked(), before).when(approve('U0CY'), lost).thenEvents(counted);
    given(asked(), before).when(approve('U0BO'), lost).thenEvents(counted);
    given(asked(), approvedBy('U0BO', { at: iso(301) }))
      .when(approve('U0CY'), lost)
      .thenEvents(counted, { ...granted, approvers: ['U0BO', 'U0CY'] });
    const others = { ...two, approvalsVoidUntil: new Map([['U0DEE', at]]) };
    given(asked(), before)
      .when(approve('U0CY'), others)
      .thenEvents(counted, { ...granted, approvers: ['U0BO', 'U0CY'] });
  });

  test('the approval of somebody who turns out to be the requester no longer counts', () => {
    const linkedAccounts = new Map([
      ['U0ANA', ['github:7']],
      ['U0BO', ['github:7']],
    ]);
    given(asked(), approvedBy('U0BO'))
      .when(approve('U0CY'), { ...two, linkedAccounts })
      .thenEvents(counted);
  });
});

describe('a denial', () => {
  test('by one approver ends the request', () => {
    const state = given(asked()).when(deny(), factsAt(600)).thenEvents({ type: 'RequestDenied' });
    expect(state).toMatchObject({ status: 'denied', closedAt: iso(600), closedBy: person('U0BO') });
  });

  test('by somebody who approved before takes the approval back', () => {
    given(asked(), approvedBy('U0BO'))
      .when(deny('U0BO'), under(ruled(twoApprovals)))
      .thenEvents({ type: 'RequestDenied' });
  });

  test.each([
    ['the requester', 'U0ANA', { code: 'self-approval' }],
    ['a developer', 'U0FAY', { code: 'not-an-approver', from: ['release-manager'] }],
    ['a stranger to the policy', 'U0MALLORY', { code: 'unknown-person', person: 'U0MALLORY' }],
  ] as const)('is not up to %s', (_who, who, refusal) => {
    given(asked()).when(deny(who), factsAt(600)).thenRefused(refusal);
  });

  test('is still possible when the policy of today would no longer permit the ask', () => {
    const frozen = inForce({
      rules: [writtenCompany.rules[0], { id: 'freeze', entitlements: ['github:*'], deny: true }],
    });
    const policies = [frozen, ruled({ max_duration: '2h' })] as const;
    given(asked()).when(deny(), factsAt(600, { policies })).thenEvents({ type: 'RequestDenied' });
  });

  test('is still possible when the approval of that person would not be needed any more', () => {
    given(asked(), approvedBy('U0BO'))
      .when(deny('U0CY'), under(ruled(twoApprovals)))
      .thenEvents({ type: 'RequestDenied' });
  });

  test('by somebody who approved before still needs fresh evidence of who they are', () => {
    const decided = given(asked(), approvedBy('U0BO')).when(deny('U0BO'), {
      ...under(ruled(twoApprovals)),
      evidence: new Map(),
    });
    decided.thenRefused({ code: 'evidence-stale', person: 'U0ANA' });
  });

  test('needs no code', () => {
    given(asked())
      .when(deny(), factsAt(600, { code: null }))
      .thenEvents({ type: 'RequestDenied' });
  });
});

describe('under two policies, the one of the ask and the one of today', () => {
  const lax = ruled({ max_duration: '2h' });
  const strictOnes = {
    'a longer list of approvals': { rule: ruled(twoApprovals), gives: [counted] },
    'a shorter duration': {
      rule: ruled({ max_duration: '30m' }),
      refuses: { code: 'duration-too-long', maxSeconds: 1800 },
    },
    'other approvers': {
      rule: ruled({ approvals: [{ from: { people: ['dee'] }, count: 1 }] }),
      refuses: { code: 'not-an-approver', from: ['dee'] },
    },
    'a rule that denies': {
      rule: inForce({
        rules: [writtenCompany.rules[0], { id: 'freeze', entitlements: ['github:*'], deny: true }],
      }),
      refuses: { code: 'denied-by-rule', rule: 'freeze' },
    },
  } as const;

  for (const [what, strict] of Object.entries(strictOnes))
    for (const [when, policies] of [
      ['today', [strict.rule, lax]],
      ['the day of the ask', [lax, strict.rule]],
    ] as const)
      test(`${what} ${when} wins`, () => {
        const decided = given(asked()).when(approve(), factsAt(600, { policies }));
        if ('gives' in strict) decided.thenEvents(...strict.gives);
        else decided.thenRefused(strict.refuses);
      });

  test('both permitting, the grant is authorized under the one of today', () => {
    const today = ruled({ max_duration: '3h' });
    given(asked())
      .when(approve(), factsAt(600, { policies: [today, lax] }))
      .thenEvents(counted, { ...granted, policyHash: today.hash });
  });
});

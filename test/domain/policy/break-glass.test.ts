/** Break-glass by the policy: which rule, for whom, how long, for which incident, and who was skipped and so may review it. */
import type { Ask, Verdict } from '../../../shared/domain/policy/evaluate.ts';
import { evaluate } from '../../../shared/domain/policy/evaluate.ts';
import { reviewerRefusal, reviewersOf } from '../../../shared/domain/policy/reviewers.ts';
import { ANA, ask, BO, CY, DEE, deployRule, EVE, evidence, facts, policy } from './given.ts';

const refusal = (verdict: Verdict) => (verdict.permitted ? 'permitted' : verdict.refusal);
const permitted = (verdict: Verdict) => {
  if (!verdict.permitted) throw new Error(`refused: ${JSON.stringify(verdict.refusal)}`);
  return verdict;
};

const terms = { max_duration: '30m', per_person_per_week: 2, review_within: '24h' };
const glassRule = (more: object = {}, rule: object = {}) => ({
  id: 'glass',
  entitlements: ['github:acme/*'],
  requesters: { roles: ['developer'] },
  break_glass: { ...terms, incident: 'required', ...more },
  ...rule,
});
const withGlass = (more: object = {}, changes: object = {}) =>
  policy({ rules: [deployRule, glassRule(more)], ...changes });
const emergency = (changes: Partial<Ask> = {}): Ask =>
  ask({ breakGlass: true, incident: 'INC-123', durationSeconds: 1800, ...changes });
const judged = (asked: Ask, under = withGlass()) => evaluate(under, asked, facts());

test('is allowed without an approval, with the code of who takes it, within its cap and with a review owed', () => {
  expect(permitted(judged(emergency()))).toEqual({
    permitted: true,
    rule: 'glass',
    approvals: { needed: 0, have: 0, satisfied: true, groups: [] },
    codeFrom: { requester: true, approver: false },
    maxDurationSeconds: 1800,
    maxTotalSeconds: null,
    extensionApproval: 'required',
    lapseAfterSeconds: 60,
    channel: null,
    dmApprovers: false,
    privileged: false,
    escalate: null,
    automatic: false,
    breakGlass: { perPersonPerWeek: 2, reviewWithinSeconds: 86_400 },
    approvers: [BO, CY, DEE],
    candidate: null,
    reasons: [
      'Rule glass is the break-glass rule that covers this entitlement.',
      'It allows up to 30m, and owes a review within 1d.',
    ],
  });
});

test('is told in the channel of its rule, and nobody can approve what needs no approval', () => {
  const under = policy({ rules: [deployRule, glassRule({}, { channel: 'C0GLASS' })] });
  expect(permitted(judged(emergency(), under)).channel).toBe('C0GLASS');
  const told = evaluate(withGlass(), emergency(), facts({ candidate: BO }));
  expect(permitted(told).candidate).toEqual({
    may: false,
    refusal: { code: 'approval-not-needed' },
  });
});

test('may be as short as a minute, and says in words why it is refused', () => {
  expect(judged(emergency({ durationSeconds: 60 })).permitted).toBe(true);
  expect(judged(emergency({ durationSeconds: 59 })).reasons).toEqual([
    'Rule glass is the break-glass rule that covers this entitlement.',
    'Refused: duration-too-short.',
  ]);
});

test('once taken, its incident is not asked for again; its cap and its rule still count', () => {
  const taken: Partial<Ask> = { incident: null, justification: { accepted: true } };
  expect(judged(emergency(taken)).permitted).toBe(true);
  expect(refusal(judged(emergency({ ...taken, durationSeconds: 1801 })))).toMatchObject({
    code: 'duration-too-long',
  });
});

test.each<[string, Partial<Ask>, object]>([
  [
    'for a second more than its cap',
    { durationSeconds: 1801 },
    { code: 'duration-too-long', maxSeconds: 1800 },
  ],
  [
    'for less than a minute',
    { durationSeconds: 59 },
    { code: 'duration-too-short', minSeconds: 60 },
  ],
  [
    'without its incident',
    { incident: null },
    { code: 'incident-missing', rule: 'glass', pattern: null },
  ],
  [
    'for a sentence instead of an incident',
    { incident: 'site is down 1' },
    { code: 'incident-missing' },
  ],
  ['for a token', { incident: `ghp_${'a1'.repeat(18)}` }, { code: 'incident-missing' }],
  ['for a word without a digit', { incident: 'outage' }, { code: 'incident-missing' }],
  ['for markup instead of an incident', { incident: '<!channel>1' }, { code: 'incident-missing' }],
  [
    'for an incident of 65 characters',
    { incident: `A${'1'.repeat(64)}` },
    { code: 'incident-missing' },
  ],
  ['for somebody else', { subject: BO }, { code: 'on-behalf-not-allowed', person: BO }],
  [
    'for later',
    { start: { notBefore: '2026-11-23T10:00:00.000Z', until: null } },
    { code: 'start-not-available' },
  ],
  [
    'by somebody whom the rule does not name',
    { requester: EVE },
    { code: 'break-glass-not-available' },
  ],
])('is refused %s', (_, changes, wanted) => {
  expect(refusal(judged(emergency(changes)))).toMatchObject(wanted);
});

test.each([
  ['INC-[0-9]+', 'INC-123', true],
  ['INC-[0-9]+', 'OPS-123', false],
])('an incident written as the rule says: %s, %s', (pattern, incident, fits) => {
  const verdict = judged(emergency({ incident }), withGlass({ incident_pattern: pattern }));
  expect(verdict.permitted).toBe(fits);
  if (!fits) expect(refusal(verdict)).toMatchObject({ code: 'incident-missing', pattern });
});

test('is refused for what no such rule covers', () => {
  const narrow = glassRule({}, { entitlements: ['github:acme/deployers'] });
  const under = policy({ rules: [deployRule, narrow] });
  expect(judged(emergency(), under).permitted).toBe(true);
  expect(refusal(judged(emergency({ entitlement: 'github:acme/payroll' }), under))).toMatchObject({
    code: 'break-glass-not-available',
  });
});

test('needs no incident where the rule demands none', () => {
  const under = policy({
    rules: [deployRule, { ...glassRule(), break_glass: { ...terms, incident: 'optional' } }],
  });
  expect(permitted(judged(emergency({ incident: null }), under)).rule).toBe('glass');
});

test('an explicit deny wins over it, wherever it stands', () => {
  const deny = { id: 'never', entitlements: ['github:acme/deployers'], deny: true };
  for (const rules of [
    [glassRule(), deny],
    [deny, glassRule()],
  ])
    expect(refusal(judged(emergency(), policy({ rules: [deployRule, ...rules] })))).toMatchObject({
      code: 'denied-by-rule',
    });
});

test('the clock and a freeze do not stand in its way; the ordinary ask waits', () => {
  const frozen = { name: 'xmas', from: '2026-11-23T09:00', to: '2026-11-23T12:00' };
  const under = withGlass({}, { freeze: [frozen] });
  expect(judged(emergency(), under).permitted).toBe(true);
  expect(judged(ask(), under).permitted).toBe(false);
});

test('nobody takes it who nobody could review', () => {
  const rules = [
    { ...deployRule, approvals: [{ from: { people: ['ana'] }, count: 1 }] },
    glassRule(),
  ];
  const alone = { ana: { slack: ANA, roles: ['developer'], accounts: { github: 'ana-dev' } } };
  expect(refusal(judged(emergency(), policy({ rules, people: alone })))).toMatchObject({
    code: 'nobody-can-review',
    rule: 'glass',
  });
});

describe('reviewers', () => {
  const taken = { requester: ANA, subject: ANA, entitlement: 'github:acme/deployers' };

  test('are all who could have approved it, never who took it', () => {
    expect(reviewersOf(withGlass(), taken, facts())).toEqual([BO, CY, DEE]);
    const bo = { ...taken, requester: BO, subject: BO };
    expect(reviewersOf(withGlass(), bo, facts())).toEqual([CY, DEE]);
  });

  test.each([
    ['who took it', ANA, { code: 'not-a-reviewer', why: 'requester' }],
    ['who could not have approved it', EVE, { code: 'not-a-reviewer', why: 'no-right' }],
    ['who is not in the policy', 'U0GHOST', { code: 'unknown-person' }],
    ['an approver', BO, null],
  ])('%s: %s', (_, candidate, wanted) => {
    const found = reviewerRefusal(withGlass(), taken, { ...facts(), candidate });
    if (wanted === null) expect(found).toBeNull();
    else expect(found).toMatchObject(wanted);
  });

  test('whose account is gone, or of whom nobody knows right now, reviews nothing', () => {
    const gone = facts({}, [evidence(BO, { deleted: true })]);
    expect(reviewersOf(withGlass(), taken, gone)).toEqual([CY, DEE]);
    expect(reviewersOf(withGlass(), taken, facts({ evidence: new Map() }))).toEqual([BO, CY, DEE]);
    const unknown = { ...facts({ evidence: new Map() }), candidate: BO };
    expect(reviewerRefusal(withGlass(), taken, unknown)).toEqual({
      ...{ code: 'evidence-stale', person: BO },
    });
  });

  test('are the admins where no rule names an approver', () => {
    expect(reviewersOf(policy({ rules: [glassRule()] }), taken, facts())).toEqual([DEE]);
  });

  test('are of any group of approvers, and by a group of Slack only with the role', () => {
    const approvals = [
      { from: { people: ['cy'] }, count: 1 },
      { from: { people: ['eve'] }, count: 1 },
    ];
    const either = policy({ rules: [{ ...deployRule, approvals }, glassRule()] });
    const groups = { watch: { slack_usergroup: 'S0WATCH', roles: ['auditor'] } };
    const groupMembers = new Map([['S0WATCH', [EVE, BO]]]);
    expect(reviewersOf(either, taken, facts({ groupMembers }))).toEqual([CY, EVE]);
    expect(reviewersOf(withGlass({}, { groups }), taken, facts({ groupMembers }))).toEqual([
      ...[BO, CY, DEE],
    ]);
  });

  test('not whoever held it, and not a second account of who took it', () => {
    const held = { ...taken, subject: BO };
    const as = (candidate: string, more: object = {}) =>
      reviewerRefusal(withGlass(), held, { ...facts(), candidate, ...more });
    expect(as(BO)).toMatchObject({ why: 'subject' });
    const heldTwice = new Map([BO, CY].map((slack) => [slack, ['github:1']] as const));
    expect(as(CY, { linkedAccounts: heldTwice })).toMatchObject({ why: 'same-identity' });
    const linkedAccounts = new Map([ANA, CY].map((slack) => [slack, ['github:1']] as const));
    expect(as(CY, { linkedAccounts })).toMatchObject({ why: 'same-identity' });
  });
});

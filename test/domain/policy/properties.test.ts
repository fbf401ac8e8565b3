/** What must hold for every policy, every company and every order of events. */
import fc from 'fast-check';
import { evaluate, type PolicyFacts } from '../../../shared/domain/policy/evaluate.ts';
import { identityKeys, type PersonEvidence } from '../../../shared/domain/policy/identity.ts';
import { Policy } from '../../../shared/domain/policy/policy.ts';
import { approvedBy, ask, evidence, NOW, TEAM } from './given.ts';

// How often each case was met is asserted too: the same runs each time, or chance would turn it red.
fc.configureGlobal({ seed: 20261123 });

const SLACK = ['U01', 'U02', 'U03', 'U04', 'U05', 'U06'] as const;
const ROLES = ['junior', 'senior', 'lead'] as const;
const IDS = ['github:acme/one', 'github:acme/two'] as const;

/** Mostly the first, sometimes one of the others: disguises are rare, or nothing is ever permitted. */
const mostly = <T>(usual: T, ...others: T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { weight: 5, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );
const forEach = <T>(make: (slack: string) => fc.Arbitrary<T>) => fc.tuple(...SLACK.map(make));

const someRoles = fc.uniqueArray(fc.constantFrom(...ROLES));
const selector = fc.oneof(
  someRoles.filter((roles) => roles.length > 0).map((roles) => ({ roles })),
  fc
    .uniqueArray(fc.constantFrom('p0', 'p1', 'p2', 'p3', 'p4', 'p5'), { minLength: 1 })
    .map((people) => ({ people })),
);
const globs = fc.uniqueArray(fc.constantFrom('*', 'github:*', 'github:acme/*', ...IDS), {
  minLength: 1,
});
const accessRule = fc.record({
  entitlements: globs,
  requesters: mostly<object>({ roles: ['junior'] }, { people: ['p0', 'p1'] }, { roles: ['lead'] }),
  subjects: selector,
  max_duration: fc.constantFrom('1h', '2h'),
  approvals: fc.array(fc.record({ from: selector, count: fc.integer({ min: 1, max: 2 }) }), {
    minLength: 1,
    maxLength: 2,
  }),
});
const denyRule = fc.record({ entitlements: globs, requesters: selector, deny: fc.constant(true) });
const named = (rules: readonly object[]) =>
  rules.map((rule, index) => ({ id: `rule-${index}`, ...rule }));

const company = fc.record({
  roles: forEach(() => someRoles),
  logins: forEach((slack) => mostly(`login-${slack}`, 'shared', 'SHARED')),
  hierarchy: fc.tuple(
    mostly<string[]>([], ['senior']),
    mostly<string[]>(['junior'], []),
    someRoles,
  ),
});
type Company = typeof company extends fc.Arbitrary<infer Made> ? Made : never;

const policyOf = ({ roles, logins, hierarchy }: Company, rules: readonly object[]): Policy =>
  Policy.parse({
    version: 1,
    timezone: 'UTC',
    roles: Object.fromEntries(ROLES.map((role, index) => [role, { includes: hierarchy[index] }])),
    people: Object.fromEntries(
      SLACK.map((slack, index) => [
        `p${index}`,
        { slack, roles: roles[index], accounts: { github: logins[index] } },
      ]),
    ),
    entitlements: Object.fromEntries(
      IDS.map((id) => [
        id,
        { provider: 'github', kind: 'team', resource: id.slice(7), roles: ['member'] },
      ]),
    ),
    rules: named(rules),
  });

const someone = (slack: string): fc.Arbitrary<PersonEvidence> =>
  fc
    .record({
      email: mostly<string | null>(`${slack}@a.example`, null, 'x@a.example', 'X+1@a.example'),
      enterpriseUserId: mostly<string | null>(null, 'W01', 'U02'),
      deleted: mostly(false, true, false),
      isRestricted: mostly(false, true, false),
    })
    .map((changes) => evidence(slack, changes));

const situation = fc
  .record({
    evidence: forEach(someone),
    linked: forEach((slack) => mostly(`github:${slack}`, 'github:1')),
    approvers: fc.array(fc.constantFrom(...SLACK), { maxLength: 4 }),
    candidate: fc.constantFrom(...SLACK),
    requester: fc.constantFrom(...SLACK),
    subject: mostly<string | null>(null, ...SLACK),
    entitlement: fc.constantFrom(...IDS),
  })
  .map((made) => {
    const facts: PolicyFacts = {
      now: NOW,
      teamId: TEAM,
      evidence: new Map(made.evidence.map((each) => [each.slackUserId, each])),
      linkedAccounts: new Map(SLACK.map((slack, index) => [slack, [made.linked[index] ?? '']])),
      approvals: approvedBy(...made.approvers),
      candidate: made.candidate,
    };
    const { requester, entitlement } = made;
    const subject = made.subject ?? requester;
    return { facts, asked: ask({ requester, subject, entitlement, durationSeconds: 3600 }) };
  });

const someRules = fc.array(fc.oneof({ weight: 4, arbitrary: accessRule }, denyRule), {
  minLength: 1,
  maxLength: 3,
});
const RUNS = { numRuns: 120 };

/** How often the interesting case came up: a property that never meets it proves nothing. */
const counter = () => {
  let met = 0;
  return { meet: () => (met += 1), met: () => met };
};

test('nobody whose identity overlaps the requester or the subject may approve or is counted', () => {
  const may = counter();
  fc.assert(
    fc.property(company, someRules, situation, (made, rules, { facts, asked }) => {
      const policy = policyOf(made, rules);
      const verdict = evaluate(policy, asked, facts);
      if (!verdict.permitted) return;
      const keys = (slack: string) => {
        const about = facts.evidence.get(slack) ?? evidence(slack);
        return identityKeys(policy, about, facts.linkedAccounts.get(slack) ?? []);
      };
      const overlaps = (slack: string) =>
        [asked.requester, asked.subject].some((other) =>
          [...keys(slack)].some((key) => keys(other).has(key)),
        );
      expect(verdict.approvers.filter(overlaps)).toEqual([]);
      const counting = new Set(facts.approvals.map(({ approver }) => approver));
      const others = [...counting].filter((approver) => !overlaps(approver));
      expect(verdict.approvals.have).toBeLessThanOrEqual(others.length);
      if (!verdict.candidate?.may) return;
      may.meet();
      expect(overlaps(facts.candidate ?? '')).toBe(false);
    }),
    { numRuns: 250 },
  );
  expect(may.met()).toBeGreaterThan(20);
});

test('adding a deny rule, anywhere, never adds a right', () => {
  const lost = counter();
  fc.assert(
    fc.property(
      company,
      someRules,
      denyRule,
      fc.nat(3),
      situation,
      (made, rules, deny, at, { facts, asked }) => {
        const before = evaluate(policyOf(made, rules), asked, facts);
        const after = evaluate(policyOf(made, rules.toSpliced(at, 0, deny)), asked, facts);
        if (before.permitted && !after.permitted) lost.meet();
        if (!after.permitted) return;
        expect(before).toMatchObject({ permitted: true, candidate: after.candidate });
        expect(before.permitted && before.approvers).toEqual(after.approvers);
      },
    ),
    { numRuns: 250 },
  );
  expect(lost.met()).toBeGreaterThan(20);
});

test('removing a role from a person never lets that person approve or count', () => {
  const lost = counter();
  fc.assert(
    fc.property(
      company,
      fc.array(accessRule, { minLength: 1, maxLength: 3 }),
      fc.nat(5),
      fc.nat(1),
      situation,
      (made, rules, who, kept, { facts, asked }) => {
        const slack = SLACK[who] ?? 'U01';
        fc.pre(slack !== asked.requester && slack !== asked.subject);
        const fewer = made.roles.map((roles, index) =>
          index === who ? roles.slice(0, kept) : roles,
        );
        const judge = (roles: Company['roles']) =>
          evaluate(policyOf({ ...made, roles }, rules), asked, { ...facts, candidate: slack });
        const [before, after] = [judge(made.roles), judge(fewer)];
        if (!after.permitted) return;
        // An approval that no longer counts may free its human for the one place only they can fill: the request is then
        // no dead end any more. That is no right of this person.
        if (!before.permitted && before.refusal.code === 'nobody-can-approve') return;
        if (!before.permitted) throw new Error('a right to ask appeared');
        if (before.candidate?.may && !after.candidate?.may) lost.meet();
        expect(after.approvals.have).toBeLessThanOrEqual(before.approvals.have);
        if (after.candidate?.may) expect(before.candidate).toEqual({ may: true });
      },
    ),
    { numRuns: 250 },
  );
  expect(lost.met()).toBeGreaterThan(3);
});

test('removing a role from the requester never adds a right where no rule speaks against a role', () => {
  const lost = counter();
  fc.assert(
    fc.property(company, accessRule, situation, (made, rule, { facts, asked }) => {
      const who = SLACK.map(String).indexOf(asked.requester);
      const fewer = made.roles.map((roles, index) => (index === who ? roles.slice(1) : roles));
      const before = evaluate(policyOf(made, [rule]), asked, facts);
      const after = evaluate(policyOf({ ...made, roles: fewer }, [rule]), asked, facts);
      if (before.permitted && !after.permitted) lost.meet();
      if (after.permitted) expect(after).toEqual(before);
    }),
    { numRuns: 250 },
  );
  expect(lost.met()).toBeGreaterThan(5);
});

test('the order of the approvals, and repeating them, changes nothing', () => {
  fc.assert(
    fc.property(company, someRules, situation, (made, rules, { facts, asked }) => {
      const policy = policyOf(made, rules);
      const verdict = evaluate(policy, asked, facts);
      const turned = evaluate(policy, asked, { ...facts, approvals: facts.approvals.toReversed() });
      const twice = [...facts.approvals, ...facts.approvals];
      const doubled = evaluate(policy, asked, { ...facts, approvals: twice });
      const simple = (each: typeof verdict) =>
        each.permitted ? { ...each, candidate: each.candidate?.may ?? null } : each;
      expect(simple(turned)).toEqual(simple(verdict));
      expect(doubled).toEqual(verdict);
    }),
    RUNS,
  );
});

test('the same facts give the same verdict, for an equal policy read anew', () => {
  fc.assert(
    fc.property(company, someRules, situation, (made, rules, { facts, asked }) => {
      const policy = policyOf(made, rules);
      const verdict = evaluate(policy, asked, facts);
      expect(evaluate(policy, asked, facts)).toEqual(verdict);
      expect(evaluate(policyOf(made, rules), asked, facts)).toEqual(verdict);
    }),
    RUNS,
  );
});

test('who is listed as an approver may approve when they come, and nobody else may', () => {
  const listed = counter();
  fc.assert(
    fc.property(company, someRules, situation, (made, rules, { facts, asked }) => {
      const policy = policyOf(made, rules);
      const verdict = evaluate(policy, asked, facts);
      if (!verdict.permitted) return;
      for (const slack of SLACK) {
        const click = evaluate(policy, asked, { ...facts, candidate: slack });
        expect(click.permitted && click.candidate?.may).toBe(verdict.approvers.includes(slack));
      }
      listed.meet();
    }),
    RUNS,
  );
  expect(listed.met()).toBeGreaterThan(10);
});

test('a permitted request is never a dead end: its approvers, one by one, can satisfy it', () => {
  const ended = counter();
  fc.assert(
    fc.property(company, someRules, situation, (made, rules, { facts, asked }) => {
      const policy = policyOf(made, rules);
      let verdict = evaluate(policy, asked, { ...facts, approvals: [] });
      const given: string[] = [];
      while (verdict.permitted && !verdict.approvals.satisfied) {
        const [next] = verdict.approvers;
        if (!next) throw new Error('permitted, not satisfied, and nobody left to ask');
        given.push(next);
        verdict = evaluate(policy, asked, { ...facts, approvals: approvedBy(...given) });
        expect(verdict).toMatchObject({ permitted: true, approvals: { have: given.length } });
      }
      if (given.length > 0) ended.meet();
    }),
    { numRuns: 200 },
  );
  expect(ended.met()).toBeGreaterThan(10);
});

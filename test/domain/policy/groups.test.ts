/** Groups whose members other systems keep: which of them matter, who is in them, and what is said when nobody knows. */
import { evaluate, type PolicyFacts, preview } from '../../../shared/domain/policy/evaluate.ts';
import { groupsConcerned } from '../../../shared/domain/policy/groups.ts';
import { lint } from '../../../shared/domain/policy/lint.ts';
import { onCallMembers } from '../../../shared/domain/policy/on-call.ts';
import { ANA, ask, BO, CY, deployRule, facts, policy, withRule, written } from './given.ts';

const pager = { on_call: { pagerduty: 'P123ABC' } };
const inGroup = (...slack: string[]): Partial<PolicyFacts> => ({
  groupMembers: new Map([['pagerduty:P123ABC', slack]]),
});
const said = (rules: ReturnType<typeof policy>, known: Partial<PolicyFacts>) => {
  const verdict = evaluate(rules, ask(), facts(known));
  return verdict.permitted ? 'permitted' : verdict.refusal;
};

describe('a rule for whoever is on call', () => {
  const rules = withRule({ when: { on_call: 'pager' } }, { groups: { pager } });

  test('permits who is, refuses who is not, and says so when nobody knows', () => {
    expect(said(rules, inGroup(ANA))).toBe('permitted');
    expect(said(rules, inGroup(BO))).toEqual({
      ...{ code: 'not-on-call', rule: 'prod-deploy', group: 'pager' },
    });
    expect(said(rules, inGroup())).toMatchObject({ code: 'not-on-call' });
    expect(said(rules, {})).toEqual({ code: 'group-unknown', groups: ['pager'] });
  });

  test('looks at the requester, not at whom the access is for', () => {
    const forBo = withRule(
      { when: { on_call: 'pager' }, subjects: { people: ['bo'] } },
      { groups: { pager } },
    );
    const verdict = (slack: string) =>
      evaluate(forBo, ask({ subject: BO }), facts(inGroup(slack))).permitted;
    expect([verdict(ANA), verdict(BO)]).toEqual([true, false]);
  });

  test('never falls through to a later rule', () => {
    const open = { ...deployRule, id: 'open' };
    const first = { ...deployRule, when: { on_call: 'pager' } };
    const both = policy({ rules: [first, open], groups: { pager } });
    expect(said(both, inGroup(BO))).toMatchObject({ code: 'not-on-call' });
  });

  test('needs its working hours as well where it writes both', () => {
    const both = withRule(
      { when: { on_call: 'pager', working_hours: false } },
      { groups: { pager } },
    );
    expect(said(both, inGroup(ANA))).toMatchObject({ code: 'inside-working-hours' });
  });
});

describe('who approves by being on call', () => {
  const groups = { pager: { ...pager, roles: ['release-manager'] } };
  const noManagers = {
    ...written.people,
    bo: { ...written.people.bo, roles: [] },
    cy: { ...written.people.cy, roles: [] },
    dee: { ...written.people.dee, roles: [] },
  };
  const rules = policy({ groups, people: noManagers });

  test('is who is on call now, and nobody while nobody knows', () => {
    const verdict = evaluate(rules, ask(), facts(inGroup(CY)));
    expect(verdict.permitted && verdict.approvers).toEqual([CY]);
    expect(said(rules, inGroup())).toMatchObject({ code: 'nobody-can-approve' });
    expect(said(rules, {})).toEqual({ code: 'group-unknown', groups: ['pager'] });
  });

  test('an approver by a group reads that the group is unknown, not that they are none', () => {
    const mixed = policy({ groups });
    const as = (known: Partial<PolicyFacts>) => {
      const verdict = evaluate(mixed, ask(), facts({ ...known, candidate: 'U0EVE' }));
      return verdict.permitted && verdict.candidate;
    };
    expect(as(inGroup('U0EVE'))).toEqual({ may: true });
    expect(as(inGroup())).toMatchObject({ refusal: { code: 'not-an-approver' } });
    expect(as({})).toMatchObject({ may: false, refusal: { code: 'group-unknown' } });
  });
});

test('a doubt never turns a no into a yes, and never covers a no that has another reason', () => {
  const groups = { pager: { ...pager, roles: ['auditor'] } };
  const rules = withRule({ requesters: { roles: ['admin'] } }, { groups });
  expect(said(rules, {})).toMatchObject({ code: 'no-matching-rule' });
  expect(preview(rules, ask(), facts()).permitted).toBe(false);
  const managers = { pager: { ...pager, roles: ['release-manager'] } };
  const doubtful = withRule({ max_duration: '1h', max_total: '1h' }, { groups: managers });
  expect(said(doubtful, {})).toMatchObject({ code: 'duration-too-long' });
});

test('a doubt takes nothing from who has the right by a role of their own', () => {
  const rules = policy({ groups: { pager: { ...pager, roles: ['release-manager'] } } });
  const verdict = evaluate(rules, ask(), facts({ candidate: BO }));
  expect(verdict).toMatchObject({ permitted: true, candidate: { may: true } });
});

test('a denial by name is certain, whoever is in a group', () => {
  const deny = { id: 'no', entitlements: ['*'], requesters: { people: ['ana'] }, deny: true };
  const groups = { pager: { ...pager, roles: ['release-manager'] } };
  const rules = policy({ groups, rules: [deployRule, deny] });
  expect(said(rules, {})).toEqual({ code: 'denied-by-rule', rule: 'no' });
});

describe('which groups matter', () => {
  const groups = {
    managers: { slack_usergroup: 'S0MANAGERS', roles: ['admin'] },
    readers: { slack_usergroup: 'S0READERS', roles: ['auditor'] },
    pager,
    idle: { on_call: { opsgenie: 'Platform' } },
  };
  const other = { ...deployRule, id: 'other', entitlements: ['gitlab:*'] };
  const rules = policy({ groups, rules: [{ ...other, when: { on_call: 'idle' } }, deployRule] });

  test('those whose roles, included ones too, the rules of the target name, and those of a condition', () => {
    expect(groupsConcerned(rules, 'github:acme/deployers')).toEqual(['managers']);
    expect(groupsConcerned(rules, 'gitlab:acme/web')).toEqual(['managers', 'idle']);
    expect(groupsConcerned(rules, 'github:acme/unknown')).toEqual(['managers']);
    expect(groupsConcerned(policy(), 'github:acme/deployers')).toEqual([]);
  });

  test('one whose role a freeze excepts, and one of a condition of automatic approval', () => {
    const freeze = [{ name: 'x', from: '2026-12-20T18:00', to: '2027-01-04T08:00' }];
    const except = { except: { roles: ['auditor'] } };
    const frozen = policy({ groups, freeze: [{ ...freeze[0], ...except }] });
    expect(groupsConcerned(frozen, 'github:acme/deployers')).toEqual(['managers', 'readers']);
    const auto_approve = { when: { on_call: 'idle' }, budget: { per_person_per_day: 1 } };
    const auto = withRule({ auto_approve }, { groups });
    expect(groupsConcerned(auto, 'github:acme/deployers')).toEqual(['managers', 'idle']);
  });

  test('a condition that names no group is unknown like one that nobody reads', () => {
    expect(said(withRule({ when: { on_call: 'pager' } }), {})).toEqual({
      ...{ code: 'group-unknown', groups: ['pager'] },
    });
  });

  test('none because a person, an entitlement or a rule has the name of its role, or its own', () => {
    const named = policy({
      groups,
      people: { ...written.people, admin: written.people.dee },
      rules: [{ ...deployRule, id: 'pager', requesters: { people: ['ana', 'auditor'] } }],
    });
    expect(groupsConcerned(named, 'github:acme/deployers')).toEqual(['managers']);
  });

  test('one whose role nobody knows does not', () => {
    const odd = policy({ groups: { odd: { slack_usergroup: 'S0ODD', roles: ['gone'] } } });
    expect(groupsConcerned(odd, 'github:acme/deployers')).toEqual([]);
  });

  test('a group that only takes rights away matters as well', () => {
    const deny = { id: 'no', entitlements: ['*'], requesters: { roles: ['auditor'] }, deny: true };
    const denying = policy({ groups, rules: [deployRule, deny] });
    expect(groupsConcerned(denying, 'github:acme/deployers')).toEqual(['managers', 'readers']);
  });
});

describe('whom a schedule names', () => {
  const people = {
    ana: { ...written.people.ana, accounts: { pagerduty: 'PANA001' }, email: 'ana@acme.example' },
    bo: { ...written.people.bo, email: 'Bo@Acme.Example' },
    cy: { ...written.people.cy, accounts: { opsgenie: 'cy@acme.example' } },
    dee: { ...written.people.dee, email: 'both@acme.example' },
    eve: { ...written.people.eve, email: 'both@acme.example' },
  };
  const rules = policy({ people });
  const by = (system: string, account: string | null, email: string | null) =>
    onCallMembers(rules, system, [{ account, email }]);

  test('is known by the account at that system, else by the address, whatever its case', () => {
    expect(by('pagerduty', 'PANA001', null)).toEqual([ANA]);
    expect(by('pagerduty', 'PBO0001', 'bo@acme.example')).toEqual([BO]);
    expect(by('opsgenie', 'cy@acme.example', 'cy@acme.example')).toEqual([CY]);
    expect(by('ical', null, ' ANA@ACME.example ')).toEqual([ANA]);
    expect(by('opsgenie', null, 'CY@acme.example')).toEqual([CY]);
  });

  test('is known by an address that is written twice for one person', () => {
    const cy = { ...people.cy, email: 'cy@acme.example' };
    const twice = policy({ people: { ...people, cy } });
    const entry = { account: null, email: 'cy@acme.example' };
    expect(onCallMembers(twice, 'opsgenie', [entry])).toEqual([CY]);
  });

  test('is nobody by an account of another system, an unknown one, or an address of two people', () => {
    expect(by('opsgenie', 'PANA001', null)).toEqual([]);
    expect(by('pagerduty', 'PZZZ999', 'someone@else.example')).toEqual([]);
    expect(by('ical', null, 'both@acme.example')).toEqual([]);
    expect(by('ical', null, null)).toEqual([]);
    expect(by('pagerduty', null, 'pana001')).toEqual([]);
  });

  test('counts once, however often the schedule names them', () => {
    const twice = [
      { account: 'PANA001', email: null },
      { account: null, email: 'ana@acme.example' },
    ];
    expect(onCallMembers(rules, 'pagerduty', twice)).toEqual([ANA]);
  });
});

describe('what lint says', () => {
  const messages = (rules: ReturnType<typeof policy>) => lint(rules).map(({ message }) => message);

  test('a condition names a group that exists, working hours or not', () => {
    const wrong = withRule({ when: { on_call: 'pagr' } }, { groups: { pager } });
    expect(lint(wrong)).toContainEqual(
      expect.objectContaining({ severity: 'error', fix: 'Did you mean "pager"?' }),
    );
    const { working_hours: _, ...silent } = written;
    const right = policy({
      ...{ ...silent, working_hours: undefined, groups: { pager } },
      rules: [{ ...deployRule, when: { on_call: 'pager' } }],
    });
    expect(messages(right).join()).not.toContain('working hours');
  });

  test('an address is of one person, and somebody can be on call at all', () => {
    const people = {
      ...written.people,
      ana: { ...written.people.ana, email: 'a@acme.example' },
      bo: { ...written.people.bo, email: 'A@acme.example' },
    };
    expect(messages(policy({ people })).join()).toContain('have the same e-mail address');
    expect(messages(policy({ groups: { pager } })).join()).toContain('could be on call for');
  });
});

test.each([
  [{ roles: ['reviewer'] }],
  [{ slack_usergroup: 'S0ABC', on_call: { pagerduty: 'P123ABC' } }],
  [{ on_call: {} }],
  [{ on_call: { pagerduty: 'P123ABC', opsgenie: 'x' } }],
  [{ on_call: { pagerduty: '../users' } }],
  [{ on_call: { opsgenie: 'a\u0000b' } }],
  [{ on_call: { ical: 'http://calendar.example/a.ics' } }],
  [{ on_call: { ical: 'https://me:secret@calendar.example/a.ics' } }],
  [{ on_call: { ical: 'https://calendar.example:8443/a.ics' } }],
  [{ on_call: { ical: 'file:///etc/passwd' } }],
])('a group that is none is refused: %j', (group) => {
  expect(() => policy({ groups: { wrong: group } })).toThrow();
});

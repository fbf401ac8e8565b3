import { readPolicy } from '../../../shared/adapters/policy-file.ts';
import { groupKey } from '../../../shared/domain/policy/group-place.ts';
import type { Policy } from '../../../shared/domain/policy/policy.ts';
import { decidersOf, visibleTo } from '../../../shared/domain/policy/who.ts';
import { deployRule, policyText, writtenCompany } from '../../support/company.ts';

function policyWith(changes: object = {}): Policy {
  const read = readPolicy(new TextEncoder().encode(policyText(changes)), 'access.yaml');
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value.policy;
}
const DEPLOYERS = 'github:acme/deployers';

test('who decides: the people each group of each rule selects, by roles that include others too', () => {
  expect(decidersOf(policyWith(), DEPLOYERS)).toEqual([
    { rule: 'prod-deploy', count: 1, people: ['U0BO', 'U0CY', 'U0DEE'] },
  ]);
  expect(decidersOf(policyWith(), 'github:acme/other')).toEqual([]);
});

test.each([
  ['who may ask', 'U0ANA', [DEPLOYERS]],
  ['who may approve', 'U0BO', [DEPLOYERS]],
  ['an admin', 'U0DEE', [DEPLOYERS]],
  ['an auditor', 'U0EVE', [DEPLOYERS]],
  ['somebody who is not in the policy', 'U0NOBODY', []],
  ['a name that every object has', 'constructor', []],
])('%s may look at %s: %s', (_, person, wanted) => {
  expect(visibleTo(policyWith(), person)).toEqual(wanted);
});

test('a rule that denies hides what could be asked for, not what one decides about', () => {
  const deny = { id: 'no', entitlements: ['github:*'], deny: true };
  const policy = policyWith({ rules: [deny, deployRule] });
  expect(visibleTo(policy, 'U0ANA')).toEqual([]);
  expect(visibleTo(policy, 'U0BO')).toEqual([DEPLOYERS]);
  expect(visibleTo(policy, 'U0EVE')).toEqual([DEPLOYERS]);
});

test('a rule for certain people concerns nobody else', () => {
  const rule = { ...deployRule, requesters: { people: ['al'] } };
  expect(visibleTo(policyWith({ rules: [rule] }), 'U0ANA')).toEqual([]);
  expect(visibleTo(policyWith({ rules: [rule] }), 'U0AL')).toEqual([DEPLOYERS]);
});

describe('whose right comes by a group', () => {
  const groups = { ops: { slack_usergroup: 'S0OPS', roles: ['release-manager'] } };
  const known = (people: string[]) => new Map([[groupKey(groups.ops), people]]);
  const policy = policyWith({ groups });

  test('decides and sees while they are known to be in it', () => {
    const [deciders] = decidersOf(policy, DEPLOYERS, known(['U0EVE', 'U0AL']));
    expect(deciders?.people).toEqual(['U0AL', 'U0BO', 'U0CY', 'U0DEE', 'U0EVE']);
    const rule = { ...deployRule, requesters: { people: ['al'] } };
    const narrow = policyWith({ groups, rules: [rule] });
    expect(visibleTo(narrow, 'U0ANA', known(['U0ANA']))).toEqual([DEPLOYERS]);
    expect(visibleTo(narrow, 'U0ANA', known([]))).toEqual([]);
    expect(visibleTo(narrow, 'U0ANA')).toEqual([]);
  });

  test('a rule that denies a group hides from whoever may be in it', () => {
    const deny = {
      ...{ id: 'no', entitlements: ['github:*'], deny: true },
      requesters: { roles: ['contractor'] },
    };
    const roles = { ...writtenCompany.roles, contractor: {} };
    const guests = { outside: { slack_usergroup: 'S0OUT', roles: ['contractor'] } };
    const denying = policyWith({ roles, groups: guests, rules: [deny, deployRule] });
    const inside = (people: string[]) => new Map([[groupKey(guests.outside), people]]);
    expect(visibleTo(denying, 'U0ANA', inside([]))).toEqual([DEPLOYERS]);
    expect(visibleTo(denying, 'U0ANA', inside(['U0ANA']))).toEqual([]);
    expect(visibleTo(denying, 'U0ANA')).toEqual([]);
  });
});

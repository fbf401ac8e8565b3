import { readPolicy } from '../../../shared/adapters/policy-file.ts';
import type { Policy } from '../../../shared/domain/policy/policy.ts';
import { decidersOf, visibleTo } from '../../../shared/domain/policy/who.ts';
import { deployRule, policyText } from '../../support/company.ts';

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

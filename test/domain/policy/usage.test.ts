/** When an ask depends on what people did before: only then is anybody's past read. */
import { rolesOf } from '../../../shared/domain/policy/roles.ts';
import { countsUse } from '../../../shared/domain/policy/usage.ts';
import { ANA, BO, deployRule, policy, withRule } from './given.ts';

const DEPLOYERS = 'github:acme/deployers';
const elsewhere = (changes: object) =>
  policy({
    rules: [deployRule, { ...deployRule, id: 'web', entitlements: ['gitlab:*'], ...changes }],
  });
const auto = {
  auto_approve: { when: { max_duration: '1h' }, budget: { per_person_per_day: 1 } },
};
const withRules = (...changes: readonly object[]) =>
  policy({
    rules: changes.map((each, index) => ({ ...deployRule, id: `rule-${index}`, ...each })),
  });
const separation = [{ name: 'x', entitlements: [['gitlab:*'], [DEPLOYERS]] }];
const deny = { id: 'no', entitlements: ['*'], requesters: { people: ['eve'] }, deny: true };

test.each([
  ['nothing counts anything', policy(), false],
  ['a deny rule is all there is beside it', policy({ rules: [deployRule, deny] }), false],
  ['the policy has limits', policy({ limits: { asks_per_hour: 1 } }), true],
  ['the policy keeps duties apart', policy({ separation }), true],
  ['the list of duties is empty', { ...policy(), separation: [] }, false],
  ['a rule has limits', withRule({ limits: { asks_per_hour: 1 } }), true],
  ['a rule for something else has limits', elsewhere({ limits: { asks_per_hour: 1 } }), true],
  ['its rule has a budget', withRule(auto), true],
  ['a rule for something else has a budget', elsewhere(auto), false],
  ['one of two rules for it has a budget', withRules(auto, {}), true],
])('where %s: %#', (_name, rules, counts) => {
  expect(countsUse(rules, DEPLOYERS)).toBe(counts);
});

test('roles are those of the policy with what they include, and those of groups that are known', () => {
  const groups = { ops: { slack_usergroup: 'S0OPS', roles: ['reviewer'] } };
  const roles = (slack: string, members?: ReadonlyMap<string, readonly string[]>) => [
    ...rolesOf(policy({ groups }), slack, members),
  ];
  expect(roles(ANA)).toEqual(['developer']);
  expect(roles(ANA, new Map([['S0OPS', [ANA]]])).sort()).toEqual(['developer', 'reviewer']);
  expect(roles(BO).sort()).toEqual(['developer', 'release-manager', 'reviewer']);
  expect(roles('U0GHOST')).toEqual([]);
});

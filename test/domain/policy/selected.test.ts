/** Whom selectors may name: nobody too few, in the order of the file. */
import { possiblySelected } from '../../../shared/domain/policy/selected.ts';
import { ANA, BO, CY, DEE, EVE, policy } from './given.ts';

const rules = policy();
const by = (selectors: object[], members?: ReadonlyMap<string, readonly string[]>) =>
  possiblySelected(rules, { place: selectors, selectors }, members);

test.each<[object[], string[]]>([
  [[], []],
  [[{ roles: ['auditor'] }], [EVE]],
  [[{ roles: ['reviewer'] }], [BO, CY, DEE]],
  [[{ people: ['eve', 'ana'] }], [ANA, EVE]],
  [[{ roles: ['auditor'], people: ['bo'] }], [BO, EVE]],
  [
    [{ people: ['eve'] }, { roles: ['admin'] }],
    [DEE, EVE],
  ],
  [[{ roles: ['gone'], people: ['nobody'] }], []],
])('%j may name %j', (selectors, expected) => {
  expect(by(selectors)).toEqual(expected);
  expect(by(selectors)).toEqual(expected);
});

test('and whoever is in a group now, of those the file lists', () => {
  const members = new Map([
    ['S0A', [CY, 'U0STRANGER']],
    ['S0B', [ANA, CY]],
  ]);
  expect(by([{ roles: ['auditor'] }], members)).toEqual([ANA, CY, EVE]);
  expect(by([{ roles: ['auditor'] }], new Map([['S0A', []]]))).toEqual([EVE]);
});

test('what stands at one place is remembered for that place alone', () => {
  const [one, other] = [[{ roles: ['auditor'] }], [{ people: ['auditor'] }]];
  expect([by(one), by(other), by(one)]).toEqual([[EVE], [], [EVE]]);
});

import { catalog, closest } from '../../../shared/domain/policy/catalog.ts';
import { evaluate } from '../../../shared/domain/policy/evaluate.ts';
import {
  ANA,
  ask,
  deployRule,
  EVE,
  everybody,
  evidence,
  facts,
  policy,
  withRule,
} from './given.ts';

test('the catalog lists what a person may ask, and on which terms', () => {
  expect(catalog(policy(), ANA, facts())).toEqual([
    {
      entitlement: 'github:acme/deployers',
      provider: 'github',
      roles: ['member', 'maintainer'],
      rule: 'prod-deploy',
      maxDurationSeconds: 7200,
      approvalsNeeded: 1,
      privileged: false,
    },
    expect.objectContaining({ entitlement: 'github:acme/payroll', privileged: true }),
  ]);
});

test('the catalog is empty for who may ask nothing', () => {
  for (const slack of [EVE, 'U0NOBODY', 'constructor'])
    expect(catalog(policy(), slack, facts())).toEqual([]);
  const gone = facts({}, [evidence(ANA, { deleted: true })]);
  expect(catalog(policy(), ANA, gone)).toEqual([]);
});

test('the catalog and the evaluator agree about everybody and everything', () => {
  const deny = { id: 'no', entitlements: ['*payroll'], requesters: { people: ['bo'] }, deny: true };
  for (const rules of [
    policy(),
    policy({ rules: [deployRule, deny] }),
    withRule({ max_duration: '1m' }),
  ]) {
    for (const requester of everybody) {
      const listed = catalog(rules, requester, facts()).map((entry) => entry.entitlement);
      const asked = Object.keys(rules.entitlements).filter(
        (entitlement) =>
          evaluate(rules, ask({ requester, entitlement, durationSeconds: 60 }), facts()).permitted,
      );
      expect(listed).toEqual(asked);
    }
  }
});

describe('did you mean', () => {
  const names = [
    'github:acme/deployers',
    'github:acme/release',
    'gitlab:acme/web',
    'github:acme/jit-prod',
  ];
  test.each([
    ['github:acme/deployer', ['github:acme/deployers']],
    ['github:acme/depolyers', ['github:acme/deployers']],
    ['GitHub:Acme/Deployers', ['github:acme/deployers']],
    ['acme/deployers', ['github:acme/deployers']],
    ['deployers', ['github:acme/deployers']],
    ['depoyers', ['github:acme/deployers']],
    ['relaese', ['github:acme/release']],
    ['jitprod', ['github:acme/jit-prod']],
    ['jit-prdo', ['github:acme/jit-prod']],
    ['kubernetes', []],
    ['', []],
    ['   ', []],
    ['x', []],
    [' web ', ['gitlab:acme/web']],
  ])('%j: %j', (typed, expected) => {
    expect(closest(typed, names)).toEqual(expected);
  });

  test('the nearest comes first and no more than asked for', () => {
    const many = ['member', 'members', 'remember', 'memory', 'maintainer'];
    expect(closest('member', many)[0]).toBe('member');
    expect(closest('membre', many, 1)).toEqual(['member']);
    expect(closest('aaaa', ['aaaa', 'aaab', 'aaac', 'aaad', 'aaae'])).toHaveLength(3);
  });

  test('of names that end alike the one that says no more comes first, a slip comes last', () => {
    const alike = ['gitlab:acme/web', 'acme/web', 'wob', 'web'];
    expect(closest('web', alike, 4)).toEqual(['web', 'gitlab:acme/web', 'acme/web', 'wob']);
    expect(closest('acme/web', alike)).toEqual(['acme/web', 'gitlab:acme/web']);
    expect(closest('a/b', ['github:a/b'])).toEqual(['github:a/b']);
  });

  test('a letter too many, too few or another one is a slip, wherever it is', () => {
    for (const typed of ['abcdx', 'xabcd', 'abxcd', 'abc', 'bcd', 'abd', 'xbcd', 'abcx'])
      expect(closest(typed, ['abcd'])).toEqual(['abcd']);
    expect(closest('b', ['ab'])).toEqual(['ab']);
    expect(closest('xabc', ['abcx'])).toEqual([]);
    expect(closest(' ', ['a'])).toEqual([]);
  });

  test('so are two letters too many or too few at the end of a longer name', () => {
    expect(closest('paymentsxx', ['payments'])).toEqual(['payments']);
    expect(closest('xxpayments', ['payments'])).toEqual(['payments']);
    expect(closest('payments', ['paymentsxx'])).toEqual(['paymentsxx']);
    expect(closest('payments', ['xxpayments'])).toEqual(['xxpayments']);
    expect(closest('paymentsxxx', ['payments'])).toEqual([]);
  });

  test('only the first hundred letters are compared', () => {
    expect(closest('x'.repeat(110), ['x'.repeat(100)])).toEqual(['x'.repeat(100)]);
  });

  test('swapping two neighbours is one slip, not two', () => {
    expect(closest('abdc', ['abcd'])).toEqual(['abcd']);
    expect(closest('abxy', ['abcd'])).toEqual([]);
    expect(closest('xbcdefhg', ['abcdefgh'])).toEqual(['abcdefgh']);
    for (const half of ['abxc', 'abdx']) expect(closest(half, ['abcd'])).toEqual([]);
  });

  test('a text of any length against 5,000 names is answered', () => {
    const many = Array.from({ length: 5000 }, (_, index) => `github:acme/team-${index}`);
    expect(closest('github:acme/taem-4711', many)[0]).toBe('github:acme/team-4711');
    expect(closest('x'.repeat(100_000), many)).toEqual([]);
  });
});

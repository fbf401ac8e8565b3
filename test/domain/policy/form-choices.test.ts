import { type CatalogEntry, catalog } from '../../../shared/domain/policy/catalog.ts';
import { choicesFor } from '../../../shared/domain/policy/choices.ts';
import { whomToAsk } from '../../../shared/domain/policy/contacts.ts';
import { searched } from '../../../shared/domain/policy/search.ts';
import { deployRule, inForce, ruled, TEAM } from '../../support/company.ts';

const entry = (entitlement: string): CatalogEntry => ({
  entitlement,
  provider: 'github',
  roles: ['member'],
  rule: 'r',
  maxDurationSeconds: 7200,
  approvalsNeeded: 1,
  privileged: false,
});
const entries = [
  'github:acme/old-autopay',
  'github:acme/repaymaster',
  'github:acme/team-payroll',
  'github:acme/payments',
  'github:payco/site',
  'github:acme/pay',
  'github:acme/release',
].map(entry);
const find = (typed: string, recent: string[] = [], most = 100) =>
  searched(entries, { typed, recent, most }).map(({ entitlement }) => entitlement);

test('a name itself comes first, then what begins so, then a word that does, then what holds it', () => {
  expect(find('pay')).toEqual([
    'github:acme/pay',
    'github:acme/payments',
    'github:payco/site',
    'github:acme/team-payroll',
    'github:acme/old-autopay',
    'github:acme/repaymaster',
  ]);
  expect(find('  PAYm ')).toEqual(['github:acme/payments', 'github:acme/repaymaster']);
  expect(find(' pay ')[0]).toBe('github:acme/pay');
});

test('among equals what was asked for lately comes first, never before what fits better', () => {
  expect(find('pay', ['github:acme/repaymaster', 'github:payco/site'])).toEqual([
    'github:acme/pay',
    'github:payco/site',
    'github:acme/payments',
    'github:acme/team-payroll',
    'github:acme/repaymaster',
    'github:acme/old-autopay',
  ]);
  expect(find('', ['github:acme/release'])[0]).toBe('github:acme/release');
});

test('several words must all be found; a slip of the finger finds what is near; nonsense finds nothing', () => {
  expect(find('team acme')).toEqual(['github:acme/team-payroll']);
  expect(find('paymnets')).toEqual(['github:acme/payments']);
  expect(find('zzzzzz')).toEqual([]);
  expect(find('x'.repeat(40_000))).toEqual([]);
  expect(find('p a y mnets')).toEqual([]);
  expect(find('xx paymnets')).toEqual([]);
  expect(find('acme/team-payrol')).toEqual(['github:acme/team-payroll']);
});

test('only the first hundred letters that somebody types are looked for', () => {
  const long = `github:acme/${'x'.repeat(88)}`;
  const typed = { recent: [], most: 5 };
  expect(searched([entry(long)], { ...typed, typed: `${long}yyy` })).toHaveLength(1);
  expect(find(`pay${' '.repeat(97)}zzz`)).toEqual(find('pay'));
  expect(find(`pay${' '.repeat(96)}zzz`)).toEqual([]);
});

test('of many the right ones are kept: the cut comes after the order', () => {
  const many = Array.from({ length: 500 }, (_, i) => entry(`github:acme/x${i}-paid`));
  const found = searched([...many, entry('github:acme/payments')], {
    ...{ typed: 'pay', recent: [], most: 100 },
  });
  expect(found).toHaveLength(1);
  const paid = searched([...many, entry('github:acme/paid')], {
    ...{ typed: 'paid', recent: [], most: 100 },
  });
  expect(paid).toHaveLength(100);
  expect(paid[0]?.entitlement).toBe('github:acme/paid');
});

const facts = {
  now: new Date('2026-11-22T09:00:00.000Z'),
  teamId: TEAM,
  evidence: new Map(),
  linkedAccounts: new Map(),
};
const chosen = {
  requester: 'U0ANA',
  entitlement: 'github:acme/deployers',
  role: null,
  durationSeconds: null,
};

test('a form offers the lengths its rule allows, the longest last, and proposes an hour at most', () => {
  const choices = choicesFor(inForce().policy, chosen, facts);
  expect(choices?.durations.map(({ seconds }) => seconds / 60)).toEqual([15, 30, 60, 120]);
  expect(choices).toMatchObject({
    roles: ['member', 'maintainer'],
    proposedSeconds: 3600,
    justification: { min: 10, ticket: '[A-Z]+-[0-9]+' },
    verdict: { permitted: true, rule: 'prod-deploy' },
  });
});

test.each([
  ['10m', [10], 600],
  ['90m', [15, 30, 60, 90], 3600],
  ['1h', [15, 30, 60], 3600],
  ['45m', [15, 30, 45], 2700],
])('a rule of %s offers its own longest', (max, minutes, proposed) => {
  const { policy } = ruled({ max_duration: max, max_total: max });
  const choices = choicesFor(policy, chosen, facts);
  expect(choices?.durations.map(({ seconds }) => seconds / 60)).toEqual(minutes);
  expect(choices?.proposedSeconds).toBe(proposed);
});

test('a length beyond the rule and a role of elsewhere are judged, not offered', () => {
  const beyond = choicesFor(inForce().policy, { ...chosen, durationSeconds: 7260 }, facts);
  expect(beyond?.verdict).toMatchObject({
    permitted: false,
    refusal: { code: 'duration-too-long' },
  });
  const role = choicesFor(inForce().policy, { ...chosen, role: 'owner' }, facts);
  expect(role?.roles).not.toContain('owner');
});

test.each([
  ['somebody without a rule', { requester: 'U0EVE' }],
  ['a stranger', { requester: 'U0NOBODY' }],
  ['an entitlement that does not exist', { entitlement: 'github:acme/none' }],
  ['a name of every object', { entitlement: 'constructor' }],
])('%s is offered nothing', (_, change) => {
  expect(choicesFor(inForce().policy, { ...chosen, ...change }, facts)).toBeNull();
});

test('what the catalogue offers is what a form can be drawn for', () => {
  const { policy } = inForce();
  for (const requester of ['U0ANA', 'U0BO', 'U0EVE'])
    for (const { entitlement } of catalog(policy, requester, facts))
      expect(choicesFor(policy, { ...chosen, requester, entitlement }, facts)).not.toBeNull();
});

test('the reason that a form wants is that of the rule that decides', () => {
  const reason = (...rules: object[]) =>
    choicesFor(inForce({ rules }).policy, chosen, facts)?.justification;
  const other = { ...deployRule, id: 'other', requesters: { people: ['eve'] } };
  const { justification: _, ...silent } = deployRule;
  expect(reason(other, { ...deployRule, justification: { min: 20 } })).toEqual({
    ...{ min: 20, ticket: null },
  });
  expect(reason(other, silent)).toEqual({ min: 0, ticket: null });
});

test('of many admins the first five are named', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const people = Object.fromEntries(
    names.map((name) => [
      name,
      { slack: `U0${name.toUpperCase()}X`, roles: ['admin'], accounts: { github: `${name}-gh` } },
    ]),
  );
  expect(whomToAsk(inForce({ people }).policy)).toEqual(['U0AX', 'U0BX', 'U0CX', 'U0DX', 'U0EX']);
});

test('whom to ask are the admins; without one, the owners of what can be asked for', () => {
  expect(whomToAsk(inForce().policy)).toEqual(['U0DEE']);
  const entitlements = {
    'github:acme/deployers': {
      ...{ provider: 'github', kind: 'team', resource: 'acme/deployers', roles: ['member'] },
      owner: 'bo',
    },
  };
  const roles = { developer: {}, 'release-manager': { includes: ['developer'] }, auditor: {} };
  const people = {
    ana: { slack: 'U0ANA', roles: ['developer'], accounts: { github: 'ana-gh' } },
    bo: { slack: 'U0BO', roles: ['release-manager'], accounts: { github: 'bo-gh' } },
  };
  const rules = [{ ...deployRule, requesters: { people: ['ana'] } }];
  expect(whomToAsk(inForce({ entitlements, roles, people, rules }).policy)).toEqual(['U0BO']);
});

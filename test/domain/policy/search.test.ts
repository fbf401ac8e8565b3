/** Somebody types "pay" in a company of 5,000 entitlements: the right ones first, and never one that they may not ask for. */
import { type CatalogEntry, catalog } from '../../../shared/domain/policy/catalog.ts';
import { evaluate } from '../../../shared/domain/policy/evaluate.ts';
import { searched } from '../../../shared/domain/policy/search.ts';
import { ANA, ask, DEE, deployRule, facts, policy } from './given.ts';

const SIZE = 5000;
const NAMES = ['pay', 'payments', 'team-payroll', 'autopay', 'release', 'repayments', 'web', 'ops'];
/** By where it stands: for everybody, for admins, behind a deny rule, behind a group about which nobody knows anything. */
const AREAS = ['open', 'admins', 'denied', 'pager'] as const;

const resources = Array.from({ length: SIZE }, (_, index) => {
  const area = AREAS[Math.floor(index / NAMES.length) % AREAS.length];
  const name = NAMES[index % NAMES.length] ?? '';
  return `${area}/${name}${index < NAMES.length * AREAS.length ? '' : `-${index}`}`;
});
const of = (id: string, changes: object) => ({
  ...deployRule,
  id,
  entitlements: [`github:${id}/*`],
  ...changes,
});
const large = policy({
  groups: { pager: { slack_usergroup: 'S0PAGER', roles: ['auditor'] } },
  entitlements: Object.fromEntries(
    resources.map((resource) => [
      `github:${resource}`,
      { provider: 'github', kind: 'team', resource, roles: ['member'] },
    ]),
  ),
  rules: [
    of('open', {}),
    of('admins', { requesters: { roles: ['admin'] } }),
    of('denied', {}),
    of('pager', { requesters: { roles: ['auditor'] } }),
    {
      id: 'no',
      entitlements: ['github:denied/*'],
      requesters: { roles: ['developer'] },
      deny: true,
    },
  ],
});

const listed = new Map<string, readonly CatalogEntry[]>();
function found(requester: string, most: number): string[] {
  const entries = listed.get(requester) ?? catalog(large, requester, facts());
  listed.set(requester, entries);
  return searched(entries, { typed: 'pay', recent: [], most }).map(
    ({ entitlement }) => entitlement,
  );
}
/** The name itself, what begins with it, a word that does, what holds it. */
const ORDER = [/\/pay$/, /\/pay/, /[/-]pay/, /pay/];
const rankOf = (id: string): number => ORDER.findIndex((pattern) => pattern.test(id));

test('every one that may be asked for and fits is found, and no other', () => {
  const right = resources
    .map((resource) => `github:${resource}`)
    .filter((id) => id.includes('pay') && id.startsWith('github:open/'));
  expect(right.length).toBeGreaterThan(500);
  expect([...found(ANA, SIZE)].sort()).toEqual([...right].sort());
});

test('the right ones come first, whatever is cut', () => {
  const all = found(ANA, SIZE);
  expect(all[0]).toBe('github:open/pay');
  const ranks = all.map(rankOf);
  expect(ranks).toEqual([...ranks].sort());
  expect(new Set(ranks).size).toBe(ORDER.length);
  expect(found(ANA, 100)).toEqual(all.slice(0, 100));
});

test('each of the first hundred is allowed when it is asked for, and what is missing is refused', () => {
  const permitted = (entitlement: string) =>
    evaluate(large, ask({ entitlement, durationSeconds: 60 }), facts()).permitted;
  expect(found(ANA, 100).filter((id) => !permitted(id))).toEqual([]);
  for (const area of ['admins', 'denied', 'pager'])
    expect([area, permitted(`github:${area}/pay`)]).toEqual([area, false]);
});

test('somebody else finds what they may ask for', () => {
  expect(found(DEE, 2)).toEqual(['github:open/pay', 'github:admins/pay']);
});

/** Which channels have a digest, and what is told where. */
import {
  belongingBy,
  digestChannels,
  toldChannels,
  witnesses,
} from '../../../shared/domain/digest/channels.ts';
import { DigestId, digestIdOf } from '../../../shared/domain/digest/model.ts';
import { deployRule, inForce, writtenCompany } from '../../support/company.ts';

const other = { ...writtenCompany.entitlements['github:acme/deployers'], resource: 'acme/ops' };
const { policy } = inForce({
  entitlements: { ...writtenCompany.entitlements, 'github:acme/ops': other },
  rules: [
    deployRule,
    { ...deployRule, id: 'ops', entitlements: ['github:acme/o*'], channel: 'C0OPS' },
    { ...deployRule, id: 'everything', entitlements: ['github:*'], channel: 'C0ACCESS' },
    {
      id: 'never',
      entitlements: ['github:acme/ops'],
      requesters: { roles: ['auditor'] },
      deny: true,
    },
  ],
});
const belonging = belongingBy(policy);

test('every channel of the policy has one, once', () => {
  expect(digestChannels(policy)).toEqual(['C0ACCESS', 'C0OPS']);
});

test('the security channel has one too, once where a rule names it', () => {
  const told = (security_channel: string) => toldChannels({ ...policy, security_channel });
  expect(told('C0SECURITY')).toEqual(['C0ACCESS', 'C0OPS', 'C0SECURITY']);
  expect(told('C0OPS')).toEqual(['C0ACCESS', 'C0OPS']);
});

test('how far the log is sealed is told to the security channel; without one to the admins; without admins to whoever owns something, or to every channel', () => {
  const { security_channel: _, ...rest } = policy;
  const withoutAdmins = { ...rest, roles: { ...rest.roles, admin: { includes: [] } } };
  const nobody = { ...withoutAdmins, people: {} };
  expect(witnesses({ ...policy, security_channel: 'C0SECURITY' })).toEqual(['C0SECURITY']);
  expect([witnesses(rest), toldChannels(rest)]).toEqual([
    ['U0DEE'],
    ['C0ACCESS', 'C0OPS', 'U0DEE'],
  ]);
  expect([witnesses(nobody), toldChannels(nobody)]).toEqual([
    ['C0ACCESS', 'C0OPS'],
    ['C0ACCESS', 'C0OPS'],
  ]);
  for (const told of toldChannels(rest))
    expect(DigestId.parse(digestIdOf(told, '2026-03-04'))).toBe(`${told}#2026-03-04`);
});

test('a request belongs where its card stands', () => {
  expect(belonging.ofRequest({ channel: 'C0OPS', rule: 'prod-deploy' })).toBe('C0OPS');
});

test('a request whose channel has no digest any more belongs where its rule sends cards today', () => {
  expect(belonging.ofRequest({ channel: 'C0GONE', rule: 'ops' })).toBe('C0OPS');
  expect(belonging.ofRequest({ channel: null, rule: 'ops' })).toBe('C0OPS');
});

test('a request whose rule is gone too belongs nowhere', () => {
  expect(belonging.ofRequest({ channel: 'C0GONE', rule: 'gone' })).toBeNull();
});

test('a container belongs to every channel whose rules are about it', () => {
  expect(belonging.ofContainer('github:team:acme/ops')).toEqual(['C0OPS', 'C0ACCESS']);
  expect(belonging.ofContainer('github:team:acme/deployers')).toEqual(['C0ACCESS']);
  expect(belonging.ofContainer('github:team:acme/unknown')).toEqual([]);
  expect(belonging.ofContainer('constructor')).toEqual([]);
});

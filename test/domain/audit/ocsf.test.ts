/** Every event of ours as OCSF, held against the published schema of version 1.8.0. */
import type { LoggedRow } from '../../../shared/domain/audit/audit-row.ts';
import { ocsfOf } from '../../../shared/domain/audit/ocsf.ts';
import { OCSF_VERSION } from '../../../shared/domain/audit/ocsf-classes.ts';
import type { AnyEvent } from '../../../shared/domain/records.ts';
import { EVENT_SAMPLES } from '../../support/event-samples.ts';
import { OCSF, ocsfFaults } from '../../support/ocsf/check-ocsf.ts';
import { asked, HASH, iso } from '../../support/samples.ts';

const { requestId, requester, subject, entitlement } = asked();
const request = { requestId, requester, subject, entitlement };

const rowOf = ({ kind, event }: (typeof EVENT_SAMPLES)[number], known = true): LoggedRow => ({
  logged: {
    tenant: 'acme',
    chain: `${kind}#x`,
    kind,
    id: kind === 'container' ? 'github:team:acme/deployers' : 'x',
    seq: 1,
    event,
    previous: '0'.repeat(64),
    hash: HASH,
  },
  about: { request: known && kind === 'request' ? request : null, holder: null },
});

test('knows the schema it writes for', () => expect(OCSF.version).toBe(OCSF_VERSION));

test.each(EVENT_SAMPLES.map((sample) => [sample.event.type, sample] as const))(
  '%s fits its class, whether its request is known or not',
  (_, sample) => {
    expect(ocsfFaults(ocsfOf(rowOf(sample)))).toEqual([]);
    expect(ocsfFaults(ocsfOf(rowOf(sample, false)))).toEqual([]);
  },
);

test('carries the whole event, its hash as the id by which a second delivery is known, and its request', () => {
  const [sample] = EVENT_SAMPLES;
  if (!sample) throw new Error('no samples');
  expect(ocsfOf(rowOf(sample))).toMatchObject({
    metadata: { uid: HASH, correlation_uid: 'AR-7K2M9Q', log_name: 'request#x', sequence: 1 },
    unmapped: sample.event,
  });
});

test('says whose privilege was assigned, which, and on what', () => {
  const sample = EVENT_SAMPLES.find(({ event }) => event.type === 'GrantActivated');
  if (!sample) throw new Error('no sample');
  expect(ocsfOf(rowOf(sample))).toMatchObject({
    class_uid: 3005,
    activity_name: 'Assign Privileges',
    user: { uid: 'U0ANA' },
    privileges: ['member'],
    resources: [{ uid: 'github:acme/deployers' }],
  });
});

describe('in full,', () => {
  const sampleOf = (type: AnyEvent['type']) => {
    const sample = EVENT_SAMPLES.find(({ event }) => event.type === type);
    if (!sample) throw new Error(type);
    return sample;
  };
  const factors = [{ factor_type_id: 7, factor_type: 'OTP', is_totp: true }];
  const user = (uid: string) => ({ uid, type_id: 1, type: 'User' });
  const operator = { app_name: 'hallpass/operator' };
  const HEAD = {
    ...{ category_uid: 3, category_name: 'Identity & Access Management', actor: operator },
    time: Date.parse(iso()),
  };
  const success = { status_id: 1, status: 'Success' };
  const failure = { status_id: 2, status: 'Failure' };
  const informational = { severity_id: 1, severity: 'Informational' };
  const metadata = (kind: string, type: string, more: object = {}) => ({
    ...{ version: '1.8.0', product: { name: 'Hallpass', vendor_name: 'Hallpass' }, uid: HASH },
    ...{ event_code: type, log_name: `${kind}#x`, sequence: 1, tenant_uid: 'acme' },
    ...{ original_time: iso(), ...more },
  });
  /** Of class and activity. */
  const typed = (uid: number, name: string, id: number, activity: string) => ({
    ...{ class_uid: uid, class_name: name, activity_id: id, activity_name: activity },
    ...{ type_uid: uid * 100 + id, type_name: `${name}: ${id === 99 ? 'Other' : activity}` },
  });
  const correlated = { correlation_uid: 'AR-7K2M9Q' };
  const container = 'github:team:acme/deployers';

  test('a privilege that was assigned is that of whoever holds it', () => {
    const sample = sampleOf('GrantActivated');
    const common = {
      ...typed(3005, 'User Access Management', 1, 'Assign Privileges'),
      ...{ ...HEAD, ...success, ...informational, message: 'GrantActivated in request#x' },
      ...{ metadata: metadata('request', 'GrantActivated', correlated), unmapped: sample.event },
    };
    const row = rowOf(sample);
    const about = { ...row.about, request: { ...request, subject: 'U0FAY' } };
    expect(ocsfOf({ ...row, about })).toEqual({
      ...{ ...common, user: user('U0FAY'), privileges: ['member'] },
      resources: [{ uid: 'github:acme/deployers', name: 'acme/deployers', type: 'team' }],
    });
    expect(ocsfOf(rowOf(sample, false))).toEqual({
      ...{ ...common, user: user('unknown'), privileges: [] },
    });
  });

  test('a code belongs to whoever owns the authenticator, and was accepted or not', () => {
    for (const [type, outcome, severity] of [
      ['CodeAccepted', success, informational],
      ['CodeRefused', failure, { severity_id: 2, severity: 'Low' }],
    ] as const)
      expect(ocsfOf(rowOf(sampleOf(type)))).toEqual({
        ...typed(3002, 'Authentication', 99, type),
        ...{ ...HEAD, ...outcome, ...severity, message: `${type} in authenticator#x` },
        ...{ metadata: metadata('authenticator', type), unmapped: sampleOf(type).event },
        ...{ user: user('U0ANA'), service: { name: 'Hallpass' }, is_mfa: true },
        auth_factors: factors,
      });
  });

  test('an authenticator belongs to its owner', () => {
    const sample = sampleOf('AuthenticatorEnrolled');
    expect(ocsfOf(rowOf(sample))).toEqual({
      ...typed(3001, 'Account Change', 10, 'MFA Factor Enable'),
      ...{ ...HEAD, ...success, ...informational, user: user('U0ANA'), auth_factors: factors },
      message: 'AuthenticatorEnrolled in authenticator#x',
      ...{ metadata: metadata('authenticator', sample.event.type), unmapped: sample.event },
    });
  });

  test('a refused attempt says with which code', () => {
    const sample = sampleOf('CommandRefused');
    const event = { ...sample.event, actor: { kind: 'person', id: 'U0EVE' } } as const;
    const row = rowOf(sample, false);
    if (event.type !== 'CommandRefused') throw new Error(event.type);
    expect(ocsfOf({ ...row, logged: { ...row.logged, event } })).toEqual({
      ...typed(3004, 'Entity Management', 99, 'CommandRefused'),
      ...{ ...HEAD, ...failure, severity_id: 2, severity: 'Low', status_code: event.code },
      ...{ actor: { user: user('U0EVE') }, message: 'CommandRefused in refusals#x' },
      ...{ metadata: metadata('refusals', 'CommandRefused', correlated), unmapped: event },
      entity: { type_id: 99, type: 'Refused attempt', uid: 'AR-7K2M9Q' },
    });
  });

  test.each<[string, AnyEvent['type'], object]>([
    [
      'a policy by its hash',
      'PolicyChanged',
      { type_id: 5, type: 'Policy', uid: HASH, policy: { uid: HASH } },
    ],
    ['a person by id', 'PersonErased', { type_id: 99, type: 'Audit log', uid: 'U0ANA' }],
    ['a request by its id', 'TextErased', { type_id: 99, type: 'Audit log', uid: 'AR-7K2M9Q' }],
    [
      'a container by its name',
      'StrangerFound',
      { type_id: 99, type: 'Container', uid: container, data: { container } },
    ],
    [
      'a pause by its chain',
      'GrantsPaused',
      { type_id: 99, type: 'Pause of new access', uid: 'x' },
    ],
    ['a read by its chain', 'AuditReadFinished', { type_id: 99, type: 'Audit log', uid: 'x' }],
  ])('an entity is named: %s', (_, type, entity) => {
    expect(ocsfOf(rowOf(sampleOf(type)))['entity']).toEqual(entity);
  });

  test('what was narrowed to nobody names nobody', () => {
    const sample = EVENT_SAMPLES.find(
      ({ event }) => event.type === 'AuditReadStarted' && event.person === null,
    );
    if (!sample) throw new Error('No sample');
    expect(ocsfOf(rowOf(sample))['entity']).toMatchObject({ uid: 'x' });
  });

  test('a request says where it is about', () => {
    expect(ocsfOf(rowOf(sampleOf('RequestApproved')))['entity']).toEqual({
      ...{ type_id: 99, type: 'Access request', uid: 'AR-7K2M9Q', data: { container } },
    });
  });
});

describe('the check can fail:', () => {
  const [sample] = EVENT_SAMPLES;
  const fine = sample ? ocsfOf(rowOf(sample)) : {};
  test.each([
    ['a missing attribute', { ...fine, time: undefined }, 'time: missing'],
    ['an unknown one', { ...fine, extra: 1 }, 'extra: no such attribute'],
    ['a wrong type', { ...fine, time: 'now' }, 'time: not a timestamp_t'],
    [
      'a number outside its enum',
      { ...fine, severity_id: 44 },
      'severity_id: 44 is none of its enum',
    ],
    ['a caption of another number', { ...fine, status: 'Failure' }, 'status_id: its sibling'],
    ['a class that is not ours', { ...fine, class_uid: 1 }, 'class_uid 1'],
    ['a type that is not class and activity', { ...fine, type_uid: 1 }, 'type_uid 1'],
    ['an empty object', { ...fine, entity: { type_id: 99, type: 'x' } }, 'entity.: none of'],
  ])('%s is found', (_, event, fault) => {
    expect(ocsfFaults(event).join('\n')).toContain(fault);
  });
});

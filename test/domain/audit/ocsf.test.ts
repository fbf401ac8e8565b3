/** Every event of ours as OCSF, held against the published schema of version 1.8.0. */
import type { LoggedRow } from '../../../shared/domain/audit/audit-row.ts';
import { ocsfOf } from '../../../shared/domain/audit/ocsf.ts';
import { OCSF_VERSION } from '../../../shared/domain/audit/ocsf-classes.ts';
import { EVENT_SAMPLES } from '../../support/event-samples.ts';
import { OCSF, ocsfFaults } from '../../support/ocsf/check-ocsf.ts';
import { asked, HASH } from '../../support/samples.ts';

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

/** What leaves the log: cells that no spreadsheet runs, columns of a row, names of files, digests that say what they are for. */
import { createHash } from 'node:crypto';
import {
  actorOf,
  COLUMNS,
  columnsOf,
  containerOf,
  EVERYTHING,
  fits,
  type LoggedRow,
  lineOf,
  peopleIn,
} from '../../../shared/domain/audit/audit-row.ts';
import { safeCell } from '../../../shared/domain/audit/csv-cell.ts';
import { digestOf, sha256 } from '../../../shared/domain/audit/digest.ts';
import { exportName, receiptName } from '../../../shared/domain/audit/exported.ts';
import { TAG, taggedHash } from '../../../shared/domain/audit/tagged-hash.ts';
import type { AnyEvent } from '../../../shared/domain/records.ts';
import { EVENT_SAMPLES } from '../../support/event-samples.ts';
import { asked, HASH, iso } from '../../support/samples.ts';

test.each([
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@x', "'@x"],
  [' \u200b\ufeff=1', "' \u200b\ufeff=1"],
  ['\u0007=1', "'\u0007=1"],
  ['＝1', "'＝1"],
  ['−1', "'−1"],
  ['\tplain', "'\tplain"],
  ['\0', "'\0"],
  ['a=1', 'a=1'],
  ['a\tb', 'a\tb'],
  ['plain', 'plain'],
  [' plain', ' plain'],
  ['', ''],
])('the cell %j is written %j', (value, cell) => {
  expect(safeCell(value)).toBe(cell);
});

test('a file is named by its checkpoint, its day and its format', () => {
  expect(exportName(7, '2026-11-23', 'jsonl')).toBe('export/dt=2026-11-23/0000000007.jsonl');
  expect(exportName(7, '2026-11-23', 'ocsf')).toBe('export/dt=2026-11-23/0000000007.ocsf.jsonl');
  expect(receiptName(7)).toBe('export/_checkpoints/0000000007.json');
});

test('a digest is SHA-256 of canonical JSON that says what it is for', () => {
  const text = '{"purpose":"link","value":{"a":1}}';
  expect(digestOf('link', { a: 1 })).toBe(createHash('sha256').update(text).digest('hex'));
  expect(sha256('abc')).toBe(createHash('sha256').update('abc').digest('hex'));
});

test('a text of any length and alphabet is hashed behind its tag and the hash before it', () => {
  for (const text of [
    '',
    'ä'.repeat(10),
    'ä'.repeat(21_834),
    'ä'.repeat(21_835),
    '€'.repeat(90_000),
  ]) {
    const bytes = Buffer.concat([
      Buffer.of(TAG.event),
      Buffer.from(HASH, 'hex'),
      Buffer.from(text),
    ]);
    expect(taggedHash(TAG.event, HASH, text)).toBe(
      createHash('sha256').update(bytes).digest('hex'),
    );
  }
});

const { requestId, entitlement } = asked();
const request = { requestId, requester: 'U0ANA', subject: 'U0FAY', entitlement };
const row = (
  event: AnyEvent,
  about: Partial<LoggedRow['about']> = {},
  place: Partial<LoggedRow['logged']> = {},
): LoggedRow => ({
  logged: {
    ...{ tenant: 'acme', chain: `request#${requestId}`, kind: 'request', id: requestId },
    ...{ seq: 3, event, previous: HASH, hash: 'b'.repeat(64) },
    ...place,
  },
  about: { request: null, holder: null, ...about },
});
const sampleOf = (type: AnyEvent['type']): AnyEvent => {
  const found = EVENT_SAMPLES.find(({ event }) => event.type === type);
  if (!found) throw new Error(type);
  return found.event;
};
const HOLDING = { kind: 'holding', id: 'github:team:acme/deployers:0011' } as const;
const CONTAINER = { kind: 'container', id: 'github:team:acme/deployers' } as const;

test('a row of a request has a column for everything, all of it text', () => {
  const event = asked();
  const columns = columnsOf(row(event, { request }));
  expect(Object.keys(columns)).toEqual([...COLUMNS]);
  expect(columns).toEqual({
    ...{ at: iso(), event: 'AccessRequested', actor: 'U0ANA', request: requestId },
    ...{ requester: 'U0ANA', subject: 'U0FAY', entitlement: 'github:acme/deployers' },
    ...{ role: 'member', provider: 'github', chain: `request#${requestId}`, seq: '3' },
    ...{ details: columns.details, previous: HASH, hash: 'b'.repeat(64) },
  });
  expect(JSON.parse(columns.details)).toEqual(event);
});

test('a row that is about no request leaves those columns empty, and names the holder and the role it has', () => {
  const issued = sampleOf('IntentIssued');
  const role = 'role' in issued ? issued.role : 'none';
  const { details: _, ...columns } = columnsOf(row(issued, { holder: 'U0FAY' }, HOLDING));
  expect(columns).toMatchObject({
    ...{ actor: 'ensure', request: '', requester: '', subject: 'U0FAY', entitlement: '' },
    ...{ role: role ?? '', provider: 'github' },
  });
  if (issued.type !== 'IntentIssued') throw new Error(issued.type);
  const removal = { ...issued, kind: 'remove' as const, role: null };
  expect(columnsOf(row(removal, {}, HOLDING)).role).toBe('');
  const policy = columnsOf(
    row(sampleOf('PolicyChanged'), {}, { kind: 'policy', id: 'active', chain: 'policy#active' }),
  );
  expect(policy).toMatchObject({ request: '', subject: '', role: '', provider: '' });
});

test('a line holds what its hash is over, and nothing else', () => {
  const event = asked();
  expect(JSON.parse(lineOf(row(event)))).toEqual({
    ...{ tenant: 'acme', chain: `request#${requestId}`, seq: 3, event },
    ...{ previous: HASH, hash: 'b'.repeat(64) },
  });
});

test('an actor is a person by id, or what it is', () => {
  expect([actorOf({ kind: 'person', id: 'U0ANA' }), actorOf({ kind: 'sweep' })]).toEqual([
    ...['U0ANA', 'sweep'],
  ]);
});

test('the container of a row is that of its chain, else of its request', () => {
  const event = asked();
  expect(containerOf(row(event, {}, CONTAINER))).toBe('github:team:acme/deployers');
  expect(containerOf(row(event, {}, HOLDING))).toBe('github:team:acme/deployers');
  expect(containerOf(row(event, { request }))).toBe('github:team:acme/deployers');
  expect(containerOf(row(event))).toBeNull();
});

test('what was read and written at the provider fits an entitlement by its container alone', () => {
  const only = (container: string | null) => ({
    ...EVERYTHING,
    entitlement: { id: 'github:acme/deployers', container },
  });
  const held = row(sampleOf('IntentIssued'), {}, HOLDING);
  expect(fits(held, only('github:team:acme/deployers'))).toBe(true);
  expect(fits(held, only('github:team:acme/other'))).toBe(false);
  expect(fits(held, only(null))).toBe(false);
  expect(fits(row(sampleOf('PolicyChanged')), only(null))).toBe(false);
});

test('an event concerns whom it names: owners, admins who began, whoever vouched, never a system', () => {
  const base = { v: 1, owner: 'U0ANA', at: iso(), actor: { kind: 'sweep' } } as const;
  const about = (event: AnyEvent) => [...peopleIn(row(event, { holder: 'U0FAY' }))].sort();
  const offered = (
    vouchedBy: { kind: 'person'; id: string } | { kind: 'sweep' } | null,
  ): AnyEvent => ({
    ...{ type: 'EnrolmentOffered', ...base, authenticatorId: 'auth-0001' },
    ...{ vouchedBy, replaces: null, factor: null },
  });
  expect(about(offered({ kind: 'person', id: 'U0BO' }))).toEqual(['U0ANA', 'U0BO', 'U0FAY']);
  expect(about(offered({ kind: 'sweep' }))).toEqual(['U0ANA', 'U0FAY']);
  expect(about(offered(null))).toEqual(['U0ANA', 'U0FAY']);
  expect(about({ ...asked(), actor: { kind: 'person', id: 'U0CY' } })).toEqual(['U0CY', 'U0FAY']);
  const confirmed = sampleOf('AuthenticatorResetConfirmed');
  const startedBy = 'startedBy' in confirmed ? confirmed.startedBy : 'none';
  expect(peopleIn(row(confirmed))).toContain(startedBy);
});

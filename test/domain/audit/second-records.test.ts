/**
 * The second verifier's reading of point 7 against the product's: both say the same of every record that follows from its events, and of
 * every field that was changed in one. What is not compared stands in docs/audit-format.md, and here.
 */

import type { AccessRequestEvent } from '../../../shared/domain/access-request/events.ts';
import { replay } from '../../../shared/domain/access-request/evolve.ts';
import type { Json } from '../../../shared/domain/audit/canonical-json.ts';
import type { HoldingEvent } from '../../../shared/domain/holding/model.ts';
import { type AuditLog, instant, openKeys } from '../../support/audit-fixture.ts';
import { HELD, HELD_EVENTS, HOLDING, REQUESTS, recordedLog } from '../../support/recorded-log.ts';
import {
  activated,
  activationFailed,
  approval,
  asked,
  askedAhead,
  authorized,
  escalated,
  escalationPlanned,
  expired,
  extended,
  extensionApproved,
  extensionAsked,
  extensionDenied,
  extensionWithdrawn,
  nudged,
  removalFailed,
  removed,
  reviewed,
  reviewOverdue,
  revoked,
  scheduled,
  started,
  withdrawn,
} from '../../support/samples.ts';
import type { Head, Row, Value } from '../../support/second-verifier-parts.ts';
import { recordsAgainst } from '../../support/second-verifier-records.ts';

const asValue = (json: unknown): Value => JSON.parse(JSON.stringify(json));
const rowsOf = (chain: string, events: readonly object[]): Row[] =>
  events.map((event, i) => ({
    ...{ chain, seq: i + 1, tenant: 'acme', previous: '', hash: '' },
    event: Object(asValue(event)),
  }));
const headOf = (chain: string, value: unknown): Head => ({
  ...{ chain, seq: 0, hash: '' },
  value: asValue(value),
});

/** Every scalar of a value, changed, and every field left out. */
function* changes(value: Value, path: string[] = []): Iterable<{ path: string[]; value: Value }> {
  if (typeof value !== 'object' || value === null) {
    const other = typeof value === 'number' ? value + 1 : value === null ? 'evil' : !value;
    yield { path, value: typeof value === 'string' ? `${value}x` : other };
    return;
  }
  for (const [name, part] of Object.entries(value)) {
    for (const inner of changes(part ?? null, [...path, name])) {
      const next: Value = Array.isArray(value)
        ? value.map((each, i) => (String(i) === name ? inner.value : each))
        : { ...value, [name]: inner.value };
      yield { path: inner.path, value: next };
    }
    if (Array.isArray(value) || part === null) continue;
    const { [name]: _, ...without } = value;
    yield { path: [...path, name], value: without };
  }
}

const glass = asked({ breakGlass: { incident: 'INC-42', reviewBy: instant(99) } });
const live = [asked(), approval(), authorized(), activated()];
const { start: _, ticket: __, breakGlass: ___, ...first } = asked();
const STORIES: readonly (readonly [string, readonly AccessRequestEvent[]])[] = [
  ['of the first version', [{ ...first, v: 1 }, approval(), authorized()]],
  ['escalated and nudged', [asked(), escalationPlanned(), nudged(), escalated(), approval()]],
  ['approved twice by one', [asked(), approval(), approval({ durationSeconds: 60, factor: null })]],
  ['ahead', [askedAhead(), approval(), scheduled(), started(), authorized(), activated()]],
  ['ahead and taken back', [askedAhead(), approval(), scheduled(), withdrawn()]],
  ['with more time', [...live, extensionAsked(), nudged(), extensionApproved(), extended()]],
  ['with more time in between', [...live, extensionAsked(), nudged(), extensionApproved()]],
  ['denied more time, once more', [...live, extensionAsked(), extensionDenied(), extensionAsked()]],
  ['denied more time', [...live, extensionAsked(), extensionDenied()]],
  ['taken back', [...live, extensionAsked(), extensionWithdrawn()]],
  ['ended while more was asked for', [...live, extensionAsked(), revoked()]],
  ['hard to remove', [...live, expired(), removalFailed(1), removalFailed(2), removed()]],
  ['ended before it began', [asked(), approval(), authorized(), revoked(), removed()]],
  ['broken glass', [glass, authorized(), activated(), reviewOverdue(), reviewed(), expired()]],
  ['broken glass in vain', [glass, authorized(), activationFailed(), reviewOverdue()]],
];

const PLACE = 'request#AR-7K2M9Q';
/** Of requests alone: their grants are held against holdings below. */
const ofRequest = (events: readonly object[], value: unknown): string[] =>
  recordsAgainst(rowsOf(PLACE, events), [headOf(PLACE, value)]).filter(
    (sentence) => !sentence.startsWith('grant '),
  );

test.each(STORIES)(
  'a request %s: the tables of the page lead to the record that the product writes',
  (_name, events) => {
    for (let i = 1; i <= events.length; i += 1) {
      const told = events.slice(0, i);
      expect(ofRequest(told, replay(told))).toEqual([]);
    }
    const missed = [...changes(asValue(replay(events)))].filter(
      ({ value }) => ofRequest(events, value).length === 0,
    );
    expect(missed.map(({ path }) => path.join('.'))).toEqual([]);
  },
);

const log = recordedLog(openKeys());
const rowsIn = ({ rows }: AuditLog): Row[] =>
  [...rows].flatMap(([chain, each]) =>
    rowsOf(
      chain,
      each.map(({ row }) => Object(Object(row)['event'])),
    ),
  );
const ROWS = rowsIn(log);
const heads = (holding: unknown): Head[] => [
  ...REQUESTS.map(({ chain, state }) => headOf(chain, state)),
  headOf(HOLDING, holding),
];

/** As docs/audit-format.md lists them. */
const NOT_COMPARED = new Set([
  ...['grants.*.issued', 'grants.*.scheduledFor', 'intents.*.issuedAt', 'intents.*.answer'],
  ...['settleUntil', 'staleSchedules', 'lease', 'fence', 'attempts', 'nextAttemptAt', 'lastFault'],
  ...['drift', 'wakeAt', 'stray', 'container.id', 'grants.*.memberships'],
  // Of one of several grants that stand on the account.
  'subject',
]);

test('a holding: what its own events and those of its requests decide is compared, field by field', () => {
  expect(recordsAgainst(ROWS, heads(HELD))).toEqual([]);
  const missed = [...changes(asValue(HELD))]
    .filter(({ value }) => recordsAgainst(ROWS, heads(value)).length === 0)
    .map(({ path }) => path.join('.').replace(/\.\d+(?=\.|$)/g, '.*'));
  expect(missed.filter((name) => !NOT_COMPARED.has(name))).toEqual([]);
});

test('a holding: grants that are gone, doubled or of nobody, an account that is not its own, an end that nobody looks for', () => {
  const [grant, ...others] = HELD.grants;
  if (!grant) throw new Error('There are some');
  const changed: object[] = [
    ...[{ grants: others }, { grants: [...HELD.grants, grant] }, { grants: [] }],
    { grants: [...HELD.grants, { ...grant, grantId: 'AR-EV1000' }] },
    ...[{ login: 'eve' }, { login: 'erased' }, { dueAt: null }],
    ...[{ dueAt: '2031-01-01T00:00:00.000Z' }, { baseline: null }, { intents: [] }],
  ];
  for (const part of changed)
    expect([part, recordsAgainst(ROWS, heads({ ...HELD, ...part }))]).not.toEqual([part, []]);
});

test('a holding: the role that confirmed calls left, where two roles were written, is left open', () => {
  const about = { v: 1 as const, at: instant(9), actor: { kind: 'ensure' as const } };
  const { holdingId } = HELD;
  const call = (intentId: string, kind: 'add' | 'remove', role: string): HoldingEvent[] => [
    { type: 'IntentIssued', ...about, holdingId, intentId, kind, role, grantIds: [], fence: 1 },
    { type: 'IntentClosed', ...about, holdingId, intentId, result: 'confirmed' },
  ];
  const idle = { ...HELD, grants: [], intents: [], dueAt: null };
  const said = (events: readonly HoldingEvent[], ours: string | null) =>
    recordsAgainst(rowsOf(HOLDING, events), [headOf(HOLDING, { ...idle, ours })]);
  const before = HELD_EVENTS.slice(0, 6);
  expect(said(before, 'member')).toEqual([]);
  expect(said(before, 'admin')).not.toEqual([]);
  const two = [...before, ...call('three', 'add', 'maintainer')];
  expect([said(two, 'member'), said(two, 'maintainer')]).toEqual([[], []]);
});

const about = (minute: number, id = 'U0ADA') => ({
  ...{ v: 1, at: instant(minute) },
  actor: { kind: 'person', id },
});
const HASH = 'a'.repeat(64);
const policy = { hash: HASH, activatedAt: instant(1) };
const proposal = { what: 'stop', by: 'U0ADA', at: instant(1), until: instant(9) };
const standing = { since: instant(2), proposedBy: 'U0ADA', confirmedBy: 'U0BEA' };
const proposed = { type: 'StopProposed', ...about(1), what: 'stop', until: instant(9) };
const confirmed = { type: 'EverythingStopped', ...about(2, 'U0BEA'), proposedBy: 'U0ADA' };
const changedPolicy = { type: 'PolicyChanged', ...about(1), hash: HASH };
const waits = { type: 'PolicyScheduled', ...about(2), hash: HASH, effectiveAt: instant(9) };
const SWITCHES: readonly (readonly [string, readonly object[], Readonly<Record<string, Json>>])[] =
  [
    ['policy#active', [changedPolicy], policy],
    [
      'policy#active',
      [changedPolicy, waits],
      { ...policy, pending: { hash: HASH, effectiveAt: instant(9) } },
    ],
    ['policy#active', [changedPolicy, waits, { type: 'PolicyUnscheduled', ...about(3) }], policy],
    [
      'pause#all',
      [{ type: 'GrantsPaused', ...about(1) }],
      { paused: true, by: about(1).actor, at: instant(1) },
    ],
    ['stop#all', [proposed], { standing: null, proposal, clearedAt: null }],
    ['stop#all', [proposed, confirmed], { standing, proposal: null, clearedAt: instant(3) }],
    [
      'stop#all',
      [proposed, confirmed, { type: 'StopLifted', ...about(4) }],
      { standing: null, proposal: null, clearedAt: null },
    ],
  ];

test.each(SWITCHES)(
  'a switch: %s is what its events write, in every field but how far the sweep is',
  (chain, events, value) => {
    const said = (other: unknown) => recordsAgainst(rowsOf(chain, events), [headOf(chain, other)]);
    expect(said(value)).toEqual([]);
    const missed = [...changes(asValue(value))].filter((each) => said(each.value).length === 0);
    expect(missed.filter(({ path }) => path[0] !== 'clearedAt')).toEqual([]);
    for (const other of [null, 'text', [], {}]) expect(said(other)).not.toEqual([]);
  },
);

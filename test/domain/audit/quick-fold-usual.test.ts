/** Each step of the usual way of a request, told from pieces of text as `evolve` tells it; where it gives up it says nothing. */
import type { AccessRequestEvent } from '../../../shared/domain/access-request/events.ts';
import { replay } from '../../../shared/domain/access-request/evolve.ts';
import { canonicalJson, type Json } from '../../../shared/domain/audit/canonical-json.ts';
import { openUsualFold } from '../../../shared/domain/audit/claims.ts';
import { openQuickFold } from '../../../shared/domain/audit/quick-fold.ts';
import {
  activated,
  approval,
  asked,
  authorized,
  denied,
  expired,
  HISTORIES,
  removalFailed,
  removed,
  revoked,
  START,
  withdrawn,
} from '../../support/samples.ts';

const plain = (event: object): Record<string, Json> => JSON.parse(JSON.stringify(event));
const written = (event: object): string => canonicalJson(plain(event));
const told = (events: readonly AccessRequestEvent[]) => canonicalJson(plain(replay(events)));

function quickly(events: readonly object[]): string | null {
  const fold = openQuickFold();
  return events.every((event) => fold.add(written(event))) ? fold.text() : null;
}

test.each(['pending', 'denied', 'withdrawn', 'lapsed', 'ended'] as const)(
  'a request that went the usual way and is %s is what evolve makes of it',
  (status) => {
    expect(quickly(HISTORIES[status])).toBe(told(HISTORIES[status]));
  },
);

test('access that is there or under way is left to evolve, which knows what a holding has to say', () => {
  for (const status of ['new', 'activating', 'active', 'removing'] as const)
    expect(quickly(HISTORIES[status])).toBeNull();
});

const byAna = { kind: 'person', id: 'U0ANA' } as const;
const coded = asked({
  ...{ ticket: 'OPS-1', start: { notBefore: START.toISOString(), until: null } },
  breakGlass: { incident: null, reviewBy: START.toISOString() },
});
const WAYS: readonly (readonly [string, readonly AccessRequestEvent[]])[] = [
  ['approved', [asked(), approval()]],
  ['approved by two', [asked(), approval(), approval({ actor: byAna, durationSeconds: 60 })]],
  ['approved twice by one, without a code', [asked(), approval(), approval({ factor: null })]],
  [
    'approved by one, another and one again',
    [asked(), approval(), approval({ actor: byAna, factor: null }), approval(), denied()],
  ],
  ['asked with everything that is seldom', [coded, withdrawn()]],
  ['revoked before it was there', [asked(), authorized(), revoked(), removed()]],
  [
    'revoked by an approver',
    [asked(), authorized(), activated(), revoked({ cause: 'approver' }), removed()],
  ],
  ['expired while it was set up', [asked(), authorized(), expired(), removed()]],
  ['left to what was there', [asked(), authorized(), expired(), removed({ outcome: 'covered' })]],
];

test.each(WAYS)('a request that was %s is what evolve makes of it', (_, events) => {
  expect(quickly(events)).toBe(told(events));
});

test.each<[string, readonly object[]]>([
  ['an event of an unknown kind', [{ ...asked(), type: 'Other' }]],
  ['an approval of nothing', [approval()]],
  ['a second ask', [asked(), asked()]],
  ['an end after the end', [...HISTORIES.ended, expired()]],
  ['a failed removal', [...HISTORIES.removing, removalFailed()]],
  ['an approval by nobody', [asked(), { ...approval(), actor: { kind: 'sweep' } }]],
  ['an ask of an older version', [{ ...asked(), v: 1 }]],
  ['an approval of another version', [asked(), { ...approval(), v: 2 }]],
  ['a field more', [{ ...asked(), more: 1 }]],
  ['a text with a quote in it', [asked({ rule: 'a"b' })]],
])('%s is not usual', (_, events) => {
  const fold = openQuickFold();
  const taken = events.map((event) => fold.add(written(event)));
  expect(taken).toEqual(events.map((_event, i) => i < events.length - 1));
});

test('a text without a kind of event is not usual', () => {
  for (const text of ['', '"type":"', 'null', '{}']) expect(openQuickFold().add(text)).toBe(false);
});

test('what comes after something unusual is added to what evolve made of it', () => {
  const fold = openUsualFold('request#AR-7K2M9Q');
  const events = [...HISTORIES.removing, removalFailed(), removed()];
  for (const event of events.slice(0, -1)) fold.addWritten(written(event));
  fold.add(plain(removed()));
  const at = { chain: 'request#AR-7K2M9Q', seq: events.length };
  expect(fold.claims(at)).toEqual([{ ...at, record: at.chain, text: told(events) }]);
});

test('a usual request claims its own text alone, at its own place', () => {
  const at = { chain: 'request#AR-7K2M9Q', seq: 2 };
  const fold = openUsualFold(at.chain);
  for (const event of HISTORIES.denied) fold.addWritten(written(event));
  expect(fold.claims(at)).toEqual([{ ...at, record: at.chain, text: told(HISTORIES.denied) }]);
});

test('a request of more events than are usual is folded all the same', () => {
  const many = [asked(), ...Array.from({ length: 40 }, () => approval()), denied()];
  const fold = openUsualFold('request#AR-7K2M9Q');
  for (const event of many) fold.addWritten(written(event));
  expect(fold.claims({ chain: 'request#AR-7K2M9Q', seq: 42 })[0]?.text).toBe(told(many));
});

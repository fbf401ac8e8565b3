/** What the events of a holding decide: which role is ours after calls that came, were refused, or crossed each other. */
import { canonicalJson } from '../../../shared/domain/audit/canonical-json.ts';
import {
  decidedTexts,
  ERASED_LOGIN,
  isAtHome,
  isLookedAfter,
  openHoldingFold,
  UNDECIDED,
} from '../../../shared/domain/audit/holding-fold.ts';
import type { HoldingGrant } from '../../../shared/domain/holding/model.ts';
import { HELD, HOLDING_ID } from '../../support/recorded-log.ts';
import { holding, iso, later } from '../../support/samples.ts';

const issued = (intentId: string, kind: 'add' | 'remove', role: string | null) => ({
  type: 'IntentIssued',
  ...{ intentId, kind, role },
});
const closed = (intentId: string, result: 'confirmed' | 'refused' | 'settled' = 'confirmed') => ({
  ...{ type: 'IntentClosed', intentId, result },
});
const base = {
  type: 'BaselineCaptured',
  membership: { role: 'member', direct: true, until: null },
};
const cleared = { type: 'HoldingCleared' };
const [baseline] = [base.membership];

function folded(events: readonly unknown[]) {
  const fold = openHoldingFold();
  for (const event of events) fold.add(event);
  return fold.texts();
}
const added = [base, issued('a', 'add', 'maintainer'), closed('a')];

test.each([
  ['a call that was confirmed', added, { baseline, ours: 'maintainer' }],
  [
    'one that was refused',
    [...added, issued('b', 'remove', null), closed('b', 'refused')],
    { baseline, ours: 'maintainer' },
  ],
  [
    'one that grew too old',
    [...added, issued('b', 'remove', null), closed('b', 'settled')],
    { baseline, ours: 'maintainer' },
  ],
  ['a removal', [...added, issued('b', 'remove', null), closed('b')], { baseline, ours: null }],
  [
    'a lowering to what was there before',
    [...added, issued('b', 'remove', 'member'), closed('b')],
    { baseline, ours: null },
  ],
  [
    'a lowering to what somebody still wants',
    [...added, issued('b', 'remove', 'triage'), closed('b')],
    { baseline, ours: 'triage' },
  ],
  [
    'a removal after which something was issued',
    [
      ...added,
      issued('b', 'remove', null),
      issued('c', 'add', 'maintainer'),
      closed('b'),
      closed('c'),
    ],
    { baseline, ours: 'maintainer' },
  ],
  [
    'a removal after which something was issued that was refused',
    [
      ...added,
      issued('b', 'remove', null),
      issued('c', 'add', 'maintainer'),
      closed('b'),
      closed('c', 'refused'),
    ],
    { baseline, ours: 'maintainer' },
  ],
  ['all that was cleared', [...added, cleared], { baseline: null, ours: null }],
  ['a close of what was never issued', [...added, closed('z')], { baseline, ours: 'maintainer' }],
])('after %s the role that is ours is known', (_, events, part) => {
  expect(folded(events)).toEqual({ ...decidedTexts(holding(part)), isUnsure: false });
});

test('of two roles that were written nobody here knows the stronger, until they are taken away', () => {
  const two = [...added, issued('b', 'add', 'admin'), closed('b')];
  expect(folded(two)).toMatchObject({
    isUnsure: true,
    unranked: decidedTexts(holding({ baseline })).unranked,
  });
  const over = [...two, issued('c', 'remove', null), closed('c')];
  expect(folded(over)).toEqual({ ...decidedTexts(holding({ baseline })), isUnsure: false });
});

test('what is no event, or what no record can carry, leads nowhere', () => {
  for (const event of [null, 'x', [], { type: 'AccountPinned', accountId: '\ud800' }])
    expect(folded([event])).toBeNull();
  expect(folded([{ type: 'Other' }])).toEqual({ ...decidedTexts(holding()), isUnsure: false });
});

describe('of several calls that are open', () => {
  const open = [base, issued('a', 'add', 'triage'), issued('b', 'add', 'maintainer')];
  const texts = (ours: string | null, intents: readonly object[]) => {
    const unranked = canonicalJson({
      ...{ accountId: null, baseline: { ...base.membership } },
      intents: intents.map((intent) => ({ ...intent })),
    });
    return { text: canonicalJson({ ours, unranked }), unranked, isUnsure: false };
  };
  const [a, b] = [
    { intentId: 'a', kind: 'add', role: 'triage' },
    { intentId: 'b', kind: 'add', role: 'maintainer' },
  ];

  test('one is closed and the others stay', () => {
    expect(folded(open)).toEqual(texts(null, [a, b]));
    expect(folded([...open, closed('b')])).toEqual(texts('maintainer', [a]));
    expect(folded([...open, closed('a', 'refused')])).toEqual(texts(null, [b]));
    expect(folded([...open, closed('z')])).toEqual(texts(null, [a, b]));
  });
  test('a record names them as its events do, without what the clock and the provider said', () => {
    const known = { issuedAt: iso(), answer: 'open' as const };
    const intents = [{ ...a, ...known, kind: 'add' as const }];
    const { isUnsure: _, ...expected } = texts('triage', [a]);
    expect(decidedTexts(holding({ baseline, ours: 'triage', intents }))).toEqual(expected);
  });
});

test('a role that was added is ours also where it is the one that was there before', () => {
  const member = [base, issued('a', 'add', 'member'), closed('a')];
  expect(folded(member)).toMatchObject(decidedTexts(holding({ baseline, ours: 'member' })));
});

test('a holding without an event says nothing at all', () => {
  const unranked = '{"accountId":null,"baseline":null,"intents":[]}';
  expect(UNDECIDED).toBe(canonicalJson({ ours: null, unranked }));
  expect(folded([])).toEqual({ text: UNDECIDED, unranked, isUnsure: false });
});

describe('a record stands under its own key', () => {
  const erased = { ...HELD, login: ERASED_LOGIN, grants: [] };

  test('while its id is that of its container and its login', () => {
    expect(isAtHome(HOLDING_ID, HELD)).toBe(true);
    expect(isAtHome(HOLDING_ID, { ...HELD, login: 'bea-dev' })).toBe(false);
    for (const part of [{ provider: 'gitlab' }, { kind: 'org' }, { resource: 'acme/other' }])
      expect(isAtHome(HOLDING_ID, { ...HELD, container: { ...HELD.container, ...part } })).toBe(
        false,
      );
  });
  test('while it says so itself', () => {
    const other = `${HOLDING_ID.slice(0, -1)}x`;
    expect(isAtHome(other, HELD)).toBe(false);
    expect(isAtHome(HOLDING_ID, { ...HELD, holdingId: other })).toBe(false);
    expect(isAtHome(HOLDING_ID, { ...erased, holdingId: other })).toBe(false);
  });
  test('when its login was erased, while it lists nothing and stands in its container', () => {
    expect(isAtHome(HOLDING_ID, erased)).toBe(true);
    expect(isAtHome(HOLDING_ID, { ...erased, grants: HELD.grants })).toBe(false);
    for (const part of [{ provider: 'gitlab' }, { kind: 'org' }, { resource: 'acme/other' }])
      expect(isAtHome(HOLDING_ID, { ...erased, container: { ...HELD.container, ...part } })).toBe(
        false,
      );
  });
});

describe('a holding is looked after', () => {
  const [first] = HELD.grants;
  if (!first) throw new Error('No grant');
  const END = later(7200);
  const grant = (phase: HoldingGrant['phase'], expiresAt = END): HoldingGrant => ({
    ...{ ...first, phase, expiresAt: expiresAt.toISOString() },
  });
  const looked = (dueAt: Date | null, ...grants: readonly HoldingGrant[]) =>
    isLookedAfter({ ...HELD, grants: [...grants], dueAt: dueAt?.toISOString() ?? null });
  const hour = 3600;

  test('when it lists nothing, whether it is due or not', () => {
    expect([looked(null), looked(later(99 * hour))]).toEqual([true, true]);
  });
  test('when it is due an hour after the first end at the latest', () => {
    for (const phase of ['activating', 'active'] as const) {
      expect(looked(null, grant(phase))).toBe(false);
      expect(looked(later(-hour, END), grant(phase))).toBe(true);
      expect(looked(later(hour, END), grant(phase))).toBe(true);
      expect(looked(later(hour + 1, END), grant(phase))).toBe(false);
      expect(looked(later(hour, END), grant(phase), grant(phase, later(-1, END)))).toBe(false);
    }
  });
  test('when it is due at any time and everything in it is being taken away', () => {
    expect(looked(null, grant('removing'))).toBe(false);
    expect(looked(later(99 * hour), grant('removing'))).toBe(true);
    expect(looked(later(99 * hour), grant('removing'), grant('active'))).toBe(false);
  });
});

/** What the events of a holding decide: which role is ours after calls that came, were refused, or crossed each other. */
import { decidedTexts, openHoldingFold } from '../../../shared/domain/audit/holding-fold.ts';
import { holding } from '../../support/samples.ts';

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

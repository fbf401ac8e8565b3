/** The timeline's sentences: every event has one, and it names people and containers as people know them. */
import { EVENT_MEANINGS } from '../../../local/docs/event-meanings.ts';
import { sentenceOf, toneOf } from '../../../local/xray/event-sentences.ts';
import type { AnyEvent } from '../../../shared/domain/records.ts';
import { asked, HISTORIES } from '../../support/samples.ts';

const nameOf = (id: string) => (id === 'U0ANA' ? 'Ana' : id);
const events = [
  ...new Map(
    Object.values(HISTORIES)
      .flat()
      .map((e) => [e.type, e]),
  ).values(),
];

test.each(events.map((event) => [event.type, event] as const))(
  '%s is told in a sentence of its own',
  (type, event) => {
    const sentence = sentenceOf(event, nameOf);
    expect(sentence).toMatch(/^\S.*\.$/);
    expect(sentence).not.toMatch(/undefined|null|\[object/);
    expect(sentence).not.toBe(EVENT_MEANINGS[type]);
  },
);

test('what could not be done looks bad, what was read back looks good', () => {
  expect(['ActivationFailed', 'RemovalFailed', 'CommandRefused'].map(toneOf)).toEqual([
    'bad',
    'bad',
    'bad',
  ]);
  expect(['GrantActivated', 'GrantRemoved'].map(toneOf)).toEqual(['good', 'good']);
});

test('an event without a sentence here is told by its meaning', () => {
  const at = '2026-03-02T10:00:00.000Z';
  const held: AnyEvent = {
    ...{ type: 'LegalHoldPlaced', v: 1, at, person: 'U0ANA' },
    actor: { kind: 'operator' },
  };
  expect(sentenceOf(held, nameOf)).toBe(EVENT_MEANINGS.LegalHoldPlaced);
});

const at = '2026-03-02T10:00:00.000Z';
const about = { v: 1, at, actor: { kind: 'person', id: 'U0DEE' } } as const;
const factor = { kind: 'totp', step: 59_000_100 } as const;
const ensure = { v: 1, at, actor: { kind: 'ensure' }, container: 'github:team:acme/a' } as const;
test.each<[AnyEvent, string]>([
  [
    { type: 'GrantsPaused', ...about, scope: 'all' },
    'U0DEE paused new access for every provider. What is live goes on, and ends on time.',
  ],
  [{ type: 'GrantsResumed', ...about, scope: 'github' }, 'U0DEE let new access go on for github.'],
  [
    { type: 'EverythingStopped', ...about, scope: 'all', proposedBy: 'U0ANA', factor },
    'Ana and U0DEE stopped everything, each with a one-time code. All live access ends.',
  ],
  [
    {
      type: 'StrangerKept',
      ...ensure,
      accountId: '7',
      role: 'member',
      holdingId: 'h:1',
      why: 'refused',
      fault: 'forbidden',
    },
    'Account 7 was not taken out of github:team:acme/a: the provider refused (forbidden).',
  ],
  [
    { type: 'ExclusiveReported', ...ensure, strangers: 1 },
    'First look at github:team:acme/a, which the policy calls exclusive: 1 member has no grant. Nobody was touched.',
  ],
  [
    { type: 'RequestWithdrawn', v: 1, at, requestId: 'AR-7K2M9Q', actor: { kind: 'sweep' } },
    'Who asked for it, or was to have it, left the workspace: withdrawn.',
  ],
  [
    { ...asked(), approvalsNeeded: 0, subject: 'U0BO' },
    'Ana asked for member in acme/deployers for U0BO for 2h. By rule prod-deploy nobody has to approve it.',
  ],
])('%#: reads well', (event, sentence) => {
  expect(sentenceOf(event, nameOf)).toBe(sentence);
});

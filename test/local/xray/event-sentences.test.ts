/** The timeline's sentences: every event has one, and it names people and containers as people know them. */
import { EVENT_MEANINGS } from '../../../local/docs/event-meanings.ts';
import { sentenceOf, toneOf } from '../../../local/xray/event-sentences.ts';
import { HISTORIES } from '../../support/samples.ts';

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
  const paused = {
    type: 'GrantsPaused',
    v: 1,
    at,
    actor: { kind: 'operator' },
    scope: 'all',
  } as const;
  expect(sentenceOf(paused, nameOf)).toBe(EVENT_MEANINGS.GrantsPaused);
});

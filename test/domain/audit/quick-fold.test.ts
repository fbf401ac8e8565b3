/** Pieces of text put together say what `evolve` says, or nothing at all. */
import fc from 'fast-check';
import { canonicalJson, type Json } from '../../../shared/domain/audit/canonical-json.ts';
import { openFold, openUsualFold } from '../../../shared/domain/audit/claims.ts';
import {
  approval,
  asked,
  authorized,
  HISTORIES,
  removalFailed,
  removed,
  revoked,
  START,
} from '../../support/samples.ts';

// How often each case was met is asserted too: the same runs each time, or chance would turn it red.
fc.configureGlobal({ seed: 20261123 });

const AT = { chain: 'request#AR-7K2M9Q', seq: 1 };
type Event = Record<string, Json>;
const plain = (event: object): Event => JSON.parse(JSON.stringify(event));

const exactly = (events: readonly object[]) => {
  const fold = openFold(AT.chain);
  for (const event of events) fold.add(plain(event));
  return fold.claims(AT);
};
const usually = (events: readonly object[]) => {
  const fold = openUsualFold(AT.chain);
  for (const event of events) fold.addWritten(canonicalJson(plain(event)));
  return fold.claims(AT);
};

const byAna = { kind: 'person', id: 'U0ANA' } as const;
const STORIES = Object.values(HISTORIES).map((events) => events.map(plain));
const ALL = [
  ...Object.values(HISTORIES).flat(),
  ...[approval({ actor: byAna, factor: null }), revoked(), removed({ outcome: 'left' })],
  ...[
    { ...asked(), breakGlass: { incident: null, reviewBy: START.toISOString() } },
    removalFailed(),
  ],
];

const WRONG: readonly Json[] = [null, 7, 'x', 'a"b\\', {}, ['x']];

test('a field of another look, in any event, leads where evolve leads, mostly nowhere', () => {
  let nowhere = 0;
  const ways = [HISTORIES.denied, HISTORIES.withdrawn, HISTORIES.lapsed, HISTORIES.ended];
  for (const story of [...ways, [asked(), authorized(), revoked(), removed()]].map((way) =>
    way.map(plain),
  ))
    for (const [i, event] of story.entries())
      for (const name of Object.keys(event))
        for (const value of WRONG) {
          const changed = story.with(i, { ...event, [name]: value });
          expect(usually(changed)).toEqual(exactly(changed));
          if (exactly(changed)[0]?.text === 'nowhere') nowhere += 1;
        }
  expect(nowhere).toBeGreaterThan(500);
});

/** Any event in any order, each as it is or with a field of another look, a field more or a field less. */
const change = fc.oneof(
  { weight: 12, arbitrary: fc.constant((event: Event): Event => event) },
  fc
    .tuple(fc.nat(), fc.constantFrom<Json>(null, 7, 'x', 'a"b\\', {}, { id: '}' }, []))
    .map(([n, value]) => (event: Event): Event => {
      const names = Object.keys(event);
      return { ...event, [names[n % names.length] ?? '']: value };
    }),
  fc.constant((event: Event): Event => ({ ...event, more: 1 })),
  fc.nat().map((n) => (event: Event): Event => {
    const names = Object.keys(event);
    return Object.fromEntries(
      Object.entries(event).filter(([name]) => name !== names[n % names.length]),
    );
  }),
);
const played = fc
  .oneof(
    fc.constantFrom(...STORIES),
    fc.array(fc.constantFrom(...ALL.map(plain)), { maxLength: 7 }),
    fc
      .tuple(fc.constantFrom(...STORIES), fc.nat(), fc.constantFrom(...ALL.map(plain)))
      .map(([events, at, event]) => events.toSpliced(at % (events.length + 1), 0, event)),
  )
  .chain((events) =>
    fc
      .tuple(...events.map(() => change))
      .map((changes) => events.map((event, i) => changes[i]?.(event) ?? event)),
  );

test('whatever the events are, the claims are those that evolve leads to', () => {
  fc.assert(
    fc.property(played, (events) => {
      expect(usually(events)).toEqual(exactly(events));
    }),
    { numRuns: 400 },
  );
});

test('what is no JSON leads nowhere', () => {
  const fold = openUsualFold(AT.chain);
  fold.addWritten('{type}');
  expect(fold.claims(AT)).toMatchObject([{ text: 'nowhere' }]);
});

/** Figures come from committed facts, and from nothing else. */
import {
  type Measured,
  measuredJournal,
  measuresOf,
} from '../../shared/adapters/measured-journal.ts';
import { memoryJournal } from '../../shared/adapters/memory-journal.ts';
import { EMPTY_CHAIN } from '../../shared/domain/audit/chain.ts';
import { Fault, type Telemetry, type Write } from '../../shared/ports.ts';
import { unmeasured } from '../support/unmeasured.ts';

const at = (minute: number, second = 0) =>
  new Date(Date.UTC(2026, 2, 2, 10, minute, second)).toISOString();
const write = (kind: Write['kind'], next: unknown, ...events: unknown[]): Write => ({
  ...{ do: 'put', kind, id: 'x', rev: 0, head: EMPTY_CHAIN },
  ...{ next, events },
});
const ended = (part: object, removed: object = {}) =>
  write(
    'request',
    { endedAt: at(3, 2), expiresAt: at(3), removedAt: at(3, 20), outcome: 'removed', ...part },
    { type: 'GrantRemoved', readBackAt: at(3, 12), ...removed },
  );
const figures = (given: Write): string[] =>
  measuresOf(given).map(({ name, figure, by }: Measured) => `${name} ${figure} ${by ?? ''}`.trim());

test.each<[string, Write, string[]]>([
  [
    'a grant that ended at its time is measured from its end to the reading',
    ended({}),
    ['TimePastExpiry 12', 'EffectAge 10 taken-away'],
  ],
  [
    'one that was ended early, from that moment',
    ended({ endedAt: at(1), expiresAt: at(3) }),
    ['TimePastExpiry 132', 'EffectAge 132 taken-away'],
  ],
  [
    'an end that was recorded late makes access no shorter',
    ended({ endedAt: at(3, 11) }),
    ['TimePastExpiry 12', 'EffectAge 1 taken-away'],
  ],
  [
    'without a reading, until it was recorded',
    ended({}, { readBackAt: null }),
    ['TimePastExpiry 20', 'EffectAge 18 taken-away'],
  ],
  [
    'a reading before the end is no negative time',
    ended({ endedAt: at(3, 15), expiresAt: at(3, 15) }),
    ['TimePastExpiry 0', 'EffectAge 0 taken-away'],
  ],
  ['access that was never given did not outlive anything', ended({ outcome: 'never-granted' }), []],
  [
    'access that begins is measured from the decision',
    write('request', { authorizedAt: at(1), activatedAt: at(1, 4) }, { type: 'GrantActivated' }),
    ['EffectAge 4 given'],
  ],
  [
    'a refused code counts once',
    write('authenticator', {}, { type: 'CodeRefused' }),
    ['CodeFailures 1'],
  ],
  [
    'a refused recovery code, too',
    write('authenticator', {}, { type: 'RecoveryCodeRefused' }),
    ['CodeFailures 1'],
  ],
  [
    'a code that was right does not',
    write('authenticator', {}, { type: 'AuthenticatorEnrolled' }),
    [],
  ],
  [
    'other kinds and writes without events do not',
    write('holding', {}, { type: 'CodeRefused' }),
    [],
  ],
  [
    'what has another shape than expected is left out',
    write('request', { authorizedAt: 'soon' }, { type: 'GrantActivated' }, 7, null),
    [],
  ],
])('%s', (_what, given, expected) => {
  expect(figures(given)).toEqual(expected);
});

test.each([
  [
    'what was committed is measured',
    async () => ({ committed: true as const, heads: [] }),
    ['CodeFailures'],
  ],
  ['what met a conflict is not', async () => ({ committed: false as const, conflicts: [] }), []],
  [
    'what the store did not answer is not, and its fault passes',
    async () => {
      throw new Fault('lost', { service: 'journal', retryable: true });
    },
    [],
  ],
])('%s', async (_what, commit, expected) => {
  const seen: string[] = [];
  const telemetry: Telemetry = {
    ...unmeasured,
    ...{ info: () => {}, error: () => {}, alarm: () => {} },
    measure: (name) => seen.push(name),
  };
  const journal = measuredJournal({ ...memoryJournal('t'), commit }, telemetry);
  const refused = write('authenticator', {}, { type: 'CodeRefused' });
  const [result] = await Promise.allSettled([journal.commit([refused], new Date(at(1)))]);
  const [own] = await Promise.allSettled([commit()]);
  expect(result).toEqual(own);
  expect(seen).toEqual(expected);
});

/** However much happened on a day: what is in memory is one batch of requests and the few lines that are shown. */
import { memoryJournal } from '../../shared/adapters/memory-journal.ts';
import { digestContents } from '../../shared/application/digest-contents.ts';
import { replay } from '../../shared/domain/access-request/evolve.ts';
import { belongingBy } from '../../shared/domain/digest/channels.ts';
import { LISTED } from '../../shared/domain/digest/model.ts';
import { absent, type DueItem, type Journal, put, type RecentEvent } from '../../shared/ports.ts';
import { inForce } from '../support/company.ts';
import { activationFailed, asked, HASH, HISTORIES, iso, later, START } from '../support/samples.ts';

const EVENTS = 6000;
const BATCH = 50;

test('thousands of events and of waiting requests pass through one batch at a time', async () => {
  const base = memoryJournal('t');
  const failed = replay(HISTORIES.failed);
  const waiting = replay([asked({ requestId: 'AR-000002', lapsesAt: iso(900_000) })]);
  await base.commit(
    [put(absent('request', 'AR-7K2M9Q'), failed), put(absent('request', 'AR-000002'), waiting)],
    START,
  );
  let [pulled, handled, most] = [0, 0, 0];
  const pull = () => {
    pulled += 1;
    most = Math.max(most, pulled - handled);
  };
  const journal: Journal = {
    ...base,
    async *eventsBetween(): AsyncIterable<RecentEvent> {
      const row = { tenant: 't', chain: 'c', seq: 1, previous: HASH, hash: HASH, id: 'AR-7K2M9Q' };
      for (let i = 0; i < EVENTS; i += 1) {
        pull();
        const event = i % 2 === 0 ? asked({ at: iso(i) }) : { ...activationFailed(), at: iso(i) };
        yield { ...row, kind: 'request', event };
      }
    },
    async *allDue(): AsyncIterable<DueItem> {
      for (let i = 0; i < EVENTS; i += 1) {
        pull();
        yield { kind: 'request', id: 'AR-000002', dueAt: iso(i) };
      }
    },
    async read(kind, id) {
      const stored = await base.read(kind, id);
      handled += 1;
      return stored;
    },
  };
  const contents = await digestContents(journal, {
    now: later(EVENTS),
    endsAt: later(EVENTS + 1),
    belonging: belongingBy(inForce().policy),
    reviewersOf: () => [],
    halts: [],
    channels: new Map([['C0ACCESS', { from: START, to: later(EVENTS) }]]),
  });
  expect(most).toBe(BATCH);
  const content = contents.get('C0ACCESS');
  expect(content?.counts).toMatchObject({ asked: EVENTS / 2, failed: EVENTS / 2 });
  expect(content?.waiting.count).toBe(EVENTS);
  expect(content?.anomalies.count).toBe(EVENTS / 2);
  for (const list of [content?.waiting, content?.anomalies])
    expect(list?.first).toHaveLength(LISTED);
});

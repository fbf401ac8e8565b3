/** What a container remembers of a job's last run, and when it asks. */
import { memoryJournal } from '../../shared/adapters/memory-journal.ts';
import { heartbeatOf } from '../../shared/application/heartbeat.ts';
import type { Journal } from '../../shared/ports.ts';
import { iso, later } from '../support/samples.ts';

function store() {
  const real = memoryJournal('acme');
  let reads = 0;
  const journal: Journal = {
    ...real,
    read: (kind, id) => {
      reads += 1;
      return real.read(kind, id);
    },
  };
  const stored = async () => (await real.read('heartbeat', 'sweep')).value?.at ?? null;
  return { journal, reads: () => reads, stored };
}
const MINUTE_MS = 60_000;

test('a job that never ran has no last run', async () => {
  const { journal } = store();
  expect(await heartbeatOf(journal, 'sweep').lastAt(later(0), MINUTE_MS)).toBeNull();
});

test('what is remembered is enough while it is young, and asked again once it is not', async () => {
  const { journal, reads, stored } = store();
  const heart = heartbeatOf(journal, 'sweep');
  await heart.beat(later(0));
  expect(reads()).toBe(1);
  expect(await heart.lastAt(later(60), MINUTE_MS)).toBe(iso());
  await heart.beat(later(60));
  expect(reads()).toBe(1);
  expect(await stored()).toBe(iso(60));
  expect(await heart.lastAt(later(121), MINUTE_MS)).toBe(iso(60));
  expect(reads()).toBe(2);
});

test('a container that was away hears of the runs of another one before it calls anything late', async () => {
  const { journal } = store();
  const [one, other] = [heartbeatOf(journal, 'sweep'), heartbeatOf(journal, 'sweep')];
  await one.beat(later(0));
  await other.beat(later(300));
  expect(await one.lastAt(later(330), MINUTE_MS)).toBe(iso(300));
});

test('whoever beats last is what is stored, however the containers take turns', async () => {
  const { journal, stored } = store();
  const hearts = [heartbeatOf(journal, 'sweep'), heartbeatOf(journal, 'sweep')];
  for (const [index, seconds] of [0, 10, 20, 30, 40, 50].entries()) {
    await hearts[index % 2]?.beat(later(seconds));
    expect(await stored()).toBe(iso(seconds));
  }
});

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type LocalClock, openLocalClock } from '../../local/clock.ts';
import { temporaryFolder } from './temporary-folder.ts';

const start = Date.parse('2026-11-22T10:00:00Z');
const minute = 60_000;
const day = 24 * 60 * minute;
const frozen = (onError?: (error: unknown) => void) =>
  openLocalClock({ file: null, frozen: true, realNow: () => start, ...(onError && { onError }) });
const inMinutes = (clock: LocalClock, minutes: number) =>
  new Date(clock.now().getTime() + minutes * minute);
const newFile = () => join(temporaryFolder(), 'clock.jsonl');

it('passes through due timers in order of their instants and stands still at each', async () => {
  const clock = frozen();
  const seen: string[] = [];
  const note = (name: string) => async () => {
    const at = clock.now();
    await sleep(2);
    expect(clock.now()).toEqual(at);
    seen.push(`${name} ${(at.getTime() - start) / minute}`);
  };
  clock.at(inMinutes(clock, 30), note('c'));
  clock.at(inMinutes(clock, 10), note('a'));
  clock.at(inMinutes(clock, 10), note('b'));
  clock.at(inMinutes(clock, 61), note('late'));
  await clock.advance(60 * minute);
  expect(seen).toEqual(['a 10', 'b 10', 'c 30']);
  expect(clock.now().getTime()).toBe(start + 60 * minute);
  expect(clock.nextAt()?.getTime()).toBe(start + 61 * minute);
});

it('fires timers that were created on the way inside the window, before later ones', async () => {
  const clock = frozen();
  const seen: string[] = [];
  clock.at(inMinutes(clock, 10), () => {
    clock.at(inMinutes(clock, 5), () => void seen.push('created'));
    clock.at(inMinutes(clock, 0), () => void seen.push('same instant'));
    clock.at(inMinutes(clock, 500), () => void seen.push('outside'));
  });
  clock.at(inMinutes(clock, 20), () => void seen.push('later'));
  await clock.advance(60 * minute);
  expect(seen).toEqual(['same instant', 'created', 'later']);
});

it('waits for every part to settle at each instant before time goes on', async () => {
  const clock = frozen();
  const seen: string[] = [];
  const pending: string[] = [];
  clock.onSettle(async () => {
    for (let name = pending.shift(); name !== undefined; name = pending.shift()) {
      await sleep(5);
      seen.push(`${name} at ${(clock.now().getTime() - start) / minute}`);
      if (name === 'one') clock.at(inMinutes(clock, 2), () => void pending.push('follow-up'));
    }
  });
  pending.push('before');
  clock.at(inMinutes(clock, 10), () => void pending.push('one'));
  clock.at(inMinutes(clock, 15), () => void pending.push('two'));
  await clock.advance(20 * minute);
  expect(seen).toEqual(['before at 0', 'one at 10', 'follow-up at 12', 'two at 15']);
});

it.each([
  ['say whether they waited', true],
  ['say nothing', false],
])('asks all hooks again while one still wakes another, when hooks %s', async (_what, says) => {
  const clock = frozen();
  const work = { a: 0, b: 3 };
  const drain = (mine: 'a' | 'b', other: 'a' | 'b') => async () => {
    const left = work[mine];
    work[mine] = 0;
    if (left > 0) await sleep(5);
    if (left > 1) work[other] = left - 1;
    return left > 0;
  };
  const hooks = [drain('a', 'b'), drain('b', 'a')];
  for (const hook of hooks) clock.onSettle(says ? hook : async () => void (await hook()));
  await clock.advance(0);
  expect(work).toEqual({ a: 0, b: 0 });
});

it('does not wait for ever for one part that always has to wait, and says when two never rest', async () => {
  const clock = frozen();
  let asked = 0;
  const restless = async () => {
    asked += 1;
    await new Promise(setImmediate);
  };
  clock.onSettle(restless);
  clock.onSettle(async () => false);
  await clock.advance(minute);
  expect(asked).toBeLessThan(5);
  clock.onSettle(restless);
  await expect(clock.advance(minute)).rejects.toThrow('wake each other');
  expect(clock.now().getTime()).toBe(start + minute);
});

it('lets a second advance wait for the first, and each moves its full length', async () => {
  const clock = frozen();
  const seen: string[] = [];
  clock.at(inMinutes(clock, 5), async () => {
    await sleep(10);
    seen.push('timer of the first');
  });
  clock.at(inMinutes(clock, 15), () => void seen.push('timer of the second'));
  const first = clock.advance(10 * minute).then(() => seen.push('first done'));
  const second = clock.advance(10 * minute).then(() => seen.push('second done'));
  await Promise.all([first, second]);
  expect(seen).toEqual(['timer of the first', 'first done', 'timer of the second', 'second done']);
  expect(clock.now().getTime()).toBe(start + 20 * minute);
});

it('never fires a cancelled timer', async () => {
  const clock = frozen();
  const seen: string[] = [];
  const cancel = clock.at(inMinutes(clock, 1), () => void seen.push('cancelled'));
  const cancelLater = clock.at(inMinutes(clock, 3), () => void seen.push('cancelled on the way'));
  clock.at(inMinutes(clock, 2), cancelLater);
  cancel();
  cancel();
  await clock.advance(5 * minute);
  expect(seen).toEqual([]);
});

it('reports a timer that throws or rejects and goes on', async () => {
  const errors: unknown[] = [];
  const clock = frozen((error) => errors.push(error));
  const seen: string[] = [];
  clock.at(inMinutes(clock, 1), () => {
    throw new Error('thrown');
  });
  clock.at(inMinutes(clock, 2), async () => {
    throw new Error('rejected');
  });
  clock.at(inMinutes(clock, 3), () => void seen.push('after'));
  await clock.advance(5 * minute);
  expect(errors.map(String)).toEqual(['Error: thrown', 'Error: rejected']);
  expect(seen).toEqual(['after']);
});

it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 400 * day + 1])(
  'refuses to advance by %d ms and stays where it is',
  async (ms) => {
    const clock = frozen();
    await expect(clock.advance(ms)).rejects.toThrow(RangeError);
    expect(clock.now().getTime()).toBe(start);
    await clock.advance(400 * day);
    expect(clock.now().getTime()).toBe(start + 400 * day);
  },
);

it('refuses a timer without a valid instant', () => {
  const clock = frozen();
  expect(() => clock.at(new Date('never'), () => undefined)).toThrow(RangeError);
});

it('gives up with a reason when something schedules itself again at the same instant, and still works', async () => {
  const clock = frozen();
  let stop = false;
  const again = () => {
    if (!stop) clock.at(clock.now(), again);
  };
  clock.at(inMinutes(clock, 1), again);
  await expect(clock.advance(minute)).rejects.toThrow('schedules itself again');
  stop = true;
  await clock.advance(minute);
  expect(clock.now().getTime()).toBe(start + 2 * minute);
});

it('keeps its offset across a restart, also one in the middle of a push', async () => {
  const file = newFile();
  const clock = openLocalClock({ file, realNow: () => start });
  await clock.advance(90 * minute);
  clock.close();
  const again = openLocalClock({ file, realNow: () => start + 1000 });
  expect(again.now().getTime()).toBe(start + 90 * minute + 1000);
  let during = 0;
  again.at(inMinutes(again, 10), () => {
    const third = openLocalClock({ file, realNow: () => start + 1000 });
    during = third.now().getTime();
    third.close();
  });
  await again.advance(30 * minute);
  expect(during).toBe(start + 100 * minute + 1000);
  again.close();
});

it('counts the real time that passes during a push and never goes backwards', async () => {
  let real = start;
  const clock = openLocalClock({ file: null, realNow: () => real });
  clock.at(inMinutes(clock, 1), () => {
    real += 5000;
  });
  await clock.advance(2 * minute);
  expect(clock.now().getTime()).toBe(start + 2 * minute + 5000);
  real -= 60_000;
  expect(clock.now().getTime()).toBe(start + 2 * minute + 5000);
  clock.close();
});

it('fires by itself when real time comes, in order, and due ones at once', async () => {
  const clock = openLocalClock({ file: null });
  const seen: string[] = [];
  const done = new Promise<void>((resolve) => {
    clock.at(new Date(Date.now() + 60), () => {
      seen.push('second');
      resolve();
    });
  });
  clock.at(new Date(Date.now() + 20), () => void seen.push('first'));
  clock.at(new Date(0), () => void seen.push('overdue'));
  expect(seen).toEqual([]);
  await done;
  expect(seen).toEqual(['overdue', 'first', 'second']);
  clock.close();
});

it('does not let real time start a second timer while a push still runs the first', async () => {
  const clock = openLocalClock({ file: null });
  const seen: string[] = [];
  const soon = new Date(clock.now().getTime() + 30);
  clock.at(soon, async () => {
    await sleep(100);
    seen.push('first');
  });
  clock.at(soon, () => void seen.push('second'));
  await clock.advance(minute);
  expect(seen).toEqual(['first', 'second']);
  clock.close();
});

it('does not let real time fire a timer out of order while a push is under way', async () => {
  const clock = openLocalClock({ file: null });
  const seen: string[] = [];
  const soon = new Date(clock.now().getTime() + 30);
  clock.onSettle(async () => {
    if (seen.length === 0) {
      await sleep(100);
      seen.push('settled');
    }
  });
  clock.at(soon, () => void seen.push('soon'));
  clock.at(new Date(soon.getTime() + 1), () => void seen.push('then'));
  await clock.advance(minute);
  expect(seen).toEqual(['settled', 'soon', 'then']);
  clock.close();
});

it('waits for a timer that real time has already started before it jumps', async () => {
  const clock = openLocalClock({ file: null });
  const seen: string[] = [];
  const started = new Promise<void>((resolve) => {
    clock.at(clock.now(), async () => {
      resolve();
      await sleep(50);
      seen.push('started before');
    });
  });
  await started;
  clock.at(inMinutes(clock, 1), () => void seen.push('pushed'));
  await clock.advance(2 * minute);
  expect(seen).toEqual(['started before', 'pushed']);
  clock.close();
});

it('sleeps towards timers beyond the longest real timeout instead of waking again and again', async () => {
  let looks = 0;
  const realNow = () => {
    looks += 1;
    return Date.now();
  };
  const clock = openLocalClock({ file: null, realNow });
  const seen: string[] = [];
  clock.at(new Date(Date.now() + 30 * day), () => void seen.push('in a month'));
  const before = looks;
  await sleep(30);
  expect([seen, looks - before]).toEqual([[], 0]);
  await clock.advance(31 * day);
  expect(seen).toEqual(['in a month']);
  clock.close();
});

/** Whose Slack account is deactivated loses what they hold, whatever fails on the way. */
import { endForLeaver } from '../../shared/application/leavers.ts';
import { ASKED_AT_ONCE, lookForLeavers, noteLeaver } from '../../shared/application/note-leaver.ts';
import { sweep } from '../../shared/application/sweep.ts';
import type { Directory } from '../../shared/ports.ts';
import { absent, Fault, put } from '../../shared/ports.ts';
import {
  askOf,
  type Bench,
  bench,
  boApproves,
  enrolBo,
  pendingOn,
  requestIdOf,
} from '../support/bench.ts';
import { START } from '../support/samples.ts';

const ID = 'AR-7K2M9Q';
let on: Bench;
beforeEach(async () => {
  on = await bench();
  await enrolBo(on);
  const { command, code } = boApproves(await pendingOn(on));
  expect((await on.run(command, { code })).ok).toBe(true);
});
const causes = async () =>
  (await on.calm.history('request', ID)).flatMap(({ event }) =>
    event.type === 'GrantRevoked' ? [event.cause] : [],
  );

test('the next sweep ends what they hold, once, as somebody’s who left; nobody else loses anything', async () => {
  await noteLeaver(on, 'U0BO');
  await sweep(on);
  expect(await causes()).toEqual([]);
  await noteLeaver(on, 'U0ANA');
  await noteLeaver(on, 'U0ANA');
  await sweep(on);
  await sweep(on);
  expect(await causes()).toEqual(['left']);
});

test('what comes to light later is found as well, until nothing can come any more', async () => {
  await noteLeaver(on, 'U0ANA');
  on.setTime(60);
  expect(await endForLeaver(on, 'U0ANA')).toBe(1);
  on.setTime(599);
  expect(await endForLeaver(on, 'U0ANA')).toBe(0);
  expect((await on.calm.read('leaver', 'U0ANA')).value).not.toBeNull();
  on.setTime(700);
  await endForLeaver(on, 'U0ANA');
  expect((await on.calm.read('leaver', 'U0ANA')).value).toBeNull();
});

test('who only asked for somebody else takes nothing away from them by leaving', async () => {
  const base = await on.calm.read('request', ID);
  if (base.value?.status !== 'activating') throw new Error('It was to be on its way in');
  await on.calm.commit([put(base, { ...base.value, requester: 'U0FAY' })], on.clock.now());
  await noteLeaver(on, 'U0FAY');
  expect(await endForLeaver(on, 'U0FAY')).toBe(0);
  expect(await causes()).toEqual([]);
});

test('one grant that cannot be ended keeps no other, and the sweep hears of it', async () => {
  const { value: first } = await on.calm.read('request', ID);
  if (first?.status !== 'activating') throw new Error('It was to be on its way in');
  const second = { ...first, requestId: 'AR-7K2M9R' };
  const history = (await on.calm.history('request', ID)).map(({ event }) => event);
  const copied = history.map((event) => ({ ...event, requestId: second.requestId }));
  const base = await on.calm.read('holding', first.holdingId);
  if (!base.value) throw new Error('Its holding was to be there');
  const [grant] = base.value.grants;
  if (!grant) throw new Error('Its holding was to list it');
  const grants = [grant, { ...grant, grantId: second.requestId }];
  const both = [
    put(absent('request', second.requestId), second, copied),
    put(base, { ...base.value, grants }),
  ];
  await on.calm.commit(both, on.clock.now());
  await noteLeaver(on, 'U0ANA');
  const commit: typeof on.journal.commit = (writes, now) => {
    if (writes.some(({ kind, id }) => kind === 'request' && id === ID))
      throw new Fault('The table is busy', { service: 'journal', retryable: true });
    return on.journal.commit(writes, now);
  };
  const ending = endForLeaver({ ...on, journal: { ...on.journal, commit } }, 'U0ANA');
  await expect(ending).rejects.toThrow(`${ID} (`);
  expect((await on.calm.read('request', ID)).value).toMatchObject({ status: 'activating' });
  expect((await on.calm.read('request', second.requestId)).value).toMatchObject({
    status: 'removing',
  });
});

test('what they asked for, and what others asked for on their behalf, is withdrawn at once', async () => {
  const ids = [requestIdOf(1), requestIdOf(2), requestIdOf(3)] as const;
  const asks = [
    askOf('ana', { requestId: ids[0], durationSeconds: 300 }),
    askOf('cy', { requestId: ids[1] }),
    askOf('cy', { requestId: ids[2] }),
  ];
  for (const ask of asks) {
    const { value, ...base } = await on.calm.read('request', ask.requestId);
    const before = await on.calm.read('request', ID);
    if (before.value?.status !== 'activating') throw new Error('It was to be on its way in');
    const { authorizedAt: _at, grantSeconds: _s, expiresAt: _end, ...rest } = before.value;
    const requester = ask.actor.id;
    const subject = ask.requestId === ids[1] ? 'U0ANA' : requester;
    const waits = {
      ...rest,
      status: 'pending',
      requestId: ask.requestId,
      requester,
      subject,
    } as const;
    await on.calm.commit([put({ ...base, value }, waits)], on.clock.now());
  }
  await noteLeaver(on, 'U0ANA');
  await sweep(on);
  const after = await Promise.all(ids.map((id) => on.calm.read('request', id)));
  expect(after.map(({ value }) => value?.status)).toEqual(['withdrawn', 'withdrawn', 'pending']);
  expect(after[0]?.value).toMatchObject({ closedBy: { kind: 'sweep' } });
});

describe('where Slack never told', () => {
  const asked: string[][] = [];
  const answers = (evidence: Directory['evidence']): Directory => ({ ...on.directory, evidence });
  const who = async (people: readonly string[], gone: readonly string[]) => {
    const known = await on.directory.evidence(people, on.clock.now());
    return new Map(
      [...known].map(([id, each]) => [id, { ...each, deleted: gone.includes(id) }] as const),
    );
  };
  beforeEach(() => {
    asked.length = 0;
  });

  test('who holds something is asked about, and who is deactivated loses it', async () => {
    const directory = answers(async (people) => {
      asked.push([...people]);
      return who(people, ['U0ANA']);
    });
    expect(await lookForLeavers({ ...on, directory })).toBe(1);
    expect(asked).toEqual([['U0ANA']]);
    await sweep(on);
    expect(await causes()).toEqual(['left']);
  });

  test.each([
    ['knows nobody', async () => new Map()],
    [
      'does not answer',
      () => Promise.reject(new Fault('Slack is away', { service: 'slack', retryable: true })),
    ],
    ['finds everybody well', (people: readonly string[]) => who(people, [])],
  ] as const)('a Slack that %s ends nothing', async (_, evidence) => {
    expect(await lookForLeavers({ ...on, directory: answers(evidence) })).toBe(0);
    expect((await on.calm.read('leaver', 'U0ANA')).value).toBeNull();
  });

  test('many are asked about in turns, so that everybody has theirs', async () => {
    const one = (await on.calm.read('request', ID)).value;
    if (one?.status !== 'activating') throw new Error('It was to be on its way in');
    const people = Array.from({ length: 2 * ASKED_AT_ONCE + 1 }, (_, i) => `U0P${1000 + i}`);
    async function* due() {
      for (const [i] of people.entries())
        yield { kind: 'request' as const, id: `${i}`, dueAt: START.toISOString() };
    }
    const journal: Bench['journal'] = {
      ...on.journal,
      allDue: due,
      async read(kind, id) {
        const stored = await on.journal.read(kind, kind === 'request' ? ID : id);
        if (kind !== 'request' || stored.value === null) return stored;
        return {
          ...stored,
          value: { ...stored.value, requestId: id, subject: people[Number(id)] },
        };
      },
    };
    const seen: string[] = [];
    const directory = answers(async (some) => {
      asked.push([...some]);
      return new Map();
    });
    for (const look of [0, 1, 2]) {
      on.setTime(look * 900);
      asked.length = 0;
      await lookForLeavers({ ...on, journal, directory });
      expect(asked.flat().length).toBeLessThanOrEqual(ASKED_AT_ONCE);
      seen.push(...asked.flat());
    }
    expect(new Set(seen).size).toBe(people.length);
  });
});

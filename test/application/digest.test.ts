/**
 * The daily digest on a journal in memory: made once per channel and day however often, late or parallel it runs, posted once,
 * true to what happened. Announce is played by its own application code on a Slack that remembers.
 */
import fc from 'fast-check';
import { announceDigest } from '../../shared/application/announce-digest.ts';
import { digest } from '../../shared/application/digest.ts';
import type { AccessRequestEvent } from '../../shared/domain/access-request/events.ts';
import { replay } from '../../shared/domain/access-request/evolve.ts';
import type { Digest } from '../../shared/domain/digest/model.ts';
import type { HoldingGrant } from '../../shared/domain/holding/model.ts';
import { type Announcer, absent, Fault, put } from '../../shared/ports.ts';
import { type Bench, bench, emptyBench, requestIdOf } from '../support/bench.ts';
import { deployRule, policyText } from '../support/company.ts';
import {
  activated,
  approval,
  asked,
  authorized,
  expired,
  HASH,
  holding,
  removed,
  reviewed,
  reviewOverdue,
  START,
} from '../support/samples.ts';

type Posted = { channel: string; text: string; mayBeRepeat: boolean };

/** The application at a table: a digest function, an announce function, and what Slack shows. */
type Desk = {
  on: Bench;
  posted: Posted[];
  /** What the next posts do. */
  slack: ('refuses' | 'fails' | 'lost' | 'invalid_blocks')[];
  go(instant: string | Date): void;
  run(): ReturnType<typeof digest>;
  /** Hands everything on the announce queue to announce. */
  deliver(): Promise<string[]>;
  /** Runs, and delivers what that asked for. */
  tick(instant: string | Date): Promise<void>;
  record(day: string, channel?: string): Promise<Digest | null>;
};

const fault = (code: string | null, retryable: boolean) =>
  new Fault(`Slack said ${code}`, { service: 'slack', retryable, code });

function desk(on: Bench): Desk {
  const posted: Posted[] = [];
  const slack: Desk['slack'] = [];
  const post: Announcer['post'] = async ({ channel }, { text }) => {
    const trouble = slack.shift();
    if (trouble === 'refuses') throw fault('not_in_channel', false);
    if (trouble === 'fails') throw fault(null, true);
    if (trouble === 'invalid_blocks') throw fault('invalid_blocks', false);
    posted.push({ channel, text, mayBeRepeat: text.startsWith('repeat') });
    if (trouble === 'lost') throw fault(null, true);
    return { channel, ts: `${posted.length}.0` };
  };
  const announcer: Announcer = {
    post,
    update: () => Promise.reject(new Error('A digest is never edited')),
    publishHome: () => Promise.reject(new Error('A digest is no Home')),
    isShared: async () => false,
  };
  const parts = {
    ...on,
    announcer,
    renderDigest: ({ day }: Digest, { mayBeRepeat }: { mayBeRepeat: boolean }) => {
      const text = `${mayBeRepeat ? 'repeat ' : ''}${day}`;
      return { message: { text, blocks: [{}] }, plain: { text: `plain ${text}`, blocks: [] } };
    },
  };
  const go = (instant: string | Date) =>
    on.setTime((new Date(instant).getTime() - START.getTime()) / 1000);
  const deliver = async () => {
    const said: string[] = [];
    for (const { message } of on.sent.splice(0))
      if ('digestId' in message)
        said.push(
          await announceDigest(message.digestId, parts).catch((error: Error) => error.message),
        );
    return said;
  };
  return {
    on,
    posted,
    slack,
    go,
    deliver,
    run: () => digest(on),
    async tick(instant) {
      go(instant);
      await digest(on);
      await deliver();
    },
    record: async (day, channel = 'C0ACCESS') =>
      (await on.calm.read('digest', `${channel}#${day}`)).value,
  };
}

/** A company since March 2nd, ten in the morning in Berlin. */
const opened = async (changes: object = {}): Promise<Desk> => desk(await bench(changes));

/** Puts a request with this history, its events recorded at their own times. */
async function happened(on: Bench, events: readonly AccessRequestEvent[]): Promise<void> {
  for (let i = 1; i <= events.length; i += 1) {
    const event = events[i - 1];
    if (!event) continue;
    const base = await on.calm.read('request', event.requestId);
    const written = put(base, replay(events.slice(0, i)), [event]);
    await on.calm.commit([written], new Date(event.at));
  }
}

/** The last event of a history whose others are on record. */
async function happenedAlso(on: Bench, events: readonly AccessRequestEvent[]): Promise<void> {
  const last = events.at(-1);
  if (!last) throw new Error('Nothing happened');
  const base = await on.calm.read('request', last.requestId);
  await on.calm.commit([put(base, replay(events), [last])], new Date(last.at));
}

/** The sample story, its times moved so that it begins at an instant. */
function storyAt(
  instant: string,
  events: readonly AccessRequestEvent[],
  part: { requestId?: string; channel?: string } = {},
): AccessRequestEvent[] {
  const shift = Date.parse(instant) - START.getTime();
  const moved = (at: string) => new Date(Date.parse(at) + shift).toISOString();
  return events.map((event) => ({
    ...event,
    at: moved(event.at),
    requestId: part.requestId ?? event.requestId,
    ...('expiresAt' in event ? { expiresAt: moved(event.expiresAt) } : {}),
    ...('lapsesAt' in event ? { lapsesAt: moved(event.lapsesAt) } : {}),
    ...('lapsesAt' in event && part.channel ? { channel: part.channel } : {}),
  }));
}
const whole = [asked(), approval(), authorized(), activated(), expired(), removed()];
/** Something that makes every day worth a message: a request that nobody answers for a year. */
const waiting = (lapsesAt = '2027-02-20T00:00:00.000Z') => [asked({ lapsesAt })];

describe('reviews that break-glass owes', () => {
  const breakGlass = { incident: 'INC-123', reviewBy: '2026-03-04T10:00:00.000Z' };
  const taken = (channel: string | null) => [
    asked({ breakGlass, channel, rule: channel === null ? 'glass' : 'prod-deploy' }),
    ...whole.slice(2),
  ];
  const reviews = async (it: Desk, day: string) => (await it.record(day))?.content.reviews;

  test.each([
    ['its channel', 'C0ACCESS'],
    ['none: then in every digest', null],
  ])(
    'stay in the digest of every day until they are given, where the rule has %s',
    async (_, channel) => {
      const it = await opened();
      await happened(it.on, taken(channel));
      const owed = { count: 1, first: [expect.objectContaining({ at: breakGlass.reviewBy })] };
      for (const day of ['2026-03-04', '2026-03-05', '2026-03-31']) {
        await it.tick(`${day}T08:00:00Z`);
        expect(await reviews(it, day)).toEqual(owed);
        expect((await it.record(day))?.message.status).toBe('sent');
        if (day === '2026-03-04') await happenedAlso(it.on, [...taken(channel), reviewOverdue()]);
      }
      await happenedAlso(it.on, [...taken(channel), reviewOverdue(), reviewed()]);
      await it.tick('2026-04-01T07:00:00Z');
      expect(await reviews(it, '2026-04-01')).toEqual({ count: 0, first: [] });
    },
  );

  test('name those who may give them, never who took it', async () => {
    const it = await opened();
    await happened(it.on, taken('C0ACCESS'));
    await it.tick('2026-03-04T08:00:00Z');
    const [line] = (await reviews(it, '2026-03-04'))?.first ?? [];
    expect(line?.reviewers).toContain('U0BO');
    expect(line?.reviewers).not.toContain('U0ANA');
  });
});

describe('made and posted', () => {
  test('at nine in the policy zone, for the day before', async () => {
    const it = await opened();
    await happened(it.on, storyAt('2026-03-03T10:00:00Z', whole));
    await it.tick('2026-03-04T07:59:59Z');
    expect(it.posted).toEqual([]);
    await it.tick('2026-03-04T08:00:00Z');
    expect(it.posted).toEqual([{ channel: 'C0ACCESS', text: '2026-03-04', mayBeRepeat: false }]);
    expect((await it.record('2026-03-04'))?.content.counts).toEqual({
      ...{ asked: 1, granted: 1, denied: 0, lapsed: 0, withdrawn: 0, failed: 0 },
      ...{ endedOnTime: 1, endedEarly: 0, endedOverdue: 0 },
    });
  });

  test('with the checkpoint of that moment, which later ones do not change; without one while there is none', async () => {
    const it = await opened();
    await happened(it.on, storyAt('2026-03-03T10:00:00Z', waiting()));
    await it.tick('2026-03-04T08:00:00Z');
    expect((await it.record('2026-03-04'))?.sealed).toBeNull();
    const sealed = async (n: number) => {
      const base = await it.on.calm.read('seal', 'last');
      const next = { n, hash: HASH, to: START.toISOString() };
      await it.on.calm.commit([put(base, next)], START);
    };
    await sealed(288);
    await it.tick('2026-03-05T08:00:00Z');
    await sealed(289);
    await it.tick('2026-03-05T08:05:00Z');
    expect((await it.record('2026-03-05'))?.sealed).toEqual({ n: 288, hash: HASH });
  });

  describe('the security channel', () => {
    const security_channel = 'C0SECURITY';
    const sealed = async (it: Desk) => {
      const base = await it.on.calm.read('seal', 'last');
      const next = { n: 288, hash: HASH, to: START.toISOString() };
      await it.on.calm.commit([put(base, next)], START);
    };

    test('is told up to where the log is sealed on a day with nothing else, once, and no other channel is', async () => {
      const it = await opened({ security_channel });
      await sealed(it);
      for (const minute of ['00', '05']) await it.tick(`2026-03-04T08:${minute}:00Z`);
      expect(it.posted.map(({ channel }) => channel)).toEqual([security_channel]);
      expect((await it.record('2026-03-04', security_channel))?.sealed).toEqual({
        ...{ n: 288, hash: HASH },
      });
      expect((await it.record('2026-03-04'))?.message).toEqual({ status: 'skipped' });
    });

    test('that is missing has the admins told the same by direct message, whatever happened, and nobody else', async () => {
      const it = await opened();
      await sealed(it);
      await it.tick('2026-03-04T08:00:00Z');
      await happened(it.on, storyAt('2026-03-04T10:00:00Z', whole));
      await it.tick('2026-03-05T08:00:00Z');
      expect(it.posted.map(({ channel, text }) => `${channel} ${text}`)).toEqual([
        ...['U0DEE 2026-03-04', 'C0ACCESS 2026-03-05', 'U0DEE 2026-03-05'],
      ]);
      const told = await it.record('2026-03-05', 'U0DEE');
      expect([told?.sealed, told?.content.counts.asked]).toEqual([{ n: 288, hash: HASH }, 0]);
    });

    test('is told nothing while nothing is sealed', async () => {
      const it = await opened({ security_channel });
      await it.tick('2026-03-04T08:00:00Z');
      expect(it.posted).toEqual([]);
    });

    test('has one digest, with the checkpoint in it, where a rule names it too', async () => {
      const it = await opened({ security_channel: 'C0ACCESS' });
      await sealed(it);
      await it.tick('2026-03-04T08:00:00Z');
      await happened(it.on, storyAt('2026-03-04T10:00:00Z', whole));
      await it.tick('2026-03-05T08:00:00Z');
      expect(it.posted.map(({ text }) => text)).toEqual(['2026-03-04', '2026-03-05']);
    });

    test('hears nothing of the requests of other channels', async () => {
      const it = await opened({ security_channel });
      await sealed(it);
      await happened(it.on, storyAt('2026-03-03T10:00:00Z', whole));
      await it.tick('2026-03-04T08:00:00Z');
      const content = (await it.record('2026-03-04', security_channel))?.content;
      expect([content?.counts.asked, content?.ending.count]).toEqual([0, 0]);
      expect((await it.record('2026-03-04'))?.content.counts.asked).toBe(1);
    });
  });

  test('skipped when there is nothing, and that is remembered', async () => {
    const it = await opened();
    await it.tick('2026-03-04T08:00:00Z');
    expect((await it.record('2026-03-04'))?.message).toEqual({ status: 'skipped' });
    await happened(it.on, storyAt('2026-03-04T08:01:00Z', waiting()));
    await it.tick('2026-03-04T08:05:00Z');
    expect(it.posted).toEqual([]);
  });

  test('never a second time: run again, run in parallel, delivered twice', async () => {
    const it = await opened();
    await happened(it.on, waiting());
    it.go('2026-03-04T08:00:00Z');
    await Promise.all([it.run(), it.run(), it.run()]);
    expect(it.on.sent.length).toBeGreaterThan(1);
    await it.deliver();
    for (const minute of ['05', '10', '55']) await it.tick(`2026-03-04T08:${minute}:00Z`);
    expect(it.posted).toHaveLength(1);
  });

  test('a run that took so long that another made and posted it meanwhile makes no second one', async () => {
    const it = await opened();
    await happened(it.on, waiting());
    const { allDue } = it.on.journal;
    let slow = true;
    it.on.journal.allDue = async function* (before) {
      yield* allDue(before);
      if (!slow) return;
      slow = false;
      await it.run();
      await it.deliver();
    };
    await it.tick('2026-03-04T08:00:00Z');
    expect(slow).toBe(false);
    expect(it.posted).toHaveLength(1);
  });

  test('two announces at the same moment post once: the other finds the lease taken', async () => {
    const it = await opened();
    await happened(it.on, waiting());
    it.go('2026-03-04T08:00:00Z');
    await it.run();
    it.on.sent.push(...it.on.sent);
    const both = await Promise.all([it.deliver(), it.deliver()]);
    expect(both.flat().filter((said) => said === 'posted')).toHaveLength(1);
    expect(it.posted).toHaveLength(1);
  });

  test('late on the same day after a downtime, but not once the day is over', async () => {
    const it = await opened();
    await happened(it.on, waiting());
    await it.tick('2026-03-04T22:54:00Z');
    expect(it.posted.map(({ text }) => text)).toEqual(['2026-03-04']);
    await it.tick('2026-03-07T05:00:00Z');
    await it.tick('2026-03-07T08:00:00Z');
    expect(it.posted.map(({ text }) => text)).toEqual(['2026-03-04', '2026-03-07']);
    expect(await it.record('2026-03-05')).toBeNull();
  });

  test('not for a time at which there was no Hallpass yet', async () => {
    const it = desk(emptyBench());
    it.go('2026-03-04T12:00:00Z');
    await it.on.enforce(policyText());
    await happened(it.on, storyAt('2026-03-04T12:00:00Z', waiting()));
    await it.tick('2026-03-04T12:05:00Z');
    expect(await it.record('2026-03-04')).toBeNull();
    await it.tick('2026-03-05T08:00:00Z');
    expect(it.posted.map(({ text }) => text)).toEqual(['2026-03-05']);
  });

  test('nothing without a policy', async () => {
    const it = desk(emptyBench());
    it.go('2026-03-04T12:00:00Z');
    expect(await it.run()).toEqual({ made: 0, skipped: 0, asked: 0 });
  });
});

describe('after a crash', () => {
  test('between making and asking, the next run asks', async () => {
    const it = await opened();
    await happened(it.on, waiting());
    it.go('2026-03-04T08:00:00Z');
    const { send } = it.on.queues;
    const away = new Fault('The queue did not answer.', { service: 'queues', retryable: true });
    it.on.queues.send = () => Promise.reject(away);
    await expect(it.run()).rejects.toThrow('The queue did not answer');
    it.on.queues.send = send;
    await it.tick('2026-03-04T08:05:00Z');
    expect(it.posted).toHaveLength(1);
  });

  test('while gathering, the next run starts again and counts the same', async () => {
    const it = await opened();
    await happened(it.on, storyAt('2026-03-03T10:00:00Z', whole));
    it.go('2026-03-04T08:00:00Z');
    it.on.switches.failsReads = (kind) => kind === 'request';
    await expect(it.run()).rejects.toThrow('did not answer');
    expect(await it.record('2026-03-04')).toBeNull();
    it.on.switches.failsReads = () => false;
    await it.tick('2026-03-04T08:05:00Z');
    expect((await it.record('2026-03-04'))?.content.counts.endedOnTime).toBe(1);
  });

  test('when the answer to the commit was lost, there is still one', async () => {
    const it = await opened();
    await happened(it.on, waiting());
    it.go('2026-03-04T08:00:00Z');
    it.on.switches.losesAnswers = 1;
    await expect(it.run()).rejects.toThrow('did not answer');
    await it.tick('2026-03-04T08:05:00Z');
    expect(it.posted).toHaveLength(1);
  });

  test('when storing the message fails after the post, it is tried again at once and not posted twice', async () => {
    const it = await opened();
    await happened(it.on, waiting());
    it.go('2026-03-04T08:00:00Z');
    await it.run();
    let commits = 0;
    it.on.switches.before.push(
      async () => undefined,
      async () => {
        commits += 1;
        it.on.switches.failsCommits = 1;
      },
    );
    expect(await it.deliver()).toEqual(['posted']);
    expect(commits).toBe(1);
    await it.tick('2026-03-04T08:05:00Z');
    expect(it.posted).toHaveLength(1);
  });
});

describe('when Slack', () => {
  const made = async () => {
    const it = await opened();
    await happened(it.on, waiting());
    return it;
  };

  test('refuses the channel, every run asks again, after an hour a person is woken, and the same day it may still arrive', async () => {
    const it = await made();
    for (const time of ['08:00', '08:05', '09:00', '09:05']) {
      it.slack.push('refuses');
      await it.tick(`2026-03-04T${time}:00Z`);
    }
    expect(it.posted).toEqual([]);
    expect(it.on.alarms).toEqual([
      {
        name: 'digest-unsent',
        fields: { channel: 'C0ACCESS', day: '2026-03-04', madeAt: '2026-03-04T08:00:00.000Z' },
      },
    ]);
    await it.tick('2026-03-04T15:00:00Z');
    expect(it.posted).toEqual([{ channel: 'C0ACCESS', text: '2026-03-04', mayBeRepeat: false }]);
  });

  test('takes nothing all day, it is given up, and the next one counts both days', async () => {
    const it = await opened();
    await happened(it.on, storyAt('2026-03-03T10:00:00Z', whole));
    it.slack.push('refuses');
    await it.tick('2026-03-04T08:00:00Z');
    it.go('2026-03-04T23:00:00Z');
    it.on.sent.push({ queue: 'announce', message: { digestId: 'C0ACCESS#2026-03-04' } });
    expect(await it.deliver()).toEqual(['over']);
    await it.tick('2026-03-05T08:00:00Z');
    expect(it.posted.map(({ text }) => text)).toEqual(['2026-03-05']);
    expect(await it.record('2026-03-05')).toMatchObject({
      content: { counts: { asked: 1 } },
      counted: { from: '2026-03-02T23:00:00.000Z', to: '2026-03-04T23:00:00.000Z' },
    });
  });

  test('does not answer, the message comes back, and the next post says that it may be a repeat', async () => {
    const it = await made();
    it.slack.push('lost');
    await it.tick('2026-03-04T08:00:00Z');
    await it.tick('2026-03-04T08:05:00Z');
    expect(it.posted.map(({ mayBeRepeat }) => mayBeRepeat)).toEqual([false, true]);
    await it.tick('2026-03-04T08:10:00Z');
    expect(it.posted).toHaveLength(2);
  });

  test('dies with us in between, the lease keeps others away for a minute', async () => {
    const it = await made();
    it.go('2026-03-04T08:00:00Z');
    await it.run();
    it.on.switches.before.push(
      async () => undefined,
      ...[1, 2, 3].map(() => async () => {
        it.on.switches.failsCommits = 1;
      }),
    );
    expect(await it.deliver()).toEqual(['The journal did not answer.']);
    it.on.sent.push({ queue: 'announce', message: { digestId: 'C0ACCESS#2026-03-04' } });
    expect(await it.deliver()).toEqual(['busy']);
    await it.tick('2026-03-04T08:05:00Z');
    expect(it.posted.map(({ mayBeRepeat }) => mayBeRepeat)).toEqual([false, true]);
  });

  test('does not take the blocks, the same goes out as text', async () => {
    const it = await made();
    it.slack.push('invalid_blocks');
    await it.tick('2026-03-04T08:00:00Z');
    expect(it.posted.map(({ text }) => text)).toEqual(['plain 2026-03-04']);
  });
});

describe('what it says', () => {
  const OPS = { ...deployRule, id: 'ops', channel: 'C0OPS' };

  test('belongs to its channel: each one tells its own', async () => {
    const it = await opened({ rules: [deployRule, OPS] });
    await happened(it.on, storyAt('2026-03-03T10:00:00Z', whole));
    const ops = { requestId: 'AR-000002', channel: 'C0OPS' };
    await happened(it.on, storyAt('2026-03-03T10:00:00Z', waiting(), ops));
    await it.tick('2026-03-04T08:00:00Z');
    const access = (await it.record('2026-03-04'))?.content;
    const other = (await it.record('2026-03-04', 'C0OPS'))?.content;
    expect([access?.counts.asked, access?.waiting.count]).toEqual([1, 0]);
    expect([other?.counts.asked, other?.waiting.count]).toEqual([1, 1]);
    expect(it.posted.map(({ channel }) => channel)).toEqual(['C0ACCESS', 'C0OPS']);
  });

  test('counts the local day to the second, which spans two days of UTC', async () => {
    const it = await opened({ timezone: 'America/New_York' });
    const instants = ['2026-03-10T03:59:59Z', '2026-03-10T04:00:00Z', '2026-03-11T03:59:59Z'];
    for (const [i, instant] of [...instants, '2026-03-11T04:00:00Z'].entries())
      await happened(it.on, storyAt(instant, [asked()], { requestId: requestIdOf(i + 1) }));
    await it.tick('2026-03-11T13:00:00Z');
    expect(await it.record('2026-03-11')).toMatchObject({
      counted: { from: '2026-03-10T04:00:00.000Z', to: '2026-03-11T04:00:00.000Z' },
      content: { counts: { asked: 2 } },
    });
  });

  test('names who waits, whose access ends today and whose is overdue, now', async () => {
    const it = await opened();
    const live = [asked(), approval(), authorized(), activated()];
    const stories = [
      ['AR-000001', '2026-03-04T07:30:00Z', [asked()]],
      ['AR-000002', '2026-03-04T06:30:00Z', live],
      ['AR-000003', '2026-03-04T05:30:00Z', live],
      ['AR-000004', '2026-03-04T22:30:00Z', live],
    ] as const;
    for (const [requestId, instant, events] of stories) {
      const moved = storyAt(instant, events, { requestId });
      await happened(it.on, moved);
      const end = moved.find((event) => event.type === 'GrantAuthorized')?.expiresAt;
      if (!end) continue;
      const grants = [grantOf(requestId, end)];
      const holdingId = `github:team:acme/deployers:${requestId}`;
      const value = holding({ holdingId, grants, dueAt: end });
      await it.on.calm.commit([put(absent('holding', holdingId), value)], START);
    }
    await it.tick('2026-03-04T08:00:00Z');
    const content = (await it.record('2026-03-04'))?.content;
    const ids = (list: { first: { requestId: string }[] } | undefined) =>
      list?.first.map(({ requestId }) => requestId);
    expect(ids(content?.waiting)).toEqual(['AR-000001']);
    expect(ids(content?.ending)).toEqual(['AR-000002']);
    expect(ids(content?.overdue)).toEqual(['AR-000003']);
  });

  test('tells of drift and of members without a grant, but not of those who were there before the first look', async () => {
    const it = await opened();
    const at = '2026-03-03T10:00:00.000Z';
    const stored = holding();
    const ensure = { kind: 'ensure' } as const;
    const drift = {
      type: 'DriftFound',
      v: 1,
      holdingId: stored.holdingId,
      at,
      actor: ensure,
    } as const;
    const written = put(absent('holding', stored.holdingId), stored, [
      { ...drift, actual: null, expected: 'member' },
    ]);
    const container = 'github:team:acme/deployers';
    const found = {
      type: 'StrangerFound',
      v: 1,
      at,
      actor: ensure,
      container,
      role: 'member',
    } as const;
    const looked = put(
      absent('container', container),
      { strangers: ['4711', '4712'], known: ['4711'], lookedAt: at },
      [
        { ...found, accountId: '4711' },
        { ...found, accountId: '4712' },
      ],
    );
    await it.on.calm.commit([written, looked], new Date(at));
    await it.tick('2026-03-04T08:00:00Z');
    expect((await it.record('2026-03-04'))?.content.anomalies).toEqual({
      count: 2,
      first: expect.arrayContaining([
        { kind: 'drift', at, subject: 'U0ANA', container, actual: null, expected: 'member' },
        { kind: 'stranger', at, container, accountId: '4712', role: 'member' },
      ]),
    });
  });
});

const grantOf = (grantId: string, expiresAt: string): HoldingGrant => ({
  ...{ grantId, expiresAt, requester: 'U0ANA', entitlementId: 'github:acme/deployers' },
  ...{ policyHash: HASH, approvers: ['U0BO'], role: 'member', authorizedAt: START.toISOString() },
  ...{ phase: 'active', endedAt: null, issued: true, scheduledFor: null },
});

describe('when the policy moves to another zone', () => {
  test('no day is told twice and no event is lost or counted twice', async () => {
    const it = await opened({ timezone: 'Asia/Tokyo' });
    const hours = Array.from({ length: 96 }, (_, hour) => hour);
    for (const hour of hours) {
      const instant = new Date(Date.parse('2026-03-03T15:00:00Z') + hour * 3_600_000).toISOString();
      await happened(it.on, storyAt(instant, [asked()], { requestId: requestIdOf(hour + 1) }));
    }
    await it.tick('2026-03-05T00:00:00Z');
    await it.on.enforce(policyText({ timezone: 'America/Los_Angeles' }));
    for (const instant of ['2026-03-05T00:05:00Z', '2026-03-05T17:00:00Z', '2026-03-06T17:00:00Z'])
      await it.tick(instant);
    await it.on.enforce(policyText({ timezone: 'Asia/Tokyo' }));
    await it.tick('2026-03-07T00:00:00Z');
    await it.tick('2026-03-08T00:00:00Z');
    const days = it.posted.map(({ text }) => text);
    expect(days).toEqual(['2026-03-05', '2026-03-06', '2026-03-07', '2026-03-08']);
    const records = await Promise.all(days.map((day) => it.record(day)));
    const spans = records.map((record) => record?.counted);
    for (const [i, span] of spans.entries()) if (i > 0) expect(span?.from).toBe(spans[i - 1]?.to);
    const told = records.reduce((sum, record) => sum + (record?.content.counts.asked ?? 0), 0);
    const last = Date.parse(spans.at(-1)?.to ?? '');
    expect(told).toBe(
      hours.filter((h) => Date.parse('2026-03-03T15:00:00Z') + h * 3_600_000 < last).length,
    );
  });
});

/** Which days have a digest by the zone's own wall clock, looked up minute by quarter hour: nothing of the product's arithmetic. */
function dueDays(zone: string, time: string, runs: readonly number[]): string[] {
  const wall = new Intl.DateTimeFormat('sv-SE', {
    ...{ timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit' },
  });
  const due = new Set<string>();
  for (const run of runs) {
    const day = wall.format(run).slice(0, 10);
    for (let ms = Math.floor(run / 900_000) * 900_000; !due.has(day); ms -= 900_000) {
      const shown = wall.format(ms);
      if (!shown.startsWith(day)) break;
      if (shown.slice(11) >= time) due.add(day);
    }
  }
  return [...due].sort();
}

test('over a year of runs at any time, doubled, parallel or late, in any zone: one digest for every day that a run met', async () => {
  const YEAR_MS = Date.UTC(2027, 0, 1) - Date.UTC(2026, 2, 4);
  const zones = [
    'Europe/Berlin',
    'America/Nuuk',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'Pacific/Chatham',
  ];
  const plan = fc.record({
    zone: fc.constantFrom(...zones),
    time: fc.constantFrom('00:00', '02:30', '09:00', '23:30'),
    runs: fc.array(fc.record({ at: fc.nat(YEAR_MS), times: fc.integer({ min: 1, max: 3 }) }), {
      minLength: 20,
      maxLength: 60,
    }),
  });
  await fc.assert(
    fc.asyncProperty(plan, async ({ zone, time, runs }) => {
      const it = await opened({ timezone: zone, digest: { at: time } });
      await happened(it.on, waiting());
      const switches = ['2026-03-29T01:00:00Z', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'];
      const all = [
        ...runs.map(({ at, times }) => ({ at: Date.UTC(2026, 2, 4) + at, times })),
        ...switches.map((instant) => ({ at: Date.parse(instant), times: 2 })),
      ].sort((one, other) => one.at - other.at);
      for (const { at, times } of all) {
        it.go(new Date(at));
        await Promise.all(Array.from({ length: times }, () => it.run()));
        await it.deliver();
      }
      const expected = dueDays(
        zone,
        time,
        all.map(({ at }) => at),
      );
      expect(it.posted.map(({ text }) => text)).toEqual(expected);
    }),
    { numRuns: 15 },
  );
});

import * as fc from 'fast-check';
import { drawHome } from '../../shared/application/home.ts';
import { homeFacts, LOOKED_AT } from '../../shared/application/home-facts.ts';
import { MOST_HOMES } from '../../shared/application/home-jobs.ts';
import { WAITING_LOOKED_AT } from '../../shared/application/home-waiting.ts';
import type { AccessRequestEvent } from '../../shared/domain/access-request/events.ts';
import { replay } from '../../shared/domain/access-request/evolve.ts';
import type { Kind } from '../../shared/domain/records.ts';
import { absent, Fault, type Journal, put } from '../../shared/ports.ts';
import { boApproves, enrolBo, pendingOn, requestIdOf } from '../support/bench.ts';
import { deny, withdraw } from '../support/commands.ts';
import { deployRule, evidenceOf, writtenCompany } from '../support/company.ts';
import { type Desk, openDesk } from '../support/home-desk.ts';
import {
  activated,
  approval,
  asked,
  authorized,
  denied,
  HASH,
  holding,
  iso,
  START,
  scheduled,
} from '../support/samples.ts';

// How often each case was met is asserted too: the same runs each time, or chance would turn it red.
fc.configureGlobal({ seed: 20261123 });

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
});

const ID = 'AR-7K2M9Q';
const AHEAD = { notBefore: iso(36_000), until: null };
const JOB = { home: 'U0BO', why: 'changed' } as const;
/** A journal of which every read by key is counted. */
function counted(journal: Journal): { journal: Journal; reads: Map<Kind, number> } {
  const reads = new Map<Kind, number>();
  return {
    reads,
    journal: {
      ...journal,
      read: async (kind, id) => {
        reads.set(kind, (reads.get(kind) ?? 0) + 1);
        return journal.read(kind, id);
      },
    },
  };
}

describe('what is drawn', () => {
  it('nobody who never opened their Home', async () => {
    await pendingOn(desk.on);
    expect(await desk.change('U0BO')).toBe('never-opened');
    expect(await desk.jobsAfter(ID)).toEqual([]);
    expect(desk.published()).toBe(0);
  });

  it('is published once for what it shows, however often it is asked for', async () => {
    expect(await desk.open('U0BO')).toBe('drawn');
    await pendingOn(desk.on);
    expect(await desk.change('U0BO')).toBe('drawn');
    for (const again of [desk.change, desk.change, desk.open])
      expect(await again('U0BO')).toBe('unchanged');
    expect(desk.published()).toBe(2);
    expect(desk.shows('U0BO')).toContain(`home-waiting-${ID}`);
    expect(await desk.record('U0BO')).toMatchObject({ version: 2, openedAt: iso() });
  });

  it('an admin who opens it sees the hour of the last sweep anew; nobody is drawn for that alone', async () => {
    await desk.open('U0DEE');
    const beat = await desk.on.calm.read('heartbeat', 'sweep');
    await desk.on.calm.commit([put(beat, { at: iso(60) })], START);
    desk.on.setTime(70);
    await desk.open('U0DEE');
    await desk.on.calm.commit(
      [put(await desk.on.calm.read('heartbeat', 'sweep'), { at: iso(120) })],
      START,
    );
    desk.on.setTime(130);
    expect(await desk.change('U0DEE')).toBe('unchanged');
    expect(await desk.open('U0DEE')).toBe('drawn');
    expect(desk.shows('U0DEE')).toContain('2026-03-02T09:02Z');
  });

  it('from the state itself, where an index is behind', async () => {
    const behind = await pendingOn(desk.on);
    const done = await desk.on.run(withdraw());
    expect(done.ok).toBe(true);
    const journal: Journal = {
      ...desk.on.calm,
      requestsOf: async () => [behind],
      due: async () => [{ kind: 'request', id: ID, dueAt: iso(3600) }],
    };
    for (const person of ['U0ANA', 'U0BO']) {
      const { facts } = await homeFacts({ ...desk.deps, journal }, person);
      expect(facts).toMatchObject({ kind: 'open', waiting: [], pending: [] });
    }
    const { facts } = await homeFacts({ ...desk.deps, journal }, 'U0ANA');
    expect(facts).toMatchObject({ recent: [{ requestId: ID, status: 'withdrawn' }] });
  });

  it('a page that is looked at stays until what the Home shows changes; opening shows the first', async () => {
    await desk.open('U0ANA');
    const page = { home: 'U0ANA', why: 'page', lens: { section: 'recent', page: 3 } } as const;
    expect(await drawHome(page, desk.deps)).toBe('drawn');
    expect(await drawHome(page, desk.deps)).toBe('unchanged');
    expect(await desk.change('U0ANA')).toBe('unchanged');
    expect((await desk.record('U0ANA'))?.lens).toEqual(page.lens);
    await pendingOn(desk.on);
    expect(await desk.change('U0ANA')).toBe('drawn');
    expect((await desk.record('U0ANA'))?.lens).toBeNull();
    await drawHome(page, desk.deps);
    expect(await desk.open('U0ANA')).toBe('drawn');
    expect((await desk.record('U0ANA'))?.lens).toBeNull();
  });
});

describe('break-glass, later starts, and what others asked for', () => {
  const by = (id: string) => ({ kind: 'person' as const, id });
  const breakGlass = { incident: 'INC-123', reviewBy: iso(86_400) };
  const put1 = async (requestId: string, events: readonly AccessRequestEvent[]) => {
    const base = await desk.on.calm.read('request', requestId);
    const own = events.map((event) => ({ ...event, requestId }));
    await desk.on.calm.commit([put(base, replay(own), own)], START);
  };
  const openHome = async (person: string) => {
    const { facts } = await homeFacts(desk.deps, person);
    if (facts.kind !== 'open') throw new Error('A closed Home');
    return facts;
  };
  const ids = (states: readonly { requestId: string }[]) =>
    states.map(({ requestId }) => requestId);

  it('a review that is owed is shown to those who may give it, until somebody has', async () => {
    const taken = [asked({ breakGlass }), authorized(), activated()];
    await put1(ID, taken);
    for (const person of ['U0BO', 'U0CY'])
      expect(ids((await openHome(person)).reviews)).toEqual([ID]);
    expect((await openHome('U0ANA')).reviews).toEqual([]);
    const done = await desk.on.run({
      ...{ type: 'ReviewBreakGlass', requestId: ID, actor: by('U0CY') },
      ...{ verdict: 'justified', reason: `sha256:${HASH}` },
    });
    expect(done.ok).toBe(true);
    expect((await openHome('U0BO')).reviews).toEqual([]);
  });

  it('is shown to who holds it as to who asked for it; only who asked is offered to ask again', async () => {
    const others = { subject: 'U0CY' };
    await put1('AR-000001', [asked(others), approval(), authorized(), activated()]);
    await put1('AR-000002', [asked({ ...others, start: AHEAD }), approval(), scheduled()]);
    await put1('AR-000003', [asked(others), denied()]);
    for (const person of ['U0ANA', 'U0CY']) {
      const facts = await openHome(person);
      expect(ids(facts.active)).toEqual(['AR-000001']);
      expect(ids(facts.scheduled)).toEqual(['AR-000002']);
      expect(ids(facts.recent)).toEqual(person === 'U0ANA' ? ['AR-000003'] : []);
    }
    expect((await openHome('U0BO')).active).toEqual([]);
  });
});

describe('who may decide', () => {
  it('is what the evaluator says on fresh evidence: no button for the requester, nor for a double of theirs', async () => {
    await pendingOn(desk.on);
    expect(await desk.truth('U0ANA')).not.toContain('"action_id":"approve"');
    expect(await desk.truth('U0BO')).toContain('"action_id":"approve"');
    const same = { email: 'ana@acme.example' };
    const evidence: Desk['deps']['directory']['evidence'] = async (people, now) =>
      new Map(people.map((each) => [each, evidenceOf(each, now, same)]));
    const { facts } = await homeFacts(
      { ...desk.deps, directory: { ...desk.deps.directory, evidence } },
      'U0BO',
    );
    expect(facts).toMatchObject({ kind: 'open', waiting: [] });
  });

  it.each([
    ['a guest', { isRestricted: true }, 'not-a-full-member'],
    ['somebody who was deactivated', { deleted: true }, 'not-a-full-member'],
  ])('%s has no Home here', async (_, change, code) => {
    const evidence: Desk['deps']['directory']['evidence'] = async (people, now) =>
      new Map(people.map((each) => [each, evidenceOf(each, now, change)]));
    const { facts } = await homeFacts(
      { ...desk.deps, directory: { ...desk.deps.directory, evidence } },
      'U0BO',
    );
    expect(facts).toMatchObject({ kind: 'closed', refusal: { code } });
  });

  it('somebody whom the policy does not list is told so without Slack being asked', async () => {
    const evidence = async () => {
      throw new Error('asked');
    };
    const { facts } = await homeFacts(
      { ...desk.deps, directory: { ...desk.deps.directory, evidence } },
      'U0ZOE',
    );
    expect(facts).toMatchObject({ kind: 'closed', refusal: { code: 'unknown-person' } });
  });

  it('a directory that is silent leaves the Home as it was, and the job comes back', async () => {
    await desk.open('U0BO');
    await pendingOn(desk.on);
    const before = desk.shows('U0BO');
    const evidence = async () => {
      throw new Fault('users.info failed', { service: 'slack', retryable: true });
    };
    await expect(
      drawHome(JOB, { ...desk.deps, directory: { ...desk.deps.directory, evidence } }),
    ).rejects.toMatchObject({
      retryable: true,
    });
    expect(desk.shows('U0BO')).toBe(before);
  });
});

describe('what goes wrong', () => {
  beforeEach(async () => {
    await desk.open('U0BO');
    await pendingOn(desk.on);
  });
  const isTrue = async () => expect(desk.shows('U0BO')).toBe(await desk.truth('U0BO'));

  it('a silent Slack brings the job back, and the next try draws it', async () => {
    desk.trouble.push('away');
    await expect(desk.change('U0BO')).rejects.toMatchObject({ service: 'slack', retryable: true });
    expect(await desk.change('U0BO')).toBe('drawn');
    await isTrue();
  });

  it('a drawing of which nobody heard counts as none, also when things are as they were before it', async () => {
    desk.trouble.push('lost');
    await expect(desk.change('U0BO')).rejects.toMatchObject({ retryable: true });
    expect(desk.shows('U0BO')).toContain(ID);
    await desk.on.run(deny());
    expect(await desk.change('U0BO')).toBe('drawn');
    expect(desk.shows('U0BO')).not.toContain(ID);
    await isTrue();
  });

  const dyingAt = (which: number): Journal => {
    let seen = 0;
    return {
      ...desk.on.calm,
      commit: async (writes, at) => {
        seen += 1;
        if (seen > which) throw new Fault('gone', { service: 'journal', retryable: true });
        return desk.on.calm.commit(writes, at);
      },
    };
  };
  it.each([0, 1])('a run that dies at its commit %i is made good', async (which) => {
    await expect(drawHome(JOB, { ...desk.deps, journal: dyingAt(which) })).rejects.toMatchObject({
      service: 'journal',
    });
    // Its lease runs out by itself.
    if (which === 1) expect(await desk.change('U0BO')).toBe('busy');
    desk.on.setTime(61);
    expect(await desk.change('U0BO')).toBe('drawn');
    await isTrue();
    expect(await desk.change('U0BO')).toBe('unchanged');
  });

  it('a run that finds its lease lost at the end trusts neither picture: it is drawn once more', async () => {
    let seen = 0;
    const journal: Journal = {
      ...desk.on.calm,
      commit: async (writes, at) => {
        seen += 1;
        if (seen === 2) {
          desk.on.setTime(61);
          await desk.on.run(withdraw());
          expect(await desk.change('U0BO')).toBe('drawn');
        }
        return desk.on.calm.commit(writes, at);
      },
    };
    await expect(drawHome(JOB, { ...desk.deps, journal })).rejects.toMatchObject({
      retryable: true,
    });
    expect(await desk.change('U0BO')).toBe('drawn');
    await isTrue();
  });

  it('who is beaten to it looks again a moment later: what the other shows may be older', async () => {
    desk.on.switches.before.push(async () => {
      await drawHome(JOB, { ...desk.deps, journal: desk.on.calm });
      await desk.on.run(withdraw());
    });
    expect(await desk.change('U0BO')).toBe('busy');
    expect(desk.on.sent).toEqual([{ queue: 'announce', message: JOB }]);
    await drawHome(JOB, desk.deps);
    await isTrue();
  });

  it('another view in its place is noticed when it is opened', async () => {
    await desk.change('U0BO');
    desk.replace('U0BO');
    expect(await desk.open('U0BO')).toBe('drawn');
    await isTrue();
  });

  it('a Home that Slack never takes is told and left', async () => {
    desk.trouble.push('never');
    expect(await desk.change('U0BO')).toBe('unreachable');
    expect(desk.on.errors).toContain('Slack does not take a Home');
  });

  it.each([
    ['while it is drawn waits for it', 0],
    ['after its lease ran out goes first, and the late one gives way', 61],
  ])('a change %s', async (_, seconds) => {
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const publishHome: Desk['deps']['announcer']['publishHome'] = async (...args) => {
      await gate;
      return desk.deps.announcer.publishHome(...args);
    };
    const slow = { ...desk.deps, announcer: { ...desk.deps.announcer, publishHome } };
    const late = drawHome(JOB, slow).catch((error: unknown) => error);
    for (let left = 1000; left > 0; left -= 1)
      if ((await desk.record('U0BO'))?.shown === null) break;
    await desk.on.run(withdraw());
    desk.on.setTime(seconds);
    expect(await desk.change('U0BO')).toBe(seconds === 0 ? 'busy' : 'drawn');
    open();
    const end = await late;
    if (seconds === 0) expect(desk.on.sent).toEqual([{ queue: 'announce', message: JOB }]);
    else expect(end).toMatchObject({ retryable: true });
    if (seconds === 0) await drawHome(JOB, desk.deps);
    await isTrue();
    expect(desk.shows('U0BO')).not.toContain(ID);
  });
});

it('however jobs are ordered, doubled, delayed and broken, the Home ends with the truth', async () => {
  const trouble = fc.constantFrom('ok', 'ok', 'ok', 'away', 'lost');
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(trouble, { maxLength: 6 }),
      fc.integer({ min: 1, max: 4 }),
      async (schedule, troubles, doubles) => {
        const at = await openDesk();
        await at.open('U0BO');
        const { publishHome } = at.deps.announcer;
        const deps = {
          ...at.deps,
          journal: {
            ...at.on.calm,
            read: async <K extends Kind>(kind: K, id: string) => {
              if (kind === 'home') await schedule.schedule(Promise.resolve(), 'read');
              return at.on.calm.read(kind, id);
            },
            commit: schedule.scheduleFunction(at.on.calm.commit),
          },
          announcer: { ...at.deps.announcer, publishHome: schedule.scheduleFunction(publishHome) },
        };
        at.trouble.push(...troubles.flatMap((each) => (each === 'ok' ? [] : [each])));
        // A queue brings a job back until it is done.
        const job = async (): Promise<void> => {
          for (let left = 20; left > 0; left -= 1) {
            try {
              await drawHome(JOB, deps);
              return;
            } catch (error) {
              if (!(error instanceof Fault)) throw error;
            }
          }
          throw new Error('A job that never ends');
        };
        const jobs: Promise<void>[] = [];
        const changed = () => {
          for (let each = 0; each < doubles; each += 1) jobs.push(job());
        };
        await pendingOn(at.on);
        changed();
        const ended = schedule.schedule(Promise.resolve()).then(async () => {
          await at.on.run(withdraw());
          changed();
        });
        await schedule.waitFor(ended.then(() => Promise.all(jobs)));
        while (at.on.sent.shift()) await drawHome(JOB, at.deps);
        expect(at.shows('U0BO')).toBe(await at.truth('U0BO'));
        const lost = troubles.filter((each) => each === 'lost').length;
        expect(at.published()).toBeLessThanOrEqual(3 + lost);
        expect((await at.record('U0BO'))?.viewHash).toBe(at.hashOf('U0BO'));
      },
    ),
    { numRuns: 25 },
  );
});

describe('whom a change reaches', () => {
  const homes = async (): Promise<string[]> => (await desk.jobsAfter(ID)).map(({ home }) => home);
  beforeEach(async () => {
    for (const person of ['U0ANA', 'U0BO', 'U0CY', 'U0DEE', 'U0AL']) await desk.open(person);
  });

  it('whoever asked and whoever could ever decide, also after it was decided', async () => {
    const state = await pendingOn(desk.on);
    expect((await homes()).sort()).toEqual(['U0ANA', 'U0BO', 'U0CY', 'U0DEE']);
    await enrolBo(desk.on);
    const { command, code } = boApproves(state);
    expect((await desk.on.run(command, { code })).ok).toBe(true);
    expect((await homes()).sort()).toEqual(['U0ANA', 'U0BO', 'U0CY', 'U0DEE']);
  });

  it('admins too, once access has outlived its end', async () => {
    desk = await openDesk({
      rules: [{ ...deployRule, approvals: [{ from: { people: ['bo'] }, count: 1 }] }],
    });
    for (const person of ['U0ANA', 'U0BO', 'U0DEE']) await desk.open(person);
    const state = await pendingOn(desk.on);
    await enrolBo(desk.on);
    const { command, code } = boApproves(state);
    await desk.on.run(command, { code });
    expect((await homes()).sort()).toEqual(['U0ANA', 'U0BO']);
    await desk.on.run({
      type: 'ConfirmActivated',
      requestId: ID,
      actor: { kind: 'ensure' },
      accountId: '4711',
      readBackAt: iso(),
    });
    desk.on.setTime(7200 + 91);
    await desk.on.run({ type: 'ExpireGrant', requestId: ID, actor: { kind: 'timer' } });
    expect((await homes()).sort()).toEqual(['U0ANA', 'U0BO', 'U0DEE']);
  });

  it('a bounded number of people', async () => {
    const crowd = Object.fromEntries(
      Array.from({ length: 80 }, (_, n) => [
        `rm${n}`,
        { slack: `U0RM${n}`, roles: ['release-manager'], accounts: { github: `rm${n}-gh` } },
      ]),
    );
    desk = await openDesk({ people: { ...writtenCompany.people, ...crowd } });
    await pendingOn(desk.on);
    const { journal, reads } = counted(desk.on.calm);
    desk.deps.journal = journal;
    await desk.jobsAfter(ID);
    expect(reads.get('home')).toBe(MOST_HOMES);
  });
});

describe('what an admin sees', () => {
  it('access past its end, unclear calls, stuck grants and members without a grant; not those of the first look', async () => {
    const grant = {
      grantId: ID,
      requester: 'U0ANA',
      entitlementId: 'github:acme/deployers',
      policyHash: 'a'.repeat(64),
      approvers: ['U0BO'],
      role: 'member',
      expiresAt: iso(0),
      authorizedAt: iso(-7200),
      phase: 'removing' as const,
      endedAt: iso(0),
      issued: true,
      scheduledFor: null,
    };
    const overdue = holding({ grants: [grant], dueAt: iso(0), lastFault: 'timeout' });
    const container = { strangers: ['1', '2', '3'], known: ['1'], lookedAt: iso() };
    await desk.on.calm.commit(
      [
        put(absent('holding', overdue.holdingId), overdue),
        put(absent('container', 'github:team:acme/deployers'), container),
        put(absent('pause', 'all'), { paused: true, by: { kind: 'operator' }, at: iso() }),
        put(absent('stop', 'all'), {
          standing: { since: iso(), proposedBy: 'U0DEE', confirmedBy: 'U0CY' },
          proposal: { what: 'lift', by: 'U0DEE', at: iso(), until: iso(600) },
          clearedAt: null,
        }),
      ],
      START,
    );
    desk.on.setTime(91);
    const { facts } = await homeFacts(desk.deps, 'U0DEE');
    expect(facts).toMatchObject({
      health: {
        sweep: 'never-ran',
        paused: ['all'],
        stoppedSince: iso(),
        proposal: { what: 'lift', by: 'U0DEE', until: iso(600) },
        overdue: [{ requestId: ID, since: iso(0), fault: 'timeout' }],
        drift: [{ container: 'github:team:acme/deployers', accounts: ['2', '3'] }],
      },
    });
    const bo = await homeFacts(desk.deps, 'U0BO');
    expect(bo.facts).toMatchObject({ health: null });
  });
});

it('a Home costs a bounded number of reads, however much there is', async () => {
  const state = await pendingOn(desk.on);
  const numbers = Array.from({ length: 500 }, (_, n) => requestIdOf(n + 1));
  const known = new Map(numbers.map((id) => [id, { ...state, requestId: id }]));
  const { journal, reads } = counted({
    ...desk.on.calm,
    read: async (kind, id) => {
      const stored = await desk.on.calm.read(kind, id);
      const value = kind === 'request' ? known.get(id) : undefined;
      return value ? { ...stored, value: (await desk.on.calm.read(kind, ID)).value } : stored;
    },
    requestsOf: async (_, limit) => [...known.values()].slice(0, limit),
    due: async (_, limit) =>
      numbers.slice(0, limit).map((id) => ({ kind: 'request', id, dueAt: iso(3600) })),
  });
  let asked = 0;
  const directory: Desk['deps']['directory'] = {
    ...desk.deps.directory,
    evidence: async (people, now) => {
      asked += 1;
      return desk.on.directory.evidence(people, now);
    },
  };
  const { facts } = await homeFacts({ ...desk.deps, journal, directory }, 'U0BO');
  expect(facts.kind).toBe('open');
  expect(reads.get('request')).toBe(LOOKED_AT.live + WAITING_LOOKED_AT.waiting);
  expect(asked).toBe(2);
  expect(facts).toMatchObject({ more: { waiting: true, mine: true } });
});

/** Every minute: what is due is handled, whoever must be woken is woken, one bad item stops nobody else. */
import { sweep } from '../../shared/application/sweep.ts';
import { replay } from '../../shared/domain/access-request/evolve.ts';
import type { Holding, HoldingGrant } from '../../shared/domain/holding/model.ts';
import { absent, Fault, put } from '../../shared/ports.ts';
import { askOf, type Bench, bench, pendingOn, requestIdOf, typesOf } from '../support/bench.ts';
import { HASH, HISTORIES, holding, iso, START } from '../support/samples.ts';

const grant = (part: Partial<HoldingGrant> = {}): HoldingGrant => ({
  grantId: 'AR-7K2M9Q',
  requester: 'U0ANA',
  entitlementId: 'github:acme/deployers',
  policyHash: HASH,
  approvers: ['U0BO'],
  role: 'member',
  expiresAt: iso(7200),
  authorizedAt: iso(),
  phase: 'active',
  endedAt: null,
  issued: true,
  scheduledFor: null,
  ...part,
});
async function heldOn(on: Bench, part: Partial<Holding>): Promise<Holding> {
  const made = holding({ dueAt: iso(), ...part });
  await on.calm.commit([put(absent('holding', made.holdingId), made)], START);
  return made;
}
const requestOf = (id: string) => askOf('ana', { requestId: id });

describe('requests that nobody answered', () => {
  test('lapse at their deadline and not before', async () => {
    const on = await bench();
    await pendingOn(on);
    on.setTime(3599);
    expect(await sweep(on)).toEqual({ due: 0, failed: 0 });
    on.setTime(3600);
    expect(await sweep(on)).toEqual({ due: 1, failed: 0 });
    expect(await typesOf(on)).toEqual(['AccessRequested', 'RequestLapsed']);
    expect(await sweep(on)).toEqual({ due: 0, failed: 0 });
  });

  test('lapse by two sweeps at once exactly once', async () => {
    const on = await bench();
    await pendingOn(on);
    on.setTime(3600);
    await Promise.all([sweep(on), sweep(on)]);
    expect(await typesOf(on)).toEqual(['AccessRequested', 'RequestLapsed']);
  });

  test('do not stop the others when one cannot be handled, and are met again', async () => {
    const on = await bench();
    const ids = ['AR-000001', 'AR-000002', 'AR-000003'];
    const names = ['ana', 'al', 'fay'];
    for (const [i, name] of names.entries())
      await pendingOn(on, askOf(name, { requestId: ids[i] ?? '' }));
    on.setTime(3600);
    on.switches.failsReads = (kind, id) => kind === 'request' && id === 'AR-000001';
    expect(await sweep(on)).toEqual({ due: 3, failed: 1 });
    const lapsed = await Promise.all(ids.map((id) => typesOf(on, id)));
    expect(lapsed.map((types) => types.length)).toEqual([1, 2, 2]);
    expect(on.errors).toEqual(['A due item could not be handled']);
    on.switches.failsReads = () => false;
    expect(await sweep(on)).toEqual({ due: 1, failed: 0 });
  });

  test('are told to announce where a notice is due', async () => {
    const on = await bench();
    const due = { at: iso(10), resetId: 'reset-00' };
    const notice = { owner: 1, security: 1, due, lease: null, fence: 0 };
    await on.calm.commit([put(absent('notice', 'U0BO'), notice)], START);
    on.setTime(9);
    expect(await sweep(on)).toEqual({ due: 0, failed: 0 });
    on.setTime(10);
    expect(await sweep(on)).toEqual({ due: 1, failed: 0 });
    expect(on.sent).toContainEqual({ queue: 'announce', message: { noticesOf: 'U0BO' } });
  });

  test('are all handled, however many pages they fill', async () => {
    const on = await bench();
    const { entitlement } = requestOf('AR-000001');
    const state = await pendingOn(on, requestOf('AR-000001'));
    for (let i = 2; i <= 450; i += 1) {
      const requestId = requestIdOf(i);
      const copy = { ...state, requestId, entitlement };
      await on.calm.commit([put(absent('request', requestId), copy)], START);
    }
    on.setTime(3600);
    expect(await sweep(on)).toEqual({ due: 450, failed: 0 });
    expect(await on.calm.due(on.clock.now(), 10)).toEqual([]);
  });
});

describe('access that nears its end', () => {
  const toAnnounce = (requestId: string) => ({ queue: 'announce', message: { requestId } });
  /** Active from second 90 to 7260: its reminder is due at 6360. */
  async function activeOn(on: Bench): Promise<string> {
    const state = replay(HISTORIES.active);
    if (state.status !== 'active') throw new Error('Another sample');
    await on.calm.commit([put(absent('request', state.requestId), state)], START);
    return state.requestId;
  }

  test('is sent to announce from its reminder on, and nothing is decided', async () => {
    const on = await bench();
    const id = await activeOn(on);
    on.setTime(6359);
    expect(await sweep(on)).toEqual({ due: 0, failed: 0 });
    on.setTime(6360);
    await Promise.all([sweep(on), sweep(on)]);
    expect(on.sent).toEqual([toAnnounce(id), toAnnounce(id)]);
    expect((await on.calm.read('request', id)).value?.status).toBe('active');
    expect(on.alarms).toEqual([]);
  });

  test('is left in peace once its reminder is on record; one of before an extension does not count', async () => {
    const on = await bench();
    const id = await activeOn(on);
    const cardWith = (dueAt: string) => ({
      channel: null,
      dm: null,
      told: 4,
      overdue: false,
      direct: [{ what: 'reminder' as const, to: 'U0ANA', dueAt, place: null, open: false }],
      trouble: null,
      doubtSince: null,
      twin: false,
      drawn: 4,
      lease: null,
      fence: 0,
    });
    on.setTime(6400);
    await on.calm.commit([put(absent('card', id), cardWith(iso(6360)))], START);
    await sweep(on);
    expect(on.sent).toEqual([]);
    await on.calm.commit([put(await on.calm.read('card', id), cardWith(iso(60)))], START);
    await sweep(on);
    expect(on.sent).toEqual([toAnnounce(id)]);
  });
});

describe('holdings that are due', () => {
  test.each([
    ['a grant on its way in', { phase: 'activating' }, 'grants'],
    ['an active grant', {}, 'grants'],
    ['a grant on its way out', { phase: 'removing', endedAt: iso() }, 'removals'],
    ['a grant that reached its end', { expiresAt: iso() }, 'removals'],
  ] as const)('with %s', async (_what, part, queue) => {
    const on = await bench();
    const { holdingId } = await heldOn(on, { grants: [grant(part)] });
    await sweep(on);
    expect(on.sent).toEqual([{ queue, message: { holdingId } }]);
    expect(on.alarms).toEqual([]);
  });

  test('with several grants go the way of the one that ends', async () => {
    const on = await bench();
    await heldOn(on, {
      grants: [grant({ grantId: 'AR-000001' }), grant({ phase: 'removing', endedAt: iso() })],
    });
    await sweep(on);
    expect(on.sent.map(({ queue }) => queue)).toEqual(['removals']);
  });

  test('are left alone before they are due', async () => {
    const on = await bench();
    await heldOn(on, { dueAt: iso(1) });
    expect(await sweep(on)).toEqual({ due: 0, failed: 0 });
    expect(on.sent).toEqual([]);
  });

  test('are woken even when the row before them cannot be read; the sweep then says so loudly', async () => {
    const on = await bench();
    await pendingOn(on);
    const { holdingId } = await heldOn(on, { grants: [grant()], dueAt: iso(3650) });
    on.setTime(3700);
    const { read } = on.journal;
    on.journal.read = async (kind, id) => {
      if (kind === 'request') throw new Error('This row does not parse.');
      return read(kind, id);
    };
    await expect(sweep(on)).rejects.toThrow('does not parse');
    expect(on.sent).toContainEqual({ queue: 'grants', message: { holdingId } });
  });

  test('do not stop requests from lapsing when the queue is away', async () => {
    const on = await bench();
    await pendingOn(on);
    await heldOn(on, { grants: [grant()] });
    on.setTime(3600);
    const away = new Fault('The queue did not answer.', { service: 'queues', retryable: true });
    const queues = { send: () => Promise.reject(away) };
    expect(await sweep({ ...on, queues })).toEqual({ due: 2, failed: 1 });
    expect(await typesOf(on)).toEqual(['AccessRequested', 'RequestLapsed']);
  });
});

describe('alarms', () => {
  const swept = async (part: Partial<Holding>, seconds: number) => {
    const on = await bench();
    const { holdingId } = await heldOn(on, part);
    on.setTime(seconds);
    await sweep(on);
    return { on, holdingId, names: on.alarms.map(({ name }) => name) };
  };

  test('access that outlives its end by more than 90 seconds wakes somebody, and its card says so', async () => {
    const grants = [grant({ expiresAt: iso(60) })];
    expect((await swept({ grants }, 150)).names).toEqual([]);
    const { on, holdingId } = await swept({ grants }, 151);
    const fields = { holdingId, grantId: 'AR-7K2M9Q', since: iso(60) };
    expect(on.alarms).toEqual([{ name: 'grant-overdue', fields }]);
    expect(on.sent).toEqual([
      { queue: 'removals', message: { holdingId } },
      { queue: 'announce', message: { requestId: 'AR-7K2M9Q' } },
    ]);
  });

  test('access that was revoked counts from the moment it was', async () => {
    const grants = [grant({ phase: 'removing', endedAt: iso(10) })];
    expect((await swept({ grants }, 100)).names).toEqual([]);
    expect((await swept({ grants }, 101)).names).toEqual(['grant-overdue']);
  });

  test('a provider call whose outcome is unknown for more than two minutes wakes somebody', async () => {
    const intent = { intentId: 'i1', kind: 'add', role: 'member', issuedAt: iso() } as const;
    const intents = [{ ...intent, answer: 'ambiguous' as const }];
    expect((await swept({ intents }, 120)).names).toEqual([]);
    const { on, holdingId } = await swept({ intents }, 121);
    expect(on.alarms).toEqual([
      { name: 'intent-ambiguous', fields: { holdingId, intentId: 'i1', issuedAt: iso() } },
    ]);
  });

  test('a grant that is not active after three minutes wakes somebody', async () => {
    const grants = [grant({ phase: 'activating' })];
    expect((await swept({ grants }, 180)).names).toEqual([]);
    const { on, holdingId } = await swept({ grants }, 181);
    const fields = { holdingId, grantId: 'AR-7K2M9Q', authorizedAt: iso() };
    expect(on.alarms).toEqual([{ name: 'activation-stuck', fields }]);
  });
});

describe('the heartbeat', () => {
  test('is written at the end of each sweep', async () => {
    const on = await bench();
    on.setTime(60);
    await sweep(on);
    expect((await on.calm.read('heartbeat', 'sweep')).value).toEqual({ at: iso(60) });
  });

  test('that is more than two minutes old wakes somebody; the first sweep of all does not', async () => {
    const on = await bench();
    await sweep(on);
    on.setTime(120);
    await sweep(on);
    expect(on.alarms).toEqual([]);
    on.setTime(241);
    await sweep(on);
    expect(on.alarms).toEqual([{ name: 'sweep-late', fields: { lastAt: iso(120) } }]);
  });

  test('that cannot be read keeps nothing from being swept', async () => {
    const on = await bench();
    await pendingOn(on);
    on.setTime(3600);
    let reads = 0;
    on.switches.failsReads = (kind) => {
      reads += kind === 'heartbeat' ? 1 : 0;
      return kind === 'heartbeat' && reads === 1;
    };
    expect(await sweep(on)).toEqual({ due: 1, failed: 0 });
    expect(await typesOf(on)).toEqual(['AccessRequested', 'RequestLapsed']);
    expect(on.errors).toEqual(['When the last sweep ran could not be read']);
    expect((await on.calm.read('heartbeat', 'sweep')).value).toEqual({ at: iso(3600) });
  });
});

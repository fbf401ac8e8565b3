/** From the journal's stream to whoever has to look. */
import { type JournalChange, route } from '../../shared/application/route.ts';
import { replay } from '../../shared/domain/access-request/evolve.ts';
import type { RequestStatus } from '../../shared/domain/access-request/model.ts';
import { absent, Fault, put } from '../../shared/ports.ts';
import { emptyBench } from '../support/bench.ts';
import { HISTORIES, holding, START } from '../support/samples.ts';

const ID = 'AR-7K2M9Q';
const { holdingId } = holding();
const inserted = (part: Partial<JournalChange> = {}): JournalChange => ({
  eventName: 'INSERT',
  kind: 'request',
  id: ID,
  seq: 1,
  ...part,
});

async function standing(status: RequestStatus) {
  const on = emptyBench();
  const events = HISTORIES[status];
  await on.calm.commit([put(absent('request', ID), replay(events), events)], START);
  return on;
}

test.each([
  ['pending', null],
  ['denied', null],
  ['withdrawn', null],
  ['lapsed', null],
  ['failed', null],
  ['ended', null],
  ['activating', 'grants'],
  ['active', 'grants'],
  ['removing', 'removals'],
] as const)(
  'a request that is %s goes to announce, and its holding to %s',
  async (status, queue) => {
    const on = await standing(status);
    await route([inserted()], on);
    const ensure = queue ? [{ queue, message: { holdingId } }] : [];
    const state = replay(HISTORIES[status]);
    const version = state.status === 'new' ? 0 : state.version;
    const drawn = { queue: 'announce', message: { requestId: ID, version } };
    expect(on.sent).toEqual([...ensure, drawn]);
    expect(on.alarms).toEqual([]);
  },
);

test('events of an authenticator have its owner and the security channel told, once a batch', async () => {
  const on = emptyBench();
  const changes = [1, 2, 3].map((seq) => inserted({ kind: 'authenticator', id: 'U0BO', seq }));
  await route([...changes, inserted({ kind: 'enrolment', id: 'U0BO' })], on);
  expect(on.sent).toEqual([{ queue: 'announce', message: { noticesOf: 'U0BO' } }]);
});

test('a change of the policy goes to who tells it, once a batch', async () => {
  const on = emptyBench();
  const changes = [1, 2].map((seq) => inserted({ kind: 'policy', id: 'active', seq }));
  await route(changes, on);
  expect(on.sent).toEqual([{ queue: 'announce', message: { policyChanged: true } }]);
});

test('a press of the red button goes to who ends what is live first, then to who tells it', async () => {
  const on = emptyBench();
  await route([inserted({ kind: 'stop', id: 'all' }), inserted({ kind: 'stop', id: 'all' })], on);
  expect(on.sent).toEqual([
    { queue: 'removals', message: { redButton: true } },
    { queue: 'announce', message: { redButton: true } },
  ]);
});

test('several events of one request send one message each way', async () => {
  const on = await standing('activating');
  await route([inserted({ seq: 1 }), inserted({ seq: 2 }), inserted({ seq: 3 })], on);
  expect(on.sent).toHaveLength(2);
});

test('events of other chains, and of requests that are not there, send nothing', async () => {
  const on = await standing('active');
  await route([inserted({ kind: 'pause', id: 'all' }), inserted({ id: 'AR-000000' })], on);
  expect(on.sent).toEqual([]);
});

test.each(['MODIFY', 'REMOVE'] as const)(
  'an audit row that saw a %s wakes somebody, by name',
  async (eventName) => {
    const on = await standing('active');
    await route([inserted({ eventName, kind: 'authenticator', id: 'U0BO', seq: 4 })], on);
    expect(on.alarms).toEqual([
      { name: 'audit-row-changed', fields: { eventName, chain: 'authenticator#U0BO', seq: 4 } },
    ]);
  },
);

test('the alarm comes though the journal is away, and the batch comes back', async () => {
  const on = await standing('active');
  on.switches.failsReads = () => true;
  await expect(route([inserted({ eventName: 'MODIFY' })], on)).rejects.toBeInstanceOf(Fault);
  expect(on.alarms.map(({ name }) => name)).toEqual(['audit-row-changed']);
});

test('a queue that does not answer brings the batch back', async () => {
  const on = await standing('active');
  const away = new Fault('The queue did not answer.', { service: 'queues', retryable: true });
  const queues = { send: () => Promise.reject(away) };
  await expect(route([inserted()], { ...on, queues })).rejects.toBe(away);
});

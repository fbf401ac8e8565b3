/** Whose Slack account is deactivated loses what they hold, whatever fails on the way. */
import { endForLeaver, noteLeaver } from '../../shared/application/leavers.ts';
import { sweep } from '../../shared/application/sweep.ts';
import { absent, Fault, put } from '../../shared/ports.ts';
import { type Bench, bench, boApproves, enrolBo, pendingOn } from '../support/bench.ts';

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

/** Everything that somebody holds or asked for ends, also what changes its state in that very moment. */
import { endEverythingOf } from '../../shared/application/end-all.ts';
import { bench, boApproves, enrolBo, pendingOn } from '../support/bench.ts';

const ID = 'AR-7K2M9Q';

test('an ask that is approved in the moment in which it is taken back ends all the same, and is told as ended', async () => {
  const on = await bench();
  await enrolBo(on);
  const { command, code } = boApproves(await pendingOn(on));
  let approved = false;
  const commit: typeof on.journal.commit = async (writes, now) => {
    const takesBack = JSON.stringify(writes).includes('RequestWithdrawn');
    if (takesBack && !approved) {
      approved = true;
      expect((await on.run(command, { code })).ok).toBe(true);
    }
    return on.journal.commit(writes, now);
  };
  const deps = { ...on, journal: { ...on.journal, commit } };
  const done = await endEverythingOf(deps, { whose: 'U0ANA', by: 'U0ANA' });
  expect(done).toEqual({
    ok: true,
    value: { ended: [ID], withdrawn: [], left: [], more: false },
  });
  expect(approved).toBe(true);
  expect((await on.calm.read('request', ID)).value).toMatchObject({ status: 'removing' });
});

test('an ask that somebody else took back in that moment is over', async () => {
  const on = await bench();
  await pendingOn(on);
  let first = true;
  const commit: typeof on.journal.commit = async (writes, now) => {
    if (first) {
      first = false;
      const actor = { kind: 'person', id: 'U0ANA' } as const;
      await on.run({ type: 'WithdrawRequest', requestId: ID, actor });
    }
    return on.journal.commit(writes, now);
  };
  const deps = { ...on, journal: { ...on.journal, commit } };
  expect(await endEverythingOf(deps, { whose: 'U0ANA', by: 'U0ANA' })).toEqual({
    ok: true,
    value: { ended: [], withdrawn: [ID], left: [], more: false },
  });
});

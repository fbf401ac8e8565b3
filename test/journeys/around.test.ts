/** The example policy as a newcomer tries it: groups, on call, tickets and automatic approval, changed over HTTP as the page does. */
import { Around, type AroundChange } from '../../local/around/shapes.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { openStage, type Stage } from './stage.ts';

const INFRA = 'github:acme/infra member';
let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const at = () => `${stage.world.url}/_local/around`;
const around = async (): Promise<Around> => Around.parse(await (await fetch(at())).json());
const posted = (body: unknown) => fetch(at(), { method: 'POST', body: JSON.stringify(body) });
async function change(wanted: AroundChange): Promise<void> {
  expect((await posted(wanted)).status).toBe(200);
  // What was answered before counts for a minute.
  await stage.advance(61);
}
const asks = (who: string, line: string) => stage.people.type(who, '/request-access', line);
const inTeam = (login: string) => stage.members('acme/infra').includes(`${login} (member)`);

async function granted(who: string, line: string, approver: string): Promise<string> {
  const id = await stage.people.ask(who, line);
  await stage.settle();
  expect(await stage.people.approve(approver, id)).toEqual({});
  await stage.settle();
  expect(await stage.status(id)).toBe('active');
  return id;
}

test('who is in the Slack group asks, who is on call approves, and the access ends with its ticket', async () => {
  const id = await granted('U0CY', `${INFRA} 1h OPS-7 new cluster`, 'U0BO');
  expect(inTeam('cy-rm')).toBe(true);
  await change({ ticket: 'OPS-7', is: 'closed' });
  await stage.advance(300);
  expect(await stage.status(id)).toBe('ended');
  expect(inTeam('cy-rm')).toBe(false);
  expect(await asks('U0CY', `${INFRA} 1h OPS-7 new cluster`)).toContain('ticket-closed');
  expect(await asks('U0CY', `${INFRA} 1h OPS-9 new cluster`)).toContain('ticket-unknown');
  await change({ ticket: 'OPS-9', is: 'open' });
  expect(await asks('U0CY', `${INFRA} 1h OPS-9 new cluster`)).toContain('AR-');
});

test('whoever joins the group may ask from then on, and whoever leaves it may not', async () => {
  expect(await asks('U0ANA', `${INFRA} 1h OPS-8 new cluster`)).toContain('no-matching-rule');
  await change({ group: 'S0PLATFORM', people: ['U0ANA'] });
  await granted('U0ANA', `${INFRA} 1h OPS-8 new cluster`, 'U0BO');
  expect(await asks('U0CY', `${INFRA} 1h OPS-8 new cluster`)).toContain('no-matching-rule');
});

test('at the change of shifts the new one approves, the old one may not any more', async () => {
  const id = await stage.people.ask('U0CY', `${INFRA} 1h OPS-7 new cluster`);
  await stage.settle();
  await change({ schedule: 'PPRIMARY', people: ['U0DEE'] });
  await stage.people.press('U0BO', id, 'approve');
  expect(stage.people.lastEphemeral('U0BO')).toContain('not-an-approver');
  expect(await stage.people.approve('U0DEE', id)).toEqual({});
  await stage.settle();
  expect(await stage.status(id)).toBe('active');
});

test('who is on call gets half an hour at once, twice a day, and nobody else does', async () => {
  for (const why of ['restart of the cluster', 'another restart of it']) {
    const id = await stage.people.ask('U0BO', `${INFRA} 2m ${why}`);
    await stage.settle();
    expect(await stage.status(id)).toBe('active');
    await stage.advance(180);
  }
  const third = await stage.people.ask('U0BO', `${INFRA} 2m a third restart of it`);
  await stage.settle();
  expect(await stage.status(third)).toBe('pending');
});

describe('the control', () => {
  test('shows what there is, and every change at once', async () => {
    const before = await around();
    expect(before).toMatchObject({
      onCall: [{ schedule: 'PPRIMARY', people: ['U0BO'] }],
      tickets: [
        { key: 'OPS-7', is: 'open' },
        { key: 'OPS-8', is: 'open' },
      ],
    });
    expect(before.groups).toContainEqual({
      ...{ id: 'S0PLATFORM', handle: 'platform', people: ['U0CY'] },
    });
    const changed = await posted({ ticket: 'OPS-7', is: 'missing' });
    expect(Around.parse(await changed.json()).tickets).toEqual([{ key: 'OPS-8', is: 'open' }]);
  });

  test('answers what it cannot read with what to write, and changes nothing', async () => {
    const before = await around();
    for (const body of [
      {},
      'nothing',
      { ticket: 'OPS-7' },
      { ticket: 'OPS-7', is: 'gone' },
      { ticket: '../OPS', is: 'open', group: 'S0PLATFORM' },
      { group: 'S0PLATFORM', people: ['bo'] },
      { group: 'S0PLATFORM', people: ['U0NOBODY'] },
      { group: 'S0NOWHERE', people: ['U0BO'] },
      { schedule: 'PPRIMARY', people: ['U0ROBOT'] },
      { schedule: 'PPRIMARY', people: ['U0BO'], group: 'S0PLATFORM' },
    ]) {
      const answer = await posted(body);
      expect([body, answer.status]).toEqual([body, 400]);
      expect(JSON.stringify(await answer.json())).toMatch(/error.{20}/);
    }
    expect(await around()).toEqual(before);
  });

  test('keeps what was changed across a restart', async () => {
    const dataDir = temporaryFolder();
    const [first, memory] = [await openStage({ dataDir }), stage];
    stage = first;
    await posted({ group: 'S0PLATFORM', people: ['U0ANA'] });
    await posted({ schedule: 'PPRIMARY', people: [] });
    await posted({ ticket: 'OPS-7', is: 'closed' });
    const left = await around();
    await first.close();
    stage = await openStage({ dataDir });
    expect(await around()).toEqual(left);
    expect(left).toMatchObject({ onCall: [{ people: [] }], tickets: [{ is: 'closed' }, {}] });
    await memory.close();
  });
});

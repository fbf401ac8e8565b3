/** By the form alone, nothing typed on a line: access for somebody else that begins later, a window, and an emergency with its quota. */
import { openStage, type Stage } from './stage.ts';

const DEPLOYERS = 'github:acme/deployers';
const REASON = 'INC-123 nightly migration';
const THREE_MINUTES = { duration: 'other', exact: '3m' };

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const has = (login: string) => stage.members().some((member) => member.startsWith(`${login} `));
const soon = (seconds: number) =>
  new Date(Math.floor(stage.world.clock.now().getTime() / 60_000) * 60_000 + seconds * 1000);

it('for somebody else, from a time on: approved ahead, it begins by itself and is theirs', async () => {
  const id = await stage.people.asksByForm('U0ANA', {
    ...{ target: DEPLOYERS, role: 'member', ...THREE_MINUTES, reason: REASON, subject: 'U0CY' },
    start: { from: soon(120) },
  });
  await stage.settle();
  // Who would hold it decides nothing about it.
  await stage.people.press('U0CY', id, 'approve');
  expect(stage.people.lastEphemeral('U0CY')).toContain('subject-approval');
  expect(JSON.stringify(stage.people.card(id)?.blocks)).toContain('for <@U0CY>');
  await stage.people.approve('U0BO', id);
  await stage.settle();
  expect(await stage.status(id)).toBe('scheduled');
  expect(has('cy-rm')).toBe(false);
  await stage.advance(130);
  expect(await stage.status(id)).toBe('active');
  expect([has('cy-rm'), has('ana-dev')]).toEqual([true, false]);
  await stage.advance(180);
  expect(await stage.status(id)).toBe('ended');
  expect(has('cy-rm')).toBe(false);
});

it('within a window: its holder starts it', async () => {
  const target = 'github:acme/release';
  const id = await stage.people.asksByForm('U0ANA', {
    ...{ target, ...THREE_MINUTES, reason: REASON },
    start: { from: soon(120), until: soon(600) },
  });
  await stage.settle();
  await stage.people.approve('U0BO', id);
  await stage.advance(130);
  expect(await stage.status(id)).toBe('scheduled');
  await stage.people.press('U0ANA', id, 'start');
  await stage.settle();
  expect(await stage.status(id)).toBe('active');
});

it('in an emergency: at once, by code and incident, told to everybody; the third in a week is refused under the tick', async () => {
  const ask = { target: DEPLOYERS, role: 'member', duration: '15m', reason: REASON };
  const taken: string[] = [];
  for (const incident of ['INC-7', 'INC-8']) {
    const target = incident === 'INC-7' ? DEPLOYERS : 'github:acme/release';
    const id = await stage.people.asksByForm('U0ANA', { ...ask, target, incident });
    await stage.settle();
    taken.push(id);
    expect(await stage.status(id)).toBe('active');
    expect(await stage.events(id)).toEqual([
      'AccessRequested',
      'GrantAuthorized',
      'GrantActivated',
    ]);
    expect(JSON.stringify(stage.people.card(id)?.blocks)).toContain('BREAK-GLASS');
    const { value: card } = await stage.world.journal.read('card', id);
    const told = card?.direct.map(({ what, to }) => `${what} ${to}`) ?? [];
    expect(told).toEqual(expect.arrayContaining(['skipped U0BO', 'skipped U0DEE']));
    // A code serves once.
    await stage.advance(30);
  }
  await expect(stage.people.asksByForm('U0ANA', { ...ask, incident: 'INC-9' })).rejects.toThrow(
    'break-glass-quota',
  );
  for (const id of taken) await stage.people.type('U0ANA', '/access', `end ${id}`);
  await stage.settle();
  expect(await Promise.all(taken.map(stage.status))).toEqual(['ended', 'ended']);
});

import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const REASON = 'INC-7 hotfix in production';
const DEPLOYERS = 'github:acme/deployers';
const THREE_MINUTES = { duration: 'other', exact: '3m' };

it('by the form: looked up, chosen, sent with a code, decided on the card by two, granted and gone', async () => {
  const { people } = stage;
  const before = stage.members('acme/jit-prod');
  const id = await people.asksByForm('U0ANA', {
    ...{ target: 'github:acme/jit-prod', duration: 'other', exact: '3m', reason: REASON },
  });
  await stage.settle();
  expect(await stage.status(id)).toBe('pending');
  expect(JSON.stringify(people.card(id)?.blocks)).toContain(REASON);
  expect(people.receipt(id)?.text).toBeTruthy();
  for (const who of ['U0BO', 'U0CY']) {
    expect(await people.approve(who, id)).toEqual({});
    await stage.settle();
  }
  expect(await stage.status(id)).toBe('active');
  expect(stage.members('acme/jit-prod')).toContain('ana-dev (member)');
  await stage.advance(3 * 60 + 5);
  expect(await stage.status(id)).toBe('ended');
  expect(stage.members('acme/jit-prod')).toEqual(before);
  expect((await stage.events(id))[0]).toBe('AccessRequested');
  expect((await stage.world.journal.read('text', `${id}#justification`)).value?.text).toBe(REASON);
});

it('a near miss: the button makes the confirm card, and its submit the same request a right line would have made', async () => {
  const { people, world } = stage;
  const said = await people.type(
    'U0ANA',
    '/request-access',
    'github:acme/deployer member 3m INC-8 because of the typo',
  );
  expect(said).toContain('Did you mean');
  const shown = () => world.slack.state().ephemerals.findLast(({ user }) => user === 'U0ANA');
  const press = (actionId: string) =>
    world.slack.client.click('U0ANA', { ts: shown()?.ts ?? '' }, { actionId });
  await press('suggest_0');
  await press('submit');
  await stage.settle();
  const id = /AR-[0-9A-Z]{6}/.exec(JSON.stringify(shown()?.blocks))?.[0] ?? '';
  expect(await stage.status(id)).toBe('pending');
  expect(people.card(id)?.text).toBeTruthy();
});

it('from a message: the form starts with where it stands, and the request keeps that', async () => {
  const { people, world } = stage;
  const card = world.slack.state().messages.find((message) => message['channel'] === 'C0ACCESS');
  const { client } = world.slack;
  await client.shortcut('U0ANA', 'request_access_for_message', String(card?.['ts']));
  const view = world.slack.state().views.findLast(({ user }) => user === 'U0ANA');
  const viewId = view?.id ?? '';
  const target = 'github:acme/release';
  const link = /About https:[^"]+: /.exec(JSON.stringify(view?.blocks))?.[0] ?? '';
  expect(link).toContain('/archives/C0ACCESS/p');
  const typed = { reason: `${link}INC-9 same here` };
  await client.click('U0ANA', { viewId }, { actionId: 'target', value: target, typed });
  await client.submit('U0ANA', viewId, {});
  await stage.settle();
  const [newest] = await world.journal.requestsOf('U0ANA', 1);
  const id = newest?.requestId ?? '';
  expect(newest).toMatchObject({ status: 'pending', entitlement: { id: target } });
  expect(JSON.stringify(people.card(id)?.blocks)).toContain('INC-9 same here');
  expect((await world.journal.read('text', `${id}#justification`)).value?.text).toBe(typed.reason);
});

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
  const target = 'gitlab:acme/shop';
  const id = await stage.people.asksByForm('U0ANA', {
    ...{ target, role: 'maintainer', ...THREE_MINUTES, reason: REASON },
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

import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const REASON = 'INC-7 hotfix in production';

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

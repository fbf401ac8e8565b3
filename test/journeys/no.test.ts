import { LINE, openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

it('a denial ends the request, says why, and grants nothing', async () => {
  const { people } = stage;
  const before = stage.members();
  const id = await people.ask('U0ANA', LINE);
  await stage.settle();
  expect(await people.deny('U0BO', id, 'Wait for the freeze to end')).toEqual({});
  await stage.settle();
  expect(await stage.status(id)).toBe('denied');
  expect(stage.members()).toEqual(before);
  expect(stage.mutations('ana-dev')).toBe(0);
  expect(JSON.stringify(people.card(id)?.blocks)).toMatch(/[Dd]enied/);
});

it('a denied request cannot be approved by a button that is still on somebody’s screen', async () => {
  const { people, world } = stage;
  const id = await people.ask('U0ANA', LINE);
  await stage.settle();
  const form = await people.openApproval('U0CY', id);
  await people.deny('U0BO', id, 'No need for it');
  await world.slack.client.submit('U0CY', form, { code: await people.code('U0CY') });
  await stage.settle();
  expect(await stage.events(id)).toEqual(['AccessRequested', 'EscalationPlanned', 'RequestDenied']);
});

it('the requester takes the ask back, and it stays taken back', async () => {
  const { people } = stage;
  const id = await people.ask('U0ANA', LINE);
  await stage.settle();
  await people.type('U0ANA', '/access', `withdraw ${id}`);
  await stage.settle();
  expect(await stage.status(id)).toBe('withdrawn');
  await people.type('U0BO', '/access', `approve ${id}`);
  expect(await stage.events(id)).toEqual([
    'AccessRequested',
    'EscalationPlanned',
    'RequestWithdrawn',
  ]);
});

it('nobody else can withdraw it', async () => {
  const { people } = stage;
  const id = await people.ask('U0ANA', LINE);
  await people.type('U0BO', '/access', `withdraw ${id}`);
  expect(await stage.status(id)).toBe('pending');
});

it('an unanswered request lapses at its time and not before', async () => {
  const { people } = stage;
  const id = await people.ask('U0ANA', LINE);
  await stage.advance(59 * 60);
  expect(await stage.status(id)).toBe('pending');
  await stage.advance(2 * 60);
  expect(await stage.status(id)).toBe('lapsed');
  expect(JSON.stringify(people.card(id)?.blocks)).toMatch(/[Ll]apsed/);
});

it.each(['U0EVE', 'U0GUEST', 'U0SINGLE', 'U0ROBOT'])(
  '%s, who may not approve, is refused in words and changes nothing',
  async (who) => {
    const { people } = stage;
    const id = await people.ask('U0ANA', LINE);
    await stage.settle();
    const said = await people.type(who, '/access', `approve ${id}`);
    expect(said.length).toBeGreaterThan(20);
    expect(stage.world.slack.state().views).toEqual([]);
    expect(await stage.events(id)).toEqual(['AccessRequested', 'EscalationPlanned']);
  },
);

it('the requester cannot approve their own request', async () => {
  const { people } = stage;
  const id = await people.ask('U0ANA', LINE);
  await stage.settle();
  const said = await people.type('U0ANA', '/access', `approve ${id}`);
  expect(said).toMatch(/self-approval|not-an-approver/);
  expect(await stage.events(id)).toEqual(['AccessRequested', 'EscalationPlanned']);
});

it('somebody who is not in the policy is told so and whom to ask', async () => {
  const said = await stage.people.type('U0EVE', '/request-access', LINE);
  expect(said).toMatch(/unknown-person/);
  expect((await stage.world.state()).requests).toEqual([]);
});

it.each([
  ['github:acme/deployerz member 2h INC-1 rollback', /deployers/],
  ['github:acme/deployers owner 2h INC-1 rollback', /member/],
  ['github:acme/deployers member -1h INC-1 rollback', /duration|-1h/i],
  ['github:acme/deployers member 0m INC-1 rollback', /duration|0m/i],
  ['github:acme/deployers member 9999d INC-1 rollback', /2h/],
  ['github:acme/deployers member 2h; drop INC-1 rollback', /./],
  ['github:acme/deployers member 2h short', /justification|10|ticket/i],
])('"%s" is answered with a sentence and a way on, and asks for nothing', async (line, words) => {
  const said = await stage.people.type('U0ANA', '/request-access', line);
  expect(said).toMatch(words);
  expect((await stage.world.state()).requests).toEqual([]);
});

import { LINE, openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

async function active(): Promise<string> {
  const id = await stage.people.ask('U0ANA', LINE);
  await stage.settle();
  await stage.people.approve('U0BO', id);
  await stage.settle();
  expect(await stage.status(id)).toBe('active');
  return id;
}

it.each([
  ['the requester', 'U0ANA'],
  ['the approver', 'U0BO'],
  ['somebody else who may approve', 'U0CY'],
  ['an admin', 'U0DEE'],
])('%s ends the access early: it is gone at once, and its schedule too', async (_, who) => {
  const before = stage.members().filter((member) => !member.startsWith('ana-dev'));
  const id = await active();
  await stage.people.type(who, '/access', `end ${id}`);
  await stage.settle();
  expect(await stage.status(id)).toBe('ended');
  expect(stage.members()).toEqual(before);
  expect((await stage.world.state()).schedules).toEqual([]);
  expect(await stage.events(id)).toEqual([
    'AccessRequested',
    'EscalationPlanned',
    'RequestApproved',
    'GrantAuthorized',
    'GrantActivated',
    'GrantRevoked',
    'GrantRemoved',
  ]);
});

it('the button on the card ends it too', async () => {
  const id = await active();
  await stage.people.press('U0ANA', id, 'end');
  await stage.settle();
  expect(await stage.status(id)).toBe('ended');
});

it('a stranger cannot end it', async () => {
  const id = await active();
  const said = await stage.people.type('U0EVE', '/access', `end ${id}`);
  await stage.settle();
  expect(said).toMatch(/not-allowed-to-end|unknown-person/);
  expect(await stage.status(id)).toBe('active');
});

it('ending twice is answered, not repeated', async () => {
  const id = await active();
  await stage.people.type('U0ANA', '/access', `end ${id}`);
  await stage.settle();
  const said = await stage.people.type('U0BO', '/access', `end ${id}`);
  await stage.settle();
  expect(said).toMatch(/ended|already/i);
  expect(stage.mutations('ana-dev')).toBe(2);
});

import { LINE, openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

it('grants what was asked after one approval with a code, and takes it away to the second', async () => {
  const { people, world } = stage;
  const before = stage.members();
  const id = await people.ask('U0ANA', LINE);
  await stage.settle();
  expect(await stage.status(id)).toBe('pending');
  expect(people.card(id)?.text).toBeTruthy();
  expect(stage.members()).toEqual(before);

  expect(await people.approve('U0BO', id)).toEqual({});
  await stage.settle();
  expect(await stage.status(id)).toBe('active');
  expect(stage.members()).toContain('ana-dev (member)');
  expect(JSON.stringify(people.card(id)?.blocks)).toMatch(/Active until/);

  const { value } = await world.journal.read('request', id);
  const end = value && 'expiresAt' in value ? Date.parse(value.expiresAt) : 0;
  await stage.advance(Math.floor((end - world.clock.now().getTime()) / 1000) - 1);
  expect(stage.members()).toContain('ana-dev (member)');
  await stage.advance(2);
  expect(stage.members()).toEqual(before);
  expect(await stage.status(id)).toBe('ended');
  expect(JSON.stringify(people.card(id)?.blocks)).toMatch(/verified gone/);
  expect(await stage.events(id)).toEqual([
    'AccessRequested',
    'EscalationPlanned',
    'RequestApproved',
    'GrantAuthorized',
    'GrantActivated',
    'GrantExpired',
    'GrantRemoved',
  ]);
});

it('wrote an intent before each of its two changes at GitHub, and closed both by reading back', async () => {
  const holding = (await stage.world.state()).holdings[0];
  const history = await stage.world.journal.history('holding', holding?.holdingId ?? '');
  const steps = history.map(({ event }) => event.type);
  expect(steps.filter((step) => step === 'IntentIssued')).toHaveLength(2);
  expect(steps.filter((step) => step === 'IntentClosed')).toHaveLength(2);
  expect(stage.mutations('ana-dev')).toBe(2);
});

it('leaves nothing open: no schedule, no intent, no lease, nothing due after the settle window', async () => {
  await stage.advance(400);
  const { holdings, schedules } = await stage.world.state();
  expect(schedules).toEqual([]);
  expect(holdings).toMatchObject([
    { grants: [], intents: [], lease: null, dueAt: null, baseline: null },
  ]);
});

it('kept the justification as it was typed and out of every event, but for the key of its ticket', async () => {
  const { audit, requests } = await stage.world.state();
  const id = requests[0]?.requestId ?? '';
  expect((await stage.world.journal.read('text', `${id}#justification`)).value?.text).toBe(
    'INC-123 rollback',
  );
  expect(JSON.stringify(audit)).not.toMatch(/rollback|ana-dev|@acme/);
});

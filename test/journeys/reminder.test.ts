import { openStage, type Stage } from './stage.ts';

const LINE = 'github:acme/deployers member 30m INC-123 rollback';
let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

async function active(line = LINE): Promise<string> {
  const id = await stage.people.ask('U0ANA', line);
  await stage.settle();
  await stage.people.approve('U0BO', id);
  await stage.settle();
  expect(await stage.status(id)).toBe('active');
  return id;
}
const reminders = () =>
  stage.world.slack
    .state()
    .messages.filter(({ metadata }) => JSON.stringify(metadata).includes('"reminder-'));
const said = () => JSON.stringify(reminders().map(({ blocks }) => blocks));
const press = (actionId: string) =>
  stage.world.slack.client.click('U0ANA', { ts: String(reminders()[0]?.['ts']) }, { actionId });

it('reminds whoever holds it 15 minutes before the end, once however often the sweep looks, and follows it to its end', async () => {
  const id = await active();
  await stage.advance(14 * 60);
  expect(reminders()).toEqual([]);
  await stage.advance(2 * 60);
  expect(reminders()).toMatchObject([{ channel: 'D0ANA' }]);
  expect(said()).toContain('"action_id":"let-it-end"');
  await Promise.all([stage.world.functions.sweep(), stage.world.functions.sweep()]);
  await stage.advance(2 * 60);
  expect(reminders()).toHaveLength(1);
  await press('let-it-end');
  await stage.settle();
  expect(said()).not.toContain('action_id');
  expect(await stage.status(id)).toBe('active');
  await stage.advance(13 * 60);
  expect(await stage.status(id)).toBe('ended');
  expect(said()).toContain('verified gone');
  expect(reminders()).toHaveLength(1);
});

import { textOf } from '../lambdas/slack/story.ts';
import { LINE, openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const home = (who: string) => {
  const view = stage.world.slack.state().homes[who];
  if (!view) throw new Error(`${who} has no Home`);
  return view;
};
const open = async (who: string) => {
  const { answer } = await stage.world.slack.client.openHome(who);
  expect(answer?.statusCode).toBe(200);
  await stage.settle();
  return textOf(home(who).blocks);
};
/** What a section shows: its header up to the next one. */
const section = (who: string, title: string): string => {
  const { blocks } = home(who);
  const from = blocks.findIndex(
    (block) => block['type'] === 'header' && textOf(block).startsWith(title),
  );
  const rest = blocks.slice(from + 1);
  const to = rest.findIndex((block) => block['type'] === 'header');
  return textOf([blocks[from], ...rest.slice(0, to < 0 ? undefined : to)]);
};
const press = (who: string, actionId: string, blockId: string) =>
  stage.world.slack.client.click(who, { home: true }, { actionId, blockId });
const form = (who: string) => {
  const view = stage.world.slack.state().views.findLast(({ user }) => user === who);
  if (!view) throw new Error(`${who} has no form open`);
  return view;
};

it('goes from waiting to active to recent, on the Homes of both, without a card being touched', async () => {
  const { people, world } = stage;
  expect(await open('U0BO')).toContain('Nothing waits for your decision.');
  expect(await open('U0ANA')).toContain('You hold nothing through Hallpass.');
  const id = await people.ask('U0ANA', LINE);
  await stage.settle();
  expect(section('U0ANA', 'Pending')).toContain(id);
  expect(section('U0BO', 'Waiting for you')).toContain(id);

  await press('U0BO', 'approve', `home-decide-${id}`);
  await world.slack.client.submit('U0BO', form('U0BO').id, { code: await people.code('U0BO') });
  await stage.settle();
  expect(section('U0BO', 'Waiting for you')).not.toContain(id);
  expect(section('U0ANA', 'Active now')).toMatch(new RegExp(`${id}\\* · \\*until <!date\\^`));
  expect(section('U0ANA', 'Pending')).not.toContain(id);

  await press('U0ANA', 'end', `home-grant-${id}`);
  expect(textOf(form('U0ANA').blocks)).toContain('*Ending…*');
  await stage.settle();
  expect(section('U0ANA', 'Active now')).not.toContain(id);
  expect(section('U0ANA', 'Recent')).toMatch(new RegExp(`${id}\\* · \\*ended\\* early, verified`));
});

it('draws nobody who never opened a Home, and nothing twice', async () => {
  expect(Object.keys(stage.world.slack.state().homes).sort()).toEqual(['U0ANA', 'U0BO']);
  const before = [home('U0ANA').hash, home('U0BO').hash];
  await stage.advance(120);
  await open('U0ANA');
  expect([home('U0ANA').hash, home('U0BO').hash]).toEqual(before);
});

it('shows a grant that reached its end by itself as recent', async () => {
  const { people } = stage;
  const id = await people.ask('U0ANA', 'github:acme/deployers member 1m INC-124 once more');
  await stage.settle();
  await people.approve('U0BO', id);
  await stage.settle();
  expect(section('U0ANA', 'Active now')).toContain(id);
  await stage.advance(65);
  expect(section('U0ANA', 'Recent')).toMatch(new RegExp(`${id}\\* · \\*ended\\* on its own`));
});

it('takes an ask back from the Home, and says so over it', async () => {
  const id = await stage.people.ask('U0ANA', 'github:acme/deployers member 1m INC-125 and again');
  await stage.settle();
  await press('U0ANA', 'withdraw', `home-mine-${id}`);
  expect(textOf(form('U0ANA').blocks)).toContain('*Withdrawn*');
  await stage.settle();
  expect(section('U0ANA', 'Recent')).toContain('*withdrawn*');
  expect(section('U0BO', 'Waiting for you')).not.toContain(id);
});

it('shows an admin how the whole is doing, and who is not in the policy whom to ask', async () => {
  const dee = await open('U0DEE');
  expect(dee).toContain('Nobody has access past its end.');
  expect(dee).toMatch(/Sweep: on time, last <!date/);
  const eve = await open('U0EVE');
  expect(eve).toContain('unknown-person');
  expect(JSON.stringify(home('U0EVE').blocks)).not.toContain('action_id');
});

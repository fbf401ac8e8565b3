import { LINE, openStage, type Stage } from './stage.ts';

const CHANNEL = 'C0ACCESS';
const BOT = 'U0BOT';
let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
// Slack refuses the posts of these stories by design: nothing else may be among what it refused.
afterEach(async () => {
  const refused = stage.world.slack.refused().map(({ error }) => error);
  expect([...new Set(refused)]).toEqual(['not_in_channel']);
  await stage.world.close();
});

const directory = () => stage.world.slack.directory;
const members = () => directory().conversation(CHANNEL)?.members ?? [];
const kick = () =>
  directory().changeChannel(CHANNEL, { members: members().filter((each) => each !== BOT) });
const invite = () => directory().changeChannel(CHANNEL, { members: [...members(), BOT] });
const direct = (text: RegExp) =>
  stage.world.slack
    .state()
    .messages.filter(({ channel }) => String(channel).startsWith('D'))
    .filter(({ blocks }) => text.test(JSON.stringify(blocks)));

it('the approvers are asked directly, decide there, and see the access end; the requester and the admin know how to mend it', async () => {
  kick();
  const id = await stage.people.ask('U0ANA', LINE);
  await stage.settle();
  expect(stage.people.card(id)).toBeUndefined();
  expect(direct(/"action_id":"approve"/).map(({ channel }) => channel)).toEqual([
    'D0BO',
    'D0CY',
    'D0DEE',
  ]);
  expect(direct(/\/invite @Hallpass.*bot-not-in-channel/).map(({ channel }) => channel)).toEqual([
    'D0ANA',
    'D0DEE',
  ]);
  expect(await stage.people.approve('U0BO', id)).toEqual({});
  await stage.settle();
  expect(await stage.status(id)).toBe('active');
  expect(direct(/Active until/)).toHaveLength(4);
  await stage.advance(200);
  expect(await stage.status(id)).toBe('ended');
  expect(direct(/verified gone/)).toHaveLength(4);
  expect(direct(/has no card/)).toHaveLength(2);
});

it('once the bot is invited, the next change posts the card into the channel', async () => {
  kick();
  const id = await stage.people.ask('U0ANA', LINE);
  await stage.settle();
  invite();
  await stage.people.type('U0BO', '/access', `deny ${id} not today`);
  await stage.settle();
  expect(JSON.stringify(stage.people.card(id)?.blocks)).toContain('*Denied* by <@U0BO>');
  expect(direct(/\*Denied\*/)).toHaveLength(4);
  expect(direct(/Mended/)).toHaveLength(2);
});

/** The policy names a provider that this deployment was not given: nothing is asked for or approved that could never be given. */
import { type Bot, openBot } from './bot.ts';
import { openForm, search } from './form-story.ts';
import { ask, clickCard, eventsOf, lastEphemeral, refusalsToday, textOf } from './story.ts';

const LINE = 'gitlab:acme/shop developer 1h INC-123 look at the failing pipeline';

let bot: Bot;
const reachableProviders = new Set(['github', 'gitlab']);
let askedBefore = '';
beforeAll(async () => {
  bot = await openBot({ reachableProviders });
  askedBefore = await ask(bot, LINE);
  reachableProviders.delete('gitlab');
  // What is offered is kept for a minute.
  bot.advance(60);
});
afterAll(async () => {
  const refused = bot.slack.refused();
  await bot.close();
  expect(refused).toEqual([]);
});

test('a typed ask is refused in words, on record by its code, and leaves no request', async () => {
  const line = LINE.replace('shop developer', 'platform reporter');
  await bot.slack.client.slash('U0ANA', '/request-access', line);
  const told = textOf(lastEphemeral(bot, 'U0ANA').blocks);
  expect(told).toMatch(/cannot be given here.*names `gitlab`.*deployed without it/s);
  expect(told).toMatch(/Ask whoever runs Hallpass to configure it/);
  expect(await refusalsToday(bot)).toEqual(['provider-not-configured']);
  expect(await bot.journal.requestsOf('U0ANA', 10)).toHaveLength(1);
});

test('the form does not offer what lies there', async () => {
  await openForm(bot);
  const offered = JSON.stringify(await search(bot, ''));
  expect(offered).toMatch(/github:acme/);
  expect(offered).not.toMatch(/gitlab:/);
});

test('what was asked while it was configured is not approved afterwards, and can be withdrawn', async () => {
  await clickCard(bot, askedBefore, { person: 'U0BO', action: 'approve' });
  expect(textOf(lastEphemeral(bot, 'U0BO').blocks)).toMatch(/deployed without it/);
  expect(await eventsOf(bot, askedBefore)).toEqual(['AccessRequested']);
  await bot.slack.client.slash('U0ANA', '/access', `withdraw ${askedBefore}`);
  expect(await eventsOf(bot, askedBefore)).toEqual(['AccessRequested', 'RequestWithdrawn']);
});

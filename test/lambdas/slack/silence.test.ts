import { isSlackResponseUrl } from '../../../lambdas/slack/reply.ts';
import { type Bot, openBot } from './bot.ts';
import { ask, cardOf, clickCard, eventsOf, lastEphemeral, modalOf, textOf } from './story.ts';

let bot: Bot;
beforeEach(async () => {
  bot = await openBot({ enrolled: ['U0ANA', 'U0CY'] });
});
afterEach(() => bot.close());

test('a silent store is a sentence with a code, and nothing is asked', async () => {
  bot.silence('journal');
  await bot.slack.client.slash('U0ANA', '/access', 'mine');
  const words = textOf(lastEphemeral(bot, 'U0ANA').blocks);
  expect(words).toContain('AWS did not answer');
  expect(words).toContain('store-silent');
  expect(bot.said).toMatchObject([{ level: 'error', fields: { service: 'journal' } }]);
});

test('a silent directory fails closed: nothing is decided, and the person is told', async () => {
  const id = await ask(bot);
  bot.advance(61);
  await clickCard(bot, id, { person: 'U0CY', action: 'approve' });
  const view = modalOf(bot, 'U0CY');
  bot.advance(61);
  bot.silence('slack');
  await bot.slack.client.submit('U0CY', view.id, { code: bot.code('U0CY') });
  expect(textOf(modalOf(bot, 'U0CY').blocks)).toContain(
    'Slack did not answer; nothing was decided.',
  );
  expect(await bot.request(id)).toMatchObject({ status: 'pending' });
});

test('ending access works while the directory is silent', async () => {
  const id = await ask(bot);
  await clickCard(bot, id, { person: 'U0CY', action: 'approve' });
  await bot.slack.client.submit('U0CY', modalOf(bot, 'U0CY').id, { code: bot.code('U0CY') });
  bot.advance(61);
  bot.silence('slack');
  await bot.slack.client.slash('U0ANA', '/access', `end ${id}`);
  expect(await bot.request(id)).toMatchObject({ status: 'removing' });
});

test('a silent key service refuses approvals in words', async () => {
  const id = await ask(bot);
  await clickCard(bot, id, { person: 'U0CY', action: 'approve' });
  bot.silence('keys');
  await bot.slack.client.submit('U0CY', modalOf(bot, 'U0CY').id, { code: bot.code('U0CY') });
  expect(textOf(modalOf(bot, 'U0CY').blocks)).toContain('keys-silent');
  expect(await eventsOf(bot, id)).toEqual(['AccessRequested', 'EscalationPlanned']);
});

test('whoever has no authenticator gets the button that starts enrolment, and the decision waits', async () => {
  const id = await ask(bot);
  await clickCard(bot, id, { person: 'U0BO', action: 'approve' });
  const { blocks } = lastEphemeral(bot, 'U0BO');
  expect(textOf(blocks)).toContain('not-enrolled');
  expect(JSON.stringify(blocks)).toContain('"action_id":"enroll"');
  expect(await bot.request(id)).toMatchObject({ status: 'pending' });
});

test('a click that waited too long is told to click again', async () => {
  const id = await ask(bot);
  const { ts } = cardOf(bot, id);
  const { body } = await bot.slack.client.click('U0CY', { ts }, { actionId: 'deny' });
  bot.advance(10);
  const late = body.replace(/trigger_id%22%3A%22[^%]+/, 'trigger_id%22%3A%22unknown.1');
  await bot.deliver(late);
  expect(textOf(lastEphemeral(bot, 'U0CY').blocks)).toContain('too-slow');
});

test.each(['not json', '{}', '{"id":"AR-1","v":1}', '[]', JSON.stringify({ id: 'x', v: 1 })])(
  'a button that says %s is answered and changes nothing',
  async (value) => {
    const id = await ask(bot);
    const { ts } = cardOf(bot, id);
    for (const actionId of ['approve', 'deny'])
      await bot.slack.client.click('U0CY', { ts }, { actionId, value });
    expect(textOf(lastEphemeral(bot, 'U0CY').blocks)).toContain('action-unreadable');
    expect(await bot.request(id)).toMatchObject({ status: 'pending', version: 2 });
  },
);

const SLACK = 'https://slack.com/api/';
test.each([
  ['https://hooks.slack.com/actions/T0/1/x', true],
  ['http://hooks.slack.com/actions/T0/1/x', false],
  ['https://hooks.slack.com:8443/x', false],
  ['https://hooks.slack.com.evil.example/x', false],
  ['https://evil.example/hooks.slack.com', false],
  ['https://user@hooks.slack.com/x', false],
  ['https://hooks.slack.com@evil.example/x', false],
  ['https://169.254.169.254/latest/meta-data', false],
  ['https://localhost/x', false],
  ['https://[::1]/x', false],
  ['http://127.0.0.1:3000/_slack/response/x', false],
  ['file:///etc/passwd', false],
  ['//hooks.slack.com/x', false],
  ['', false],
])('of a production Slack, %s is called: %s', (url, called) => {
  expect(isSlackResponseUrl(url, SLACK)).toBe(called);
});

test('a loopback Slack is answered at its own origin only', () => {
  const api = 'http://127.0.0.1:3000/_slack/api/';
  expect(isSlackResponseUrl('http://127.0.0.1:3000/_slack/response/x', api)).toBe(true);
  expect(isSlackResponseUrl('http://127.0.0.1:3001/_slack/response/x', api)).toBe(false);
  expect(isSlackResponseUrl('https://hooks.slack.com/x', api)).toBe(false);
});

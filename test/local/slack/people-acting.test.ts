/** The payloads that the stand-in signs, as the real Bolt verifies, parses and routes them. */
import { createServer, type Server } from 'node:http';
import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import { Hono } from 'hono';
import { type LoopbackServer, listenOnLoopback } from '../../../local/loopback.ts';
import { FormIncomplete } from '../../../local/slack/form-values.ts';
import { openSlackStandIn, type SlackStandIn } from '../../../local/slack/stand-in.ts';
import { LOCAL, localChannels, localPeople } from '../../../local/slack/workspace.ts';
import { slackManifest } from '../../../shared/config/slack-manifest.ts';
import { button, modal, section } from './workshop.ts';

let slack: SlackStandIn;
let api: LoopbackServer;
let endpoint: Server;
let app: App;
const heard: { what: string; of: unknown }[] = [];

async function startBolt(): Promise<string> {
  const receiver = new HTTPReceiver({
    signingSecret: LOCAL.signingSecret,
    logLevel: LogLevel.ERROR,
  });
  app = new App({
    receiver,
    authorize: async () => ({ botToken: LOCAL.botToken, botId: 'B0BOT', botUserId: 'U0BOT' }),
    clientOptions: { slackApiUrl: `${api.url}/_slack/api/`, retryConfig: { retries: 0 } },
    logLevel: LogLevel.ERROR,
  });
  endpoint = createServer(receiver.requestListener);
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
  const address = endpoint.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}/slack/events`;
}

beforeEach(async () => {
  heard.length = 0;
  const root = new Hono();
  api = await listenOnLoopback((request) => root.fetch(request));
  slack = openSlackStandIn({
    dataDir: null,
    clock: { now: () => new Date() },
    people: localPeople,
    channels: localChannels,
    manifest: slackManifest({ baseUrl: api.url }),
    signingSecret: LOCAL.signingSecret,
    botToken: LOCAL.botToken,
    teamId: LOCAL.teamId,
    appId: LOCAL.appId,
    deliverUrl: await startBolt(),
    responseUrlBase: `${api.url}/_slack/response`,
  });
  root.route('/_slack/api', slack.app);
  root.route('/_slack/response', slack.responseUrl);
});

afterEach(async () => {
  slack.close();
  await api.close();
  endpoint.closeAllConnections();
  await new Promise((resolve) => endpoint.close(resolve));
});

const row = {
  type: 'actions' as const,
  block_id: 'row',
  elements: [button('approve', '{"id":"AR-7K2M9Q","v":3}')],
};

async function post(): Promise<string> {
  const { ts } = await app.client.chat.postMessage({
    token: LOCAL.botToken,
    channel: 'C0ACCESS',
    text: 'card',
    blocks: [section('card'), row],
  });
  return String(ts);
}

test('a command arrives with mentions as ids, and its answer is shown', async () => {
  app.command('/request-access', async ({ command, ack }) => {
    heard.push({ what: command.text, of: [command.user_id, command.channel_id, command.team_id] });
    await ack({ text: 'Understood' });
  });
  const said = 'github:acme/deployers --for @bo a<b & #access https://a.example/x';
  const { answer } = await slack.client.slash('U0ANA', '/request-access', said);
  expect(answer?.statusCode).toBe(200);
  expect(heard).toEqual([
    {
      what: 'github:acme/deployers --for <@U0BO|bo> a&lt;b &amp; <#C0ACCESS|access> <https://a.example/x>',
      of: ['U0ANA', 'C0ACCESS', 'T0LOCAL'],
    },
  ]);
  expect(slack.state().ephemerals).toMatchObject([{ user: 'U0ANA', text: 'Understood' }]);
});

test('a command opens a form, a wrong code shows an error, the right one closes it', async () => {
  app.command('/access', async ({ ack, body, client }) => {
    await ack();
    await client.views.open({ trigger_id: body.trigger_id, view: modal('approve') });
  });
  app.view('approve', async ({ ack, view }) => {
    const code = view.state.values['code']?.['code']?.value;
    if (code === '123456') await ack();
    else await ack({ response_action: 'errors', errors: { code: 'That code is wrong.' } });
  });
  await slack.client.slash('U0BO', '/access', 'approve AR-7K2M9Q');
  const view = await openedView();
  await slack.client.submit('U0BO', view.id, { code: '000000' });
  expect(slack.state().views).toMatchObject([{ errors: { code: 'That code is wrong.' } }]);
  await slack.client.submit('U0BO', view.id, { code: '123456' });
  expect(slack.state().views).toEqual([]);
});

test('a click brings the button’s value, the message and a response_url that works', async () => {
  app.action(
    { action_id: 'approve', type: 'block_actions' },
    async ({ ack, action, body, respond }) => {
      await ack();
      heard.push({
        what: action.type === 'button' ? String(action.value) : action.type,
        of: [body.user.id, body.channel?.id, body.message?.ts],
      });
      await respond({
        text: 'already approved',
        response_type: 'ephemeral',
        replace_original: false,
      });
    },
  );
  const ts = await post();
  await slack.client.click('U0BO', { ts }, { actionId: 'approve' });
  await waitFor(() => slack.state().ephemerals.length === 1);
  expect(heard).toEqual([{ what: '{"id":"AR-7K2M9Q","v":3}', of: ['U0BO', 'C0ACCESS', ts] }]);
  expect(slack.state().ephemerals).toMatchObject([{ user: 'U0BO', text: 'already approved' }]);
});

/** Bolt answers before its listener is through: the form appears a moment after the command was taken. */
async function openedView() {
  await waitFor(() => slack.state().views.length > 0);
  const [view] = slack.state().views;
  if (view === undefined) throw new Error('No form was opened.');
  return view;
}

async function waitFor(condition: () => boolean): Promise<void> {
  for (let n = 0; n < 3000 && !condition(); n += 1)
    await new Promise((done) => setTimeout(done, 10));
}

test('a form brings back what was typed and chosen, and what was chosen before', async () => {
  const plain = (text: string) => ({ type: 'plain_text' as const, text });
  const roles = ['member', 'maintainer'].map((value) => ({ text: plain(value), value }));
  const view = modal('request', {
    blocks: [
      {
        type: 'input',
        block_id: 'target',
        label: plain('What'),
        element: { type: 'external_select', action_id: 'target', min_query_length: 0 },
      },
      {
        type: 'input',
        block_id: 'role',
        label: plain('Role'),
        element: {
          type: 'static_select',
          action_id: 'role',
          options: roles,
          initial_option: roles[0],
        },
      },
      {
        type: 'input',
        block_id: 'reason',
        label: plain('Why'),
        element: { type: 'plain_text_input', action_id: 'reason', min_length: 10 },
      },
    ],
  });
  app.shortcut('request_access', async ({ ack, shortcut, client }) => {
    await ack();
    await client.views.open({ trigger_id: shortcut.trigger_id, view });
  });
  app.options('target', async ({ ack, options }) => {
    await ack({
      options: [
        { text: plain(`github:acme/${options.value}`), value: `github:acme/${options.value}` },
      ],
    });
  });
  app.view('request', async ({ ack, view: { state } }) => {
    heard.push({ what: 'state', of: state.values });
    await ack({ response_action: 'clear' });
  });

  await slack.client.shortcut('U0ANA', 'request_access');
  const opened = await openedView();
  const choices = await slack.client.options('U0ANA', opened.id, {
    blockId: 'target',
    actionId: 'target',
    query: 'deployers',
  });
  const [choice] = JSON.parse(choices.answer?.body ?? '').options;
  const values = { target: choice, role: 'maintainer' };
  await expect(
    slack.client.submit('U0ANA', opened.id, { ...values, reason: 'short' }),
  ).rejects.toThrow(new FormIncomplete({ reason: 'At least 10 characters.' }));
  await expect(slack.client.submit('U0ANA', opened.id, values)).rejects.toThrow(
    new FormIncomplete({ reason: 'Please complete this required field.' }),
  );
  await slack.client.submit('U0ANA', opened.id, { ...values, reason: 'INC-123 rollback' });
  expect(heard).toEqual([
    {
      what: 'state',
      of: {
        target: { target: { type: 'external_select', selected_option: choice } },
        role: { role: { type: 'static_select', selected_option: roles[1] } },
        reason: { reason: { type: 'plain_text_input', value: 'INC-123 rollback' } },
      },
    },
  ]);
  expect(slack.state().views).toEqual([]);
  expect(slack.refused()).toEqual([]);
});

test('a choice made in a form is in the action and in the state of the fields', async () => {
  const plain = (text: string) => ({ type: 'plain_text' as const, text });
  const menu = (action_id: string) => ({
    type: 'static_select' as const,
    action_id,
    options: ['1h', '2h'].map((value) => ({ text: plain(value), value })),
  });
  const blocks = [
    { type: 'actions' as const, block_id: 'row', elements: [menu('duration'), menu('reminder')] },
  ];
  app.action('duration', async ({ ack, body }) => {
    await ack();
    if (body.type === 'block_actions') heard.push({ what: 'state', of: body.state?.values['row'] });
  });
  const { ts } = await app.client.chat.postMessage({
    token: LOCAL.botToken,
    channel: 'C0ACCESS',
    text: 'how long',
    blocks,
  });
  const press = { actionId: 'duration', value: '2h' };
  await slack.client.click('U0ANA', { ts: String(ts) }, press);
  expect(heard).toEqual([
    {
      what: 'state',
      of: {
        duration: { type: 'static_select', selected_option: { text: plain('2h'), value: '2h' } },
        reminder: { type: 'static_select', selected_option: null },
      },
    },
  ]);
  await expect(
    slack.client.click('U0ANA', { ts: String(ts) }, { ...press, value: '3h' }),
  ).rejects.toThrow('the choices are 1h, 2h');
});

test('a message shortcut brings the message', async () => {
  app.shortcut(
    { callback_id: 'request_access_for_message', type: 'message_action' },
    async ({ ack, shortcut }) => {
      heard.push({ what: String(shortcut.message.text), of: shortcut.channel.id });
      await ack();
    },
  );
  const ts = await post();
  await slack.client.shortcut('U0ANA', 'request_access_for_message', ts);
  expect(heard).toEqual([{ what: 'card', of: 'C0ACCESS' }]);
});

test('opening the Home tab and leaving the company are events', async () => {
  app.event('app_home_opened', async ({ event, client }) => {
    heard.push({ what: event.type, of: event.user });
    await client.views.publish({
      user_id: event.user,
      view: { type: 'home', blocks: [section('Nothing waits for you.')] },
    });
  });
  app.event('user_change', async ({ event }) => {
    heard.push({ what: event.type, of: [event.user.id, event.user.deleted] });
  });
  await slack.client.openHome('U0ANA');
  await slack.client.changePerson('U0CY', { deleted: true });
  await waitFor(() => heard.length === 2 && 'U0ANA' in slack.state().homes);
  expect(heard).toEqual([
    { what: 'app_home_opened', of: 'U0ANA' },
    { what: 'user_change', of: ['U0CY', true] },
  ]);
  expect(slack.state().homes['U0ANA']).toMatchObject({ type: 'home' });
  expect((await app.client.users.info({ token: LOCAL.botToken, user: 'U0CY' })).user?.deleted).toBe(
    true,
  );
});

test('a view that wants to know is told when it is closed', async () => {
  app.command('/access', async ({ ack, body, client }) => {
    await ack();
    const view = modal('enrol', { notify_on_close: true });
    await client.views.open({ trigger_id: body.trigger_id, view });
  });
  app.view({ callback_id: 'enrol', type: 'view_closed' }, async ({ ack, body }) => {
    heard.push({ what: body.type, of: body.view.callback_id });
    await ack();
  });
  await slack.client.slash('U0ANA', '/access', 'enroll');
  const delivered = await slack.client.close('U0ANA', (await openedView()).id);
  expect(delivered?.answer?.statusCode).toBe(200);
  expect(heard).toEqual([{ what: 'view_closed', of: 'enrol' }]);
});

describe('what no screen offers cannot be done', () => {
  test.each<[string, () => Promise<unknown>, string]>([
    [
      'an unknown command',
      () => slack.client.slash('U0ANA', '/sudo', 'x'),
      '/sudo is not a valid command',
    ],
    [
      'a missing message',
      () => slack.client.click('U0ANA', { ts: '1.000001' }, { actionId: 'a' }),
      'no message 1.000001',
    ],
    ['a closed form', () => slack.client.submit('U0ANA', 'V0GONE', {}), 'no open modal V0GONE'],
    [
      'a Home that was never published',
      () => slack.client.click('U0ANA', { home: true }, { actionId: 'a' }),
      'no Home tab',
    ],
    ['an unsubscribed event', () => slack.client.event('message', {}), 'Slack sends no "message"'],
    [
      'an unknown shortcut',
      () => slack.client.shortcut('U0ANA', 'nope'),
      'no global shortcut "nope"',
    ],
    [
      'somebody unknown',
      () => slack.client.changePerson('U0NOBODY', {}),
      'nobody with the id U0NOBODY',
    ],
  ])('%s', async (_what, act, why) => {
    await expect(async () => act()).rejects.toThrow(why);
  });

  test('a button that is not on the card, or on somebody else’s ephemeral', async () => {
    const ts = await post();
    await expect(slack.client.click('U0BO', { ts }, { actionId: 'deny' })).rejects.toThrow(
      'There is no "deny" to press, only approve.',
    );
    const shown = await app.client.chat.postEphemeral({
      token: LOCAL.botToken,
      channel: 'C0ACCESS',
      user: 'U0ANA',
      text: 'confirm',
      blocks: [row],
    });
    await expect(
      slack.client.click('U0BO', { ts: String(shown.message_ts) }, { actionId: 'approve' }),
    ).rejects.toThrow('U0BO cannot see the ephemeral');
  });
});

/** The page's door to the embedded Slack: what it shows, what people do through it, and who may ask at all. */
import { payloadOf } from '../../../local/slack/deliveries.ts';
import type { JsonObject } from '../../../local/slack/json.ts';
import { Outcome, PageState } from '../../../local/slack/page/contract.ts';
import { button, modal, openWorkshop, section, type Workshop } from './workshop.ts';

let workshop: Workshop;

beforeEach(async () => {
  workshop = await openWorkshop();
});
afterEach(() => workshop.close());

const here = { host: '127.0.0.1:3000' };
const json = { ...here, 'content-type': 'application/json' };

const get = (headers: Record<string, string> = here) =>
  workshop.slack.page.request('/state', { headers });

async function state(): Promise<PageState> {
  return PageState.parse(await (await get()).json());
}

const post = (body: string, headers: Record<string, string> = json) =>
  workshop.slack.page.request('/act', { method: 'POST', headers, body });

async function act(what: JsonObject): Promise<Outcome> {
  return Outcome.parse(await (await post(JSON.stringify({ user: 'U0ANA', ...what }))).json());
}

const lastPayload = () => payloadOf(workshop.received.at(-1)?.body ?? '');
const slash = { act: 'slash', channel: 'C0ACCESS', command: '/access', text: 'mine' };

async function card(more: JsonObject = {}): Promise<string> {
  const row = { type: 'actions', block_id: 'row', elements: [button('approve', '{}')] };
  const blocks = [section('card'), { ...row, ...more }];
  const place = { channel: 'C0ACCESS', text: 'card' };
  await workshop.web.apiCall('chat.postMessage', { ...place, blocks });
  return (await state()).messages.at(-1)?.ts ?? '';
}

/** A modal on Ana's screen, opened by a press as the product does it. */
async function openModal(view: JsonObject): Promise<string> {
  const ts = await card();
  workshop.answer(async (payload) => {
    if (payload['type'] === 'block_actions')
      await workshop.web.apiCall('views.open', { trigger_id: payload['trigger_id'], view });
    return new Response('');
  });
  const pressed = { act: 'press', on: { ts }, blockId: 'row', actionId: 'approve', typed: {} };
  expect(await act(pressed)).toEqual({ ok: true, choices: null });
  return (await state()).modals[0]?.view.id ?? '';
}

describe('what the page is shown', () => {
  test('people, channels, commands with their hints and shortcuts come from the workspace and the manifest', async () => {
    const { people, conversations, commands, shortcuts, app } = await state();
    expect(people.find(({ id }) => id === 'U0CY')).toMatchObject({
      realName: 'Cy',
      tz: 'America/New_York',
    });
    expect(conversations.find(({ name }) => name === 'access')?.members).toContain('U0ANA');
    expect(commands[0]).toMatchObject({
      command: '/request-access',
      usageHint: expect.stringContaining('[target]'),
    });
    expect(shortcuts.map(({ type }) => type)).toEqual(['global', 'message']);
    expect(app).toEqual({ userId: 'U0BOT', name: 'Hallpass', readOnly: true });
  });

  test('an unchanged workspace costs nothing: the same tag is answered by 304 until something happens', async () => {
    const etag = (await get()).headers.get('etag') ?? '';
    expect((await get({ ...here, 'if-none-match': etag })).status).toBe(304);
    await card();
    const changed = await get({ ...here, 'if-none-match': etag });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(etag);
  });

  test('an answer to a command is shown to its person alone, a failed command is told by Slack itself', async () => {
    workshop.answer(() => Response.json({ text: 'Yours', blocks: [section('Yours')] }));
    await act(slash);
    workshop.answer(() => new Response('', { status: 500 }));
    expect(await act(slash)).toMatchObject({ ok: false, error: 'dispatch_failed' });
    expect((await state()).messages).toMatchObject([
      { text: 'Yours', onlyFor: 'U0ANA', user: 'U0BOT', threadTs: null },
      { text: '/access failed with the error "dispatch_failed"', user: 'slackbot' },
    ]);
  });

  test('a long channel keeps its latest 200 messages, each with its whole thread', async () => {
    for (let nth = 0; nth < 203; nth += 1)
      await workshop.slack.page.request('/act', {
        method: 'POST',
        headers: json,
        body: JSON.stringify({
          act: 'say',
          user: 'U0BO',
          channel: 'C0ACCESS',
          text: `word ${nth}`,
        }),
      });
    const first = workshop.slack.state().messages[0]?.['ts'];
    await act({ act: 'say', channel: 'C0ACCESS', text: 'late reply', threadTs: first });
    const { messages, conversations } = await state();
    expect(messages).toHaveLength(200);
    expect(messages[0]?.text).toBe('word 3');
    expect(conversations.find(({ id }) => id === 'C0ACCESS')?.hasOlder).toBe(true);
  });
});

describe('what people do', () => {
  test('a command goes out signed, from where it was typed', async () => {
    expect(await act(slash)).toEqual({ ok: true, choices: null });
    expect(lastPayload()).toMatchObject({
      command: '/access',
      text: 'mine',
      user_id: 'U0ANA',
      channel_id: 'C0ACCESS',
    });
    expect(workshop.received[0]?.headers['x-slack-signature']).toMatch(/^v0=[0-9a-f]{64}$/);
  });

  test('an app that does not answer in time is told as operation_timeout', async () => {
    await workshop.close();
    workshop = await openWorkshop({ patienceMs: 50 });
    workshop.answer(() => new Promise<never>(() => undefined));
    expect(await act(slash)).toMatchObject({ ok: false, error: 'operation_timeout' });
  });

  test('a press carries what stands in the other fields of its message', async () => {
    const menu = { type: 'static_select', action_id: 'pick' };
    const options = [{ text: { type: 'plain_text', text: 'One' }, value: '1' }];
    const ts = await card({ elements: [button('approve', '{}'), { ...menu, options }] });
    const pressed = { act: 'press', on: { ts }, blockId: 'row', actionId: 'approve' };
    await act({ ...pressed, typed: { 'row/pick': '1' } });
    expect(lastPayload()).toMatchObject({
      actions: [{ action_id: 'approve', value: '{}' }],
      state: { values: { row: { pick: { selected_option: options[0] } } } },
    });
  });

  test('a form is sent by field, shows the app’s errors, and closes when it is taken', async () => {
    const viewId = await openModal(modal('approve'));
    const submit = (code: string) => act({ act: 'submit', viewId, values: { 'code/code': code } });
    workshop.answer(() => Response.json({ response_action: 'errors', errors: { code: 'Wrong.' } }));
    expect(await submit('000000')).toEqual({ ok: true, choices: null });
    expect((await state()).modals).toMatchObject([{ user: 'U0ANA', errors: { code: 'Wrong.' } }]);
    workshop.answer(() => new Response(''));
    await submit('123456');
    expect((await state()).modals).toEqual([]);
  });

  test('a form with a required field empty is not sent; it says which', async () => {
    const viewId = await openModal(modal('approve'));
    const before = workshop.received.length;
    expect(await act({ act: 'submit', viewId, values: {} })).toMatchObject({
      ok: false,
      error: 'incomplete',
      errors: { code: 'Please complete this required field.' },
    });
    expect(workshop.received).toHaveLength(before);
  });

  test('an answer that Slack refuses is no success: the form stays and the code of the refusal is told', async () => {
    const viewId = await openModal(modal('approve'));
    workshop.answer(() => Response.json({ response_action: 'errors', errors: { nowhere: 'x' } }));
    const values = { 'code/code': '1' };
    expect(await act({ act: 'submit', viewId, values })).toMatchObject({
      ok: false,
      error: 'invalid_errors',
    });
    expect((await state()).modals).toHaveLength(1);
  });

  test('a menu’s choices are asked of the app, in a form and in a message', async () => {
    const element = { type: 'external_select', action_id: 'target', min_query_length: 0 };
    const label = { type: 'plain_text', text: 'What' };
    const input = { type: 'input', block_id: 'target', label, element };
    const viewId = await openModal(modal('request', { blocks: [input] }));
    const ts = await card({ elements: [element] });
    const answer = { options: [{ text: { type: 'plain_text', text: 'One' }, value: '1' }] };
    workshop.answer(() => Response.json(answer));
    const asked = { act: 'options', actionId: 'target', query: 'dep' };
    expect(await act({ ...asked, on: { viewId }, blockId: 'target' })).toEqual({
      ok: true,
      choices: answer,
    });
    expect(lastPayload()).toMatchObject({
      type: 'block_suggestion',
      value: 'dep',
      view: { id: viewId },
    });
    expect(await act({ ...asked, on: { ts }, blockId: 'row' })).toEqual({
      ok: true,
      choices: answer,
    });
    expect(lastPayload()).toMatchObject({ container: { type: 'message', message_ts: ts } });
  });

  test('closing tells an app that asked for it; closing all says that the stack is gone', async () => {
    const told = modal('approve', { notify_on_close: true });
    const viewId = await openModal(told);
    await act({ act: 'close', viewId, all: false });
    expect(lastPayload()).toMatchObject({ type: 'view_closed', is_cleared: false });
    const again = await openModal(told);
    await act({ act: 'close', viewId: again, all: true });
    expect(lastPayload()).toMatchObject({ type: 'view_closed', is_cleared: true });
    expect((await state()).modals).toEqual([]);
  });

  test('Home is opened by its event, shortcuts with and without a message', async () => {
    await act({ act: 'home' });
    expect(lastPayload()).toMatchObject({ event: { type: 'app_home_opened', tab: 'home' } });
    await act({ act: 'shortcut', callbackId: 'request_access' });
    expect(lastPayload()).toMatchObject({ type: 'shortcut', callback_id: 'request_access' });
    const ts = await card();
    await act({ act: 'shortcut', callbackId: 'request_access_for_message', ts });
    expect(lastPayload()).toMatchObject({ type: 'message_action', message: { ts } });
  });

  test('words are said in a channel and its threads, escaped, and no event tells the app', async () => {
    await act({ act: 'say', channel: 'C0ACCESS', text: 'a<b & @bo' });
    const ts = (await state()).messages[0]?.ts;
    await act({ act: 'say', channel: 'C0ACCESS', text: 'looking', threadTs: ts });
    expect((await state()).messages).toMatchObject([
      { user: 'U0ANA', text: 'a&lt;b &amp; <@U0BO|bo>' },
      { text: 'looking', threadTs: ts },
    ]);
    expect(workshop.received).toEqual([]);
  });

  test('a private message is dismissed by its own person only', async () => {
    workshop.answer(() => Response.json({ text: 'Yours' }));
    await act(slash);
    const ts = (await state()).messages[0]?.ts;
    expect(await act({ user: 'U0BO', act: 'dismiss', ts })).toMatchObject({ error: 'not_there' });
    expect(await act({ act: 'dismiss', ts })).toMatchObject({ ok: true });
    expect((await state()).messages).toEqual([]);
  });
});

describe('what nobody’s screen offers', () => {
  const press = { act: 'press', blockId: 'row', actionId: 'approve', typed: {} };
  const cases: [string, JsonObject][] = [
    ['an unknown command', { ...slash, command: '/nothing' }],
    ['a command from a channel one is not in', { ...slash, user: 'U0EVE' }],
    ['a message that is gone', { ...press, on: { ts: '1.000001' } }],
    ['a form of somebody else', { act: 'submit', viewId: 'V0OTHERS', values: {} }],
    ['a Home that was never published', { ...press, on: { home: true } }],
    ['a shortcut that the manifest lacks', { act: 'shortcut', callbackId: 'x' }],
    [
      'a message shortcut on nothing',
      { act: 'shortcut', callbackId: 'request_access_for_message', ts: '1.1' },
    ],
    ['words to the app', { act: 'say', channel: 'D0ANA', text: 'hi' }],
    ['words in an archived channel', { act: 'say', channel: 'C0OLD', text: 'hi' }],
    ['a reply to nothing', { act: 'say', channel: 'C0ACCESS', text: 'hi', threadTs: '1.1' }],
    ['no words', { act: 'say', channel: 'C0ACCESS', text: ' \n ' }],
  ];
  test.each(cases)('%s reaches nobody and is told as not there', async (_what, what) => {
    expect(await act(what)).toMatchObject({ ok: false, error: 'not_there' });
    expect(workshop.received).toEqual([]);
    expect(workshop.slack.state().messages).toEqual([]);
  });

  test('a field that the form does not have is not there either', async () => {
    const viewId = await openModal(modal('approve'));
    const values = { 'code/code': '1', '__proto__/x': 'y' };
    expect(await act({ act: 'submit', viewId, values })).toMatchObject({ error: 'not_there' });
  });
});

describe('who may ask', () => {
  const body = JSON.stringify({ ...slash, user: 'U0ANA' });

  test.each([
    ['another site’s page', { ...json, origin: 'https://evil.example' }],
    ['a page on another port', { ...json, origin: 'http://127.0.0.1:9999' }],
    ['a name that was pointed at this machine', { ...json, host: 'evil.example:3000' }],
    ['a name that only begins like ours', { ...json, host: '127.0.0.1.evil.example' }],
  ])('%s is refused, reading and acting', async (_who, headers) => {
    expect((await post(body, headers)).status).toBe(403);
    expect((await get(headers)).status).toBe(403);
    expect(workshop.received).toEqual([]);
  });

  test.each(['127.0.0.1:3000', 'localhost:3000', '[::1]:3000'])('%s may', async (host) => {
    expect((await post(body, { ...json, host, origin: `http://${host}` })).status).toBe(200);
  });

  test('what a form of another site can send without permission is refused', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded'])
      expect((await post(body, { ...here, 'content-type': type })).status).toBe(415);
    expect(workshop.received).toEqual([]);
  });

  test.each([
    ['no JSON', '{'],
    ['nothing', ''],
    ['a list', '[]'],
    ['an unknown act', '{"act":"fly","user":"U0ANA"}'],
    ['a field too many', JSON.stringify({ ...slash, user: 'U0ANA', admin: true })],
    ['no person', JSON.stringify(slash)],
    ['a person who left', JSON.stringify({ ...slash, user: 'U0GONE' })],
    ['a bot', JSON.stringify({ ...slash, user: 'U0ROBOT' })],
    ['nobody', JSON.stringify({ ...slash, user: '__proto__' })],
    ['text without end', JSON.stringify({ ...slash, user: 'U0ANA', text: 'x'.repeat(13_000) })],
  ])('%s is a bad request', async (_what, sent) => {
    const response = await post(sent);
    expect(response.status).toBe(400);
    expect(Outcome.parse(await response.json())).toMatchObject({ error: 'bad_request' });
    expect(workshop.received).toEqual([]);
  });

  test('more than half a megabyte is not read', async () => {
    expect((await post('x'.repeat(600_000))).status).toBe(413);
  });
});

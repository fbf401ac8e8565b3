import {
  button,
  errorOf,
  openWorkshop,
  refusal,
  section,
  type Workshop,
  webClient,
} from './workshop.ts';

let shop: Workshop;
beforeEach(async () => {
  shop = await openWorkshop();
});
afterEach(() => shop.close());

const post = (more: object = {}) =>
  shop.web.chat.postMessage({ channel: 'C0ACCESS', text: 'Ana asks for access', ...more });

test('a posted message is what everybody in the channel sees', async () => {
  const posted = await post({
    blocks: [section('*Ana* asks', { block_id: 'card' })],
    metadata: { event_type: 'request', event_payload: { id: 'AR-7K2M9Q', v: 1 } },
  });
  expect(posted.channel).toBe('C0ACCESS');
  expect(posted.ts).toBe('1795338000.000000');
  expect(shop.slack.state().messages).toEqual([
    expect.objectContaining({
      channel: 'C0ACCESS',
      ts: posted.ts,
      user: 'U0BOT',
      bot_id: 'B0BOT',
      text: 'Ana asks for access',
      blocks: [section('*Ana* asks', { block_id: 'card' })],
      metadata: { event_type: 'request', event_payload: { id: 'AR-7K2M9Q', v: 1 } },
    }),
  ]);
});

test('time stamps never repeat while time stands still, and rise', async () => {
  const stamps: string[] = [];
  for (let n = 0; n < 5; n += 1) stamps.push(String((await post()).ts));
  expect(new Set(stamps).size).toBe(5);
  expect([...stamps].sort()).toEqual(stamps);
});

test('a block without an id gets one, a given one stays', async () => {
  await post({ blocks: [section('a'), section('b', { block_id: 'mine' })] });
  const { blocks } = shop.slack.state().messages[0]!;
  expect(blocks).toEqual([
    { ...section('a'), block_id: expect.stringMatching(/^.{5}$/) },
    section('b', { block_id: 'mine' }),
  ]);
});

test('an update replaces text and blocks, keeps metadata, and shows that it was edited', async () => {
  const metadata = { event_type: 'request', event_payload: { id: 'AR-7K2M9Q' } };
  const { ts } = await post({ blocks: [section('old')], metadata });
  await shop.web.chat.update({
    channel: 'C0ACCESS',
    ts: String(ts),
    text: 'new',
    blocks: [section('new', { block_id: 'b' })],
  });
  expect(shop.slack.state().messages).toEqual([
    expect.objectContaining({
      ts,
      text: 'new',
      blocks: [section('new', { block_id: 'b' })],
      metadata,
      edited: { user: 'U0BOT', ts: expect.any(String) },
    }),
  ]);
});

test('an update without blocks keeps them, an empty list takes them away', async () => {
  const { ts } = await post({ blocks: [section('kept', { block_id: 'b' })] });
  await shop.web.chat.update({ channel: 'C0ACCESS', ts: String(ts), text: 'one' });
  expect(shop.slack.state().messages[0]!['blocks']).toHaveLength(1);
  await shop.web.chat.update({ channel: 'C0ACCESS', ts: String(ts), text: 'two', blocks: [] });
  expect(shop.slack.state().messages[0]!['blocks']).toEqual([]);
});

test('only existing messages of the bot itself can be changed or deleted', async () => {
  const gone = { channel: 'C0ACCESS', ts: '1.000001' };
  expect(await errorOf(shop.web.chat.update({ ...gone, text: 'x' }))).toBe('message_not_found');
  expect(await errorOf(shop.web.chat.delete(gone))).toBe('message_not_found');
  const { ts } = await post();
  await shop.web.chat.delete({ channel: 'C0ACCESS', ts: String(ts) });
  expect(shop.slack.state().messages).toEqual([]);
});

test('replies count on the message that started the thread, and do not nest', async () => {
  const { ts } = await post();
  const reply = await post({ text: 'why these approvers', thread_ts: ts });
  await post({ text: 'STILL HAS ACCESS', thread_ts: ts, reply_broadcast: true });
  const [parent, , broadcast] = shop.slack.state().messages;
  expect(parent).toMatchObject({ reply_count: 2, reply_users: ['U0BOT'], thread_ts: ts });
  expect(broadcast).toMatchObject({ subtype: 'thread_broadcast', thread_ts: ts });
  expect(await errorOf(post({ thread_ts: reply.ts }))).toBe('cannot_reply_to_message');
  expect(await errorOf(post({ thread_ts: '1.000001' }))).toBe('thread_not_found');
});

test('a message to a person opens the direct message and answers with its id', async () => {
  const posted = await shop.web.chat.postMessage({ channel: 'U0ANA', text: 'receipt' });
  expect(posted.channel).toBe('D0ANA');
  await shop.web.chat.update({ channel: 'D0ANA', ts: String(posted.ts), text: 'granted' });
  expect(shop.slack.state().messages).toMatchObject([{ channel: 'D0ANA', text: 'granted' }]);
});

test.each([
  ['C0NOWHERE', 'channel_not_found'],
  ['C0PRIVATE', 'not_in_channel'],
  ['C0SECRET', 'channel_not_found'],
  ['C0OLD', 'is_archived'],
  ['D0ANA', 'channel_not_found'],
  ['U0GONE', 'channel_not_found'],
  ['U0ROBOT', 'channel_not_found'],
  ['U0STRANGE', 'channel_not_found'],
])('posting to %s is refused with %s', async (channel, error) => {
  expect(await errorOf(shop.web.chat.postMessage({ channel, text: 'hi' }))).toBe(error);
  expect(shop.slack.state().messages).toEqual([]);
});

test('an ephemeral is seen by its person alone and is no message', async () => {
  await shop.web.chat.postEphemeral({ channel: 'C0ACCESS', user: 'U0ANA', text: 'only you' });
  expect(shop.slack.state()).toMatchObject({
    messages: [],
    ephemerals: [{ channel: 'C0ACCESS', user: 'U0ANA', text: 'only you', blocks: [] }],
  });
  const outsider = { channel: 'C0ACCESS', user: 'U0EVE', text: 'x' };
  expect(await errorOf(shop.web.chat.postEphemeral(outsider))).toBe('user_not_in_channel');
});

test.each([
  ['no text at all', {}, 'no_text'],
  ['blocks without text', { blocks: [section('x')] }, 'missing_text_in_message'],
  ['text beyond 40,000 characters', { text: 'x'.repeat(40_001) }, 'msg_too_long'],
  ['attachments', { text: 'x', attachments: [{ text: 'y' }] }, 'invalid_arguments'],
  ['another name', { text: 'x', username: 'CEO' }, 'missing_scope'],
  [
    'metadata without a type',
    { text: 'x', metadata: { event_payload: {} } },
    'invalid_metadata_schema',
  ],
  [
    'metadata with a nested payload',
    { text: 'x', metadata: { event_type: 'a', event_payload: { b: { c: { d: 1 } } } } },
    'invalid_metadata_schema',
  ],
  [
    'metadata beyond 16 kB',
    { text: 'x', metadata: { event_type: 'a', event_payload: { b: 'x'.repeat(16_000) } } },
    'metadata_too_large',
  ],
])('%s is refused', async (_what, args, error) => {
  const call = shop.web.apiCall('chat.postMessage', { channel: 'C0ACCESS', ...args });
  expect(await errorOf(call)).toBe(error);
  expect(shop.slack.state().messages).toEqual([]);
  expect(shop.slack.refused()).toMatchObject([{ where: 'chat.postMessage', error }]);
});

test('invalid blocks are refused with a pointer to each fault', async () => {
  const { error, data } = await refusal(
    post({ blocks: [section('x'.repeat(3001)), { type: 'actions', elements: [] }] }),
  );
  expect(error).toBe('invalid_blocks');
  expect(data['errors']).toEqual([
    'must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
    'no fewer than 1 items allowed [json-pointer:/blocks/1/elements]',
  ]);
});

test('blocks that are each fine but too long together are refused', async () => {
  const blocks = Array.from({ length: 5 }, () => section('x'.repeat(2700)));
  expect(await errorOf(post({ blocks }))).toBe('msg_blocks_too_long');
});

test('a permalink names channel and time stamp', async () => {
  const { ts } = await post();
  const { permalink } = await shop.web.chat.getPermalink({
    channel: 'C0ACCESS',
    message_ts: String(ts),
  });
  expect(permalink).toBe('https://acme.slack.com/archives/C0ACCESS/p1795338000000000');
});

test('JSON bodies mean the same as forms', async () => {
  const answer = await fetch(`${shop.url}/_slack/api/chat.postMessage`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      authorization: 'Bearer xoxb-local',
    },
    body: JSON.stringify({
      channel: 'C0ACCESS',
      text: 'hi',
      blocks: [{ type: 'actions', elements: [button('approve', '{}')] }],
    }),
  });
  expect(await answer.json()).toMatchObject({ ok: true, channel: 'C0ACCESS' });
  expect(shop.slack.state().messages).toHaveLength(1);
});

test.each([
  ['no token', undefined, 'not_authed'],
  ['a wrong token', 'xoxb-wrong', 'invalid_auth'],
])('%s is refused before anything else', async (_what, token, error) => {
  const web = webClient(shop.url, token);
  expect(await errorOf(web.chat.postMessage({ channel: 'C0ACCESS', text: 'x' }))).toBe(error);
  expect(shop.slack.state().messages).toEqual([]);
});

test('an unknown method is named as such', async () => {
  expect(await errorOf(shop.web.apiCall('chat.shout', {}))).toBe('unknown_method');
});

test('broken JSON is refused, not an error of the server', async () => {
  const answer = await fetch(`${shop.url}/_slack/api/auth.test`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer xoxb-local' },
    body: '{"a":',
  });
  expect([answer.status, await answer.json()]).toEqual([200, { ok: false, error: 'invalid_json' }]);
});

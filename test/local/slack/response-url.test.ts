import { button, openWorkshop, section, type Workshop } from './workshop.ts';

let shop: Workshop;
let responseUrl = '';
beforeEach(async () => {
  shop = await openWorkshop();
  shop.answer((payload) => {
    responseUrl = String(payload['response_url']);
    return new Response('');
  });
});
afterEach(() => shop.close());

const card = (text: string) => [
  section(text, { block_id: 'text' }),
  { type: 'actions' as const, block_id: 'row', elements: [button('approve', '{"v":1}')] },
];

async function respond(body: unknown): Promise<{ status: number; json: unknown }> {
  const answer = await fetch(responseUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: answer.status, json: await answer.json() };
}

/** Bo presses Approve on a message that everybody sees. */
async function pressOnMessage(): Promise<string> {
  const posted = await shop.web.chat.postMessage({
    channel: 'C0ACCESS',
    text: 'card',
    blocks: card('card'),
  });
  await shop.slack.client.click('U0BO', { ts: String(posted.ts) }, { actionId: 'approve' });
  return String(posted.ts);
}

test('it answers the person privately unless told otherwise', async () => {
  await shop.slack.client.slash('U0ANA', '/access', 'mine');
  expect((await respond({ text: 'private' })).status).toBe(200);
  await respond({ text: 'for all', response_type: 'in_channel' });
  expect(shop.slack.state()).toMatchObject({
    ephemerals: [{ user: 'U0ANA', channel: 'C0ACCESS', text: 'private' }],
    messages: [{ channel: 'C0ACCESS', text: 'for all', user: 'U0BOT' }],
  });
});

test('it replaces or deletes the message whose button was pressed', async () => {
  const ts = await pressOnMessage();
  await respond({ text: 'done', blocks: card('done'), replace_original: true });
  expect(shop.slack.state().messages).toMatchObject([
    { ts, text: 'done', blocks: card('done'), edited: { user: 'U0BOT' } },
  ]);
  await respond({ delete_original: true });
  expect(shop.slack.state().messages).toEqual([]);
});

test('it replaces or deletes an ephemeral, too', async () => {
  const shown = await shop.web.chat.postEphemeral({
    channel: 'C0ACCESS',
    user: 'U0ANA',
    text: 'confirm',
    blocks: card('confirm'),
  });
  const ts = String(shown.message_ts);
  await shop.slack.client.click('U0ANA', { ts }, { actionId: 'approve' });
  await respond({ text: 'sent', replace_original: true });
  expect(shop.slack.state().ephemerals).toMatchObject([{ ts, text: 'sent', blocks: [] }]);
  await respond({ delete_original: true });
  expect(shop.slack.state().ephemerals).toEqual([]);
});

test('it serves five times', async () => {
  await shop.slack.client.slash('U0ANA', '/access', 'mine');
  for (let n = 1; n <= 5; n += 1) expect((await respond({ text: `${n}` })).status).toBe(200);
  expect(await respond({ text: '6' })).toEqual({
    status: 404,
    json: { ok: false, error: 'used_url' },
  });
  expect(shop.slack.state().ephemerals).toHaveLength(5);
});

test('it serves for half an hour', async () => {
  await shop.slack.client.slash('U0ANA', '/access', 'mine');
  await shop.clock.advance(30 * 60);
  expect((await respond({ text: 'just in time' })).status).toBe(200);
  await shop.clock.advance(1);
  expect(await respond({ text: 'late' })).toMatchObject({ json: { error: 'expired_url' } });
});

test('nobody can make one up', async () => {
  responseUrl = `${shop.url}/_slack/response/made-up`;
  expect(await respond({ text: 'x' })).toEqual({
    status: 404,
    json: { ok: false, error: 'no_service' },
  });
});

test.each([
  ['{"text":', 'invalid_json'],
  [{}, 'no_text'],
  [{ blocks: card('x') }, 'missing_text_in_message'],
  [{ text: 'x', blocks: [{ type: 'confetti' }] }, 'invalid_blocks'],
])('%j is refused with %s', async (body, error) => {
  await shop.slack.client.slash('U0ANA', '/access', 'mine');
  expect(await respond(body)).toMatchObject({ status: 404, json: { ok: false, error } });
  expect(shop.slack.state().ephemerals).toEqual([]);
});

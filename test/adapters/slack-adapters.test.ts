import { listenOnLoopback } from '../../local/loopback.ts';
import { LOCAL } from '../../local/slack/workspace.ts';
import { slackAnnouncer } from '../../shared/adapters/slack-announcer.ts';
import { slackDirectory } from '../../shared/adapters/slack-directory.ts';
import { openWorkshop, type Workshop } from '../local/slack/workshop.ts';

let shop: Workshop;
beforeEach(async () => {
  shop = await openWorkshop();
});
afterEach(() => shop.close());

const access = () => ({ token: async () => LOCAL.botToken, apiUrl: `${shop.url}/_slack/api/` });
const message = {
  text: 'AR-7K2M9Q: waiting',
  blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'x' } }],
};
const about = { requestId: 'AR-7K2M9Q', version: 3 };

test('a post names its request and version in the metadata', async () => {
  const place = await slackAnnouncer(access()).post({ channel: 'C0ACCESS' }, message, about);
  expect(shop.slack.state().messages).toMatchObject([
    {
      channel: 'C0ACCESS',
      ts: place.ts,
      metadata: {
        event_type: 'hallpass_request',
        event_payload: { request_id: 'AR-7K2M9Q', version: 3 },
      },
    },
  ]);
});

test('a reply stands in its thread, a broadcast in the channel too', async () => {
  const announcer = slackAnnouncer(access());
  const { channel, ts } = await announcer.post({ channel: 'C0ACCESS' }, message, about);
  await announcer.post({ channel, threadTs: ts }, message, about);
  await announcer.post({ channel, threadTs: ts, broadcast: true }, message, about);
  const [, reply, broadcast] = shop.slack.state().messages;
  expect(reply).toMatchObject({ thread_ts: ts });
  expect(reply?.['subtype']).toBeUndefined();
  expect(broadcast).toMatchObject({ thread_ts: ts, subtype: 'thread_broadcast' });
});

test('an update replaces the message in place; a direct message reaches the person', async () => {
  const announcer = slackAnnouncer(access());
  const place = await announcer.post({ channel: 'U0ANA' }, message, about);
  await announcer.update(place, { ...message, text: 'AR-7K2M9Q: active' });
  expect(shop.slack.state().messages).toMatchObject([{ ts: place.ts, text: 'AR-7K2M9Q: active' }]);
});

test.each([
  ['C0PRIVATE', 'not_in_channel'],
  ['C0OLD', 'is_archived'],
  ['C0NOWHERE', 'channel_not_found'],
])('posting to %s is refused for good', async (channel, why) => {
  const post = slackAnnouncer(access()).post({ channel }, message, about);
  await expect(post).rejects.toMatchObject({
    service: 'slack',
    retryable: false,
    message: expect.stringContaining(why),
  });
});

test('a bad token is worth trying again: it may be rotated meanwhile', async () => {
  const wrong = { ...access(), token: async () => 'xoxb-wrong' };
  const post = slackAnnouncer(wrong).post({ channel: 'C0ACCESS' }, message, about);
  await expect(post).rejects.toMatchObject({ retryable: true });
});

const answering = async (make: () => Response | Promise<Response>) => {
  const server = await listenOnLoopback(make);
  return { ...server, slack: { token: async () => 'xoxb', apiUrl: `${server.url}/api/` } };
};

test.each([
  ['a 500', () => new Response('oops', { status: 500 })],
  ['a rate limit', () => new Response('', { status: 429, headers: { 'retry-after': '30' } })],
  ['HTML with 200', () => new Response('<html>', { status: 200 })],
  ['an empty object', () => Response.json({ ok: true })],
  ['internal_error', () => Response.json({ ok: false, error: 'internal_error' })],
])('%s is a fault that may be tried again, for posts and for people', async (_, make) => {
  const server = await answering(make);
  const post = slackAnnouncer(server.slack).post({ channel: 'C0ACCESS' }, message, about);
  await expect(post).rejects.toMatchObject({ service: 'slack', retryable: true });
  const evidence = slackDirectory(server.slack).evidence(['U0ANA'], new Date());
  await expect(evidence).rejects.toMatchObject({ service: 'slack', retryable: true });
  await server.close();
});

test('the directory says who everybody is, and leaves out who does not exist', async () => {
  const now = shop.clock.now();
  const people = ['U0ANA', 'U0GUEST', 'U0GONE', 'U0ROBOT', 'U0STRANGE', 'U0NOBODY'];
  const found = await slackDirectory(access()).evidence(people, now);
  expect([...found.keys()]).toEqual(people.slice(0, 5));
  expect(found.get('U0ANA')).toMatchObject({
    slackUserId: 'U0ANA',
    teamId: 'T0LOCAL',
    email: 'ana@acme.example',
    emailVerified: true,
    deleted: false,
    isBot: false,
    isStranger: false,
    observedAt: now.toISOString(),
  });
  expect(found.get('U0GUEST')).toMatchObject({ isRestricted: true, isUltraRestricted: true });
  expect(found.get('U0GONE')).toMatchObject({ deleted: true });
  expect(found.get('U0ROBOT')).toMatchObject({ isBot: true, email: null });
  expect(found.get('U0STRANGE')).toMatchObject({ isStranger: true, teamId: 'T0OTHER' });
});

test('an answer is remembered for less than the minute it may be old', async () => {
  const directory = slackDirectory(access());
  await directory.evidence(['U0BO'], shop.clock.now());
  shop.slack.directory.changePerson('U0BO', { deleted: true });
  await shop.clock.advance(40);
  const soon = await directory.evidence(['U0BO'], shop.clock.now());
  expect(soon.get('U0BO')).toMatchObject({ deleted: false });
  await shop.clock.advance(15);
  const now = shop.clock.now();
  const later = await directory.evidence(['U0BO'], now);
  expect(later.get('U0BO')).toMatchObject({ deleted: true, observedAt: now.toISOString() });
});

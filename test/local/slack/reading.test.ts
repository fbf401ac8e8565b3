import { slackManifest } from '../../../shared/config/slack-manifest.ts';
import { errorOf, openWorkshop, refusal, section, type Workshop } from './workshop.ts';

let shop: Workshop;
afterEach(() => shop.close());

/** Our manifest with scopes it does not ask for, to read channels back through the API. */
function curiousManifest() {
  const manifest = slackManifest({ baseUrl: 'http://127.0.0.1:3000' });
  const more = ['channels:history', 'groups:read', 'im:read', 'im:write', 'im:history'];
  const bot: string[] = [...manifest.oauth_config.scopes.bot, ...more];
  return { ...manifest, oauth_config: { scopes: { ...manifest.oauth_config.scopes, bot } } };
}

describe('with the scopes of our manifest', () => {
  beforeEach(async () => {
    shop = await openWorkshop();
  });

  test('auth.test says who the bot is', async () => {
    expect(await shop.web.auth.test()).toMatchObject({
      ok: true,
      team_id: 'T0LOCAL',
      user_id: 'U0BOT',
      bot_id: 'B0BOT',
    });
  });

  test('users.info gives everything that the bot judges people by', async () => {
    const { user } = await shop.web.users.info({ user: 'U0ANA' });
    expect(user).toMatchObject({
      id: 'U0ANA',
      team_id: 'T0LOCAL',
      name: 'ana',
      deleted: false,
      is_bot: false,
      is_restricted: false,
      is_ultra_restricted: false,
      is_stranger: false,
      is_email_confirmed: true,
      tz: 'Europe/Berlin',
      tz_offset: 3600,
      profile: { email: 'ana@acme.example' },
      enterprise_user: { id: 'U0ANA' },
    });
  });

  test.each([
    ['U0GUEST', { is_ultra_restricted: true, is_restricted: true }],
    ['U0SINGLE', { is_restricted: true, is_ultra_restricted: false }],
    ['U0GONE', { deleted: true }],
    ['U0ROBOT', { is_bot: true }],
    ['U0STRANGE', { is_stranger: true, team_id: 'T0OTHER' }],
  ])('%s is somebody to refuse, and looks so', async (id, flags) => {
    const { user } = await shop.web.users.info({ user: id });
    expect(user).toMatchObject(flags);
  });

  test('people are found by id, by e-mail in any case, or in the list', async () => {
    const found = await shop.web.users.lookupByEmail({ email: 'Bo@ACME.example' });
    expect(found.user?.id).toBe('U0BO');
    expect(await errorOf(shop.web.users.lookupByEmail({ email: 'x@acme.example' }))).toBe(
      'users_not_found',
    );
    expect(await errorOf(shop.web.users.info({ user: 'U0NOBODY' }))).toBe('user_not_found');
    const { members } = await shop.web.users.list({});
    expect(members?.map((one) => one.id)).toEqual(
      expect.arrayContaining(['U0ANA', 'U0BO', 'U0CY', 'U0DEE', 'U0EVE', 'U0BOT']),
    );
  });

  test('a user group lists its people', async () => {
    const { users } = await shop.web.usergroups.users.list({ usergroup: 'S0RELEASE' });
    expect(users).toEqual(['U0BO', 'U0CY']);
    expect(await errorOf(shop.web.usergroups.users.list({ usergroup: 'S0X' }))).toBe(
      'no_such_subteam',
    );
  });

  test('a channel shared with another company says so', async () => {
    const { channel } = await shop.web.conversations.info({ channel: 'C0SHARED' });
    expect(channel).toMatchObject({ id: 'C0SHARED', is_ext_shared: true, is_member: true });
    const general = await shop.web.conversations.info({ channel: 'C0PRIVATE' });
    expect(general.channel).toMatchObject({ name: 'no-bot', is_member: false });
    const { members } = await shop.web.conversations.members({ channel: 'C0ACCESS' });
    expect(members).toContain('U0BOT');
  });

  test.each([
    ['conversations.open', { users: 'U0ANA' }, 'im:write'],
    ['conversations.history', { channel: 'C0ACCESS' }, 'channels:history'],
    ['conversations.replies', { channel: 'C0ACCESS', ts: '1.000001' }, 'channels:history'],
    ['conversations.info', { channel: 'C0SECRET' }, 'groups:read'],
  ])('%s needs a scope that we do not ask for', async (method, args, needed) => {
    const { error, data } = await refusal(shop.web.apiCall(method, args));
    expect(error).toBe('missing_scope');
    expect(data).toMatchObject({ needed, provided: expect.stringContaining('chat:write') });
  });

  test('blocks.validate passes what would be taken and points at what would not', async () => {
    expect((await shop.web.blocks.validate({ blocks: [section('x')] })).ok).toBe(true);
    const { error, data } = await refusal(shop.web.blocks.validate({ blocks: [section('')] }));
    expect(error).toBe('invalid_blocks');
    expect(data['errors']).toEqual([
      {
        pointer: '/0/text/text',
        code: 'failed_constraint',
        message: 'must be more than 0 characters',
      },
    ]);
    expect(await errorOf(shop.web.blocks.validate({}))).toBe('invalid_arguments');
    expect(await errorOf(shop.web.apiCall('blocks.validate', { view: { type: 'modal' } }))).toBe(
      'invalid_view',
    );
  });

  test('a file reaches the channel through announce, upload and share', async () => {
    await shop.web.filesUploadV2({
      channel_id: 'C0ACCESS',
      filename: 'grants.csv',
      content: 'who,what\nana,deployers\n',
      initial_comment: 'Grants of the week',
    });
    const [message] = shop.slack.state().messages;
    expect(message).toMatchObject({
      channel: 'C0ACCESS',
      text: 'Grants of the week',
      files: [{ name: 'grants.csv', size: 23 }],
    });
    const [file] = shop.slack.state().messages.flatMap((one) => one['files']);
    const id = typeof file === 'object' && file !== null && 'id' in file ? String(file.id) : '';
    expect(Buffer.from(shop.slack.file(id)?.content ?? []).toString()).toBe(
      'who,what\nana,deployers\n',
    );
  });
});

test('a declined optional scope is missing, the rest works', async () => {
  shop = await openWorkshop({ declinedScopes: ['files:write', 'usergroups:read'] });
  const { error, data } = await refusal(shop.web.usergroups.users.list({ usergroup: 'S0RELEASE' }));
  expect([error, data['needed']]).toEqual(['missing_scope', 'usergroups:read']);
  expect((await shop.web.users.info({ user: 'U0BO' })).ok).toBe(true);
});

test('without users:read.email nobody has an e-mail', async () => {
  shop = await openWorkshop({ declinedScopes: ['users:read.email'] });
  const { user } = await shop.web.users.info({ user: 'U0ANA' });
  expect(user?.profile).not.toHaveProperty('email');
});

describe('with scopes to read channels', () => {
  beforeEach(async () => {
    shop = await openWorkshop({ manifest: curiousManifest() });
  });

  test('history shows the newest first, page by page, without the replies', async () => {
    const first = await shop.web.chat.postMessage({ channel: 'C0ACCESS', text: '1' });
    await shop.web.chat.postMessage({
      channel: 'C0ACCESS',
      text: '1a',
      thread_ts: String(first.ts),
    });
    for (const text of ['2', '3']) await shop.web.chat.postMessage({ channel: 'C0ACCESS', text });
    const page = await shop.web.conversations.history({ channel: 'C0ACCESS', limit: 2 });
    expect(page.messages?.map((one) => one.text)).toEqual(['3', '2']);
    expect(page.has_more).toBe(true);
    const rest = await shop.web.conversations.history({
      channel: 'C0ACCESS',
      limit: 2,
      cursor: String(page.response_metadata?.next_cursor),
    });
    expect(rest.messages?.map((one) => one.text)).toEqual(['1']);
    const thread = await shop.web.conversations.replies({
      channel: 'C0ACCESS',
      ts: String(first.ts),
    });
    expect(thread.messages?.map((one) => one.text)).toEqual(['1', '1a']);
  });

  test('metadata comes only when asked for', async () => {
    const metadata = { event_type: 'request', event_payload: { id: 'AR-7K2M9Q' } };
    await shop.web.chat.postMessage({ channel: 'C0ACCESS', text: 'x', metadata });
    const bare = await shop.web.conversations.history({ channel: 'C0ACCESS' });
    expect(bare.messages?.[0]).not.toHaveProperty('metadata');
    const full = await shop.web.conversations.history({
      channel: 'C0ACCESS',
      include_all_metadata: true,
    });
    expect(full.messages?.[0]?.metadata).toEqual(metadata);
  });

  test.each([
    ['U0ROBOT', 'cannot_dm_bot'],
    ['U0GONE', 'user_disabled'],
    ['U0NOBODY', 'user_not_found'],
  ])('a direct message with %s is refused', async (users, error) => {
    expect(await errorOf(shop.web.conversations.open({ users }))).toBe(error);
  });

  test('a direct message is one conversation, however often it is opened', async () => {
    const one = await shop.web.conversations.open({ users: 'U0ANA' });
    const two = await shop.web.conversations.open({ users: 'U0ANA', return_im: true });
    expect(one.channel?.id).toBe('D0ANA');
    expect(two.channel).toMatchObject({ id: 'D0ANA', is_im: true, user: 'U0ANA' });
  });

  test('a private channel without the bot does not exist, a public one cannot be read', async () => {
    expect(await errorOf(shop.web.conversations.info({ channel: 'C0SECRET' }))).toBe(
      'channel_not_found',
    );
    expect(await errorOf(shop.web.conversations.history({ channel: 'C0PRIVATE' }))).toBe(
      'not_in_channel',
    );
  });
});

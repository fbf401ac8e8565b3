/**
 * Where the messages of a request are: approvers asked directly, channels that cannot be reached, and what is left in Slack when
 * a run dies or an answer is lost between a post and its being stored.
 */
import { announceMessage } from '../../../lambdas/announce/announce-function.ts';
import { slackAnnouncer } from '../../../shared/adapters/slack-announcer.ts';
import { type Bot, openBot } from '../slack/bot.ts';
import { approve, buttonsIn, draft, textOf } from '../slack/story.ts';

let bot: Bot;
const open = async (change: Parameters<typeof openBot>[0] = {}) => {
  bot = await openBot(change);
};
afterEach(() => bot.close());

const BOT = 'U0BOT';
const CHANNEL = 'C0ACCESS';
const members = () => bot.slack.directory.conversation(CHANNEL)?.members ?? [];
const kick = () =>
  bot.slack.directory.changeChannel(CHANNEL, { members: members().filter((one) => one !== BOT) });
const invite = () => bot.slack.directory.changeChannel(CHANNEL, { members: [...members(), BOT] });

type Shown = { channel: string; text: string; words: string; buttons: string[] };
const shown = (channel: RegExp, id: string): Shown[] =>
  bot.slack
    .state()
    .messages.filter((message) => channel.test(String(message['channel'])))
    .filter((message) => JSON.stringify(message['metadata']).includes(id))
    .filter(({ thread_ts: thread, ts }) => thread === undefined || thread === ts)
    .map(({ channel: where, text, blocks }) => ({
      channel: String(where),
      text: String(text),
      words: textOf(blocks),
      buttons: Array.isArray(blocks) ? buttonsIn(blocks).map(({ action }) => action) : [],
    }));
const cards = (id: string) => shown(/^C/, id);
/** The card as approvers have it. */
const approverCards = (id: string) =>
  shown(/^D/, id).filter(
    ({ text, words }) => text.startsWith(id) && !/has no card|^Mended/.test(words),
  );
const mends = (id: string) =>
  shown(/^D/, id).filter(({ words }) => /has no card|Mended/.test(words));
const posts = () => bot.calls.filter((call) => call.endsWith('chat.postMessage')).length;

const asks = async (text?: string): Promise<string> => {
  const { ts, id } = await draft(bot, text);
  await bot.slack.client.click('U0ANA', { ts }, { actionId: 'submit' });
  return id;
};
const ENSURE = { kind: 'ensure' } as const;
async function activate(id: string): Promise<void> {
  const readBackAt = bot.deps.clock.now().toISOString();
  const report = {
    type: 'ConfirmActivated',
    requestId: id,
    actor: ENSURE,
    accountId: '4711',
  } as const;
  await bot.execute({ ...report, readBackAt });
}

describe('a rule that wants its approvers asked directly', () => {
  const dm = {
    policy: (text: string) =>
      text.replace('channel: C0ACCESS', 'channel: C0ACCESS\n    dm_approvers: true'),
  };

  test('has a card in the channel and one for each approver, and all follow the request', async () => {
    await open(dm);
    const id = await asks();
    await bot.announce(id, id);
    expect(cards(id)).toHaveLength(1);
    expect(approverCards(id).map(({ channel }) => channel)).toEqual(['D0BO', 'D0CY', 'D0DEE']);
    expect(mends(id)).toEqual([]);
    await bot.slack.client.slash('U0BO', '/access', `deny ${id} too risky today`);
    await bot.announce(id);
    for (const { words, buttons } of [...cards(id), ...approverCards(id)]) {
      expect(words).toContain('*Denied* by <@U0BO>');
      expect(buttons).toEqual([]);
    }
    expect(bot.slack.refused()).toEqual([]);
  });

  test('without it nobody is asked directly', async () => {
    await open();
    const id = await asks();
    await bot.announce(id);
    expect(approverCards(id)).toEqual([]);
  });

  test('an approver whom Slack does not reach keeps nobody else from being asked, and is tried once', async () => {
    await open(dm);
    const id = await asks();
    bot.slack.directory.changePerson('U0BO', { deleted: true });
    await bot.announce(id);
    expect(approverCards(id).map(({ channel }) => channel)).toEqual(['D0CY', 'D0DEE']);
    const before = posts();
    await bot.announce(id);
    expect(posts()).toBe(before);
  });
});

describe('a channel that cannot be reached', () => {
  test('the approvers have the card, and every one of theirs follows to the end', async () => {
    await open();
    kick();
    const id = await asks();
    await bot.announce(id);
    expect(cards(id)).toEqual([]);
    expect(approverCards(id).map(({ buttons }) => buttons)).toEqual([
      ['approve', 'deny'],
      ['approve', 'deny'],
      ['approve', 'deny'],
    ]);
    const [first] = bot.slack.state().messages.filter(({ channel }) => channel === 'D0BO');
    await bot.slack.client.click('U0BO', { ts: String(first?.['ts']) }, { actionId: 'approve' });
    const view = bot.slack.state().views.find(({ user }) => user === 'U0BO');
    await bot.slack.client.submit('U0BO', String(view?.id), { code: bot.code('U0BO') });
    await bot.announce(id);
    for (const each of approverCards(id)) expect(each.words).toContain('*Granting…*');
    await activate(id);
    await bot.announce(id);
    for (const each of approverCards(id)) {
      expect(each.words).toContain('· verified*');
      expect(each.buttons).toEqual(['end']);
    }
    await bot.slack.client.slash('U0ANA', '/access', `end ${id}`);
    const readBackAt = bot.deps.clock.now().toISOString();
    const gone = {
      type: 'ConfirmRemoved',
      requestId: id,
      actor: ENSURE,
      outcome: 'removed',
    } as const;
    await bot.execute({ ...gone, readBackAt });
    await bot.announce(id);
    expect(approverCards(id)).toHaveLength(3);
    for (const each of approverCards(id)) {
      expect(each.words).toContain('verified gone');
      expect(each.buttons).toEqual([]);
    }
  });

  test.each([
    ['without the bot', { members: [] }, 'bot-not-in-channel', '/invite @Hallpass'],
    [
      'private, without the bot',
      { members: [], isPrivate: true },
      'channel-not-found',
      '/invite @Hallpass',
    ],
    ['archived', { isArchived: true }, 'channel-archived', 'Unarchive it'],
    ['shared with another company', { isExtShared: true }, 'channel-shared', 'your own company'],
  ])(
    'one that is %s: requester and admins learn once why and how to mend it',
    async (_, change, code, next) => {
      await open();
      bot.slack.directory.changeChannel(CHANNEL, change);
      const id = await asks();
      await bot.announce(id, id);
      bot.advance(1);
      await approve2(id);
      await bot.announce(id, id);
      expect(mends(id).map(({ channel }) => channel)).toEqual(['D0ANA', 'D0DEE']);
      for (const { text, words } of mends(id)) {
        expect(text).toContain(`(${code})`);
        expect(words).toContain(next);
      }
      expect(cards(id)).toEqual([]);
    },
  );

  async function approve2(id: string): Promise<void> {
    await bot.slack.client.slash('U0BO', '/access', `approve ${id}`);
    const view = bot.slack.state().views.find(({ user }) => user === 'U0BO');
    await bot.slack.client.submit('U0BO', String(view?.id), { code: bot.code('U0BO') });
  }

  test('invited later, the next change posts the card with its whole log, and who was told learns that it is mended', async () => {
    await open();
    kick();
    const id = await asks();
    await bot.announce(id);
    invite();
    await approve2(id);
    await bot.announce(id);
    expect(cards(id).map(({ words }) => words)).toEqual([expect.stringContaining('*Granting…*')]);
    const log = bot.slack
      .state()
      .messages.filter(({ thread_ts: t, ts }) => t !== undefined && t !== ts);
    expect(textOf(log.map(({ blocks }) => blocks))).toMatch(
      /<@U0ANA> asked[\s\S]*<@U0BO> approved/,
    );
    for (const { words } of mends(id)) expect(words).toContain('Mended');
    expect(approverCards(id)).toHaveLength(3);
  });

  test('lost while a request waits: its approvers are asked directly, the card is edited again once the bot is back', async () => {
    await open();
    const id = await asks();
    await bot.announce(id);
    kick();
    await bot.announce(id);
    expect(approverCards(id)).toHaveLength(3);
    expect(mends(id)).toHaveLength(2);
    await bot.slack.client.slash('U0BO', '/access', `deny ${id} too risky today`);
    await bot.announce(id);
    expect(cards(id)[0]?.words).toContain('*Waiting for approval*');
    invite();
    await bot.announce(id);
    expect(cards(id)).toHaveLength(1);
    expect(cards(id)[0]?.words).toContain('*Denied*');
    const log = bot.slack.state().messages.map(({ blocks }) => textOf(blocks));
    expect(log.filter((words) => words.includes('<@U0BO> denied it'))).toHaveLength(1);
  });

  test('that cannot be looked up is posted to all the same: the scope is optional', async () => {
    await open();
    bot.slack.directory.changeChannel(CHANNEL, { isPrivate: true });
    const id = await asks();
    await bot.announce(id);
    expect(cards(id)).toHaveLength(1);
  });

  test('a retry in the middle tells nobody twice', async () => {
    await open();
    kick();
    const id = await asks();
    const stop = { after: 1 };
    const real = slackAnnouncer(bot.deps.slack);
    const stumbling = announceMessage({
      ...bot.deps,
      announcer: {
        ...real,
        post: async (...of) => {
          stop.after -= 1;
          if (stop.after === 0) bot.silence('slack');
          const place = await real.post(...of);
          return place;
        },
      },
    });
    for (let tries = 1; tries <= 12; tries += 1) {
      stop.after = 3;
      await stumbling({ requestId: id }).catch(() => undefined);
      bot.silence(null);
      bot.advance(1);
    }
    expect(
      approverCards(id)
        .map(({ channel }) => channel)
        .sort(),
    ).toEqual(['D0BO', 'D0CY', 'D0DEE']);
    expect(
      mends(id)
        .map(({ channel }) => channel)
        .sort(),
    ).toEqual(['D0ANA', 'D0DEE']);
    expect(shown(/^D0ANA$/, id)).toHaveLength(2);
  });
});

describe('between a post and its being stored', () => {
  /** A run that dies there: nothing of it happens any more, its lease is not given back. */
  async function dieAfter(slot: RegExp, id: string): Promise<void> {
    const real = slackAnnouncer(bot.deps.slack);
    let died = () => {};
    const dead = new Promise<void>((resolve) => {
      died = resolve;
    });
    void announceMessage({
      ...bot.deps,
      announcer: {
        ...real,
        post: async (place, message, about) => {
          const posted = await real.post(place, message, about);
          if (!slot.test('slot' in about ? (about.slot ?? '') : '')) return posted;
          died();
          return new Promise(() => {});
        },
      },
    })({ requestId: id });
    await dead;
    bot.advance(61);
  }
  const TWIN = 'may have left a second card';

  test.each([true, false])(
    'a run dies: one card where Slack finds posts again (%s), else the kept one says that there may be two',
    async (findsPostsAgain) => {
      await open({ findsPostsAgain });
      const id = await asks();
      await dieAfter(/^card$/, id);
      await bot.slack.client.slash('U0ANA', '/access', `withdraw ${id}`);
      await bot.announce(id);
      const all = cards(id);
      const kept = all.filter(({ words }) => words.includes('*Withdrawn*'));
      expect(all).toHaveLength(findsPostsAgain ? 1 : 2);
      expect(kept).toHaveLength(1);
      expect(kept[0]?.words.includes(TWIN)).toBe(!findsPostsAgain);
      bot.advance(1);
      await bot.announce(id);
      expect(cards(id)).toHaveLength(all.length);
      expect(cards(id).some(({ words }) => words.includes(TWIN))).toBe(!findsPostsAgain);
    },
  );

  test('an answer is lost: the message comes back and finds its card', async () => {
    await open({ findsPostsAgain: true });
    const id = await asks();
    bot.loseAnswer('chat.postMessage');
    await expect(bot.announce(id)).rejects.toMatchObject({ service: 'slack', retryable: true });
    bot.advance(1);
    await bot.announce(id);
    expect(cards(id)).toHaveLength(1);
    expect(cards(id)[0]?.words).not.toContain(TWIN);
  });

  test.each([/^thread-/, /^receipt$/, /^approver-U0CY$/, /^mend-U0DEE$/])(
    'after %s too, and what is found again is brought up to date',
    async (slot) => {
      const policy = (text: string) =>
        text.replace('channel: C0ACCESS', 'channel: C0ACCESS\n    dm_approvers: true');
      await open({ findsPostsAgain: true, policy });
      if (slot.source.includes('mend')) kick();
      const id = await asks();
      await dieAfter(slot, id);
      await bot.slack.client.slash('U0BO', '/access', `deny ${id} too risky today`);
      await bot.announce(id, id);
      const names = bot.slack.state().messages.map(({ metadata }) => JSON.stringify(metadata));
      const slots = names.map((name) => /"slot":"([^"]+)"/.exec(name)?.[1]);
      expect(new Set(slots).size).toBe(slots.length);
      expect(slots.filter((name) => slot.test(name ?? ''))).toHaveLength(1);
      const log = bot.slack
        .state()
        .messages.filter(({ thread_ts: t, ts }) => t !== undefined && t !== ts);
      if (slot.source.includes('thread'))
        expect(textOf(log.map(({ blocks }) => blocks))).toContain('denied it');
      for (const each of approverCards(id)) expect(each.words).toContain('*Denied*');
    },
  );

  test('a card that somebody deleted is posted anew', async () => {
    await open({ findsPostsAgain: true });
    const id = await asks();
    await bot.announce(id);
    const { ts } = bot.slack.state().messages.find(({ channel }) => channel === CHANNEL) ?? {};
    await fetch(`${bot.deps.slack.apiUrl}chat.delete`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await bot.deps.slack.token()}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ channel: CHANNEL, ts }),
    });
    expect(cards(id)).toEqual([]);
    await bot.announce(id);
    expect(cards(id)).toHaveLength(1);
  });
});

test('however the triggers come (lost, doubled, late), the pictures agree in the end', async () => {
  await open({
    policy: (text) =>
      text.replace('channel: C0ACCESS', 'channel: C0ACCESS\n    dm_approvers: true'),
  });
  const id = await asks();
  await Promise.all([bot.announce(id), bot.announce(id), bot.announce(id)]);
  await approve(bot, id, { person: 'U0BO', duration: '30m' });
  await activate(id);
  await bot.slack.client.slash('U0ANA', '/access', `end ${id}`);
  await Promise.all([bot.announce(id), bot.announce(id)]);
  await bot.announce(id);
  expect(cards(id)).toHaveLength(1);
  for (const { words } of [...cards(id), ...approverCards(id)])
    expect(words).toContain('*Ending…*');
  expect(approverCards(id)).toHaveLength(3);
});

import { announceMessage } from '../../../lambdas/announce/announce-function.ts';
import { slackAnnouncer } from '../../../shared/adapters/slack-announcer.ts';
import { Fault } from '../../../shared/ports.ts';
import { type Bot, openBot } from '../slack/bot.ts';
import { approve, ask, cardOf, draft, lastEphemeral, textOf } from '../slack/story.ts';

let bot: Bot;
beforeEach(async () => {
  bot = await openBot();
});
afterEach(() => bot.close());

const ENSURE = { kind: 'ensure' } as const;
const messages = (channel: RegExp) =>
  bot.slack.state().messages.filter((message) => channel.test(String(message['channel'])));
const thread = (id: string) => {
  const { ts } = cardOf(bot, id);
  return messages(/^C0ACCESS$/).filter(
    (message) => message['thread_ts'] === ts && message['ts'] !== ts,
  );
};
const nowIso = () => bot.deps.clock.now().toISOString();

async function activate(id: string): Promise<void> {
  await approve(bot, id, { person: 'U0BO' });
  await bot.execute({
    type: 'ConfirmActivated',
    requestId: id,
    actor: ENSURE,
    accountId: '4711',
    readBackAt: nowIso(),
  });
  await bot.announce(id);
}
const expire = (id: string) =>
  bot.execute({ type: 'ExpireGrant', requestId: id, actor: { kind: 'timer' } });
const asks = async (text?: string): Promise<string> => {
  const { ts, id } = await draft(bot, text);
  await bot.slack.client.click('U0ANA', { ts }, { actionId: 'submit' });
  return id;
};

test('one card, one thread and one receipt follow the request to its end', async () => {
  const id = await ask(bot);
  await activate(id);
  expect(textOf(cardOf(bot, id).blocks)).toContain('· verified*');
  bot.advance(7200);
  await expire(id);
  await bot.announce(id);
  expect(textOf(cardOf(bot, id).blocks)).toContain('*Ending…* its time is over; not verified yet');
  await bot.execute({
    type: 'ConfirmRemoved',
    requestId: id,
    actor: ENSURE,
    outcome: 'removed',
    readBackAt: nowIso(),
  });
  await bot.announce(id);
  expect(textOf(cardOf(bot, id).blocks)).toContain(
    '*Ended* after 2h: its time is over · verified gone',
  );
  const log = textOf(thread(id).map((message) => message['blocks']));
  for (const line of [
    '<@U0ANA> asked. Rule `prod-deploy` decides',
    '<@U0BO> approved for 2h · code ok',
    'the provider was read and shows the role: active',
    'its time is over: it is being taken away',
    'the provider was read: removed',
  ])
    expect(log).toContain(line);
  const receipts = messages(/^D/);
  expect(receipts).toHaveLength(1);
  expect(textOf(receipts[0]?.['blocks'])).toContain('verified gone');
  expect(bot.slack.refused()).toEqual([]);
});

test('a doubled trigger changes nothing: no second card, line or receipt', async () => {
  const id = await ask(bot);
  const before = bot.slack.state().messages.length;
  await bot.announce(id, id);
  expect(bot.slack.state().messages).toHaveLength(before);
  cardOf(bot, id);
});

test('lost triggers are made up for by the last one', async () => {
  const id = await asks();
  await bot.slack.client.slash('U0BO', '/access', `deny ${id} too risky today`);
  await bot.announce(id);
  expect(textOf(cardOf(bot, id).blocks)).toContain('*Denied* by <@U0BO>');
  expect(textOf(thread(id).map((message) => message['blocks']))).toContain('<@U0BO> denied it');
});

test('two runs at once draw one card: the second comes back later', async () => {
  const id = await asks();
  await Promise.all([bot.announce(id), bot.announce(id)]);
  cardOf(bot, id);
  expect(thread(id)).toHaveLength(1);
  expect(bot.sent).toContainEqual(
    expect.objectContaining({ queue: 'announce', message: { requestId: id } }),
  );
  expect(bot.sent.at(-1)?.delaySeconds).toBeGreaterThan(0);
});

test('a message about what is drawn already is no work; one that says no version draws again', async () => {
  const id = await ask(bot);
  const { version } = await bot.request(id);
  const message = announceMessage({ ...bot.deps, announcer: slackAnnouncer(bot.deps.slack) });
  const callsOf = async (body: object): Promise<number> => {
    const before = bot.calls.length;
    await message(body);
    return bot.calls.length - before;
  };
  expect(await callsOf({ requestId: id, version })).toBe(0);
  expect(await callsOf({ requestId: id })).toBeGreaterThan(0);
  expect(await callsOf({ requestId: id, version: version + 1 })).toBeGreaterThan(0);
});

test('a message about a version that a run died over is work, and so is one that found it busy', async () => {
  const id = await asks();
  const { version } = await bot.request(id);
  const real = slackAnnouncer(bot.deps.slack);
  let during: Promise<void> | undefined;
  const message = announceMessage({ ...bot.deps, announcer: real });
  const failing = announceMessage({
    ...bot.deps,
    announcer: {
      ...real,
      post: async () => {
        during = message({ requestId: id, version });
        await during;
        throw new Fault('Slack did not answer.', { service: 'slack', retryable: true });
      },
    },
  });
  await expect(failing({ requestId: id, version })).rejects.toThrow('Slack did not answer');
  const again = { queue: 'announce', message: { requestId: id, version } };
  expect(bot.sent.at(-1)).toMatchObject(again);
  await message({ requestId: id, version });
  expect(cardOf(bot, id)).toBeDefined();
});

test('a run that died leaves a lease that runs out', async () => {
  const id = await ask(bot);
  const base = await bot.journal.read('card', id);
  if (!base.value) throw new Error('No card record');
  const until = new Date(bot.deps.clock.now().getTime() + 60_000).toISOString();
  const lease = { token: 99, until };
  const { put } = await import('../../../shared/ports.ts');
  await bot.journal.commit([put(base, { ...base.value, lease, fence: 99 })], bot.deps.clock.now());
  await bot.slack.client.slash('U0ANA', '/access', `withdraw ${id}`);
  await bot.announce(id);
  expect(textOf(cardOf(bot, id).blocks)).toContain('Waiting for approval');
  bot.advance(61);
  await bot.announce(id);
  expect(textOf(cardOf(bot, id).blocks)).toContain('*Withdrawn*');
});

test('a run that was overtaken while Slack took its time comes again: what it drew late does not stay', async () => {
  const id = await ask(bot);
  await approve(bot, id, { person: 'U0BO' });
  const real = slackAnnouncer(bot.deps.slack);
  let slow = true;
  const late = announceMessage({
    ...bot.deps,
    announcer: {
      ...real,
      update: async (place, message) => {
        if (slow) {
          slow = false;
          bot.advance(61);
          await bot.slack.client.slash('U0ANA', '/access', `end ${id}`);
          await bot.announce(id);
        }
        return real.update(place, message);
      },
    },
  });
  await expect(late({ requestId: id })).rejects.toMatchObject({ retryable: true });
  await bot.announce(id);
  expect((await bot.request(id)).status).toBe('removing');
  expect(textOf(cardOf(bot, id).blocks)).toContain('*Ending');
  expect((await bot.journal.read('card', id)).value?.lease).toBeNull();
});

test('access past its end is said in the channel once, with the minutes kept true', async () => {
  const id = await ask(bot);
  await activate(id);
  bot.advance(7200);
  await expire(id);
  bot.advance(4 * 60);
  await bot.announce(id);
  expect(textOf(cardOf(bot, id).blocks)).toContain('*STILL HAS ACCESS*, 4 min past its end');
  bot.advance(60);
  await bot.announce(id);
  expect(textOf(cardOf(bot, id).blocks)).toContain('*STILL HAS ACCESS*, 5 min past its end');
  expect(
    bot.slack.state().messages.filter((each) => each['subtype'] === 'thread_broadcast'),
  ).toHaveLength(1);
});

test('a silent Slack brings the message back, and the next try draws it', async () => {
  const id = await asks();
  bot.silence('slack');
  await expect(bot.announce(id)).rejects.toMatchObject({ service: 'slack', retryable: true });
  bot.silence(null);
  await bot.announce(id);
  expect(textOf(cardOf(bot, id).blocks)).toContain('Waiting for approval');
});

test('an unknown request is no work', async () => {
  await bot.announce('AR-000000');
  expect(bot.slack.state().messages).toEqual([]);
});

test.each([
  ['a channel without the bot', 'C0PRIVATE'],
  ['an archived channel', 'C0OLD'],
  ['a private channel it cannot see', 'C0SECRET'],
])('%s: approvers are asked directly, the requester learns how to mend it', async (_, channel) => {
  await bot.close();
  bot = await openBot({ policy: (text) => text.replaceAll('C0ACCESS', channel) });
  const id = await asks();
  await bot.announce(id, id);
  const direct = messages(/^D/);
  const buttons = direct.filter((message) =>
    JSON.stringify(message).includes('"action_id":"approve"'),
  );
  expect(buttons).toHaveLength(3);
  const mend = direct.filter((message) => textOf(message['blocks']).includes('has no card in'));
  expect(mend.map((message) => message['channel'])).toEqual(['D0ANA', 'D0DEE']);
  const [one] = buttons;
  await bot.slack.client.click('U0BO', { ts: String(one?.['ts']) }, { actionId: 'approve' });
  const view = bot.slack.state().views.find(({ user }) => user === 'U0BO');
  await bot.slack.client.submit('U0BO', String(view?.id), { code: bot.code('U0BO') });
  expect(await bot.request(id)).toMatchObject({ status: 'activating' });
});

test('a requester who left keeps no card from being drawn', async () => {
  const id = await asks();
  bot.slack.directory.changePerson('U0ANA', { deleted: true });
  await bot.announce(id);
  expect(textOf(cardOf(bot, id).blocks)).toContain('Waiting for approval');
  expect(lastEphemeral(bot, 'U0ANA').text).toContain(id);
});

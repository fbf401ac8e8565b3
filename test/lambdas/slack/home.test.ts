import { blockActions, eventCallback } from '../../../local/slack/payloads.ts';
import { LOCAL } from '../../../local/slack/workspace.ts';
import { absent, Fault, put } from '../../../shared/ports.ts';
import { type Bot, openBot } from './bot.ts';
import { ask, cardOf, draft, eventsOf, modalOf, textOf } from './story.ts';

let bot: Bot;
beforeEach(async () => {
  bot = await openBot();
});
afterEach(() => bot.close());

const home = (who: string) => {
  const view = bot.slack.state().homes[who];
  if (!view) throw new Error(`${who} has no Home`);
  return view;
};
const openHome = async (who: string): Promise<string> => {
  await bot.slack.client.openHome(who);
  await bot.drawHomes();
  return textOf(home(who).blocks);
};
const press = (who: string, actionId: string, blockId: string, value?: string) =>
  bot.slack.client.click(
    who,
    { home: true },
    { actionId, blockId, ...(value === undefined ? {} : { value }) },
  );
const told = (who: string) => textOf(modalOf(bot, who).blocks);
const directTo = (who: string) =>
  bot.slack
    .state()
    .messages.filter(({ channel }) => channel === bot.slack.directory.openDm(who).id);
const jobs = () => bot.sent.filter(({ message }) => 'home' in message);
const sender = (id: string) => ({
  ...LOCAL,
  token: 'deprecated-verification-token',
  user: { id, name: id.toLowerCase() },
});
const homeEvent = (event: object) =>
  eventCallback(
    sender('U0BO'),
    { type: 'app_home_opened', channel: 'D0X', event_ts: '1.1', ...event },
    { eventId: `Ev${Math.random()}`, at: bot.deps.clock.now() },
  ).body;
const json = { contentType: 'application/json' };

describe('opening the Home', () => {
  test('asks announce for it with the hash of what Slack shows, and asks Slack nothing meanwhile', async () => {
    const before = bot.calls.length;
    expect((await bot.slack.client.openHome('U0BO')).answer).toMatchObject({ statusCode: 200 });
    expect(bot.sent).toEqual([
      { queue: 'announce', message: { home: 'U0BO', why: 'opened', seen: null }, delaySeconds: 0 },
    ]);
    expect(bot.calls).toHaveLength(before);
    await bot.drawHomes();
    const { hash } = home('U0BO');
    await bot.slack.client.openHome('U0BO');
    expect(jobs()).toMatchObject([{ message: { seen: hash } }]);
    await bot.drawHomes();
    expect(home('U0BO').hash).toBe(hash);
    expect(bot.slack.refused()).toEqual([]);
  });

  test.each([
    ['the messages tab', { user: 'U0BO', tab: 'messages' }],
    ['an event without a person', { tab: 'home' }],
    ['an event whose person is none', { user: '<script>', tab: 'home' }],
    ['an event with a hash that is none', { user: 'U0BO', tab: 'home', view: { hash: 7 } }],
  ])('%s draws nothing and is answered', async (_, event) => {
    expect((await bot.deliver(homeEvent(event), json)).statusCode).toBe(200);
    expect(bot.sent).toEqual([]);
  });

  test('a queue that does not answer is no success: Slack sends the event again', async () => {
    const { send } = bot.deps.queues;
    bot.deps.queues.send = async () => {
      throw new Fault('SQS is away', { service: 'queues', retryable: true });
    };
    const body = homeEvent({ user: 'U0BO', tab: 'home' });
    expect((await bot.deliver(body, json)).statusCode).toBe(500);
    bot.deps.queues.send = send;
    expect((await bot.deliver(body, { ...json, retry: '1' })).statusCode).toBe(200);
    expect(jobs()).toHaveLength(1);
  });

  test('is answered only after it was asked for: nothing runs after the answer', async () => {
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const { send } = bot.deps.queues;
    bot.deps.queues.send = async (...args) => {
      await gate;
      return send(...args);
    };
    let answered = false;
    const answer = bot.deliver(homeEvent({ user: 'U0BO', tab: 'home' }), json).then((given) => {
      answered = true;
      return given;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toBe(false);
    open();
    expect((await answer).statusCode).toBe(200);
    expect(jobs()).toHaveLength(1);
  });

  test.each([
    ['U0EVE', /not listed/],
    ['U0GUEST', /not listed/],
  ])('%s, who is not in the policy, finds whom to ask and no button', async (who, words) => {
    expect(await openHome(who)).toMatch(words);
    expect(JSON.stringify(home(who).blocks)).not.toContain('action_id');
  });

  test('a guest whom the policy lists finds out why nothing is there', async () => {
    bot.slack.directory.changePerson('U0BO', { isRestricted: true });
    expect(await openHome('U0BO')).toMatch(/not-a-full-member/);
  });
});

describe('pressed on the Home, where there is no message to answer under', () => {
  let id: string;
  beforeEach(async () => {
    for (const who of ['U0ANA', 'U0BO']) await openHome(who);
    id = await ask(bot);
    await bot.drawHomes();
  });

  test('Approve opens the form, and its code approves', async () => {
    await press('U0BO', 'approve', `home-decide-${id}`);
    const { id: view } = modalOf(bot, 'U0BO');
    await bot.slack.client.submit('U0BO', view, { code: bot.code('U0BO') });
    expect(await eventsOf(bot, id)).toContain('GrantAuthorized');
    await bot.announce(id);
    await bot.drawHomes();
    expect(JSON.stringify(home('U0BO').blocks)).not.toContain('"action_id":"approve"');
    expect(textOf(home('U0ANA').blocks)).toContain('granting…');
  });

  test('Deny opens the form that asks why', async () => {
    await press('U0BO', 'deny', `home-decide-${id}`);
    await bot.slack.client.submit('U0BO', modalOf(bot, 'U0BO').id, { reason: 'not today' });
    expect(await bot.request(id)).toMatchObject({ status: 'denied' });
  });

  test('Withdraw and End now say over the Home what became of it, and send no direct message', async () => {
    const before = directTo('U0ANA').length;
    await press('U0ANA', 'withdraw', `home-mine-${id}`);
    expect(told('U0ANA')).toContain('*Withdrawn* by <@U0ANA>');
    const other = await ask(bot);
    await bot.slack.client.slash('U0BO', '/access', `approve ${other}`);
    await bot.slack.client.submit('U0BO', modalOf(bot, 'U0BO').id, { code: bot.code('U0BO') });
    await bot.execute({
      type: 'ConfirmActivated',
      requestId: other,
      actor: { kind: 'ensure' },
      accountId: '4711',
      readBackAt: bot.deps.clock.now().toISOString(),
    });
    await openHome('U0ANA');
    await press('U0ANA', 'end', `home-grant-${other}`);
    expect(told('U0ANA')).toContain('*Ending…*');
    // The receipts of the two requests are announce's; the answers added none.
    await bot.announce(id, other);
    expect(directTo('U0ANA').length).toBe(before + 1);
  });

  test('a button that is late says who was faster, over the Home, and has nobody decide twice', async () => {
    await bot.slack.client.slash('U0CY', '/access', `deny ${id} no`);
    await press('U0BO', 'approve', `home-decide-${id}`);
    expect(told('U0BO')).toContain('already denied');
    expect((await eventsOf(bot, id)).filter((each) => each.startsWith('Request'))).toEqual([
      'RequestDenied',
    ]);
  });

  test('without an authenticator the answer holds the button that sets one up', async () => {
    await bot.close();
    bot = await openBot({ enrolled: [] });
    await openHome('U0BO');
    expect(textOf(home('U0BO').blocks)).toContain('You have none yet');
    const asked = await ask(bot);
    await bot.drawHomes();
    await press('U0BO', 'approve', `home-decide-${asked}`);
    expect(told('U0BO')).toContain('not-enrolled');
    const { id: view } = modalOf(bot, 'U0BO');
    await bot.slack.client.click('U0BO', { viewId: view }, { actionId: 'enroll' });
    expect(told('U0BO')).toContain('Open your page');
  });

  test('Request access opens an empty form, Request again one that is filled in as before', async () => {
    await press('U0ANA', 'ask', 'home-ask');
    expect(JSON.stringify(modalOf(bot, 'U0ANA'))).not.toContain('INC-123');
    await press('U0ANA', 'withdraw', `home-mine-${id}`);
    await bot.announce(id);
    await bot.drawHomes();
    await press('U0ANA', 'ask-again', `home-recent-${id}`);
    const form = JSON.stringify(modalOf(bot, 'U0ANA'));
    for (const part of ['github:acme/deployers', 'member', 'INC-123 rollback of the release'])
      expect(form).toContain(part);
  });

  test('of a Home that was drawn before a pause: what it opens says so before anything is typed, and each press is answered', async () => {
    const by = { kind: 'person', id: 'U0DEE' } as const;
    const at = bot.deps.clock.now();
    const pause = { paused: true, by, at: at.toISOString() };
    await bot.journal.commit([put(absent('pause', 'github'), pause)], at);
    await press('U0ANA', 'ask', 'home-ask');
    expect(told('U0ANA')).toContain('*New access is paused* for `github`');
    expect(told('U0ANA')).toContain('by <@U0DEE>');
    await press('U0BO', 'approve', `home-decide-${id}`);
    expect(told('U0BO')).toContain('grants-paused');
    expect(await bot.request(id)).toMatchObject({ status: 'pending' });
    await press('U0ANA', 'withdraw', `home-mine-${id}`);
    expect(await bot.request(id)).toMatchObject({ status: 'withdrawn' });
  });

  test('nobody gets what somebody else asked for, nor learns that it exists', async () => {
    const clicked = async (value: string) => {
      const place = { container: { type: 'view' }, view: { ...home('U0BO') } };
      const actions = [{ type: 'button', action_id: 'ask-again', block_id: 'x', value }];
      await bot.deliver(blockActions(sender('U0BO'), place, { actions, triggerId: value }).body);
      return textOf(directTo('U0BO').at(-1)?.['blocks']);
    };
    const said = await clicked(JSON.stringify({ id, v: 1 }));
    expect(said).toContain('unknown-request');
    expect(await clicked(JSON.stringify({ id: 'AR-000000', v: 1 }))).toBe(said);
    expect(await clicked('junk')).toContain('action-unreadable');
  });

  test('Set up and Replace open the enrolment', async () => {
    await press('U0BO', 'enroll', 'home-authenticator');
    expect(modalOf(bot, 'U0BO').callback_id).toBe('enroll-replace');
  });

  test('a trigger that is spent leaves the direct message', async () => {
    const place = { container: { type: 'view' }, view: { ...home('U0ANA') } };
    const actions = [
      { type: 'button', action_id: 'withdraw', block_id: 'x', value: JSON.stringify({ id, v: 1 }) },
    ];
    const { body } = blockActions(sender('U0ANA'), place, { actions, triggerId: 'spent' });
    expect((await bot.deliver(body)).statusCode).toBe(200);
    expect(await bot.request(id)).toMatchObject({ status: 'withdrawn' });
    expect(textOf(directTo('U0ANA').at(-1))).toContain('*Withdrawn*');
  });

  test('turning a page carries the section and the page, and a forged one is told apart', async () => {
    const next = JSON.stringify({ section: 'recent', page: 1 });
    const click = async (value: string) => {
      const place = { container: { type: 'view' }, view: { ...home('U0ANA') } };
      const actions = [{ type: 'button', action_id: 'home-next', block_id: 'x', value }];
      const triggerId = `t${value}`;
      const { body } = blockActions(sender('U0ANA'), place, { actions, triggerId });
      return bot.deliver(body);
    };
    expect((await click(next)).statusCode).toBe(200);
    expect(jobs()).toMatchObject([
      { message: { home: 'U0ANA', why: 'page', lens: { section: 'recent', page: 1 } } },
    ]);
    for (const forged of [
      '{"section":"secrets","page":1}',
      '{"section":"recent","page":-1}',
      `{"section":"recent","page":1,"home":"U0BO"}`,
      'no json',
    ]) {
      expect((await click(forged)).statusCode).toBe(200);
      expect(textOf(directTo('U0ANA').at(-1))).toContain('action-unreadable');
    }
    expect(jobs()).toHaveLength(1);
  });
});

describe('announce', () => {
  const ASKED = { queue: 'announce', message: { home: 'U0BO', why: 'changed' }, delaySeconds: 0 };

  test('draws the card even when no Home can be asked for, and the message comes again', async () => {
    await openHome('U0BO');
    const { ts, id } = await draft(bot);
    await bot.slack.client.click('U0ANA', { ts }, { actionId: 'submit' });
    const { send } = bot.deps.queues;
    bot.deps.queues.send = async () => {
      throw new Fault('SQS is away', { service: 'queues', retryable: true });
    };
    await expect(bot.announce(id)).rejects.toMatchObject({ service: 'queues' });
    expect(textOf(cardOf(bot, id).blocks)).toContain('Waiting for approval');
    bot.deps.queues.send = send;
    await bot.announce(id);
    expect(bot.sent).toContainEqual(ASKED);
  });

  test('asks for Homes even when the card cannot be drawn', async () => {
    await openHome('U0BO');
    const { ts, id } = await draft(bot);
    await bot.slack.client.click('U0ANA', { ts }, { actionId: 'submit' });
    bot.silence('slack');
    await expect(bot.announce(id)).rejects.toMatchObject({ service: 'slack' });
    bot.silence(null);
    expect(bot.sent).toContainEqual(ASKED);
  });

  test.each([
    { home: 'U0BO' },
    { home: 'nobody', why: 'changed' },
    { home: 'U0BO', why: 'opened' },
  ])('a job that is none is refused: %j', async (message) => {
    bot.sent.push({ queue: 'announce', message, delaySeconds: 0 });
    await expect(bot.drawHomes()).rejects.toThrow();
  });
});

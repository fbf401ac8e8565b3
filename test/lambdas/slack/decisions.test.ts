import * as z from 'zod';
import { type Bot, openBot } from './bot.ts';
import {
  approve,
  ask,
  buttonsIn,
  cardOf,
  clickCard,
  draft,
  eventsOf,
  lastEphemeral,
  modalOf,
  refusalsToday,
  textOf,
} from './story.ts';

let bot: Bot;
beforeEach(async () => {
  bot = await openBot();
});
afterEach(async () => {
  expect(bot.slack.refused()).toEqual([]);
  await bot.close();
});

test('a one-liner becomes a confirm card and nothing else', async () => {
  const { id } = await draft(bot);
  const shown = textOf(lastEphemeral(bot, 'U0ANA').blocks);
  expect(shown).toContain('<@U0ANA> asks for `member` on `github:acme/deployers` for *2h*');
  expect(shown).toContain('INC-123 rollback of the release');
  expect(shown).toContain('Any 1 of @release-manager · code needed');
  expect(shown).toContain('<!date^1795345200^');
  expect(shown).toContain('<@U0BO> <@U0CY> <@U0DEE>');
  expect(await bot.journal.history('request', id)).toEqual([]);
  expect(bot.slack.state().messages).toEqual([]);
});

test('submitting asks, the card mentions the approvers, the requester gets a receipt', async () => {
  const id = await ask(bot);
  expect(await bot.request(id)).toMatchObject({
    status: 'pending',
    requester: 'U0ANA',
    version: 2,
  });
  const card = cardOf(bot, id);
  expect(textOf(card.blocks)).toContain('<@U0BO> <@U0CY> <@U0DEE>: please decide.');
  expect(buttonsIn(card.blocks)).toEqual([
    { action: 'approve', id, v: 2 },
    { action: 'deny', id, v: 2 },
  ]);
  expect(textOf(lastEphemeral(bot, 'U0ANA').blocks)).toContain('*Waiting for approval*');
  const dm = bot.slack.state().messages.find((each) => String(each['channel']).startsWith('D'));
  expect(textOf(dm?.['blocks'])).toContain('Withdraw');
  const { value } = await bot.journal.read('text', `${id}#justification`);
  expect(value?.text).toBe('INC-123 rollback of the release');
});

test('an approver approves with a code: the grant is authorized, and the card never says granted', async () => {
  const id = await ask(bot);
  await approve(bot, id, { person: 'U0BO' });
  expect(await eventsOf(bot, id)).toEqual([
    'AccessRequested',
    'EscalationPlanned',
    'RequestApproved',
    'GrantAuthorized',
  ]);
  expect(await bot.request(id)).toMatchObject({ status: 'activating', grantSeconds: 7200 });
  expect(textOf(modalOf(bot, 'U0BO').blocks)).toContain('Granting…');
  await bot.announce(id);
  const card = textOf(cardOf(bot, id).blocks);
  expect(card).toContain('*Granting…* approved by <@U0BO>');
  expect(card).not.toMatch(/granted|verified/i);
});

test('the form repeats what the store says, not what the message says', async () => {
  const id = await ask(bot);
  const { ts } = cardOf(bot, id);
  const forged = JSON.stringify({ id, v: 1, role: 'owner', durationSeconds: 60 });
  await bot.slack.client.click('U0BO', { ts }, { actionId: 'approve', value: forged });
  const view = modalOf(bot, 'U0BO');
  expect(textOf(view.blocks)).toContain('`member` on `github:acme/deployers` for *2h*');
  expect(textOf(view.blocks)).toContain('INC-123 rollback of the release');
  const { contentHash } = await bot.request(id);
  expect(JSON.parse(String(view.private_metadata))).toEqual({ id, v: 2, contentHash });
});

test('an approver may approve for less: card, thread and receipt say of how much', async () => {
  const id = await ask(bot);
  await clickCard(bot, id, { person: 'U0BO', action: 'approve' });
  expect(durationsOffered('U0BO')).toEqual(['2h', '1h', '30m', '15m', '10m', '5m', '2m']);
  await approve(bot, id, { person: 'U0BO', duration: '30m' });
  expect(await bot.request(id)).toMatchObject({ status: 'activating', grantSeconds: 1800 });
  await bot.announce(id);
  const said = bot.slack.state().messages.map((message) => textOf(message['blocks']));
  const [card, thread] = [textOf(cardOf(bot, id).blocks), said.join()];
  expect(card).toContain('*Granting…* approved by <@U0BO> for 30m of the 2h asked');
  expect(thread).toContain('<@U0BO> approved for 30m of the 2h asked · code ok');
  expect(thread).toContain('enough approvals: access for 30m of the 2h asked is being set up');
});

const durationsOffered = (person: string): string[] => {
  const block = modalOf(bot, person).blocks.find((each) => each['block_id'] === 'duration');
  const Options = z.object({ options: z.array(z.object({ value: z.string() })) });
  return Options.parse(block?.['element']).options.map(({ value }) => value);
};

/** Sends the open form as no client would: with a time that it does not offer. */
async function sendForged(id: string, duration: object, person = 'U0BO') {
  await clickCard(bot, id, { person, action: 'approve' });
  const view = modalOf(bot, person);
  const values = {
    code: { code: { type: 'plain_text_input', value: bot.code(person) } },
    duration: { duration },
  };
  const body = {
    type: 'view_submission',
    team: { id: 'T0LOCAL' },
    api_app_id: 'A0LOCAL',
    user: { id: person },
    trigger_id: '1.forged',
    view: { ...view, state: { values } },
  };
  return bot.deliver(new URLSearchParams({ payload: JSON.stringify(body) }).toString());
}
const option = (value: string) => ({
  type: 'static_select',
  selected_option: { text: { type: 'plain_text', text: value }, value },
});

test.each([
  ['3h', 'duration-not-shorter'],
  ['365d', 'duration-not-shorter'],
  ['-1h', 'bad-duration'],
  ['2h; drop', 'bad-duration'],
  ['0m', 'bad-duration'],
])(
  'a forged time of %s is a line under the field, decides nothing and spends no code',
  async (forged, code) => {
    const id = await ask(bot);
    const answer = await sendForged(id, option(forged));
    expect(JSON.parse(answer.body)).toEqual({
      response_action: 'errors',
      errors: { duration: expect.stringContaining(`(${code})`) },
    });
    expect(await bot.request(id)).toMatchObject({ status: 'pending', version: 2 });
    await approve(bot, id, { person: 'U0BO' });
    expect(await bot.request(id)).toMatchObject({ status: 'activating', grantSeconds: 7200 });
  },
);

test('of two approvers the shorter time counts, whoever gave it', async () => {
  const { ts, id } = await draft(bot, 'github:acme/jit-prod member 1h INC-125 look at the pods');
  await bot.slack.client.click('U0ANA', { ts }, { actionId: 'submit' });
  await bot.slack.client.submit('U0ANA', modalOf(bot, 'U0ANA').id, { code: bot.code('U0ANA') });
  await bot.announce(id);
  await approve(bot, id, { person: 'U0BO', duration: '15m' });
  await bot.announce(id);
  expect(textOf(cardOf(bot, id).blocks)).toContain('1 of 2 for 15m of the 1h asked');
  await clickCard(bot, id, { person: 'U0CY', action: 'approve' });
  expect(textOf(modalOf(bot, 'U0CY').blocks)).toContain(
    'Approved so far: <@U0BO> for 15m. The shortest time is given.',
  );
  await approve(bot, id, { person: 'U0CY', duration: '1h' });
  expect(await bot.request(id)).toMatchObject({ status: 'activating', grantSeconds: 900 });
});

test('a wrong code is a line under the field without a count, and decides nothing', async () => {
  const id = await ask(bot);
  await approve(bot, id, { person: 'U0BO', code: '000000' });
  const line = modalOf(bot, 'U0BO').errors['code'] ?? '';
  expect(line).toContain('(code-refused)');
  expect(line.replace(/\(code-refused\)/, '')).not.toMatch(/[0-9]/);
  expect(await bot.request(id)).toMatchObject({ status: 'pending', version: 2 });
});

test('a code approves one request: used again it asks to wait for the next', async () => {
  const first = await ask(bot);
  const second = await ask(bot, 'github:acme/release member 1h INC-124 the second one');
  const code = bot.code('U0BO');
  await approve(bot, first, { person: 'U0BO', code });
  await approve(bot, second, { person: 'U0BO', code });
  expect(modalOf(bot, 'U0BO').errors['code']).toContain('Wait for the next code');
  expect(await bot.request(second)).toMatchObject({ status: 'pending' });
  bot.advance(30);
  const again = modalOf(bot, 'U0BO').id;
  await bot.slack.client.submit('U0BO', again, { code: bot.code('U0BO') });
  expect(await bot.request(second)).toMatchObject({ status: 'activating' });
});

test('five wrong codes lock: the right one is then refused with the same words, until the lock ends', async () => {
  const id = await ask(bot);
  await clickCard(bot, id, { person: 'U0BO', action: 'approve' });
  const { id: view } = modalOf(bot, 'U0BO');
  const lines: string[] = [];
  for (const code of ['000000', '000001', '000002', '000003', '000004', bot.code('U0BO')]) {
    await bot.slack.client.submit('U0BO', view, { code });
    lines.push(modalOf(bot, 'U0BO').errors['code'] ?? '');
  }
  expect(new Set(lines).size).toBe(1);
  expect(await bot.request(id)).toMatchObject({ status: 'pending' });
  bot.advance(15 * 60);
  await bot.slack.client.submit('U0BO', view, { code: bot.code('U0BO') });
  expect(await bot.request(id)).toMatchObject({ status: 'activating' });
});

test('denying asks why, ends the request and shows the reason', async () => {
  const id = await ask(bot);
  await clickCard(bot, id, { person: 'U0CY', action: 'deny' });
  const { id: view } = modalOf(bot, 'U0CY');
  await bot.slack.client.submit('U0CY', view, { reason: 'Not before the freeze ends' });
  expect(await bot.request(id)).toMatchObject({ status: 'denied', closedBy: { id: 'U0CY' } });
  await bot.announce(id);
  const card = textOf(cardOf(bot, id).blocks);
  expect(card).toContain('*Denied* by <@U0CY>');
  expect(card).toContain('Not before the freeze ends');
  expect(buttonsIn(cardOf(bot, id).blocks)).toEqual([]);
});

test('a credential in the reason of a denial is taken out before it is kept, and who typed it is told', async () => {
  const id = await ask(bot);
  const token = `ghp_${'aB3x'.repeat(9)}`;
  await bot.slack.client.slash('U0BO', '/access', `deny ${id} your ${token} is in the ticket`);
  expect(textOf(lastEphemeral(bot, 'U0BO').blocks)).toContain('treat it as leaked');
  await bot.announce(id);
  expect(textOf(cardOf(bot, id).blocks)).toContain('is in the ticket');
  expect(JSON.stringify(bot.slack.state())).not.toContain(token);
});

test('the requester withdraws by the button of the receipt', async () => {
  const id = await ask(bot);
  const { ts } = lastEphemeral(bot, 'U0ANA');
  await bot.slack.client.click('U0ANA', { ts }, { actionId: 'withdraw' });
  expect(await bot.request(id)).toMatchObject({ status: 'withdrawn' });
  await bot.announce(id);
  expect(textOf(cardOf(bot, id).blocks)).toContain('*Withdrawn* by <@U0ANA>');
});

test('nobody approves their own request, and the attempt is on record', async () => {
  const id = await ask(bot, undefined, 'U0BO');
  await clickCard(bot, id, { person: 'U0BO', action: 'approve' });
  expect(textOf(lastEphemeral(bot, 'U0BO').blocks)).toContain('self-approval');
  expect(bot.slack.state().views).toEqual([]);
  expect(await refusalsToday(bot)).toEqual(['self-approval']);
});

test('a stranger and a colleague without the role are refused in words', async () => {
  const id = await ask(bot);
  await clickCard(bot, id, { person: 'U0STRANGE', action: 'approve' });
  expect(textOf(lastEphemeral(bot, 'U0STRANGE').blocks)).toContain('unknown-person');
  await clickCard(bot, id, { person: 'U0EVE', action: 'deny' });
  expect(textOf(lastEphemeral(bot, 'U0EVE').blocks)).toContain('unknown-person');
  expect(await bot.request(id)).toMatchObject({ status: 'pending', version: 2 });
});

test('somebody who became a guest since is refused', async () => {
  const id = await ask(bot);
  bot.advance(61);
  bot.slack.directory.changePerson('U0BO', { isRestricted: true });
  await clickCard(bot, id, { person: 'U0BO', action: 'approve' });
  expect(textOf(lastEphemeral(bot, 'U0BO').blocks)).toContain('not-a-full-member');
});

test('a stale click says who was faster and when, and repairs the card', async () => {
  const id = await ask(bot);
  const { ts } = cardOf(bot, id);
  await bot.slack.client.slash('U0BO', '/access', `deny ${id} too risky today`);
  bot.advance(180);
  await bot.slack.client.click('U0CY', { ts }, { actionId: 'approve' });
  const words = textOf(lastEphemeral(bot, 'U0CY').blocks);
  expect(words).toContain('already denied');
  expect(words).toContain('by <@U0BO>, 3 min ago');
  expect(bot.sent).toContainEqual(
    expect.objectContaining({ queue: 'announce', message: { requestId: id } }),
  );
  await bot.announce(id);
  expect(buttonsIn(cardOf(bot, id).blocks)).toEqual([]);
});

test('a double click on submit asks once', async () => {
  const { ts, id } = await draft(bot);
  const click = () => bot.slack.client.click('U0ANA', { ts }, { actionId: 'submit' });
  await Promise.all([click(), click()]);
  expect(await eventsOf(bot, id)).toEqual(['AccessRequested', 'EscalationPlanned']);
  expect(textOf(lastEphemeral(bot, 'U0ANA').blocks)).toContain('*Waiting for approval*');
});

test('two approvers at once: one grant, and the other learns who was faster', async () => {
  const id = await ask(bot);
  for (const person of ['U0BO', 'U0CY']) await clickCard(bot, id, { person, action: 'approve' });
  await Promise.all(
    ['U0BO', 'U0CY'].map((person) =>
      bot.slack.client.submit(person, modalOf(bot, person).id, { code: bot.code(person) }),
    ),
  );
  expect(await eventsOf(bot, id)).toEqual([
    'AccessRequested',
    'EscalationPlanned',
    'RequestApproved',
    'GrantAuthorized',
  ]);
  const words = ['U0BO', 'U0CY'].map((person) => textOf(modalOf(bot, person).blocks)).join();
  expect(words).toContain('Granting…');
  expect(words).toContain('already approved');
});

test('the same submission twice, byte for byte, has one effect and one answer', async () => {
  const id = await ask(bot);
  await clickCard(bot, id, { person: 'U0BO', action: 'approve' });
  const view = modalOf(bot, 'U0BO');
  const { body } = await bot.slack.client.submit('U0BO', view.id, { code: bot.code('U0BO') });
  const before = await bot.journal.eventsOn('2026-11-22', 100);
  const answers = await Promise.all([bot.deliver(body), bot.deliver(body), bot.deliver(body)]);
  expect(new Set(answers.map(({ body: answer }) => answer)).size).toBe(1);
  expect(answers[0]?.body).toContain('Granting…');
  expect(await bot.journal.eventsOn('2026-11-22', 100)).toEqual(before);
});

test('a redelivery with a new signature has no second effect and the answer of the first', async () => {
  const id = await ask(bot);
  await clickCard(bot, id, { person: 'U0BO', action: 'approve' });
  const view = modalOf(bot, 'U0BO');
  const { body } = await bot.slack.client.submit('U0BO', view.id, { code: bot.code('U0BO') });
  bot.advance(20);
  const answer = await bot.deliver(body, { retry: '1' });
  expect(answer.statusCode).toBe(200);
  expect(answer.body).toContain('Granting…');
  expect(await eventsOf(bot, id)).toHaveLength(4);
});

test('a command delivered twice keeps one draft', async () => {
  const { body } = await bot.slack.client.slash(
    'U0ANA',
    '/request-access',
    'github:acme/release 1h INC-9 because of it',
  );
  const first = buttonsIn(lastEphemeral(bot, 'U0ANA').blocks)[0]?.id;
  bot.advance(5);
  const again = await bot.deliver(body, { retry: '1' });
  expect(again.body).toContain(String(first));
});

test('a form whose content changed meanwhile is refused and shown anew', async () => {
  const id = await ask(bot);
  await clickCard(bot, id, { person: 'U0BO', action: 'approve' });
  const view = modalOf(bot, 'U0BO');
  const metadata = { id, v: 1, contentHash: 'f'.repeat(64) };
  const body = {
    type: 'view_submission',
    team: { id: 'T0LOCAL' },
    api_app_id: 'A0LOCAL',
    user: { id: 'U0BO' },
    trigger_id: '1.forged',
    view: {
      ...view,
      private_metadata: JSON.stringify(metadata),
      state: { values: { code: { code: { type: 'plain_text_input', value: bot.code('U0BO') } } } },
    },
  };
  const answer = await bot.deliver(
    new URLSearchParams({ payload: JSON.stringify(body) }).toString(),
  );
  expect(answer.body).toContain('content-changed');
  expect(await bot.request(id)).toMatchObject({ status: 'pending' });
  // The code was not spent on what could not be decided.
  await bot.slack.client.submit('U0BO', view.id, { code: bot.code('U0BO') });
  expect(await bot.request(id)).toMatchObject({ status: 'activating' });
});

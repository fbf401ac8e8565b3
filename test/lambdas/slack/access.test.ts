import { notePolicyNotLoaded } from '../../../shared/application/policy-not-loaded.ts';
import { type Bot, openBot } from './bot.ts';
import {
  approve,
  ask,
  buttonsIn,
  draft,
  eventsOf,
  lastEphemeral,
  modalOf,
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

async function access(person: string, text: string): Promise<string> {
  await bot.slack.client.slash(person, '/access', text);
  return textOf(lastEphemeral(bot, person).blocks);
}
async function activate(id: string): Promise<void> {
  const readBackAt = bot.deps.clock.now().toISOString();
  const actor = { kind: 'ensure' } as const;
  await bot.execute({
    type: 'ConfirmActivated',
    requestId: id,
    actor,
    accountId: '4711',
    readBackAt,
  });
}

test('mine lists what I asked for, with what I can do about it', async () => {
  const id = await ask(bot);
  expect(await access('U0ANA', 'mine')).toContain(`*${id}* · waiting for approval`);
  expect(buttonsIn(lastEphemeral(bot, 'U0ANA').blocks)).toEqual([{ action: 'withdraw', id, v: 2 }]);
  expect(await access('U0BO', 'mine')).toContain('You have not asked for anything yet.');
});

test('pending lists only what this person may decide', async () => {
  const id = await ask(bot);
  expect(await access('U0BO', 'pending')).toContain(id);
  expect(buttonsIn(lastEphemeral(bot, 'U0BO').blocks).map(({ action }) => action)).toEqual([
    'approve',
    'deny',
  ]);
  expect(await access('U0ANA', 'pending')).toContain('Nothing waits for your decision.');
});

test('approve opens the form', async () => {
  const id = await ask(bot);
  await bot.slack.client.slash('U0BO', '/access', `approve ${id.toLowerCase()}`);
  await bot.slack.client.submit('U0BO', modalOf(bot, 'U0BO').id, { code: bot.code('U0BO') });
  expect(await bot.request(id)).toMatchObject({ status: 'activating' });
});

test.each([
  ['deny', 'reason-missing'],
  ['approve', 'id-missing'],
])('%s without the rest says what is missing', async (word, code) => {
  const id = await ask(bot);
  expect(await access('U0BO', word === 'deny' ? `deny ${id}` : word)).toContain(code);
  expect(await bot.request(id)).toMatchObject({ status: 'pending' });
});

test('withdraw and end work for their owner and nobody else', async () => {
  const id = await ask(bot);
  expect(await access('U0BO', `withdraw ${id}`)).toContain('not-your-request');
  expect(await access('U0ANA', `withdraw ${id}`)).toContain('*Withdrawn*');
  const second = await ask(bot);
  await approve(bot, second, { person: 'U0BO' });
  await activate(second);
  expect(await access('U0EVE', `end ${second}`)).toContain('unknown-person');
  expect(await access('U0ANA', `end ${second}`)).toContain('*Ending…* ended early by <@U0ANA>');
  expect(await eventsOf(bot, second)).toContain('GrantRevoked');
});

test('an active grant is ended by the button, after a dialog that names the deed', async () => {
  const id = await ask(bot);
  await approve(bot, id, { person: 'U0BO' });
  await activate(id);
  await bot.slack.client.slash('U0DEE', '/access', `status ${id}`);
  const { ts, blocks } = lastEphemeral(bot, 'U0DEE');
  expect(JSON.stringify(blocks)).toContain('"text":"End access"');
  await bot.slack.client.click('U0DEE', { ts }, { actionId: 'end' });
  expect(await bot.request(id)).toMatchObject({ status: 'removing', revokeCause: 'admin' });
});

test('why names the rule, the policy and the verdict about the reader', async () => {
  const id = await ask(bot);
  const words = await access('U0ANA', `why ${id}`);
  expect(words).toContain('`prod-deploy`');
  expect(words).toContain('You may not: You cannot approve your own request.');
  expect(await access('U0BO', `why ${id}`)).toContain('You may decide it.');
});

test('why tells the facts of its time', async () => {
  const id = await ask(bot);
  await approve(bot, id, { person: 'U0BO' });
  const words = await access('U0ANA', `why ${id}`);
  expect(words).toMatch(/Rule `prod-deploy` \(`access\.yaml:\d+:\d+`\) was the first/);
  expect(words).toContain('<@U0ANA> may ask by it: has the role `developer`.');
  expect(words).toMatch(/<@U0BO> approved .* with a code: has the role `release-manager`\./);
  expect(words).toContain('It allows up to 2h, with extensions 4h.');
  expect(words).toMatch(/policy of the ask `[0-9a-f]{64}`/);
});

test('why of a request that was denied tells the same', async () => {
  const id = await ask(bot);
  await access('U0BO', `deny ${id} not today`);
  expect(await access('U0ANA', `why ${id}`)).toMatch(/denied.*Rule `prod-deploy`/s);
});

test('status says whether everything runs', async () => {
  const words = await access('U0BO', 'status');
  expect(words).toContain('is in force');
  expect(words).toContain('The sweep has not run yet.');
});

test.each([
  ['', 'withdraw AR-7K2M9Q'],
  ['help', 'withdraw AR-7K2M9Q'],
  ['pendign', 'Did you mean `pending`?'],
  ['constructor', 'unknown-subcommand'],
  ['extend AR-7K2M9Q 1h', 'unknown-request'],
  ['status AR-000000', 'unknown-request'],
  ['status nonsense', 'id-missing'],
])('/access %s has an answer', async (typed, answer) => {
  expect(await access('U0BO', typed)).toContain(answer);
});

test.each([
  ['help', 'You can ask for'],
  ['again', 'nothing-to-repeat'],
  ['github:acme/deployer member 2h x', 'Did you mean `github:acme/deployers`'],
  ['github:acme/deployers owner 2h x', 'not-understood'],
  ['github:acme/deployers member -1h INC-1 because of it', 'not-understood'],
  ['github:acme/deployers member 0m INC-1 because of it', 'not-understood'],
  ['github:acme/deployers member 9999d INC-1 because of it', 'duration-too-long'],
  ['github:acme/deployers member 2h; drop', 'not-understood'],
  ['github:acme/deployers member 2h INC-1', 'justification-too-short'],
  ['github:acme/deployers member 2h no ticket in here', 'ticket-missing'],
  ['github:acme/deployers member 2h INC-1 because of it --for somebody', 'flag-not-understood'],
])('/request-access %s is a sentence and a way on', async (typed, answer) => {
  await bot.slack.client.slash('U0ANA', '/request-access', typed);
  expect(textOf(lastEphemeral(bot, 'U0ANA').blocks)).toContain(answer);
  expect(bot.slack.state().messages).toEqual([]);
});

test('who is not in the policy is told so, whatever they type', async () => {
  await bot.slack.client.slash(
    'U0EVE',
    '/request-access',
    'github:acme/deployers member 2h INC-1 because',
  );
  const words = textOf(lastEphemeral(bot, 'U0EVE').blocks);
  expect(words).toContain('unknown-person');
  expect(words).not.toContain('acme/release');
});

test('status says that the policy file cannot be loaded, while it cannot, and which one stays', async () => {
  expect(await access('U0ANA', 'status')).not.toContain('cannot be loaded');
  await notePolicyNotLoaded(bot.deps);
  const said = await access('U0ANA', 'status');
  expect(said).toMatch(/Policy `[0-9a-f]{12}` is in force\.\n\*The policy file cannot be loaded\*/);
});

test('again repeats the last request; asking twice for the same names the first', async () => {
  const id = await ask(bot);
  await bot.slack.client.slash('U0ANA', '/request-access', 'again');
  expect(textOf(lastEphemeral(bot, 'U0ANA').blocks)).toContain(`${id} waits for an answer`);
  await access('U0ANA', `withdraw ${id}`);
  const { id: next } = await draft(bot, 'again');
  expect(next).not.toBe(id);
  expect(textOf(lastEphemeral(bot, 'U0ANA').blocks)).toContain('INC-123 rollback of the release');
});

test('where the rule asks the requester for a code, the confirm card opens the form for it', async () => {
  const { ts, id } = await draft(bot, 'github:acme/jit-prod member 1h INC-7 hotfix in production');
  await bot.slack.client.click('U0ANA', { ts }, { actionId: 'submit' });
  const view = modalOf(bot, 'U0ANA');
  await bot.slack.client.submit('U0ANA', view.id, { code: '000000' });
  expect(modalOf(bot, 'U0ANA').errors['code']).toContain('(code-refused)');
  await bot.slack.client.submit('U0ANA', view.id, { code: bot.code('U0ANA') });
  expect(await bot.request(id)).toMatchObject({ status: 'pending', approvalsNeeded: 2 });
  await bot.announce(id);
  await approve(bot, id, { person: 'U0BO' });
  expect(await bot.request(id)).toMatchObject({ status: 'pending', version: 2 });
  await bot.announce(id);
  await approve(bot, id, { person: 'U0CY' });
  expect(await bot.request(id)).toMatchObject({ status: 'activating' });
});

test('a confirm card serves its owner for half an hour, and nobody else', async () => {
  const { ts, id } = await draft(bot);
  const click = {
    type: 'block_actions',
    team: { id: 'T0LOCAL' },
    api_app_id: 'A0LOCAL',
    user: { id: 'U0BO' },
    trigger_id: '1.other',
    actions: [
      {
        type: 'button',
        action_id: 'submit',
        block_id: 'decide',
        value: JSON.stringify({ id, v: 0 }),
      },
    ],
  };
  await bot.deliver(new URLSearchParams({ payload: JSON.stringify(click) }).toString());
  const dm = bot.slack.state().messages.at(-1);
  expect(textOf(dm?.['blocks'])).toContain('not-your-draft');
  bot.advance(30 * 60);
  await bot.slack.client.click('U0ANA', { ts }, { actionId: 'submit' });
  expect(textOf(lastEphemeral(bot, 'U0ANA').blocks)).toContain('draft-gone');
  expect(await eventsOf(bot, id)).toEqual([]);
});

test('cancel takes the confirm card away', async () => {
  const { ts } = await draft(bot);
  await bot.slack.client.click('U0ANA', { ts }, { actionId: 'cancel' });
  expect(lastEphemeral(bot, 'U0ANA').text).toBe('Cancelled: nothing was asked');
});

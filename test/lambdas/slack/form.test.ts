import { type Bot, openBot } from './bot.ts';
import { askedId, fieldsOf, openForm, pick, REASON, search, send } from './form-story.ts';
import { buttonsIn, eventsOf, lastEphemeral, modalOf, textOf } from './story.ts';

let bot: Bot;
/** One world for all tests of a group, where they leave nothing behind that the next one would meet. */
const shared = () => {
  beforeAll(open);
  afterAll(close);
};
const ofItsOwn = () => {
  beforeEach(open);
  afterEach(close);
};
async function open(): Promise<void> {
  bot = await openBot();
}
async function close(): Promise<void> {
  const refused = bot.slack.refused();
  await bot.close();
  // Two changes at once do conflict; nothing else of ours may be refused by Slack.
  expect(refused.filter(({ error }) => error !== 'hash_conflict')).toEqual([]);
}

const line = () => textOf(modalOf(bot, 'U0ANA').blocks.filter(({ type }) => type === 'context'));
const formText = () => textOf(modalOf(bot, 'U0ANA').blocks);
const ephemeral = () => textOf(lastEphemeral(bot, 'U0ANA').blocks);

describe('opening', () => {
  shared();

  test('the command alone opens an empty form, and nothing is asked of anybody', async () => {
    await openForm(bot);
    expect(bot.slack.state().ephemerals).toEqual([]);
    expect(modalOf(bot, 'U0ANA')).toMatchObject({ callback_id: 'request' });
    expect(Object.keys(fieldsOf(bot))).toEqual(['target', 'subject', 'glass', 'reason']);
    expect(bot.slack.state().messages).toEqual([]);
    expect(bot.calls.filter((call) => call.startsWith('api/views'))).toEqual(['api/views.open']);
  });

  test('a target alone: its roles, the lengths of its rule with what the longest costs, an hour proposed', async () => {
    await openForm(bot, 'github:acme/deployers');
    const { target, role, duration } = fieldsOf(bot);
    expect(target?.starts).toBe('github:acme/deployers');
    expect(role).toMatchObject({ options: ['member', 'maintainer'], starts: null });
    expect(duration).toMatchObject({ options: ['15m', '30m', '1h', '2h', 'other'], starts: '1h' });
    expect(duration?.words).toContain('2h · the longest · one approver');
    expect(line()).toContain('Any 1 of @release-manager · code needed');
    expect(line()).toContain('ends by itself at <!date^1795341600^{time}|2026-11-22T10:00Z>');
  });

  test('a role that is the only one is chosen; the longest of another rule costs two approvers and is privileged', async () => {
    await openForm(bot, 'github:acme/jit-prod');
    const { role, duration } = fieldsOf(bot);
    expect(role).toMatchObject({ options: ['member'], starts: 'member' });
    expect(duration?.words).toContain('1h · the longest · two approvers');
    expect(line()).toContain('Privileged access.');
    expect(Object.keys(fieldsOf(bot))).toContain('code');
  });

  test.each([
    [
      'github:acme/deployers maintainer INC-1 why & how <x>',
      'maintainer',
      '1h',
      'INC-1 why & how <x>',
    ],
    ['github:acme/deployers 90m', null, '1h30m', null],
    ['github:acme/deployers member 2h', 'member', '2h', null],
  ])('"%s" is filled in as far as it goes', async (typed, role, duration, reason) => {
    await openForm(bot, typed);
    const fields = fieldsOf(bot);
    expect(fields['role']?.starts).toBe(role);
    expect(fields['duration']?.starts).toBe(duration);
    expect(fields['reason']?.starts).toBe(reason);
    expect(formText()).not.toContain('not understood');
  });

  test('a time of day is kept as it was typed', async () => {
    await openForm(bot, 'github:acme/deployers until 11:00');
    expect(fieldsOf(bot)).toMatchObject({
      duration: { starts: 'other' },
      exact: { starts: 'until 11:00' },
    });
    await send(bot, { role: 'member', reason: REASON });
    expect(await bot.request(askedId(bot))).toMatchObject({ durationSeconds: 3600 });
  });

  test.each([
    ['github:acme/deployers member 2h; drop the rest', '`2h;` was not understood', 'drop the rest'],
    ['github:acme/deployers -1h member INC-1 x', '`-1h` was not understood', 'INC-1 x'],
    ['nonsense member 2h INC-1 x', '`nonsense` was not understood', 'INC-1 x'],
    ['github:acme/deployers owner 2h x', '`owner` was not understood', 'owner 2h x'],
  ])(
    '"%s": the rest is filled in, and a line says what was not understood',
    async (typed, said, reason) => {
      await openForm(bot, typed);
      expect(formText()).toContain(said);
      expect(fieldsOf(bot)['reason']?.starts).toBe(reason);
      expect(ephemeral()).toContain('not-understood');
    },
  );

  test('what was typed beside an unknown target is proposed once a target is chosen', async () => {
    await openForm(bot, 'nonsense maintainer 2h INC-1 because of it');
    await pick(bot, { target: 'github:acme/deployers' });
    expect(fieldsOf(bot)).toMatchObject({
      role: { starts: 'maintainer' },
      duration: { starts: '2h' },
    });
  });

  test('a length beyond the rule stands there with what is wrong about it', async () => {
    await openForm(bot, 'github:acme/deployers member 9d');
    expect(fieldsOf(bot)['duration']?.starts).toBe('9d');
    expect(line()).toContain('That is too long. The rule allows 2h at most.');
  });
});

describe('a near miss', () => {
  shared();

  test('is offered back: the button makes the confirm card of the line put right', async () => {
    await bot.slack.client.slash(
      'U0ANA',
      '/request-access',
      `github:acme/deployer member 2h ${REASON}`,
    );
    expect(bot.slack.state().views).toEqual([]);
    const { ts, blocks } = lastEphemeral(bot, 'U0ANA');
    expect(textOf(blocks)).toContain('Did you mean `github:acme/deployers`?');
    expect(buttonsIn(blocks).map(({ action }) => action)).toEqual(['suggest_0', 'suggest_form']);
    await bot.slack.client.click('U0ANA', { ts }, { actionId: 'suggest_0' });
    expect(ephemeral()).toContain('asks for `member` on `github:acme/deployers` for *2h*');
    expect(ephemeral()).toContain(REASON);
  });

  test('of a line with gaps opens the form, filled in', async () => {
    await bot.slack.client.slash(
      'U0ANA',
      '/request-access',
      'github:acme/deployers memebr INC-1 x',
    );
    const { ts } = lastEphemeral(bot, 'U0ANA');
    await bot.slack.client.click('U0ANA', { ts }, { actionId: 'suggest_0' });
    expect(fieldsOf(bot)).toMatchObject({
      target: { starts: 'github:acme/deployers' },
      role: { starts: 'member' },
      reason: { starts: 'INC-1 x' },
    });
  });

  test('that was none of them opens the form with the rest', async () => {
    await bot.slack.client.slash('U0ANA', '/request-access', 'github:acme/deployer 2h INC-1 x');
    const { ts } = lastEphemeral(bot, 'U0ANA');
    await bot.slack.client.click('U0ANA', { ts }, { actionId: 'suggest_form' });
    expect(fieldsOf(bot)).toMatchObject({
      target: { starts: null },
      reason: { starts: 'INC-1 x' },
    });
  });

  test('belongs to who typed it, for half an hour, and holds no secret', async () => {
    const token = `ghp_${'A1b2C3d4E5'.repeat(4)}`;
    await bot.slack.client.slash('U0ANA', '/request-access', `github:acme/deployer 2h ${token}`);
    const { ts, blocks } = lastEphemeral(bot, 'U0ANA');
    const id = buttonsIn(blocks)[0]?.id ?? '';
    expect(JSON.stringify(await bot.journal.read('suggestion', id))).not.toContain(token);
    const value = JSON.stringify({ id, v: 0 });
    await bot.slack.client.slash('U0BO', '/request-access', 'github:acme/deployer 2h x');
    const theirs = lastEphemeral(bot, 'U0BO').ts;
    await bot.slack.client.click('U0BO', { ts: theirs }, { actionId: 'suggest_0', value });
    expect(textOf(lastEphemeral(bot, 'U0BO').blocks)).toContain('not-your-draft');
    bot.advance(31 * 60);
    await bot.slack.client.slash('U0ANA', '/request-access', 'github:acme/deployer 2h x');
    const again = lastEphemeral(bot, 'U0ANA').ts;
    await bot.slack.client.click('U0ANA', { ts: again }, { actionId: 'suggest_0', value });
    expect(ephemeral()).toContain('draft-gone');
    expect(ts).not.toBe(again);
  });
});

describe('looking for a target', () => {
  shared();

  test('offers what this person may ask for, by provider, without asking anybody outside', async () => {
    await openForm(bot);
    const before = bot.calls.length;
    expect(await search(bot, '')).toEqual([
      'github: github:acme/deployers',
      'github: github:acme/release',
      'github: github:acme/jit-prod',
      'gitlab: gitlab:acme/shop',
      'gitlab: gitlab:acme/platform',
    ]);
    expect(await search(bot, 'rel')).toEqual(['github: github:acme/release']);
    expect(await search(bot, 'zzz')).toEqual([]);
    expect(bot.calls.length).toBe(before);
  });

  test('what was asked for lately comes first, as it was when the form opened', async () => {
    await openForm(bot, 'github:acme/release 1h');
    await send(bot, { reason: REASON });
    await openForm(bot);
    expect(await search(bot, '')).toEqual([
      'Asked for lately: github:acme/release',
      'github: github:acme/deployers',
      'github: github:acme/jit-prod',
      'gitlab: gitlab:acme/shop',
      'gitlab: gitlab:acme/platform',
    ]);
  });
});

describe('choosing', () => {
  ofItsOwn();

  test('a target shows its fields; what was typed stays; another target keeps the choices that fit it', async () => {
    const id = await openForm(bot);
    await pick(bot, { target: 'github:acme/deployers' }, { typed: { reason: REASON } });
    await pick(bot, { role: 'member', duration: '2h' });
    await pick(bot, { target: 'github:acme/release' });
    expect(fieldsOf(bot)).toMatchObject({
      role: { id: 'role', options: ['member'] },
      duration: { id: 'duration' },
    });
    expect(modalOf(bot, 'U0ANA').id).toBe(id);
    await send(bot);
    expect(await bot.request(askedId(bot))).toMatchObject({
      entitlement: { id: 'github:acme/release', role: 'member' },
      durationSeconds: 7200,
    });
    const { value } = await bot.journal.read('text', `${askedId(bot)}#justification`);
    expect(value?.text).toBe(REASON);
  });

  test('a choice that does not fit the new target is proposed anew, under a new block id: Slack keeps what it knows', async () => {
    await openForm(bot, 'github:acme/deployers maintainer 2h');
    await pick(bot, { target: 'github:acme/jit-prod' });
    expect(fieldsOf(bot)).toMatchObject({
      target: { id: 'target' },
      role: { id: 'role~2', starts: 'member' },
      duration: { id: 'duration~2', starts: '1h' },
      reason: { id: 'reason' },
      code: { id: 'code' },
    });
    await send(bot, { reason: REASON, code: bot.code('U0ANA') });
    expect(await bot.request(askedId(bot))).toMatchObject({
      entitlement: { id: 'github:acme/jit-prod', role: 'member' },
      durationSeconds: 3600,
    });
  });

  test('another length is typed: a duration or a time of day', async () => {
    await openForm(bot, 'github:acme/deployers member');
    await pick(bot, { duration: 'other' });
    await pick(bot, { exact: 'until 10:30' });
    expect(line()).toContain('<!date^1795339800^');
    await send(bot, { exact: '47m', reason: REASON });
    expect(await bot.request(askedId(bot))).toMatchObject({ durationSeconds: 47 * 60 });
  });

  test('the line follows the length', async () => {
    await openForm(bot, 'github:acme/deployers member');
    await pick(bot, { duration: '2h' });
    expect(line()).toContain('<!date^1795345200^');
  });

  test('two quick changes that saw the same form: the newer one stays, whichever comes last', async () => {
    await openForm(bot, 'github:acme/deployers');
    const before = modalOf(bot, 'U0ANA');
    const { body: first } = await bot.slack.client.click(
      'U0ANA',
      { viewId: before.id },
      { actionId: 'target', value: 'github:acme/jit-prod' },
    );
    await pick(bot, { target: 'github:acme/release' });
    expect(fieldsOf(bot)['role']?.options).toEqual(['member']);
    const drawn = modalOf(bot, 'U0ANA').hash;
    // The first one again, as if it had been slow: it saw a form that is gone.
    bot.advance(5);
    await bot.deliver(first, { retry: '1' });
    expect(modalOf(bot, 'U0ANA').hash).toBe(drawn);
    const late = first.replace(/action_ts%22%3A%22[0-9.]+/, 'action_ts%22%3A%229999999999.000001');
    await bot.deliver(late);
    expect(line()).toContain('Privileged access.');
  });
});

describe('a length that is typed', () => {
  shared();

  test.each(['nonsense', '-1h', '0m', 'until 25:00', '3h', 'until 08:59', '2h; drop'])(
    '%s for a length is a line under the field where it was typed',
    async (exact) => {
      await openForm(bot, 'github:acme/deployers member');
      await pick(bot, { duration: 'other' });
      await send(bot, { exact, reason: REASON });
      expect(Object.keys(modalOf(bot, 'U0ANA').errors)).toEqual(['exact']);
    },
  );
});

describe('sending', () => {
  ofItsOwn();

  test('becomes a request like any other, with a receipt in the place of the form', async () => {
    await openForm(bot, 'github:acme/deployers member 2h');
    await send(bot, { reason: REASON });
    const id = askedId(bot);
    expect(modalOf(bot, 'U0ANA')).toMatchObject({
      callback_id: 'notice',
      title: { text: 'Asked' },
    });
    expect(formText()).toContain('*Waiting for approval*');
    expect(await eventsOf(bot, id)).toEqual(['AccessRequested', 'EscalationPlanned']);
  });

  test('a reason is kept byte for byte', async () => {
    const typed = 'INC-1: a  b\n\n<@U0BO|bo> &amp; <!channel> :tada: *x* `y` ‮evil\u200b ';
    await openForm(bot, 'github:acme/deployers member 2h');
    await send(bot, { reason: typed });
    const { value } = await bot.journal.read('text', `${askedId(bot)}#justification`);
    expect(value?.text).toBe(typed);
  });

  test.each([
    ['short', { reason: 'INC-1' }, 'reason', 'justification-too-short'],
    ['no ticket', { reason: 'because of the release' }, 'reason', 'ticket-missing'],
  ])('%s: a line under the field, and nothing is asked', async (_, typed, field, code) => {
    await openForm(bot, 'github:acme/deployers member 2h');
    await send(bot, typed);
    expect(modalOf(bot, 'U0ANA').errors).toEqual({ [field]: expect.stringContaining(`(${code})`) });
    await send(bot, { reason: REASON });
    expect(await bot.request(askedId(bot))).toMatchObject({ status: 'pending' });
  });

  test('a code is checked for what was sent: a wrong one is a line without a count, the right one asks', async () => {
    await openForm(bot, 'github:acme/jit-prod 1h');
    await send(bot, { reason: REASON, code: '000000' });
    const said = modalOf(bot, 'U0ANA').errors['code'] ?? '';
    expect(said).toContain('(code-refused)');
    expect(said.replace('(code-refused)', '')).not.toMatch(/[0-9]/);
    await send(bot, { reason: REASON, code: 'abc' });
    expect(modalOf(bot, 'U0ANA').errors['code']).toContain('(code-malformed)');
    await send(bot, { reason: REASON, code: bot.code('U0ANA') });
    const [first] = await bot.journal.history('request', askedId(bot));
    expect(first?.event).toMatchObject({ type: 'AccessRequested', factor: { kind: 'totp' } });
  });

  test('a code that asked for one thing does not ask for another', async () => {
    const code = bot.code('U0ANA');
    await openForm(bot, 'github:acme/jit-prod 1h');
    await send(bot, { reason: REASON, code });
    const first = askedId(bot);
    await bot.slack.client.slash('U0ANA', '/access', `withdraw ${first}`);
    await openForm(bot, 'github:acme/jit-prod 30m');
    await send(bot, { reason: REASON, code });
    expect(modalOf(bot, 'U0ANA').errors['code']).toContain('(code-already-used)');
  });

  test('asking twice for the same is told in the place of the form, by the id of the first', async () => {
    await openForm(bot, 'github:acme/release 1h');
    await send(bot, { reason: REASON });
    const first = askedId(bot);
    await openForm(bot, 'github:acme/release 2h');
    await send(bot, { reason: REASON });
    expect(formText()).toContain(`${first} waits for an answer`);
    expect(formText()).toContain('already-pending');
  });

  test('what looks like a secret is taken out before it is stored, and the person is warned', async () => {
    const token = `ghp_${'A1b2C3d4E5'.repeat(4)}`;
    await openForm(bot, 'github:acme/deployers member 2h');
    await send(bot, { reason: `${REASON} ${token}` });
    const id = askedId(bot);
    expect(formText()).toContain('What looked like a secret was taken out');
    const { value } = await bot.journal.read('text', `${id}#justification`);
    expect(value?.text).toBe(`${REASON} [removed: GitHub token]`);
    await bot.announce(id);
    expect(JSON.stringify([bot.slack.state().messages, bot.said])).not.toContain(token);
  });

  test('so it is on the confirm card of a whole line, and in its draft', async () => {
    const token = `xoxb-1234567890-${'A1b2C3d4E5'.repeat(3)}`;
    const typed = `github:acme/deployers member 2h ${REASON} ${token}`;
    await bot.slack.client.slash('U0ANA', '/request-access', typed);
    expect(ephemeral()).toContain('What looked like a secret was taken out');
    expect(ephemeral()).not.toContain(token);
    const id = buttonsIn(lastEphemeral(bot, 'U0ANA').blocks)[0]?.id ?? '';
    const { value } = await bot.journal.read('draft', id);
    expect(value?.justification).toBe(`${REASON} [removed: Slack token]`);
  });
});

describe('shortcuts', () => {
  shared();

  test('the global one opens the form', async () => {
    await bot.slack.client.shortcut('U0ANA', 'request_access');
    expect(Object.keys(fieldsOf(bot))).toEqual(['target', 'subject', 'glass', 'reason']);
  });

  test('the one on a message starts the reason with where that message is, and with nothing of its words', async () => {
    await openForm(bot, 'github:acme/release 1h');
    await send(bot, { reason: REASON });
    await bot.announce(askedId(bot));
    const card = bot.slack.state().messages.find(({ channel }) => channel === 'C0ACCESS');
    const ts = String(card?.['ts']);
    await bot.slack.client.shortcut('U0ANA', 'request_access_for_message', ts);
    expect(fieldsOf(bot)['reason']?.starts).toBe(
      `About https://acme.slack.com/archives/C0ACCESS/p${ts.replace('.', '')}: `,
    );
    expect(formText()).not.toContain('rollback');
  });

  test('whoever may ask for nothing is told so in the place of the form', async () => {
    await bot.slack.client.shortcut('U0EVE', 'request_access');
    expect(modalOf(bot, 'U0EVE')).toMatchObject({ callback_id: 'notice' });
    expect(textOf(modalOf(bot, 'U0EVE').blocks)).toContain('unknown-person');
  });
});

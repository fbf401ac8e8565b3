/** What is said beside what and why: for whom, from when, in an emergency. Each is a field, followed by the line, and refused under itself. */
import { type Bot, openBot } from './bot.ts';
import {
  askedId,
  fieldsOf,
  filled,
  forge,
  openForm,
  pick,
  REASON,
  search,
  send,
} from './form-story.ts';
import { eventsOf, lastEphemeral, modalOf, textOf } from './story.ts';

const DEPLOYERS = 'github:acme/deployers';
/** More people, of the kinds that take no part; and a rule for working hours. */
const withMore = (text: string) =>
  text
    .replace(
      'people:\n',
      `people:
  guest: { slack: U0GUEST, roles: [developer], accounts: { github: guest-gh } }
  robot: { slack: U0ROBOT, roles: [developer], accounts: { github: robot-gh } }
  gone: { slack: U0GONE, roles: [developer], accounts: { github: gone-gh } }
  bare: { slack: U0EVE, roles: [developer], accounts: {} }
`,
    )
    .replace('timezone: Europe/Berlin', () => `timezone: Europe/Berlin\n${HOURS}`)
    .replace('rules:\n', `rules:\n${BY_DAY}`);
const HOURS = 'working_hours: { days: [mon], from: "09:00", to: "17:00" }';
const BY_DAY = `  - id: by-day
    entitlements: ["gitlab:acme/shop"]
    requesters: { roles: [developer] }
    when: { working_hours: true }
    max_duration: 2h
    approvals: [{ from: { roles: [release-manager] }, count: 1 }]
`;

let bot: Bot;
let policy = withMore;
async function open(): Promise<void> {
  policy = withMore;
  bot = await openBot({ policy: (text) => policy(text) });
}
async function close(): Promise<void> {
  const refused = bot.slack.refused();
  await bot.close();
  expect(refused).toEqual([]);
}
const line = () => textOf(modalOf(bot, 'U0ANA').blocks.filter(({ type }) => type === 'context'));
const words = () => textOf(modalOf(bot, 'U0ANA').blocks);
const errors = () => modalOf(bot, 'U0ANA').errors;
/** Seconds since 1970, as a picker of an instant has them. */
const at = (iso: string) => String(Date.parse(iso) / 1000);

beforeAll(open);
afterAll(close);

describe('for whom', () => {
  test('is a field where the rule names people; the line and the request follow it', async () => {
    await openForm(bot, `${DEPLOYERS} member 1h`);
    await pick(bot, { subject: 'U0BO' }, { typed: { reason: REASON } });
    expect(line()).toContain('For <@U0BO> · Any 1 of @release-manager');
    await send(bot);
    expect(await bot.request(askedId(bot))).toMatchObject({ requester: 'U0ANA', subject: 'U0BO' });
  });

  test('is none where the rule names nobody, and stays where somebody was chosen', async () => {
    await openForm(bot, 'github:acme/jit-prod');
    expect(fieldsOf(bot)).not.toHaveProperty('subject');
    await openForm(bot, 'github:acme/jit-prod --for @bo');
    expect(line()).toContain('on-behalf-not-allowed');
    await send(bot, { reason: REASON });
    expect(errors()).toEqual({ subject: expect.stringContaining('(on-behalf-not-allowed)') });
    await pick(bot, { subject: '' });
    expect(line()).toContain('Any 2 of @release-manager');
    expect(fieldsOf(bot)).not.toHaveProperty('subject');
  });

  test.each([
    ['a guest', 'U0GUEST', 'not-a-full-member'],
    ['a bot', 'U0ROBOT', 'not-a-full-member'],
    ['who has left', 'U0GONE', 'not-a-full-member'],
    ['who is not in the policy', 'U0STRANGE', 'unknown-person'],
    ['who has no account there', 'U0EVE', 'no-account'],
  ])('%s: said at once, and under the field when it is sent', async (_, subject, code) => {
    await openForm(bot, `${DEPLOYERS} member 1h`);
    await pick(bot, { subject });
    expect(line()).toContain(`(${code})`);
    expect(fieldsOf(bot)).toMatchObject({ role: { starts: 'member' }, duration: { starts: '1h' } });
    await send(bot, { reason: REASON });
    expect(errors()).toEqual({ subject: expect.stringContaining(`(${code})`) });
  });

  test('oneself is the same as nobody else', async () => {
    await openForm(bot, 'github:acme/release 1h');
    await pick(bot, { subject: 'U0ANA' });
    await send(bot, { reason: REASON });
    expect(await bot.request(askedId(bot))).toMatchObject({ subject: 'U0ANA' });
  });

  test('who has no account of their own finds what they may ask for once they say for whom', async () => {
    await openForm(bot, '', 'U0EVE');
    expect(await search(bot, 'deployers', 'U0EVE')).toEqual([]);
    await pick(bot, { subject: 'U0CY' }, { person: 'U0EVE' });
    expect(await search(bot, 'deployers', 'U0EVE')).toEqual([`github: ${DEPLOYERS}`]);
    expect(await search(bot, 'jit', 'U0EVE')).toEqual([]);
  });
});

describe('from when', () => {
  test('at a time: the line and the request follow it', async () => {
    await openForm(bot, 'github:acme/release 2h');
    expect(fieldsOf(bot)).toMatchObject({ begins: { starts: 'now' } });
    expect(fieldsOf(bot)).not.toHaveProperty('from');
    await pick(bot, { begins: 'at' }, { typed: { reason: REASON } });
    expect(line()).toContain('choose when it begins');
    await pick(bot, { from: at('2026-11-22T17:00:00Z') });
    expect(line()).toContain('starts at <!date^1795366800^{time}');
    expect(line()).toContain('ends by itself at <!date^1795374000^{time}');
    await pick(bot, { subject: 'U0CY' });
    await send(bot);
    expect(await bot.request(askedId(bot))).toMatchObject({
      start: { notBefore: '2026-11-22T17:00:00.000Z', until: null },
      subject: 'U0CY',
    });
  });

  test('within a window, from a typed line with gaps: it stands there as it was typed', async () => {
    await openForm(bot, 'gitlab:acme/platform 1h --window 2026-11-23T02:00/06:00');
    expect(modalOf(bot, 'U0ANA').blocks).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          element: expect.objectContaining({
            initial_date_time: Number(at('2026-11-23T01:00:00Z')),
          }),
        }),
      ]),
    );
    expect(line()).toContain('its holder starts it from');
    await send(bot, { role: 'reporter', reason: REASON });
    expect(await bot.request(askedId(bot))).toMatchObject({
      start: { notBefore: '2026-11-23T01:00:00.000Z', until: '2026-11-23T05:00:00.000Z' },
    });
  });

  test.each([
    ['in the past', { begins: 'at', from: '2026-11-22T08:59:00Z' }, 'from', 'start-in-the-past'],
    ['too far ahead', { begins: 'at', from: '2026-12-24T09:00:00Z' }, 'from', 'start-too-far'],
    [
      'of a window that is over',
      { begins: 'window', from: '2026-11-22T06:00:00Z', until: '2026-11-22T08:00:00Z' },
      ...(['from', 'start-in-the-past'] as const),
    ],
    [
      'of a window that ends before it begins',
      { begins: 'window', from: '2026-11-22T12:00:00Z', until: '2026-11-22T11:00:00Z' },
      ...(['until', 'window-empty'] as const),
    ],
    [
      'of a window that reaches too far',
      { begins: 'window', from: '2026-11-22T12:00:00Z', until: '2026-12-24T11:00:00Z' },
      ...(['until', 'start-too-far'] as const),
    ],
  ])('a start %s: said at once, and under its field', async (_, chosen, field, code) => {
    await openForm(bot, `${DEPLOYERS} maintainer 1h`);
    const { begins, from, until } = { until: undefined, ...chosen };
    await pick(bot, { begins });
    await pick(bot, { from: at(from), ...(until === undefined ? {} : { until: at(until) }) });
    expect(line()).toContain(`(${code})`);
    await send(bot, { reason: REASON });
    expect(errors()).toEqual({ [field]: expect.stringContaining(`(${code})`) });
  });

  test.each([
    ['a time that the clock skips: the jump', '2027-03-28T02:30', '2027-03-28T01:00:00Z'],
    ['a time that comes twice: its first coming', '2027-10-31T02:30', '2027-10-31T00:30:00Z'],
  ])('%s', async (_, typed, instant) => {
    await openForm(bot, `${DEPLOYERS} --at ${typed}`);
    expect(JSON.stringify(modalOf(bot, 'U0ANA').blocks)).toContain(
      `"initial_date_time":${at(instant)}`,
    );
    expect(line()).toContain('(start-too-far)');
  });

  test('what working hours forbid now can be asked for by when it begins', async () => {
    await openForm(bot);
    expect(await search(bot, 'shop')).toEqual([]);
    await pick(bot, { begins: 'at' });
    await pick(bot, { from: at('2026-11-23T10:00:00Z') });
    expect(await search(bot, 'shop')).toEqual(['gitlab: gitlab:acme/shop']);
    await pick(bot, { target: 'gitlab:acme/shop' });
    await pick(bot, { from: at('2026-11-23T22:00:00Z') });
    expect(line()).toContain('(outside-working-hours)');
  });

  test('a time of day for a length is counted from the start', async () => {
    await openForm(bot, `${DEPLOYERS} maintainer --at 18:00`);
    await pick(bot, { duration: 'other' });
    await pick(bot, { exact: 'until 19:30' });
    expect(line()).toContain(`ends by itself at <!date^${at('2026-11-22T18:30:00Z')}^`);
  });

  test('a time that no picker can show is left to be chosen', async () => {
    await openForm(bot, `${DEPLOYERS} --at 9000-01-01T10:00`);
    expect(JSON.stringify(modalOf(bot, 'U0ANA').blocks)).not.toContain('initial_date_time');
    expect(line()).toContain('choose when it begins');
  });
});

describe('a line with flags and gaps', () => {
  test.each([
    [`${DEPLOYERS} --for @bo`, { subject: 'U0BO' }],
    ['--break-glass INC-9', { glass: true, incident: 'INC-9' }],
    [`${DEPLOYERS} member 1h --at 18:00`, { begins: 'at', from: '2026-11-22T17:00:00.000Z' }],
  ])('%s opens the form with them in it', async (typed, beside) => {
    await openForm(bot, typed);
    const { private_metadata: sheet } = modalOf(bot, 'U0ANA');
    expect(JSON.parse(sheet)).toMatchObject({ beside });
    expect(words()).not.toContain('not understood');
  });

  test('a flag that was not understood: the rest is filled in, and it is said there and here', async () => {
    await openForm(bot, `${DEPLOYERS} member 1h ${REASON} --at tomorrow --for @bo`);
    expect(words()).toContain('flag-not-understood');
    expect(fieldsOf(bot)).toMatchObject({
      ...{ role: { starts: 'member' }, duration: { starts: '1h' }, reason: { starts: REASON } },
    });
    expect(textOf(lastEphemeral(bot, 'U0ANA').blocks)).toContain('flag-not-understood');
  });

  test('a near miss keeps its flags', async () => {
    await bot.slack.client.slash(
      'U0ANA',
      '/request-access',
      `github:acme/deployer member 1h ${REASON} --for @dee --at 18:00`,
    );
    const { ts } = lastEphemeral(bot, 'U0ANA');
    await bot.slack.client.click('U0ANA', { ts }, { actionId: 'suggest_0' });
    const card = textOf(lastEphemeral(bot, 'U0ANA').blocks);
    expect(card).toContain('for <@U0DEE>');
    expect(card).toContain('Begins <!date^1795366800^');
  });
});

describe('again', () => {
  test('is for whom it was, and takes flags of its own', async () => {
    await openForm(bot, 'gitlab:acme/platform reporter 30m');
    await send(bot, { reason: REASON });
    const own = askedId(bot);
    await bot.slack.client.slash('U0ANA', '/access', `withdraw ${own}`);
    bot.advance(60);
    await openForm(bot, `${DEPLOYERS} member 30m --for @dee`);
    await send(bot, { reason: REASON });
    await bot.slack.client.slash('U0ANA', '/access', `withdraw ${askedId(bot)}`);
    await bot.slack.client.slash('U0ANA', '/request-access', 'again --at 18:00');
    const card = textOf(lastEphemeral(bot, 'U0ANA').blocks);
    expect(card).toContain('for <@U0DEE> for *30m*');
    expect(card).toContain(`Begins <!date^${at('2026-11-22T17:00:00Z')}^`);
  });

  test('in an emergency without its incident is the form, filled in, with the gap marked', async () => {
    await openForm(bot, 'again --break-glass');
    expect(modalOf(bot, 'U0ANA')).toMatchObject({ title: { text: 'Break glass' } });
    expect(words()).toContain('(incident-missing)');
    expect(fieldsOf(bot)).toMatchObject({
      target: { starts: DEPLOYERS },
      role: { starts: 'member' },
      duration: { starts: '30m' },
      incident: { starts: null },
      reason: { starts: REASON },
    });
    // For whom it was last time is no part of an emergency.
    expect(words()).not.toContain('is left out');
    const before = lastEphemeral(bot, 'U0ANA').ts;
    await bot.slack.client.slash('U0ANA', '/request-access', 'again --break-glass INC-9');
    expect(lastEphemeral(bot, 'U0ANA').ts).not.toBe(before);
    expect(textOf(lastEphemeral(bot, 'U0ANA').blocks)).toContain('INC-9');
  });
});

describe('the hint of the reason', () => {
  test('shows a key, not a pattern', async () => {
    await openForm(bot, DEPLOYERS);
    expect(words()).toContain(
      'At least 10 characters, with the key of a ticket, for example INC-123.',
    );
    expect(words()).not.toContain('[A-Z]');
  });
});

describe('what no screen would send', () => {
  test.each([
    ['a start that is no time', { from: { from: { selected_date_time: 'tomorrow' } } }],
    ['a start after the last year', { from: { from: { selected_date_time: 253_402_300_800 } } }],
    ['a person who is no id', { subject: { subject: { selected_user: '<!channel>' } } }],
  ])('%s is not read', async (_, value) => {
    await openForm(bot, `${DEPLOYERS} member 1h`);
    const answer = await forge(bot, { values: { ...filled({}), ...value } });
    expect(answer.body).toContain('action-unreadable');
  });

  test('a later start without its time is told as what is missing', async () => {
    await openForm(bot, `${DEPLOYERS} member 1h`);
    const begins = { begins: { begins: { selected_option: { value: 'window' } } } };
    const from = { from: { from: { selected_date_time: Number(at('2026-11-22T17:00:00Z')) } } };
    const none = await forge(bot, { values: { ...filled({}), ...begins } });
    expect(none.body).toContain('The start is missing');
    const half = await forge(bot, { values: { ...filled({}), ...begins, ...from } });
    expect(half.body).toContain('The end of the window is missing');
  });

  test('break-glass that was ticked on a form that did not show what it costs comes back drawn', async () => {
    await openForm(bot, 'github:acme/release 1h');
    const values = {
      ...filled({ target: 'github:acme/release', duration: '15m', code: bot.code('U0ANA') }),
      glass: { glass: { selected_options: [{ value: 'glass' }] } },
    };
    const answer = await forge(bot, { values });
    expect(answer.body).toContain('content-changed');
    expect(answer.body).toContain('BREAK-GLASS');
    expect(await bot.journal.read('glass', 'U0ANA')).toMatchObject({ value: null });
  });
});

describe('an emergency', () => {
  beforeEach(async () => {
    await bot.close();
    await open();
  });

  const glass = async (typed = `${DEPLOYERS} member`) => {
    await openForm(bot, typed);
    await pick(bot, { glass: 'glass' }, { typed: { reason: REASON } });
  };

  test('is loud about what it costs before it is taken, and proposes no more than its cap', async () => {
    await glass(`${DEPLOYERS} member 2h --for @bo`);
    expect(modalOf(bot, 'U0ANA')).toMatchObject({
      title: { text: 'Break glass' },
      submit: { text: 'Break glass' },
    });
    const loud = words();
    expect(loud).toContain('*BREAK-GLASS: nobody is asked, everybody is told.*');
    expect(loud).toContain('for *30m* at most');
    expect(loud).toContain('Told at once: <@U0BO> <@U0CY> <@U0DEE>, <#C0ACCESS>, <#C0SECURITY>.');
    expect(loud).toContain('*2 of 2* left in seven days');
    expect(loud).toContain(`One of them *reviews* it by <!date^${at('2026-11-23T09:00:00Z')}^`);
    expect(line()).toContain('Nobody has to approve · code needed from the requester');
    expect(Object.keys(fieldsOf(bot))).toEqual(
      expect.arrayContaining(['glass', 'incident', 'reason', 'code']),
    );
    expect(fieldsOf(bot)).not.toHaveProperty('subject');
    expect(fieldsOf(bot)['duration']).toMatchObject({ id: 'duration~2', starts: '30m' });
  });

  test('is taken with code and incident, and the receipt says what it is', async () => {
    await glass();
    await send(bot, { incident: ' INC-7 ', code: bot.code('U0ANA') });
    expect(modalOf(bot, 'U0ANA')).toMatchObject({ title: { text: 'Glass broken' } });
    expect(words()).toContain('BREAK-GLASS');
    const id = askedId(bot);
    expect(await bot.request(id)).toMatchObject({
      breakGlass: { incident: 'INC-7' },
      durationSeconds: 1800,
    });
    expect(await eventsOf(bot, id)).toEqual(['AccessRequested', 'GrantAuthorized']);
  });

  test.each([
    ['a sentence', 'the site burns', 'incident-missing'],
    ['no digit', 'INCIDENT', 'incident-missing'],
  ])(
    '%s is no incident: a line under its field, and the code is not spent',
    async (_, incident, code) => {
      await glass();
      await send(bot, { incident, code: bot.code('U0ANA') });
      expect(errors()).toEqual({ incident: expect.stringContaining(`(${code})`) });
      await send(bot, { incident: 'INC-7', code: bot.code('U0ANA') });
      expect(await bot.request(askedId(bot))).toMatchObject({ breakGlass: { incident: 'INC-7' } });
    },
  );

  test('a whole line without the incident opens the form, which asks for it', async () => {
    await openForm(bot, `${DEPLOYERS} member 15m ${REASON} --break-glass`);
    expect(words()).toContain('incident-missing');
    expect(fieldsOf(bot)).toMatchObject({
      duration: { starts: '15m' },
      incident: { starts: null },
    });
  });

  test('a quota that is used up is said before anything is typed, and under the tick when it is sent', async () => {
    for (const minutes of ['10m', '15m']) {
      await glass(`${DEPLOYERS} member ${minutes}`);
      await send(bot, { incident: 'INC-7', code: bot.code('U0ANA') });
      expect(askedId(bot)).toBeTruthy();
      bot.advance(60);
    }
    await glass();
    expect(words()).toContain('*0 of 2* left in seven days');
    expect(words()).toContain('(break-glass-quota)');
    await send(bot, { incident: 'INC-7', code: bot.code('U0ANA') });
    expect(errors()).toEqual({ glass: expect.stringContaining('(break-glass-quota)') });
    // Slack shows no markup under a field.
    expect(errors()['glass']).toContain('possible 2026-11-29T09:00Z.');
  });

  test('an overdue review stands in its way in the same place', async () => {
    await glass();
    await send(bot, { incident: 'INC-7', code: bot.code('U0ANA') });
    bot.advance(25 * 3600);
    await glass();
    expect(words()).toContain('(review-owed)');
    await send(bot, { incident: 'INC-8', code: bot.code('U0ANA') });
    expect(errors()).toEqual({ glass: expect.stringContaining('(review-owed)') });
  });

  test('unticked again, everything else stands there as before', async () => {
    await openForm(bot, `${DEPLOYERS} member --for @bo --at 18:00`);
    await pick(bot, { glass: 'glass' }, { typed: { reason: REASON } });
    await pick(bot, { role: 'maintainer' }, { typed: { incident: 'INC-7' } });
    await bot.slack.client.click(
      'U0ANA',
      { viewId: modalOf(bot, 'U0ANA').id },
      { actionId: 'glass', value: [] },
    );
    expect(modalOf(bot, 'U0ANA')).toMatchObject({ submit: { text: 'Ask' } });
    expect(line()).toContain('For <@U0BO>');
    expect(line()).toContain('starts at <!date^1795366800^');
    await pick(bot, { glass: 'glass' });
    expect(fieldsOf(bot)).toMatchObject({ incident: { starts: 'INC-7' } });
  });

  const freeze = async () => {
    policy = (text) =>
      withMore(text).replace(
        'rules:\n',
        'freeze:\n  - { name: end-of-year, entitlements: ["github:acme/*"], from: "2026-11-01T00:00", to: "2026-12-31T00:00" }\nrules:\n',
      );
    await bot.loadPolicy();
    bot.advance(120);
  };

  test('what an emergency is not there for says so; a freeze of the usual way does not stand in its way', async () => {
    await openForm(bot, 'github:acme/jit-prod --break-glass INC-1');
    expect(line()).toContain('break-glass-not-available');
    await freeze();
    await openForm(bot);
    expect(await search(bot, 'deployers')).toEqual([]);
    await pick(bot, { glass: 'glass' });
    expect(await search(bot, 'deployers')).toEqual([`github: ${DEPLOYERS}`]);
    await openForm(bot, DEPLOYERS);
    expect(line()).toContain('(frozen)');
    await pick(bot, { glass: 'glass' });
    expect(words()).toContain('*2 of 2* left');
  });

  test('again of one, the usual way, is the form where its words will not do', async () => {
    await glass(`${DEPLOYERS} member 15m`);
    await send(bot, { incident: 'INC-7', reason: 'the site is down', code: bot.code('U0ANA') });
    expect(await bot.request(askedId(bot))).toMatchObject({ breakGlass: { incident: 'INC-7' } });
    await openForm(bot, 'again');
    expect(words()).toContain('(ticket-missing)');
    expect(fieldsOf(bot)).toMatchObject({
      target: { starts: DEPLOYERS },
      reason: { starts: 'the site is down' },
    });
    expect(fieldsOf(bot)).not.toHaveProperty('incident');
  });

  test('again of what there is in an emergency alone by now is the form, which says why', async () => {
    await openForm(bot, `${DEPLOYERS} member 15m`);
    await pick(bot, { glass: 'glass' }, { typed: { reason: REASON } });
    await send(bot, { incident: 'INC-9', code: bot.code('U0ANA') });
    expect(await bot.request(askedId(bot))).toMatchObject({ breakGlass: { incident: 'INC-9' } });
    await freeze();
    await openForm(bot, 'again');
    expect(fieldsOf(bot)).toMatchObject({
      target: { starts: DEPLOYERS },
      reason: { starts: REASON },
    });
    expect(line()).toContain('(frozen)');
    await pick(bot, { glass: 'glass' });
    expect(fieldsOf(bot)).toHaveProperty('incident');
  });
});

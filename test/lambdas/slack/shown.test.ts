import { card } from '../../../lambdas/slack/views/card.ts';
import { typedText } from '../../../lambdas/slack/views/escape.ts';
import type { CardFacts } from '../../../lambdas/slack/views/facts.ts';
import { section } from '../../../lambdas/slack/views/parts.ts';
import { receipt } from '../../../lambdas/slack/views/receipt.ts';
import { replay } from '../../../shared/domain/access-request/evolve.ts';
import type { KnownRequest } from '../../../shared/domain/access-request/model.ts';
import { HOSTILE_TEXTS } from '../../support/corpus/hostile.ts';
import { HISTORIES } from '../../support/samples.ts';
import { type Bot, openBot } from './bot.ts';
import { approve, ask, cardOf, clickCard, modalOf, textOf } from './story.ts';

const now = new Date('2026-03-02T12:00:00.000Z');
const facts = (change: Partial<CardFacts> = {}): CardFacts => ({
  now,
  justification: 'INC-1 because',
  reason: null,
  extensionReason: null,
  voided: [],
  approvers: ['U0BO'],
  groups: [{ from: ['release-manager'], people: [], count: 1 }],
  dmApprovers: false,
  halted: null,
  privileged: false,
  overdue: false,
  before: [],
  holders: [],
  ...change,
});
const known = (status: Exclude<keyof typeof HISTORIES, 'new'>): KnownRequest => {
  const state = replay(HISTORIES[status]);
  if (state.status === 'new') throw new Error('A history without events');
  return state;
};
const STATUSES = [
  'pending',
  'denied',
  'withdrawn',
  'lapsed',
  'activating',
  'active',
  'removing',
  'ended',
  'failed',
] as const;

const WANTED: Record<(typeof STATUSES)[number], RegExp> = {
  pending: /Waiting for approval/,
  denied: /\*Denied\* by <@U0BO>/,
  withdrawn: /\*Withdrawn\* by <@U0ANA>/,
  lapsed: /\*Lapsed\*/,
  activating: /Granting…/,
  active: /Active until <!date\^[0-9]+\^.*\|2026-03-02T11:01Z> · verified/,
  removing: /Ending….*not verified yet/,
  ended: /\*Ended\* after .*its time is over · verified gone/,
  failed: /\*Failed\*.*`account-not-found`/,
};

test.each(STATUSES)('the card of a request that is %s says so, by words', (status) => {
  const { text, blocks } = card(known(status), facts());
  expect(textOf(blocks)).toMatch(WANTED[status]);
  expect(text).toContain('AR-7K2M9Q');
});

test.each([
  [
    { code: 'grants-paused', scope: 'github', since: now.toISOString() },
    /Waits: new access is paused for `github`/,
  ],
  [{ code: 'grants-paused', scope: 'all', since: now.toISOString() }, /paused for every provider/],
  [{ code: 'everything-stopped', since: now.toISOString() }, /Will not be granted/],
] as const)('what waits says so instead of "Granting…": %j', (halted, words) => {
  const said = JSON.stringify(card(known('activating'), facts({ halted })));
  expect(said).toMatch(words);
  expect(said).not.toContain('Granting');
});

test.each(['pending', 'activating', 'removing'] as const)(
  'a request that is %s is never called active, granted, revoked or gone',
  (status) => {
    for (const picture of [card, receipt])
      expect(textOf(picture(known(status), facts()).blocks)).not.toMatch(
        /\bactive\b|granted|revoked|verified gone/i,
      );
  },
);

test('access that outlives its end is called by its name, with the minutes', () => {
  const late = facts({ overdue: true, now: new Date('2026-03-02T11:05:00.000Z') });
  expect(textOf(card(known('removing'), late).blocks)).toContain(
    '*STILL HAS ACCESS*, 4 min past its end, retrying',
  );
});

test('only what is shown is cut, and it says by how much', () => {
  const long = `INC-1 ${'x'.repeat(2994)}`;
  expect(typedText(long)).toBe(`${long.slice(0, 2400)}… (600 more characters)`);
  expect(typedText('short')).toBe('short');
});

test.each(['<@U0BO>', '<!date^1772442001^{time}|2026-03-02T09:00Z>', '&amp;'])(
  'what is too long is cut, but never through %s',
  (token) => {
    for (let before = 2985; before <= 3000; before += 1) {
      const shown = textOf(section(`${'x'.repeat(before)}${token}${'y'.repeat(100)}`)).trim();
      expect(shown.length).toBeLessThanOrEqual(3000);
      expect(shown.replace(token, '')).toMatch(/^x+y*…$/);
    }
  },
);

let bot: Bot;
beforeEach(async () => {
  bot = await openBot();
});
afterEach(() => bot.close());

test.each(HOSTILE_TEXTS)('%s: kept exactly as typed, harmless when shown', async (_, typed) => {
  const text = `github:acme/deployers member 2h ${typed}`;
  const fields = {
    team_id: 'T0LOCAL',
    api_app_id: 'A0LOCAL',
    channel_id: 'C0ACCESS',
    user_id: 'U0ANA',
    command: '/request-access',
    text,
    trigger_id: '1.hostile',
  };
  const answer = await bot.deliver(new URLSearchParams(Object.entries(fields)).toString());
  expect(answer.statusCode).toBe(200);
  const id = /AR-[0-9A-Z]{6}/.exec(answer.body)?.[0] ?? '';
  const submit = {
    type: 'block_actions',
    team: { id: 'T0LOCAL' },
    api_app_id: 'A0LOCAL',
    user: { id: 'U0ANA' },
    trigger_id: '1.submit',
    actions: [
      {
        type: 'button',
        action_id: 'submit',
        block_id: 'decide',
        value: JSON.stringify({ id, v: 0 }),
      },
    ],
  };
  await bot.deliver(new URLSearchParams({ payload: JSON.stringify(submit) }).toString());
  await bot.announce(id);
  const { value } = await bot.journal.read('text', `${id}#justification`);
  expect(value?.text).toBe(typed);
  await clickCard(bot, id, { person: 'U0BO', action: 'approve' });
  for (const blocks of [cardOf(bot, id).blocks, modalOf(bot, 'U0BO').blocks]) harmless(blocks);
  expect(cardOf(bot, id).text).toBe(`${id}: waiting for approval`);
  const said = JSON.stringify(bot.slack.state().messages.map((message) => message['text']));
  expect(said).not.toContain('INC-1');
});

/** Typed text may stand only in elements without markup, and nothing unseen in them. */
function harmless(blocks: readonly object[]): void {
  for (const block of blocks) {
    const shown = textOf(block);
    expect(shown).not.toMatch(/(?!\n)\p{Cc}|\p{Cf}/u);
    if ('type' in block && block.type !== 'rich_text') expect(shown).not.toContain('INC-1');
    if ('type' in block && block.type === 'rich_text')
      expect(JSON.stringify(block)).not.toMatch(
        /"type":"(link|user|usergroup|broadcast|channel|mrkdwn)"/,
      );
  }
}

test('a reason is as harmless as a justification', async () => {
  const id = await ask(bot);
  const reason = 'No <!channel> ‮ <https://evil.example|Approve>';
  await bot.slack.client.slash('U0BO', '/access', `deny ${id} ${reason}`);
  await bot.announce(id);
  harmless(cardOf(bot, id).blocks);
  const { value } = await bot.journal.read('text', `${id}#reason`);
  expect(value?.text).toContain('‮');
});

test('no code that somebody typed is in what is said, logged or stored', async () => {
  const id = await ask(bot);
  const code = bot.code('U0BO');
  await approve(bot, id, { person: 'U0BO', code });
  await bot.announce(id);
  const everything = JSON.stringify([
    bot.slack.state().messages,
    bot.said,
    await bot.journal.eventsOn('2026-11-22', 100),
  ]);
  expect(everything).not.toContain(code);
});

/** The reminder before the end: to whom, once, with what, and how it follows the grant. */
import { reminder } from '../../../lambdas/slack/views/reminder.ts';
import { problemsOfBlocks } from '../../../local/slack/block-kit/blocks.ts';
import { besideState, cardFactsFor } from '../../../shared/application/card-facts.ts';
import { replay } from '../../../shared/domain/access-request/evolve.ts';
import {
  activated,
  approval,
  asked,
  authorized,
  expired,
  extended,
  removed,
} from '../../support/samples.ts';
import { type Bot, openBot } from '../slack/bot.ts';
import { approve, ask, buttonsIn, lastEphemeral, textOf } from '../slack/story.ts';

let bot: Bot;
/** What Slack is expected to have refused in a test. */
let refused: string[];
beforeEach(async () => {
  refused = [];
  bot = await openBot();
});
afterEach(async () => {
  expect([...new Set(bot.slack.refused().map(({ error }) => error))]).toEqual(refused);
  await bot.close();
});

const ENSURE = { kind: 'ensure' } as const;
async function active(line?: string): Promise<string> {
  const id = await ask(bot, line);
  await approve(bot, id, { person: 'U0BO' });
  const readBackAt = bot.deps.clock.now().toISOString();
  const report = {
    type: 'ConfirmActivated',
    requestId: id,
    actor: ENSURE,
    accountId: '4711',
  } as const;
  await bot.execute({ ...report, readBackAt });
  await bot.announce(id);
  return id;
}
const reminders = () =>
  bot.slack
    .state()
    .messages.filter(({ metadata }) => JSON.stringify(metadata).includes('"reminder-'));
const words = () => textOf(reminders().map(({ blocks }) => blocks));
const buttons = () =>
  reminders().flatMap(({ blocks }) => (Array.isArray(blocks) ? buttonsIn(blocks) : []));
const press = async (action: string, who = 'U0ANA', index = 0) =>
  bot.slack.client.click(who, { ts: String(reminders()[index]?.['ts']) }, { actionId: action });

/** A grant of two hours is reminded 15 minutes before its end. */
const DUE = 105 * 60;

test('comes at its time and not before, once, by direct message, with its buttons', async () => {
  const id = await active();
  bot.advance(DUE - 1);
  await bot.announce(id);
  expect(reminders()).toEqual([]);
  bot.advance(1);
  await bot.announce(id, id);
  await Promise.all([bot.announce(id), bot.announce(id)]);
  expect(reminders()).toHaveLength(1);
  expect(reminders()[0]).toMatchObject({ channel: 'D0ANA', text: `${id}: your access ends soon` });
  expect(words()).toContain('Your access ends <!date');
  expect(buttons().map(({ action }) => action)).toEqual(['extend', 'end', 'let-it-end']);
});

test('a grant so short that it would come in its first half has none', async () => {
  const id = await active('github:acme/deployers member 29m INC-123 rollback');
  bot.advance(28 * 60);
  await bot.announce(id);
  expect(reminders()).toEqual([]);
});

test('a trigger that comes after the end brings none', async () => {
  const id = await active();
  bot.advance(7200);
  await bot.announce(id);
  expect(reminders()).toEqual([]);
});

test('a grant that was ended early has none', async () => {
  const id = await active();
  await bot.slack.client.slash('U0ANA', '/access', `end ${id}`);
  bot.advance(DUE);
  await bot.announce(id);
  expect(reminders()).toEqual([]);
});

test('"End now" ends it, and the reminder says so until it is verified gone', async () => {
  const id = await active();
  bot.advance(DUE);
  await bot.announce(id);
  await press('end');
  expect(await bot.request(id)).toMatchObject({ status: 'removing', revokeCause: 'requester' });
  await bot.announce(id);
  expect(words()).toContain('*Ending…* ended early by <@U0ANA>; not verified yet');
  expect(buttons()).toEqual([]);
  const readBackAt = bot.deps.clock.now().toISOString();
  await bot.execute({
    type: 'ConfirmRemoved',
    requestId: id,
    actor: ENSURE,
    outcome: 'removed',
    readBackAt,
  });
  await bot.announce(id);
  expect(words()).toContain('verified gone');
  expect(reminders()).toHaveLength(1);
});

test('"Let it end" takes its buttons away, for good, and changes nothing else', async () => {
  const id = await active();
  bot.advance(DUE);
  await bot.announce(id);
  const before = await bot.request(id);
  const events = await bot.journal.history('request', id);
  await press('let-it-end');
  await bot.announce(id);
  expect(words()).toContain('Left to end by itself');
  expect(buttons()).toEqual([]);
  bot.advance(60);
  await bot.announce(id);
  expect(buttons()).toEqual([]);
  expect(await bot.request(id)).toEqual(before);
  expect(await bot.journal.history('request', id)).toEqual(events);
});

test('"Let it end" twice, of somebody else, too late: each has its answer', async () => {
  const id = await active();
  bot.advance(DUE);
  await bot.announce(id);
  const ts = String(reminders()[0]?.['ts']);
  await Promise.all([press('let-it-end'), press('let-it-end')]);
  await bot.slack.client.click('U0BO', { ts }, { actionId: 'let-it-end' });
  expect(textOf(lastEphemeral(bot, 'U0BO').blocks)).toContain('not-your-request');
  bot.advance(15 * 60);
  await bot.execute({ type: 'ExpireGrant', requestId: id, actor: { kind: 'timer' } });
  await bot.slack.client.click('U0ANA', { ts }, { actionId: 'let-it-end' });
  expect(textOf(lastEphemeral(bot, 'U0ANA').blocks)).toContain('already ending');
});

test('an extension takes the old one back and makes a new one at its own time', async () => {
  const id = await active();
  bot.advance(DUE);
  await bot.announce(id);
  const grant = await bot.request(id);
  if (grant.status !== 'active') throw new Error('Not active');
  const expiresAt = new Date(Date.parse(grant.expiresAt) + 3600_000).toISOString();
  const base = await bot.journal.read('request', id);
  const { put } = await import('../../../shared/ports.ts');
  const event = extended({
    requestId: id,
    at: bot.deps.clock.now().toISOString(),
    expiresAt,
    factor: null,
  });
  const next = { ...grant, version: grant.version + 1, expiresAt };
  await bot.journal.commit([put(base, next, [event])], bot.deps.clock.now());
  // A click on what is shown still must not take away the reminder that has yet to come.
  await press('let-it-end');
  await bot.announce(id);
  expect(words()).toContain('*Extended*');
  expect(buttons()).toEqual([]);
  // The next one comes a tenth of three hours before the new end: in 57 minutes.
  bot.advance(57 * 60);
  await bot.announce(id);
  expect(reminders()).toHaveLength(2);
  expect(buttons().map(({ action }) => action)).toEqual(['extend', 'end', 'let-it-end']);
  await press('let-it-end', 'U0ANA', 1);
  await bot.announce(id);
  expect(buttons()).toEqual([]);
});

test('who left is not reached, and nothing else suffers from it', async () => {
  const id = await active();
  bot.slack.directory.changePerson('U0ANA', { deleted: true });
  bot.advance(DUE);
  await bot.announce(id, id);
  expect(reminders()).toEqual([]);
  refused = ['channel_not_found'];
});

test.each([
  ['what is ending', [expired()], /\*Ending…\*/],
  ['what ended', [expired(), removed()], /\*Ended\*/],
])('of %s it never asks, and its text is set', async (_, events, said) => {
  const state = replay([asked(), approval(), authorized(), activated(), ...events]);
  if (state.status === 'new') throw new Error('A history without events');
  const facts = await cardFactsFor(bot.deps, state, await besideState(bot.deps, state.requestId));
  const message = reminder(state, { ...facts, overdue: false }, { dueAt: null, dismissed: false });
  expect(textOf(message.blocks)).toMatch(said);
  expect(buttonsIn(message.blocks)).toEqual([]);
  expect(message.text).not.toBe('');
  expect(problemsOfBlocks(message.blocks, 'message')).toEqual([]);
});

/** `/access authenticator …` as people use it: commands, forms, buttons, what everybody is told. */
import * as z from 'zod';
import { enrollPage } from '../../../lambdas/enroll/enroll-page.ts';
import { codeAt } from '../../../local/code-at.ts';
import { fromBase32 } from '../../support/totp.ts';
import { type Bot, openBot } from './bot.ts';
import { lastEphemeral, modalOf, textOf } from './story.ts';

const [ANA, BO, CY, DEE] = ['U0ANA', 'U0BO', 'U0CY', 'U0DEE'] as const;
let bot: Bot;
beforeEach(async () => {
  bot = await openBot({
    policy: (text) =>
      text.replace('authenticator_reset_delay: 0m', 'authenticator_reset_delay: 24h'),
  });
});
afterEach(async () => {
  expect(bot.slack.refused()).toEqual([]);
  await bot.close();
});

const type = (person: string, text: string) =>
  bot.slack.client.slash(person, '/access', `authenticator ${text}`.trim());
const said = (person: string) => textOf(lastEphemeral(bot, person)['blocks']);
const shown = (person: string) => textOf(modalOf(bot, person)['blocks']);
const submit = (person: string, values: Record<string, string>) =>
  bot.slack.client.submit(person, String(modalOf(bot, person)['id']), values);
const isOpen = (person: string) => bot.slack.state().views.some(({ user }) => user === person);
/** Each code serves once. */
const codeOf = (person: string): string => {
  bot.advance(30);
  return bot.code(person);
};
const stored = async (owner: string = BO) => (await bot.journal.read('authenticator', owner)).value;
const messages = () => bot.slack.state().messages;
const messageWith = (text: string) => {
  const found = messages().findLast((message) => JSON.stringify(message).includes(text));
  if (!found) throw new Error(`No message says "${text}"`);
  return found;
};
const click = (person: string, text: string, actionId: string) =>
  bot.slack.client.click(person, { ts: String(messageWith(text)['ts']) }, { actionId });

const Buttons = z.array(
  z.looseObject({ elements: z.array(z.looseObject({ url: z.string().optional() })).optional() }),
);
function urlIn(person: string): string {
  const blocks = Buttons.parse(modalOf(bot, person)['blocks']);
  const url = blocks.flatMap(({ elements }) => elements ?? []).find((each) => each.url)?.url;
  if (!url) throw new Error(`No link for ${person}: ${shown(person)}`);
  return url;
}
const post = async (url: string, body: string): Promise<string> => {
  const answer = await enrollPage(bot.deps)({
    rawPath: new URL(url).pathname,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body,
    requestContext: { http: { method: 'POST' } },
  });
  return answer.body;
};
const codesOn = (html: string): string[] =>
  [...html.matchAll(/<code>((?:[0-9A-Z]{4}-){6}[0-9A-Z]{4})<\/code>/g)].map(
    ([, code = '']) => code,
  );
async function usePage(url: string) {
  const key = /type the key: <code>([^<]+)</.exec(await post(url, 'step=reveal'))?.[1] ?? '';
  const secret = fromBase32(key);
  const html = await post(url, `step=confirm&code=${codeAt(secret, bot.deps.clock.now())}`);
  const word = /<output>([^<]+)</.exec(html)?.[1] ?? '';
  return { word, secret, codes: codesOn(html) };
}

describe('the owner of an authenticator', () => {
  it('learns where it stands', async () => {
    await type(BO, '');
    expect(said(BO)).toContain('Recovery codes left: *0*');
    await type(BO, 'nonsense');
    expect(said(BO)).toContain('authenticator codes');
  });

  it('gets new recovery codes on the page, for a code, and replaces the phone with one of them', async () => {
    await type(BO, 'codes');
    expect(JSON.stringify(await submit(BO, { code: '000000' }))).toContain('code-refused');
    await submit(BO, { code: codeOf(BO) });
    const [first = '', ...others] = codesOn(await post(urlIn(BO), 'step=codes'));
    expect(others).toHaveLength(9);
    const before = await stored();
    await type(BO, 'recover');
    expect(JSON.stringify(await submit(BO, { recovery: 'AAAA' }))).toContain(
      'recovery-code-malformed',
    );
    const wrong = 'AAAA-'.repeat(6).concat('AAAA');
    expect(JSON.stringify(await submit(BO, { recovery: wrong }))).toContain(
      'recovery-code-refused',
    );
    await submit(BO, { recovery: first.toLowerCase() });
    const { word, codes } = await usePage(urlIn(BO));
    expect(await stored()).toMatchObject({ authenticatorId: before?.authenticatorId });
    await submit(BO, { word });
    expect((await stored())?.authenticatorId).not.toBe(before?.authenticatorId);
    await bot.announceNotices(BO);
    const everything = JSON.stringify([bot.slack.state().ephemerals, messages(), bot.said]);
    expect(everything).toContain('You have new recovery codes');
    expect(everything).toContain('A recovery code was used');
    for (const code of [first, ...others, ...codes]) expect(everything).not.toContain(code);
    expect(everything).not.toContain('/enroll/');
    await type(BO, '');
    expect(said(BO)).toContain('Recovery codes left: 10');
  });
});

describe('somebody who lost both', () => {
  async function startedByDee() {
    await type(DEE, 'reset @bo');
    expect(shown(DEE)).toContain('lost the authenticator');
    await submit(DEE, { code: codeOf(DEE) });
    expect(shown(DEE)).toContain(`<@${CY}>`);
    await bot.announceNotices(BO);
  }
  async function confirmedByCy() {
    await startedByDee();
    await type(CY, 'reset @bo');
    expect(shown(CY)).toContain('second person');
    await submit(CY, { code: codeOf(CY) });
    await bot.announceNotices(BO);
  }

  it('gets a new authenticator by an admin, a second person and a day; both channels hear each step', async () => {
    await confirmedByCy();
    expect(shown(CY)).toContain('no longer counts');
    await bot.slack.client.slash(BO, '/access', 'enroll');
    expect(said(BO)).toContain('reset-waiting');
    bot.advance(86_400);
    await bot.announceNotices(BO);
    await click(BO, 'The delay of your reset is over', 'enroll');
    const { word } = await usePage(urlIn(BO));
    const before = await stored();
    await submit(BO, { word });
    expect((await stored())?.authenticatorId).not.toBe(before?.authenticatorId);
    await bot.announceNotices(BO);
    const texts = (channel: (id: string) => boolean) =>
      messages().flatMap((message) =>
        channel(String(message['channel'])) ? [String(message['text'])] : [],
      );
    expect(texts((id) => id === 'C0SECURITY')).toEqual([
      'An authenticator is to be reset',
      'An authenticator is being reset',
      'A reset is being used',
      'An authenticator was replaced',
    ]);
    expect(texts((id) => id.startsWith('D'))).toEqual([
      'Somebody wants to reset your authenticator',
      'Your authenticator is being reset',
      'You can set up a new authenticator',
      'A link to a new authenticator was made',
      'Your authenticator was replaced',
    ]);
  });

  it('is confirmed from the security channel, too, by who may', async () => {
    await startedByDee();
    await click(DEE, 'An authenticator is to be reset', 'reset-confirm');
    expect(said(DEE)).toContain('second-person-needed');
    await click(ANA, 'An authenticator is to be reset', 'reset-confirm');
    expect(said(ANA)).toContain('not-a-voucher');
    await click(CY, 'An authenticator is to be reset', 'reset-confirm');
    await submit(CY, { code: codeOf(CY) });
    expect((await stored())?.reset?.stage).toBe('confirmed');
  });

  it('calls it off from the message, whoever confirmed it, and a late button says so', async () => {
    await confirmedByCy();
    await click(BO, 'Your authenticator is being reset', 'reset-cancel');
    expect((await stored())?.reset).toBeNull();
    await click(BO, 'Somebody wants to reset your authenticator', 'reset-cancel');
    expect(said(BO)).toContain('no-reset');
    await click(CY, 'An authenticator is to be reset', 'reset-confirm');
    expect(said(CY)).toContain('no-reset');
    expect(isOpen(CY) && shown(CY).includes('second person')).toBe(false);
  });

  it.each([
    [CY, 'reset @bo', 'not-an-admin'],
    [DEE, 'reset @dee', 'self-reset'],
    [DEE, 'reset @zed', 'nobody-by-that-name'],
    [DEE, 'reset', 'nobody-by-that-name'],
    [CY, 'cancel @bo', 'not-allowed-to-cancel'],
    [BO, 'cancel', 'no-reset'],
  ])('%s typing `%s` is told %s', async (person, text, code) => {
    await type(person, text);
    expect(said(person)).toContain(code);
    expect(isOpen(person)).toBe(false);
    expect((await stored())?.reset).toBeNull();
  });

  it.each(['', '{}', 'null', '{"owner":"U0BO"}', '{"owner":"<!channel>","resetId":"x"}'])(
    'is left alone by a form that says %j',
    async (metadata) => {
      await startedByDee();
      await type(CY, 'reset @bo');
      const payload = {
        ...{
          type: 'view_submission',
          api_app_id: 'A0LOCAL',
          team: { id: 'T0LOCAL', domain: 'acme' },
        },
        user: { id: CY },
        view: {
          ...{ id: 'V1', type: 'modal', callback_id: 'authenticator-reset-confirm', hash: '1.a' },
          ...{ private_metadata: metadata, team_id: 'T0LOCAL', app_id: 'A0LOCAL' },
          state: { values: { code: { code: { type: 'plain_text_input', value: codeOf(CY) } } } },
        },
      };
      const body = `payload=${encodeURIComponent(JSON.stringify(payload))}`;
      const answer = await bot.deliver(body);
      expect(answer.body).toContain('action-unreadable');
      expect((await stored())?.reset?.stage).toBe('started');
    },
  );
});

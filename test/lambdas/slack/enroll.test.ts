/** Enrolling as people do it: in Slack, on the page, with a phone. */
import * as z from 'zod';
import { enrollPage } from '../../../lambdas/enroll/enroll-page.ts';
import { codeAt } from '../../../local/code-at.ts';
import { verifyCode } from '../../../shared/application/verify-code.ts';
import { fromBase32 } from '../../support/totp.ts';
import { type Bot, openBot } from './bot.ts';
import { lastEphemeral, modalOf, textOf } from './story.ts';

const [ANA, BO, DEE] = ['U0ANA', 'U0BO', 'U0DEE'] as const;
let bot: Bot;
afterEach(() => bot.close());

const vouched = (text: string) => text.replace('enrolment: open', 'enrolment: vouched');
const enroll = (person: string, text = 'enroll') => bot.slack.client.slash(person, '/access', text);
const submit = (person: string, values: Record<string, string>) =>
  bot.slack.client.submit(person, String(modalOf(bot, person)['id']), values);
const isOpen = (person: string) => bot.slack.state().views.some(({ user }) => user === person);
const said = (person: string) => textOf(lastEphemeral(bot, person)['blocks']);
const shown = (person: string) => textOf(modalOf(bot, person)['blocks']);

const Buttons = z.array(
  z.looseObject({
    elements: z
      .array(z.looseObject({ url: z.string().optional(), action_id: z.string().optional() }))
      .optional(),
  }),
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
/** Scans the key and gives the first code; answers the word. */
async function usePage(url: string): Promise<{ word: string; secret: Uint8Array }> {
  const key = /type the key: <code>([^<]+)</.exec(await post(url, 'step=reveal'))?.[1];
  if (!key) throw new Error('The page showed no key');
  const secret = fromBase32(key);
  const confirmed = await post(url, `step=confirm&code=${codeAt(secret, bot.deps.clock.now())}`);
  const word = /<output>([^<]+)</.exec(confirmed)?.[1];
  if (!word) throw new Error('The page showed no word');
  return { word, secret };
}
const authenticatorOf = async (owner: string) =>
  (await bot.journal.read('authenticator', owner)).value;
const messagesTo = (person: string) => {
  const all = bot.slack.state().messages.map((message) => JSON.stringify(message));
  return all.filter(
    (message) => message.includes(`D${person.slice(1)}`) || message.includes(person),
  );
};

describe('a person without an authenticator', () => {
  beforeEach(async () => {
    bot = await openBot({ enrolled: [BO] });
  });

  it('gets there over a form, the page and the word, and is told', async () => {
    await enroll(ANA);
    const { word, secret } = await usePage(urlIn(ANA));
    await submit(ANA, { word });
    expect(shown(ANA)).toContain('set up an authenticator');
    expect(await authenticatorOf(ANA)).toMatchObject({ owner: ANA });
    await bot.announceNotices(ANA);
    expect(messagesTo(ANA).join()).toContain('Your authenticator is set up');
    bot.advance(30);
    const typed = codeAt(secret, bot.deps.clock.now());
    const given = { owner: ANA, typed, contentHash: 'd'.repeat(64), purpose: 'approve' as const };
    expect(await verifyCode(bot.deps, given)).toMatchObject({ ok: true });
  });

  it('finds the link nowhere but in the form: no message, no log', async () => {
    await enroll(ANA);
    const url = urlIn(ANA);
    const { word } = await usePage(url);
    await submit(ANA, { word });
    const { messages, ephemerals, homes } = bot.slack.state();
    const elsewhere = JSON.stringify([messages, ephemerals, homes, bot.said]);
    expect(elsewhere).not.toContain('/enroll/');
    expect(elsewhere).not.toContain(word);
  });

  it('is told under the field that the word is wrong, and may try again', async () => {
    await enroll(ANA);
    const { word } = await usePage(urlIn(ANA));
    const delivery = await submit(ANA, { word: 'apple-apple' });
    expect(JSON.stringify(delivery)).toContain('word-wrong');
    expect(await authenticatorOf(ANA)).toBeNull();
    await submit(ANA, { word });
    expect(await authenticatorOf(ANA)).not.toBeNull();
  });

  it('cannot finish what somebody else began', async () => {
    await enroll(ANA);
    const { word } = await usePage(urlIn(ANA));
    await enroll(DEE);
    const delivery = await submit(DEE, { word });
    expect(JSON.stringify(delivery)).toContain('word-too-early');
    expect(await authenticatorOf(DEE)).toBeNull();
  });

  it('who closed the form gets one for the word, and a new link on demand', async () => {
    await enroll(ANA);
    const url = urlIn(ANA);
    await usePage(url);
    await enroll(ANA);
    expect(() => urlIn(ANA)).toThrow(/works until/);
    await enroll(ANA, 'enroll again');
    expect(urlIn(ANA)).not.toBe(url);
  });
});

describe('a person with an authenticator', () => {
  beforeEach(async () => {
    bot = await openBot();
  });

  it('replaces it with its current code, and with nothing less', async () => {
    const before = await authenticatorOf(ANA);
    await enroll(ANA);
    expect(shown(ANA)).toContain('replace');
    const delivery = await submit(ANA, { code: '000000' });
    expect(JSON.stringify(delivery)).toContain('code-refused');
    await submit(ANA, { code: bot.code(ANA) });
    const { word } = await usePage(urlIn(ANA));
    expect(await authenticatorOf(ANA)).toMatchObject({ authenticatorId: before?.authenticatorId });
    await submit(ANA, { word });
    expect((await authenticatorOf(ANA))?.authenticatorId).not.toBe(before?.authenticatorId);
    await bot.announceNotices(ANA);
    expect(messagesTo(ANA).join()).toContain('Your authenticator was replaced');
  });
});

describe('where somebody has to vouch', () => {
  beforeEach(async () => {
    bot = await openBot({ enrolled: [BO], policy: vouched });
  });

  it.each(['enroll @ana', 'enroll ana'])(
    'an approver does, by `%s` and a code, and the person goes on from a message',
    async (typed) => {
      await enroll(ANA);
      expect(said(ANA)).toContain('vouching-needed');
      await enroll(BO, typed);
      await submit(BO, { code: bot.code(BO) });
      const invited = bot.slack
        .state()
        .messages.find((message) => JSON.stringify(message).includes('vouched for you'));
      expect(JSON.stringify(invited)).not.toContain('/enroll/');
      await bot.slack.client.click(ANA, { ts: String(invited?.['ts']) }, { actionId: 'enroll' });
      const { word } = await usePage(urlIn(ANA));
      await submit(ANA, { word });
      expect(await authenticatorOf(ANA)).toMatchObject({ owner: ANA });
    },
  );

  it('nobody vouches for themself or for nobody', async () => {
    await enroll(BO, 'enroll @bo');
    expect(said(BO)).toContain('self-vouch');
    await enroll(BO, 'enroll zed');
    expect(said(BO)).toContain('nobody-by-that-name');
    expect(isOpen(BO)).toBe(false);
  });

  it('who approves nothing is told who can', async () => {
    await enroll(ANA, 'enroll @dee');
    expect(said(ANA)).toContain('not-a-voucher');
  });

  it('a wrong code vouches for nobody', async () => {
    await enroll(BO, 'enroll @ana');
    const delivery = await submit(BO, { code: '000000' });
    expect(JSON.stringify(delivery)).toContain('code-refused');
    expect((await bot.journal.read('enrolment', ANA)).value).toBeNull();
  });
});

import { codeAt } from '../../local/code-at.ts';
import { fromBase32 } from '../support/totp.ts';
import { openStage, type Stage } from './stage.ts';

const [ANA, BO, CY, DEE] = ['U0ANA', 'U0BO', 'U0CY', 'U0DEE'] as const;
let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const formOf = (who: string) =>
  stage.world.slack.state().views.findLast(({ user }) => user === who)?.id ?? '';
const submit = (who: string, values: Record<string, string>) =>
  stage.world.slack.client.submit(who, formOf(who), values);
function linkOf(who: string): string {
  const form = JSON.stringify(stage.world.slack.state().views.findLast(({ user }) => user === who));
  const link = /http:\/\/127\.0\.0\.1:\d+\/enroll\/[A-Za-z0-9_.-]+/.exec(form)?.[0];
  if (!link) throw new Error(`No link for ${who}: ${form}`);
  return link;
}
const post = async (link: string, fields: Record<string, string> = {}) =>
  (await fetch(link, { method: 'POST', body: new URLSearchParams(fields) })).text();
const codesOn = (html: string): string[] =>
  [...html.matchAll(/<code>((?:[0-9A-Z]{4}-){6}[0-9A-Z]{4})<\/code>/g)].map(
    ([, code = '']) => code,
  );
/** Through the page and back to Slack, as with every authenticator. */
async function enrolOn(who: string, link: string): Promise<string[]> {
  const key = /type the key: <code>([^<]+)</.exec(await post(link))?.[1] ?? '';
  const code = codeAt(fromBase32(key), stage.world.clock.now());
  const html = await post(link, { step: 'confirm', code });
  await submit(who, { word: /<output>([^<]+)</.exec(html)?.[1] ?? '' });
  await stage.settle();
  return codesOn(html);
}
const told = (channel: (id: string) => boolean) =>
  stage.world.slack
    .state()
    .messages.flatMap((message) =>
      channel(String(message['channel'])) && JSON.stringify(message).includes('hallpass_notice')
        ? [String(message['text'])]
        : [],
    );
const security = () => told((id) => id === 'C0SECURITY');

it('a phone is gone: new codes while it was there, then a recovery code, a new phone, and it approves', async () => {
  const { people } = stage;
  await people.type(BO, '/access', 'authenticator codes');
  await submit(BO, { code: await people.code(BO) });
  const [first = ''] = codesOn(await post(linkOf(BO), { step: 'codes' }));
  await people.type(BO, '/access', 'authenticator recover');
  await submit(BO, { recovery: first });
  const fresh = await enrolOn(BO, linkOf(BO));
  expect(fresh).toHaveLength(10);
  await people.type(BO, '/access', 'authenticator recover');
  const again = await submit(BO, { recovery: first });
  expect(JSON.stringify(again)).toContain('recovery-code-refused');
  expect(security()).toEqual([
    'Recovery codes were made',
    'A recovery code was used',
    'An authenticator was replaced',
  ]);
  await stage.advance(30);
  const id = await people.ask(ANA, 'github:acme/deployers member 3m INC-123 rollback');
  await stage.settle();
  expect(await people.approve(BO, id)).toEqual({});
  await stage.settle();
  expect(await stage.status(id)).toBe('active');
});

it('both are lost: an admin and a second person reset it, and what Bo approved before is void', async () => {
  const { people } = stage;
  const id = await people.ask(ANA, 'github:acme/jit-prod member 3m INC-124 rollback');
  await stage.settle();
  await stage.advance(30);
  expect(await people.approve(BO, id)).toEqual({});
  await people.type(DEE, '/access', 'authenticator reset @bo');
  await submit(DEE, { code: await people.code(DEE) });
  await people.type(CY, '/access', 'authenticator reset @bo');
  await submit(CY, { code: await people.code(CY) });
  await stage.settle();
  expect(security().slice(-2)).toEqual([
    'An authenticator is to be reset',
    'An authenticator is being reset',
  ]);
  await stage.advance(30);
  expect(await people.approve(CY, id)).toEqual({});
  await stage.settle();
  expect(await stage.status(id)).toBe('pending');
  await people.type(BO, '/access', 'enroll');
  await enrolOn(BO, linkOf(BO));
  await stage.advance(30);
  expect(await people.approve(BO, id)).toEqual({});
  await stage.settle();
  expect(await stage.status(id)).toBe('active');
  expect(await stage.events(id)).toEqual([
    'AccessRequested',
    'RequestApproved',
    'RequestApproved',
    'RequestApproved',
    'GrantAuthorized',
    'GrantActivated',
  ]);
});

it('no recovery code is in a message, a form, an event or a row', async () => {
  const everything = JSON.stringify([stage.world.slack.state(), await stage.world.state()]);
  expect(everything).not.toMatch(/(?:[0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}/);
});

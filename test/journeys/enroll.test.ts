import { codeAt } from '../../local/code-at.ts';
import { LINE, openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const shown = (what: unknown) => JSON.stringify(what);
const formOf = (who: string) =>
  stage.world.slack.state().views.findLast(({ user }) => user === who);

it('an approver replaces the authenticator: proof with the old code, page, first code, word typed back, and it approves', async () => {
  const { people, world } = stage;
  await people.type('U0BO', '/access', 'enroll again');
  const proof = formOf('U0BO');
  await world.slack.client.submit('U0BO', proof?.id ?? '', { code: await people.code('U0BO') });
  const link = /http:\/\/127\.0\.0\.1:\d+\/enroll\/[A-Za-z0-9_.-]+/.exec(
    shown(world.slack.state().views),
  )?.[0];
  if (!link) throw new Error(`No link in the form: ${shown(world.slack.state().views)}`);

  const looked = await (await fetch(link)).text();
  const revealed = await (await fetch(link, { method: 'POST' })).text();
  const key = /(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}/.exec(revealed)?.[0] ?? '';
  expect(key).not.toBe('');
  expect(looked).not.toContain(key);
  const again = await (await fetch(link, { method: 'POST' })).text();
  expect(again).not.toContain(key);

  const code = codeAt(base32(key), world.clock.now());
  const confirmed = await fetch(link, { method: 'POST', body: new URLSearchParams({ code }) });
  const word = /<(?:strong|output|b)[^>]*>([a-z-]+)<\//.exec(await confirmed.text())?.[1] ?? '';
  expect(word).not.toBe('');
  const before = await people.code('U0BO');
  await people.type('U0BO', '/access', 'enroll');
  await world.slack.client.submit('U0BO', formOf('U0BO')?.id ?? '', { word });
  await stage.advance(31);
  expect(await people.code('U0BO')).toBe(codeAt(base32(key), world.clock.now()));
  expect(await people.code('U0BO')).not.toBe(before);

  const id = await people.ask('U0ANA', LINE);
  await stage.settle();
  expect(await people.approve('U0BO', id)).toEqual({});
  await stage.settle();
  expect(await stage.status(id)).toBe('active');
});

it('the key and the word are in no message, no form, no event and no row', async () => {
  const everything = shown([stage.world.slack.state(), await stage.world.state()]);
  expect(everything).not.toMatch(/otpauth|(?:[A-Z2-7]{4} ){7}/);
});

function base32(key: string): Uint8Array {
  const bits = [...key.replaceAll(' ', '')]
    .map((char) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(char).toString(2).padStart(5, '0'))
    .join('');
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
}

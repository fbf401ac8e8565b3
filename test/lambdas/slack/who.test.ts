import { type Bot, openBot } from './bot.ts';
import { approve, ask, lastEphemeral, textOf } from './story.ts';

let bot: Bot;
const open = async (policy: (text: string) => string = (text) => text) => {
  bot = await openBot({ policy });
};
afterEach(() => bot.close());

async function who(person: string, rest: string): Promise<string> {
  await bot.slack.client.slash(person, '/access', `who ${rest}`);
  return textOf(lastEphemeral(bot, person).blocks);
}
async function grant(text?: string): Promise<string> {
  const id = await ask(bot, text);
  await approve(bot, id, { person: 'U0BO' });
  const readBackAt = bot.deps.clock.now().toISOString();
  const actor = { kind: 'ensure' } as const;
  const report = { type: 'ConfirmActivated', requestId: id, actor, accountId: '4711' } as const;
  await bot.execute({ ...report, readBackAt });
  return id;
}
const TEAM = 'github:acme/deployers';

test('names who holds it until when and who approved, who waits, and who may approve', async () => {
  await open();
  const id = await grant();
  const waiting = await ask(bot, `${TEAM} maintainer 1h INC-124 hand over the team`);
  const words = await who('U0CY', TEAM);
  expect(words).toContain(`Who holds \`${TEAM}\` through Hallpass`);
  expect(words).toMatch(
    new RegExp(`<@U0ANA> · \`member\` · until <!date.* · approved by <@U0BO> · ${id}`),
  );
  expect(words).toMatch(new RegExp(`<@U0ANA> asked for \`maintainer\` for 1h, .* · ${waiting}`));
  expect(words).toContain('rule `prod-deploy`: any 1 of <@U0BO> <@U0CY> <@U0DEE>');
  expect(words).toContain('who has it by other means is not in here');
  expect(bot.slack.refused()).toEqual([]);
});

test('a role narrows it; what is being set up or taken away is called that', async () => {
  await open();
  const id = await grant();
  expect(await who('U0ANA', `${TEAM} maintainer`)).toContain(
    'Nobody holds it through Hallpass now.',
  );
  expect(await who('U0ANA', `${TEAM} member`)).toContain(id);
  await bot.slack.client.slash('U0ANA', '/access', `end ${id}`);
  expect(await who('U0ANA', TEAM)).toContain('ending, not verified gone yet');
  bot.advance(30);
  const next = await ask(bot, 'github:acme/release 1h INC-126 the next one');
  await approve(bot, next, { person: 'U0BO' });
  expect(await who('U0ANA', 'github:acme/release')).toContain('being set up');
});

test('no provider and one index is asked', async () => {
  await open();
  await grant();
  let asked = 0;
  const { requestsIn } = bot.deps.journal;
  bot.deps.journal.requestsIn = async (...of) => {
    asked += 1;
    return requestsIn(...of);
  };
  await who('U0BO', TEAM);
  expect(asked).toBe(1);
});

test.each([
  ['', 'who-of-what'],
  ['github:acme/deploiers', 'not-visible'],
  ['constructor', 'not-visible'],
  [`${TEAM} owner`, 'not-visible'],
  [`${TEAM} member please`, 'not-visible'],
  [`${'x'.repeat(5000)}`, 'not-visible'],
])('who %s is answered with %s and the way on', async (rest, code) => {
  await open();
  const words = await who('U0ANA', rest);
  expect(words).toContain(code);
  expect(words.length).toBeLessThan(800);
});

test('a slip gets the name that was meant', async () => {
  await open();
  expect(await who('U0ANA', 'github:acme/deploiers')).toContain(`Did you mean \`${TEAM}\`?`);
  expect(await who('U0ANA', `${TEAM} membr`)).toContain('Did you mean `member`?');
});

const OTHERS = (text: string) =>
  text
    .replace(
      'rules:\n',
      'rules:\n  - { id: hidden, entitlements: ["github:acme/jit-prod"], requesters: { roles: [admin] }, deny: true }\n',
    )
    .replace(
      '  dee: {',
      '  eve: { slack: U0EVE, roles: [auditor] }\n  fay: { slack: U0FAY, roles: [] }\n  dee: {',
    );

test('an auditor sees everything, who is concerned by no rule sees nothing, not even that a name exists', async () => {
  await open(OTHERS);
  await grant();
  expect(await who('U0EVE', TEAM)).toContain('<@U0ANA> · `member`');
  await bot.close();
  await open((text) => OTHERS(text).replace('roles: [auditor] }\n  fay', 'roles: [] }\n  fay'));
  const real = await who('U0EVE', TEAM);
  const made = await who('U0EVE', 'github:acme/nonsense');
  expect(real.replace(TEAM, 'X')).toBe(made.replace('github:acme/nonsense', 'X'));
});

test('what a deny rule keeps from me I do not see; who decides about it does', async () => {
  await open((text) =>
    OTHERS(text).replace(
      'requesters: { roles: [admin] }, deny',
      'requesters: { people: [ana] }, deny',
    ),
  );
  expect(await who('U0ANA', 'github:acme/jit-prod')).toContain('not-visible');
  expect(await who('U0BO', 'github:acme/jit-prod')).toContain('Who holds');
});

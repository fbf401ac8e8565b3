import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { LINE, openStage, type Stage } from './stage.ts';

/** The example policy with a second admin. */
const policyFile = join(temporaryFolder(), 'access.yaml');
const example = readFileSync('access.yaml', 'utf8');
writeFileSync(
  policyFile,
  example.replace(
    'cy: { slack: U0CY, roles: [release-manager]',
    'cy: { slack: U0CY, roles: [admin]',
  ),
);

let stage: Stage;
beforeEach(async () => {
  // Early in a minute: what happens next happens before a sweep.
  stage = await openStage({ policyFile, startAt: new Date('2026-11-23T10:00:02Z') });
});
afterEach(() => stage.close());

async function active(who = 'U0ANA', line = LINE): Promise<string> {
  const id = await stage.people.ask(who, line);
  await stage.settle();
  await stage.people.approve('U0BO', id);
  await stage.settle();
  expect(await stage.status(id)).toBe('active');
  await stage.advance(31);
  return id;
}

/** Types a switch, and gives the code in its form; answers what is said then. */
async function flip(who: string, line: string, code?: string): Promise<string> {
  const said = await stage.people.type(who, '/access', line);
  const form = stage.world.slack.state().views.findLast(({ user }) => user === who);
  if (said !== '' || !form) return said;
  await stage.world.slack.client.submit(who, form.id, {
    code: code ?? (await stage.people.code(who)),
  });
  const shown = stage.world.slack.state().views.find(({ id }) => id === form.id);
  return JSON.stringify([shown?.blocks, shown?.errors]);
}

const ask = (line = LINE) => stage.people.type('U0ANA', '/request-access', line);

it('a pause refuses asks and approvals in words, keeps what is live, and is lifted with a code', async () => {
  const live = await active();
  const waits = await stage.people.ask('U0ANA', 'github:acme/release member 1h INC-124 hotfix');
  expect(await flip('U0DEE', 'pause github')).toContain('Paused');
  expect(await ask()).toContain('grants-paused');
  await stage.people.press('U0BO', waits, 'approve');
  expect(stage.people.lastEphemeral('U0BO')).toContain('grants-paused');
  expect(await stage.people.type('U0ANA', '/access', `extend ${live} 5m`)).toContain(
    'grants-paused',
  );
  expect(await stage.people.type('U0BO', '/access', 'status')).toContain('github');
  expect(await stage.status(live)).toBe('active');
  await stage.people.deny('U0BO', waits, 'not now');
  expect(await stage.status(waits)).toBe('denied');
  await stage.advance(240);
  expect(await stage.status(live)).toBe('ended');
  expect(await flip('U0DEE', 'resume github')).toContain('Resumed');
  expect(await active()).toMatch(/^AR-/);
});

it('only an admin pauses, only what there is, and only with a right code', async () => {
  expect(await flip('U0BO', 'pause github')).toContain('admins-only');
  expect(await flip('U0DEE', 'pause nothing')).toContain('unknown-scope');
  expect(await flip('U0DEE', 'resume github')).toContain('pause-unchanged');
  expect(await flip('U0DEE', 'pause all', '000000')).toContain('code');
  expect((await stage.world.journal.read('pause', 'all')).value).toBeNull();
  expect(await flip('U0DEE', 'pause all')).toContain('Paused');
  expect(await flip('U0DEE', 'pause all')).toContain('pause-unchanged');
});

it('who reaches for a switch that is not theirs is on record, though no form ever opened', async () => {
  for (const line of ['pause all', 'resume all', 'red-button', 'end-all @ana'])
    await stage.people.type('U0BO', '/access', line);
  const events = await stage.world.journal.eventsOn('2026-11-23', 50);
  const refused = events.flatMap(({ event }) =>
    event.type === 'CommandRefused' ? [`${event.command} ${event.code}`] : [],
  );
  expect(refused.sort()).toEqual([
    'EndEverything not-allowed-to-end',
    'PauseGrants admins-only',
    'PressRedButton admins-only',
    'ResumeGrants admins-only',
  ]);
});

it('one admin cannot stop everything alone', async () => {
  const live = await active();
  expect(await flip('U0DEE', 'red-button')).toContain('Proposed');
  await stage.advance(31);
  expect(await flip('U0DEE', 'red-button')).toContain('second-admin-needed');
  expect(await flip('U0BO', 'red-button')).toContain('admins-only');
  await stage.settle();
  expect(await stage.status(live)).toBe('active');
});

it('everything of one person ends at the word of an admin, and at nobody else’s', async () => {
  const [one, waits] = [
    await active(),
    await stage.people.ask('U0ANA', 'github:acme/release member 1h INC-124 hotfix'),
  ];
  expect(await stage.people.type('U0BO', '/access', 'end-all @ana')).toContain(
    'not-allowed-to-end',
  );
  const said = await stage.people.type('U0DEE', '/access', 'end-all @ana');
  expect(said).toContain(one);
  expect(said).toContain(waits);
  await stage.settle();
  expect([await stage.status(one), await stage.status(waits)]).toEqual(['ended', 'withdrawn']);
  expect(await stage.people.type('U0DEE', '/access', 'end-all @ana')).toContain('Nothing is live');
});

it('two admins stop everything: nothing new is given, what waits is withdrawn, what is live ends, until two lift it', async () => {
  const live = await active();
  const waits = await stage.people.ask('U0ANA', 'github:acme/release member 1h INC-124 hotfix');
  await stage.settle();
  expect(await flip('U0DEE', 'red-button')).toContain('Proposed');
  expect(await flip('U0CY', 'red-button')).toContain('Everything is stopped');
  // At once, before anything was swept.
  expect(await ask()).toContain('everything-stopped');
  await stage.people.press('U0BO', waits, 'approve');
  expect(stage.people.lastEphemeral('U0BO')).toMatch(/everything-stopped/);
  expect(await stage.people.type('U0DEE', '/access', 'status')).toContain('Everything is stopped');
  await stage.advance(61);
  expect([await stage.status(live), await stage.status(waits)]).toEqual(['ended', 'withdrawn']);
  expect(stage.members().join()).not.toContain('ana-dev');
  await stage.advance(120);
  expect((await stage.world.journal.read('stop', 'all')).value?.clearedAt).not.toBeNull();
  expect(await flip('U0CY', 'red-button lift')).toContain('Proposed');
  expect(await ask()).toContain('everything-stopped');
  expect(await flip('U0DEE', 'red-button lift')).toContain('Lifted');
  expect(await active()).toMatch(/^AR-/);
  const told = await stage.world.journal.history('stop', 'all');
  expect(told.map(({ event }) => event.type)).toEqual([
    ...['StopProposed', 'EverythingStopped', 'StopProposed', 'StopLifted'],
  ]);
});

const posted = (channel: string) =>
  stage.world.slack
    .state()
    .messages.filter((one) => one['channel'] === channel && !JSON.stringify(one).includes('AR-'));

it('the second admin confirms from the message that asks them; what is live ends in seconds, before any sweep, and who must know is told once', async () => {
  const live = await active();
  expect(await flip('U0DEE', 'red-button')).toContain('Proposed');
  await stage.settle();
  expect(posted('D0DEE')).toEqual([]);
  const [asked] = posted('D0CY');
  const { ts } = asked ?? {};
  await stage.world.slack.client.click('U0CY', { ts: String(ts) }, { actionId: 'red-button-open' });
  const form = stage.world.slack.state().views.findLast(({ user }) => user === 'U0CY');
  expect(JSON.stringify(form)).toContain('With your code it happens now');
  await stage.world.slack.client.submit('U0CY', form?.id ?? '', {
    code: await stage.people.code('U0CY'),
  });
  await stage.advance(5);
  expect(await stage.status(live)).toBe('ended');
  const swept = (await stage.world.journal.read('heartbeat', 'sweep')).value?.at ?? '';
  const { value: stop } = await stage.world.journal.read('stop', 'all');
  expect(swept < (stop?.standing?.since ?? '')).toBe(true);
  await stage.advance(180);
  expect(
    [posted('D0DEE'), posted('D0CY'), posted('C0SECURITY')].map(({ length }) => length),
  ).toEqual([1, 2, 2]);
});

it('a proposal that nobody confirmed in ten minutes is none: the next press proposes anew', async () => {
  await flip('U0DEE', 'red-button');
  await stage.advance(601);
  expect(await flip('U0CY', 'red-button')).toContain('Proposed');
  expect((await stage.world.journal.read('stop', 'all')).value?.standing).toBeNull();
});

it('an approval that is sent after the stop is refused, whatever its form still shows', async () => {
  const waits = await stage.people.ask('U0ANA', LINE);
  await stage.settle();
  const form = await stage.people.openApproval('U0BO', waits);
  await flip('U0DEE', 'red-button');
  await flip('U0CY', 'red-button');
  await stage.world.slack.client.submit('U0BO', form, { code: await stage.people.code('U0BO') });
  expect(await stage.events(waits)).not.toContain('GrantAuthorized');
  await stage.advance(61);
  expect(await stage.status(waits)).toBe('withdrawn');
});

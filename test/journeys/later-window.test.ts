/** Access approved ahead: it begins by itself at its time, or within its window when its holder starts it, or never. */
import { openStage, type Stage } from './stage.ts';

const startAt = new Date('2026-11-28T00:50:00.000Z');
const WHY = 'INC-123 nightly migration';
const AT = `github:acme/deployers member 5m ${WHY} --at 2026-11-28T02:00`;
const WINDOW = `github:acme/deployers member 5m ${WHY} --window 2026-11-28T02:00/02:20`;
/** 02:00 in Berlin. */
const UNTIL_START = 600;

let stage: Stage;
beforeEach(async () => {
  stage = await openStage({ startAt });
});
afterEach(() => stage.close());

async function approved(line: string): Promise<string> {
  const id = await stage.people.ask('U0ANA', line);
  await stage.settle();
  await stage.people.approve('U0BO', id);
  await stage.settle();
  return id;
}
const has = () => stage.members().includes('ana-dev (member)');
async function grantOf(id: string) {
  const { value } = await stage.world.journal.read('request', id);
  return value && 'expiresAt' in value ? value.expiresAt : null;
}

it('begins by itself at its time and ends when it was to end', async () => {
  const id = await approved(AT);
  expect(await stage.status(id)).toBe('scheduled');
  await stage.advance(UNTIL_START - 60);
  expect(has()).toBe(false);
  await stage.advance(120);
  expect(await stage.status(id)).toBe('active');
  expect(has()).toBe(true);
  expect(await grantOf(id)).toBe('2026-11-28T01:05:00.000Z');
  await stage.advance(300);
  expect(await stage.status(id)).toBe('ended');
  expect(await stage.events(id)).toEqual([
    ...['AccessRequested', 'EscalationPlanned'],
    ...['RequestApproved', 'GrantScheduled', 'GrantStarted', 'GrantAuthorized'],
    ...['GrantActivated', 'GrantExpired', 'GrantRemoved'],
  ]);
});

it('is taken back before it begins, by who asked', async () => {
  const id = await approved(AT);
  await stage.people.type('U0ANA', '/access', `withdraw ${id}`);
  await stage.advance(UNTIL_START + 120);
  expect(await stage.status(id)).toBe('withdrawn');
  expect(has()).toBe(false);
});

it('a window waits for its holder, who starts it; it ends with the window at the latest', async () => {
  const id = await approved(WINDOW);
  expect(await stage.people.type('U0ANA', '/access', `start ${id}`)).toContain('not-due');
  await stage.advance(UNTIL_START + 17 * 60);
  expect(has()).toBe(false);
  expect(await stage.people.type('U0BO', '/access', `start ${id}`)).toContain('not-your-request');
  await stage.people.type('U0ANA', '/access', `start ${id}`);
  await stage.settle();
  expect(has()).toBe(true);
  expect(await grantOf(id)).toBe('2026-11-28T01:20:00.000Z');
});

it('the button of the receipt starts it too', async () => {
  const id = await approved(WINDOW);
  await stage.advance(UNTIL_START + 60);
  await stage.people.press('U0ANA', id, 'start');
  await stage.settle();
  expect(await stage.status(id)).toBe('active');
});

it('a window that nobody uses lapses with a fact', async () => {
  const id = await approved(WINDOW);
  await stage.advance(UNTIL_START + 22 * 60);
  expect(await stage.status(id)).toBe('not-started');
  expect((await stage.events(id)).at(-1)).toBe('GrantNotStarted');
  expect(await stage.people.type('U0ANA', '/access', `start ${id}`)).toContain('wrong-status');
});

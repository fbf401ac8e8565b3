/** Access that is approved ahead: it begins by itself, or its holder starts it within a window; and what is asked for somebody else. */
import { openStage, type Stage } from './stage.ts';

const startAt = new Date('2026-11-28T00:50:00.000Z');
const WHY = 'INC-123 nightly migration';
const AT = `github:acme/deployers member 5m ${WHY} --at 2026-11-28T02:00`;
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
it('is called off by an approver, and nobody ever had it', async () => {
  const id = await approved(AT);
  await stage.people.type('U0CY', '/access', `end ${id}`);
  await stage.advance(UNTIL_START + 120);
  expect(await stage.status(id)).toBe('not-started');
  expect(stage.mutations('ana-dev')).toBe(0);
});

it('for somebody else: both are told, the subject holds it and may end it, neither approves', async () => {
  const line = `github:acme/deployers member 30m ${WHY} --for @cy`;
  const id = await stage.people.ask('U0ANA', line);
  await stage.settle();
  expect(await stage.people.type('U0CY', '/access', `approve ${id}`)).toContain('subject-approval');
  const { value: card } = await stage.world.journal.read('card', id);
  expect(card?.direct).toContainEqual(expect.objectContaining({ what: 'subject', to: 'U0CY' }));
  await stage.people.approve('U0BO', id);
  await stage.settle();
  expect(stage.members()).toContain('cy-rm (member)');
  await stage.people.type('U0CY', '/access', `end ${id}`);
  await stage.settle();
  expect(await stage.status(id)).toBe('ended');
});

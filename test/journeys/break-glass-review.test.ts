/** What follows a break-glass: its end, its review, the quota, what an overdue review closes. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { openStage, type Stage } from './stage.ts';

const LINE = 'github:acme/deployers member 10m site is down --break-glass INC-123';

let stage: Stage;
beforeEach(async () => {
  // The review is owed within minutes: nobody wants to push a clock through a day.
  const policyFile = join(temporaryFolder(), 'access.yaml');
  const policy = readFileSync('access.yaml', 'utf8').replace(
    'review_within: 24h',
    'review_within: 15m',
  );
  writeFileSync(policyFile, policy);
  stage = await openStage({ policyFile });
});
afterEach(() => stage.close());

async function broken(who = 'U0ANA'): Promise<string> {
  const id = await stage.people.ask(who, LINE);
  await stage.settle();
  return id;
}
const said = () => JSON.stringify(stage.world.slack.state().messages);
/** What was said in a direct message or a channel. */
const saidIn = (where: string) =>
  JSON.stringify(stage.world.slack.state().messages.filter((m) => m['channel'] === where));

async function review(who: string, id: string, verdict: 'justified' | 'not-justified') {
  await stage.people.press(who, id, 'review');
  const form = stage.world.slack.state().views.findLast(({ user }) => user === who);
  if (!form) throw new Error('No form opened');
  await stage.world.slack.client.submit(who, form.id, { verdict, reason: 'The site was down.' });
  await stage.settle();
}

it('ends by itself, and its review stays owed until somebody who was skipped gives it', async () => {
  const id = await broken();
  await stage.advance(11 * 60);
  expect(await stage.status(id)).toBe('ended');
  expect(stage.members()).not.toContain('ana-dev (member)');
  expect(await stage.people.type('U0ANA', '/access', `review ${id}`)).toContain('not-a-reviewer');
  await review('U0BO', id, 'justified');
  expect((await stage.events(id)).at(-1)).toBe('BreakGlassReviewed');
  expect(await stage.people.type('U0CY', '/access', `review ${id}`)).toContain('already-reviewed');
  expect(said()).not.toContain('NOT JUSTIFIED');
});

it('tells the security channel when it was not justified', async () => {
  const id = await broken();
  await review('U0CY', id, 'not-justified');
  expect(saidIn('C0SECURITY')).toContain('BREAK-GLASS NOT JUSTIFIED');
  expect(await stage.status(id)).toBe('active');
});

it('stops at the quota, and says when there is another one', async () => {
  for (const _ of [1, 2]) {
    const id = await broken();
    await stage.people.type('U0ANA', '/access', `end ${id}`);
    await stage.advance(60);
  }
  const refused = await stage.people.type('U0ANA', '/request-access', LINE);
  expect(refused).toContain('break-glass-quota');
});

it('an overdue review is on record, and closes break-glass to its requester until it is given', async () => {
  const id = await broken();
  await stage.advance(17 * 60);
  expect(await stage.events(id)).toContain('ReviewOverdue');
  expect(await stage.people.type('U0ANA', '/request-access', LINE)).toContain('review-owed');
  await review('U0BO', id, 'justified');
  expect(await stage.status(await broken())).toBe('active');
});

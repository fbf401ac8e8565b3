/** Break-glass from the typed line to the review: access without an approval, everybody told, a quota, a review that is owed. */
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
/** What was said in a direct message or a channel. */
const saidIn = (where: string) =>
  JSON.stringify(stage.world.slack.state().messages.filter((m) => m['channel'] === where));

it('gives access at once, with the code of who takes it and no approval, and tells everybody', async () => {
  const id = await broken();
  expect(await stage.status(id)).toBe('active');
  expect(await stage.events(id)).toEqual(['AccessRequested', 'GrantAuthorized', 'GrantActivated']);
  expect(stage.members()).toContain('ana-dev (member)');
  const [asked] = await stage.world.journal.history('request', id);
  expect(asked?.event).toMatchObject({
    breakGlass: { incident: 'INC-123' },
    factor: { kind: 'totp' },
  });
  expect(JSON.stringify(stage.people.card(id)?.blocks)).toContain('BREAK-GLASS');
  const { value: card } = await stage.world.journal.read('card', id);
  const told = card?.direct.map(({ what, to }) => `${what} ${to}`) ?? [];
  expect(told).toEqual(
    expect.arrayContaining([
      'skipped U0BO',
      'skipped U0CY',
      'skipped U0DEE',
      'security C0SECURITY',
    ]),
  );
  expect(card?.direct.every(({ place }) => place !== null)).toBe(true);
  expect(told).not.toContain('skipped U0ANA');
  expect(saidIn('C0SECURITY')).toContain('BREAK-GLASS');
});

it('needs the incident, and never takes more than its short cap', async () => {
  const without = LINE.replace(' INC-123', '');
  expect(await stage.people.type('U0ANA', '/request-access', without)).toBe('');
  const form = stage.world.slack.state().views.findLast(({ user }) => user === 'U0ANA');
  expect(JSON.stringify(form?.blocks)).toContain('incident-missing');
  const long = LINE.replace('10m', '2h');
  expect(await stage.people.type('U0ANA', '/request-access', long)).toContain('duration-too-long');
});

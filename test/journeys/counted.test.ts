/**
 * What the policy counts or forbids for a time, through Slack: too often, too long, too soon after a no, duties that exclude each
 * other, a freeze, what needs nobody within its budget; and how a change of the policy is told. One company, one day.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { openStage, type Stage } from './stage.ts';

const policyFile = join(temporaryFolder(), 'access.yaml');
const example = readFileSync('access.yaml', 'utf8');
const COUNTED = `limits: { asks_per_hour: 5, pending_per_entitlement: 1, cool_down_after_denial: 10m, max_per_day: 1h }
separation:
  - { name: build-or-ship, entitlements: [["github:acme/release"], ["gitlab:acme/shop"]] }
freeze:
  - { name: lunch, every: { from: "mon 12:13", to: "mon 14:00" } }
rules:
  - id: small-things
    entitlements: ["gitlab:acme/platform"]
    requesters: { roles: [developer] }
    max_duration: 2h
    approvals:
      - { from: { roles: [release-manager] }, count: 1 }
    auto_approve: { when: { max_duration: 5m }, budget: { per_person_per_day: 1 } }
    justification: { min: 10 }
    channel: C0ACCESS
`;
const counted = example.replace('rules:\n', COUNTED);
writeFileSync(policyFile, counted);

let stage: Stage;
beforeAll(async () => {
  // Monday, noon in Berlin.
  stage = await openStage({ policyFile, startAt: new Date('2026-11-23T11:00:02Z') });
});
afterAll(() => stage.close());

const DEPLOYERS = 'github:acme/deployers member';
const ask = async (line: string): Promise<string> => {
  const id = await stage.people.ask('U0ANA', line);
  await stage.settle();
  return id;
};

/** Types an ask and sends its card, where one comes; answers what is said in the end. */
async function said(line: string): Promise<string> {
  const first = await stage.people.type('U0ANA', '/request-access', line);
  const card = stage.world.slack
    .state()
    .ephemerals.filter(({ user }) => user === 'U0ANA')
    .at(-1);
  if (!card || !JSON.stringify(card.blocks).includes('"action_id":"submit"')) return first;
  await stage.world.slack.client.click('U0ANA', { ts: card.ts }, { actionId: 'submit' });
  return stage.people.lastEphemeral('U0ANA');
}
const saying = (code: string, ...words: string[]) =>
  new RegExp([...words, code].map((each) => each.replace(/[.()?]/g, '\\$&')).join('.*'), 's');

let waits = '';
it('one request for a target waits at a time', async () => {
  waits = await ask(`${DEPLOYERS} 30m INC-1 rollback`);
  expect(await said('github:acme/deployers maintainer 30m INC-1 rollback')).toMatch(
    saying(
      'too-many-pending',
      'You already wait for that',
      '1 request for one target',
      waits,
      'Wait',
    ),
  );
});

it('after a no, the same is asked for again only a while later', async () => {
  await stage.people.deny('U0BO', waits, 'not during the release');
  await stage.settle();
  expect(await said(`${DEPLOYERS} 30m INC-1 rollback`)).toMatch(
    saying('cooling-down', 'denied a short while ago', 'from <!date', 'Talk to who denied it'),
  );
  await stage.advance(601);
});

it('a day holds only so much of one target, and the rest of it is named', async () => {
  const id = await ask(`${DEPLOYERS} 50m INC-2 hotfix`);
  await stage.people.approve('U0BO', id);
  await stage.settle();
  expect(await stage.status(id)).toBe('active');
  expect(await said(`${DEPLOYERS} 20m INC-3 hotfix`)).toMatch(
    saying(
      'day-used-up',
      'too long for one day',
      '1h a day',
      '10m of 2026-11-23 are left',
      '10m or less',
    ),
  );
});

it('duties that exclude each other are not held by one person', async () => {
  waits = await ask('github:acme/release member 10m INC-4 release');
  expect(await said('gitlab:acme/shop developer 10m INC-5 build')).toMatch(
    saying(
      'duties-not-separate',
      'Nobody may have both',
      'build-or-ship',
      waits,
      'End or withdraw',
    ),
  );
});

it('what needs nobody is there at once, within its budget, and says by which rule', async () => {
  const id = await ask('gitlab:acme/platform reporter 5m a quick look');
  expect(await stage.status(id)).toBe('active');
  expect(stage.people.receipt(id)?.text).toContain(id);
  const why = await stage.people.type('U0ANA', '/access', `why ${id}`);
  expect(why).toContain(
    'Granted automatically by rule `small-things`: nobody has to approve for at most 5m. It was 1 of the 1 that a person has on a day.',
  );
  expect(why).not.toMatch(/0 approval|Could still approve/);
});

it('once the day’s budget is spent, people decide', async () => {
  waits = await ask('gitlab:acme/platform reporter 4m another look');
  expect(await stage.status(waits)).toBe('pending');
  expect(await stage.people.type('U0ANA', '/access', `why ${waits}`)).toContain(
    '1 approval is needed, none given.',
  );
});

it('so many asks an hour, and not one more', async () => {
  expect(await said('github:acme/deployers maintainer 5m INC-7 one more')).toMatch(
    saying(
      'too-many-asks',
      'You asked too often',
      '5 requests in an hour',
      'Ask again from <!date',
    ),
  );
});

it('in a freeze nothing is asked for and nothing approved; a no still counts', async () => {
  await stage.advance(3 * 60);
  const late = await ask('github:acme/deployers member 3m INC-6 last one').catch(() => null);
  expect(late).toBeNull();
  expect(await said('github:acme/deployers member 3m INC-6 last one')).toMatch(
    saying('frozen', 'There is a freeze', 'lunch', 'holds until <!date', 'Ask again then'),
  );
  await stage.people.press('U0BO', waits, 'approve');
  expect(stage.people.lastEphemeral('U0BO')).toContain('frozen');
  await stage.people.deny('U0BO', waits, 'after lunch');
  expect(await stage.status(waits)).toBe('denied');
});

it('a change of the policy is told with who gets what by it', async () => {
  const changed = counted
    .replace(
      'ana: { slack: U0ANA, roles: [developer]',
      'ana: { slack: U0ANA, roles: [release-manager]',
    )
    .replace('max_duration: 5m }, budget', 'max_duration: 10m }, budget');
  expect(changed).not.toBe(counted);
  writeFileSync(policyFile, changed);
  expect((await stage.world.reloadPolicy()).ok).toBe(true);
  await stage.settle();
  const told = stage.world.slack
    .state()
    .messages.filter(({ channel }) => channel === 'C0SECURITY')
    .map((message) => JSON.stringify(message))
    .filter((message) => message.includes('The access policy changed'));
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(/:heavy_plus_sign: <@U0ANA> may now approve/);
  expect(told[0]).toMatch(/gained, [0-9]+ on easier terms/);
});

/**
 * `npm run demo`: the main story in the terminal, on a clock that is pushed. Every step is believed only when it was
 * seen in the provider AND in the journal; anything else ends with exit code 1 and the step that failed.
 */
import { findChainBreak } from '../shared/domain/audit/chain.ts';
import { dayAfter, dayOf, momentOf } from '../shared/domain/digest/local-day.ts';
import { type People, peopleOf } from './people.ts';
import { readSettings } from './settings.ts';
import { startWorld, type World } from './world.ts';

const TEAM = 'acme/deployers';
const ANA = 'ana-dev';
const CHANNEL = 'C0ACCESS';
/** Zone of the example policy, and what it says of the digest. */
const [ZONE, DIGEST_TIME] = ['Europe/Berlin', '09:00'];

type Stage = { world: World; people: People };

async function main(): Promise<void> {
  const settings = { ...readSettings({}), dataDir: null, port: 0 };
  const print = (line: string) => console.error(line);
  const startAt = lateEvening(new Date());
  const world = await startWorld({ settings, frozen: true, startAt, print });
  try {
    await play({ world, people: peopleOf(world) });
    console.log('\nEvery step was seen in the provider and in the journal.');
  } finally {
    await world.close();
  }
}

async function play({ world, people }: Stage): Promise<void> {
  await step('Before: GitHub does not list Ana', async () => {
    must(!members(world).includes(`${ANA} (member)`), 'Ana is a member already');
    return `${TEAM}: ${members(world).join(', ')}`;
  });
  const line = `github:${TEAM} member 2h INC-123 rollback of payments`;
  const id = await step(`Ana types /request-access ${line}`, async () => {
    const requestId = await people.ask('U0ANA', line);
    await settle(world);
    must((await statusOf(world, requestId)) === 'pending', 'the journal has no pending request');
    must(people.card(requestId)?.text, 'no card was posted');
    must(!members(world).includes(`${ANA} (member)`), 'GitHub lists Ana before the approval');
    return requestId;
  });
  await step('Bo approves on the card, with the code of his authenticator', async () => {
    const errors = await people.approve('U0BO', id);
    must(Object.keys(errors).length === 0, JSON.stringify(errors));
    await settle(world);
    must((await statusOf(world, id)) === 'active', 'the journal does not say active');
    must(members(world).includes(`${ANA} (member)`), 'GitHub does not list Ana');
    return `${TEAM}: ${members(world).join(', ')} · card: "${people.card(id)?.text}"`;
  });
  await step('1 h 59 min later the access is still there', async () => {
    await world.clock.advance(119 * 60_000);
    must(members(world).includes(`${ANA} (member)`), 'the access ended too early');
    return `${TEAM}: ${members(world).join(', ')}`;
  });
  await step('At 2 h it is gone, read back from GitHub, and the card says so', async () => {
    await world.clock.advance(60_000);
    await settle(world);
    must((await statusOf(world, id)) === 'ended', 'the journal does not say ended');
    must(!members(world).includes(`${ANA} (member)`), 'GitHub still lists Ana');
    return `${TEAM}: ${members(world).join(', ')} · card: "${people.card(id)?.text}"`;
  });
  await step('The audit trail, its hash chain verified', () => auditTrail(world, id));
  await step('The next morning at 9 the channel gets its digest, once', () => digest(world));
}

/** An evening on which everything above happens before midnight: nobody has to wait for a whole day until the digest counts it. */
const lateEvening = (today: Date): Date => momentOf(dayOf(today, ZONE), '21:30', ZONE);

async function digest(world: World): Promise<string> {
  const tomorrow = dayAfter(dayOf(world.clock.now(), ZONE));
  const dueAt = momentOf(tomorrow, DIGEST_TIME, ZONE);
  await world.clock.advance(dueAt.getTime() - world.clock.now().getTime());
  await world.clock.advance(10 * 60_000);
  const { value } = await world.journal.read('digest', `${CHANNEL}#${tomorrow}`);
  must(value?.message.status === 'sent', 'the journal does not say that the digest was sent');
  const { asked, granted, endedOnTime } = value?.content.counts ?? {};
  must(asked === 1 && granted === 1 && endedOnTime === 1, 'the digest counts something else');
  const digests = world.slack
    .state()
    .messages.filter(
      ({ metadata, channel }) =>
        channel === CHANNEL && JSON.stringify(metadata)?.includes('hallpass_digest'),
    );
  must(digests.length === 1, `Slack shows ${digests.length} digests`);
  return digests.flatMap(({ blocks }) => linesIn(blocks)).join('\n    ');
}

/** What is written on it, line by line. */
function linesIn(blocks: unknown): string[] {
  const found: string[] = [];
  JSON.stringify(blocks, (key, value) => {
    if (key === 'text' && typeof value === 'string') found.push(...value.split('\n'));
    return value;
  });
  return found;
}

async function auditTrail(world: World, id: string): Promise<string> {
  const events = await world.journal.history('request', id);
  const { head } = await world.journal.read('request', id);
  const broken = findChainBreak(events, head);
  must(broken === null, `the chain breaks: ${JSON.stringify(broken)}`);
  const types = events.map(({ event }) => event.type);
  const expected = [
    'AccessRequested',
    'EscalationPlanned',
    'RequestApproved',
    'GrantAuthorized',
    'GrantActivated',
    'GrantExpired',
    'GrantRemoved',
  ];
  must(types.join() === expected.join(), `unexpected events ${types.join()}`);
  const lines = events.map(({ seq, event, hash }) => {
    const actor = event.actor.kind === 'person' ? event.actor.id : event.actor.kind;
    return `${seq}  ${event.at}  ${event.type.padEnd(16)} ${actor.padEnd(7)} ${hash.slice(0, 16)}`;
  });
  return `\n    ${lines.join('\n    ')}`;
}

async function step<T extends string>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    const shown = await run();
    console.log(`ok  ${what}\n    ${shown}`);
    return shown;
  } catch (error) {
    console.error(`NOT ${what}\n    ${error instanceof Error ? error.message : error}`);
    throw error;
  }
}

function must(truth: unknown, otherwise: string): void {
  if (!truth) throw new Error(otherwise);
}

/** A second is enough for everything that is due now. */
const settle = (world: World): Promise<void> => world.clock.advance(1000);

const members = (world: World): string[] =>
  (world.github.state()[TEAM] ?? []).map(({ account, role }) => `${account} (${role})`);

const statusOf = async (world: World, id: string): Promise<string | undefined> =>
  (await world.journal.read('request', id)).value?.status;

main().catch(() => {
  process.exitCode = 1;
});

/**
 * Every remote call of a run, numbered in the order in which it makes them: a run that dies just before or just after call n, after
 * which only the sweep is left. A call that is new gets its number by itself.
 */
import { RELEASE, RESOURCES, STAGING } from './cast.ts';
import { type CrashPoint, oneCrash } from './faults.ts';
import { change } from './operators.ts';
import { type Asked, approve, ask, askForMore, type Click } from './people.ts';
import { endAll, leave, pauseByAdmin, press } from './people-more.ts';
import { enrolEverybody, every, lookAt } from './run-seed.ts';
import { START_MS } from './virtual-time.ts';
import { type World, worldOf } from './world.ts';

const MINUTE = 60_000;
const TICK_MS = 5000;
const [DEPLOYERS] = RESOURCES;
const ASKED: readonly Asked[] = [
  asked('AR-000001', 'U0ANA', DEPLOYERS, 20),
  asked('AR-000002', 'U0BEN', RELEASE, 20),
  asked('AR-000003', 'U0EVE', STAGING, 8),
  { ...asked('AR-000004', 'U0ANA', STAGING, 5), startsInSeconds: 15 * 60, windowSeconds: 600 },
  asked('AR-000005', 'U0ANA', RELEASE, 10),
];
function asked(requestId: string, requester: string, resource: string, minutes: number): Asked {
  const durationSeconds = minutes * 60;
  return { requestId, requester, resource, role: 'member', durationSeconds, startsInSeconds: null };
}

let clicks = 0;
const click = (): Click => {
  clicks += 1;
  return { interaction: `click-${clicks}`, typed: 'right' };
};

/** What is done at minute six, to live grants, one that waits and one that is approved ahead; and what it has to come to. */
export type Story = {
  readonly name: string;
  /** Whose calls are numbered, from minute six on. */
  readonly by: string;
  act(world: World): void;
  /** Requests of which nothing may be left open at minute fourteen. */
  readonly over: readonly string[];
};
const all = ASKED.map(({ requestId }) => requestId);
const stop = (world: World) => {
  const { time } = world;
  press(world, 'U0ADA', 'stop', click());
  time.after(2000, () => press(world, 'U0ROB', 'stop', click()));
  // Whoever saw an error presses again.
  time.after(35_000, () => press(world, 'U0ADA', 'stop', click()));
  time.after(70_000, () => press(world, 'U0ROB', 'stop', click()));
};
const ana = ['AR-000001', 'AR-000004'];
const endAna = (world: World) => {
  endAll(world, 'U0ANA', 'U0ROB');
  world.time.after(15_000, () => endAll(world, 'U0ANA', 'U0ROB'));
};
const more = (world: World) => {
  askForMore(world, asked('AR-000003', 'U0EVE', STAGING, 8), click());
};
const paused = (world: World) => {
  pauseByAdmin(world, 'U0ROB', true, click());
  world.time.after(40_000, () => pauseByAdmin(world, 'U0ROB', true, click()));
};
export const STORIES: readonly Story[] = [
  { name: 'red button', by: 'press', act: stop, over: all },
  { name: 'red button', by: 'sweep', act: stop, over: all },
  { name: 'red button', by: 'ensure', act: stop, over: all },
  { name: 'leaver', by: 'leaver', act: (world) => leave(world, 'U0ANA'), over: ana },
  { name: 'leaver', by: 'sweep', act: (world) => leave(world, 'U0ANA'), over: ana },
  { name: 'leaver', by: 'ensure', act: (world) => leave(world, 'U0ANA'), over: ana },
  { name: 'end all', by: 'end-all', act: endAna, over: ana },
  { name: 'pause', by: 'pause', act: paused, over: [] },
  { name: 'extension', by: 'ask-extension', act: more, over: [] },
  { name: 'extension', by: 'ensure', act: more, over: [] },
];

export type Ran = { struck: string | null; problems: string[] };

/** `point` null: nothing dies. */
export async function play(story: Story, point: Omit<CrashPoint, 'by'> | null): Promise<Ran> {
  const faults = oneCrash({ by: story.by, call: 0, kind: 'crash-before', ...point });
  let armed = false;
  const world = worldOf(4711, {
    faultsEndMs: START_MS,
    print: null,
    faults: { ...faults, strike: (call) => (armed ? faults.strike(call) : null) },
  });
  const { time } = world;
  await enrolEverybody(world);
  change(world, world.policies.wide);
  every(world, MINUTE, () => world.sweep());
  every(world, TICK_MS, () => looksAgain(world), { quiet: true });
  for (const [index, each] of ASKED.entries()) {
    time.after(2000 + index * 40_000, () => ask(world, each, click()));
    // The last one waits for its approver.
    if (each.requestId !== 'AR-000005')
      for (const by of ['U0CAT', 'U0DAN'])
        time.after(12_000 + index * 40_000, () => approve(world, each, by, click()));
  }
  time.after(6 * MINUTE, () => {
    armed = true;
    story.act(world);
  });
  await time.run(START_MS + 14 * MINUTE, () => lookAt(world));
  const problems = story.over.flatMap((id) => stillOpen(world, id));
  for (let minute = 16; minute <= 60 && !isAtRest(world); minute += 2)
    await time.run(START_MS + minute * MINUTE, () => lookAt(world));
  await world.invariants.atRest();
  problems.push(...world.violations.map(({ rule, what }) => `${rule}: ${what}`));
  return { struck: faults.struck(), problems };
}

/** Between two changes only time passes. */
function looksAgain(world: World): void {
  world.changed = true;
}

const OPEN: readonly string[] = ['scheduled', 'activating', 'active', 'removing'];

const isAtRest = ({ store }: World): boolean =>
  ASKED.every(({ requestId }) => {
    const status = store.peek('request', requestId).value?.status ?? 'new';
    return status !== 'pending' && !OPEN.includes(status);
  }) && store.idsOf('holding').every((id) => store.peek('holding', id).value?.dueAt === null);

function stillOpen(world: World, id: string): string[] {
  const status = world.store.peek('request', id).value?.status ?? 'new';
  return OPEN.includes(status) ? [`${id} is ${status} eight minutes later`] : [];
}

const KINDS = ['crash-before', 'crash-after'] as const;

/** Every point of a story, until its runs make fewer calls; the numbers with what is called there. */
export async function everyPoint(
  story: Story,
  most: number,
): Promise<{ points: string[]; problems: string[] }> {
  const points: string[] = [];
  const problems: string[] = [];
  for (let call = 1; call <= most; call += 1) {
    let struck: string | null = null;
    // Before call n + 1 is after call n.
    for (const kind of call === 1 ? KINDS : (['crash-after'] as const)) {
      const ran = await play(story, { call, kind });
      struck = ran.struck;
      const where = `${story.name}, ${story.by} ${call} (${ran.struck}), ${kind}`;
      problems.push(...ran.problems.map((what) => `${where}: ${what}`));
    }
    if (struck === null) return { points, problems };
    points.push(`${call} ${struck}`);
  }
  return { points, problems };
}

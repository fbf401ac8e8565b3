/**
 * Every remote call of announce, numbered in the order of its runs: one of them dies just before or just after call n. What stands in
 * Slack when everything has come to rest is judged here, beside all that is judged anywhere else.
 */
import { DEPLOYERS } from './cast.ts';
import { type CrashPoint, oneCrash } from './faults.ts';
import { change } from './operators.ts';
import { type Asked, approve, ask, askForMore, type Click, extend, say } from './people.ts';
import { enrolEverybody, every, lookAt } from './run-seed.ts';
import { START_MS } from './virtual-time.ts';
import { type World, worldOf } from './world.ts';

const MINUTE = 60_000;
export type Slack = 'found-again' | 'made-twice';
export type Ran = { struck: string | null; cards: number; problems: string[] };

const ASKED: Asked = {
  ...{ requestId: 'AR-000001', requester: 'U0ANA', resource: DEPLOYERS, role: 'member' },
  ...{ durationSeconds: 600, startsInSeconds: null },
};

/** Asked for, approved, extended, ended: each is drawn. `point` null: nothing dies. */
function story(world: World): void {
  const { time } = world;
  let clicks = 0;
  const click = (): Click => {
    clicks += 1;
    return { interaction: `click-${clicks}`, typed: 'right' };
  };
  const at = (seconds: number, what: () => void) => time.after(seconds * 1000, what);
  at(2, () => ask(world, ASKED, click()));
  at(20, () => approve(world, ASKED, 'U0CAT', click()));
  at(60, () => askForMore(world, ASKED, click()));
  at(80, () => extend(world, ASKED, 'U0CAT', click()));
  const interaction = 'click-end';
  at(120, () => say(world, 'EndGrant', { asked: ASKED, by: 'U0ANA', interaction }));
}

export async function playCards(
  slack: Slack,
  point: Pick<CrashPoint, 'call' | 'kind'> | null,
): Promise<Ran> {
  const faults = oneCrash({ by: 'announce', call: 0, kind: 'crash-before', ...point });
  const world = worldOf(4711, {
    ...{ faultsEndMs: START_MS, print: null, cards: slack },
    faults: { ...faults, sweepOnly: false },
  });
  await enrolEverybody(world);
  change(world, world.policies.wide);
  every(world, MINUTE, () => world.sweep());
  story(world);
  await world.time.run(START_MS + 16 * MINUTE, () => lookAt(world));
  await world.invariants.atRest();
  const messages = world.slack?.messages.filter(({ slot }) => slot === 'card') ?? [];
  const most = slack === 'found-again' ? 1 : 2;
  const problems = world.violations.map(({ rule, what }) => `${rule}: ${what}`);
  if (messages.length < 1 || messages.length > most) problems.push(`${messages.length} cards`);
  if (!world.happened.has('GrantRemoved')) problems.push('the story came to no end');
  return { struck: faults.struck(), cards: messages.length, problems };
}

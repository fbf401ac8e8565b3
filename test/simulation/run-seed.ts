/** One run: a company, an hour with faults, then time enough to come to rest. The same seed always gives the same run. */
import { LARGEST_SKEW_SECONDS } from '../../shared/adapters/clock-watch.ts';
import { put } from '../../shared/ports.ts';
import { PEOPLE, REQUESTERS, RESOURCES } from './cast.ts';
import { change, operate } from './operators.ts';
import { authenticatorOf } from './sim-codes.ts';
import { placeOf } from './sim-provider.ts';
import { themeOf } from './themes.ts';
import { START_MS } from './virtual-time.ts';
import { plan } from './workload.ts';
import { type Violation, type World, worldOf } from './world.ts';

export type SeedResult = {
  readonly seed: number;
  readonly violations: readonly Violation[];
  /** Over everything that happened and when. */
  readonly traceHash: string;
  readonly faults: ReadonlyMap<string, number>;
  readonly granted: number;
  readonly ended: number;
  /** Nothing failed in this run, and all clocks were right. */
  readonly healthy: boolean;
  readonly excessSeconds: readonly number[];
  /** Stretches of excess or loss over the bound, with or without an alarm. */
  readonly overBound: readonly string[];
  /** The longest stretch of excess after the last thing that went wrong on its way. */
  readonly calmSeconds: number;
  readonly alarms: ReadonlyMap<string, number>;
  /** Events by type. */
  readonly happened: ReadonlyMap<string, number>;
};

const MINUTE = 60_000;
const MINUTES = { faults: 60, all: 100 };
const HEARTBEAT_MS = 180_000;
const TICK_MS = 5000;

export type SeedOptions = {
  readonly print?: ((line: string) => void) | null;
  /** How far the clock of a function may be off, in every seed. */
  readonly skewMs?: number | undefined;
};

export async function runSeed(seed: number, options: SeedOptions = {}): Promise<SeedResult> {
  const { print = null, skewMs = usualSkewMs(seed) } = options;
  const theme = themeOf(seed);
  const { lean, indexLagMs, exclusive, minutes = MINUTES } = theme ?? {};
  const faultsEndMs = START_MS + minutes.faults * MINUTE;
  const world = worldOf(seed, {
    faultsEndMs,
    print,
    lean,
    indexLagMs,
    exclusive,
    cards: cardsOf(seed),
    skewMs,
  });
  await populate(world);
  if (theme) theme.play(world);
  else plan(world);
  // What happens beside it would more often hide a theme's moments than make new ones.
  if (!theme || world.rng.chance(0.25)) operate(world);
  every(world, MINUTE, () => world.sweep());
  every(world, TICK_MS, () => heartbeat(world), { quiet: true });
  await world.time.run(START_MS + minutes.all * MINUTE, () => lookAt(world));
  await world.invariants.atRest();
  return {
    seed,
    violations: world.violations,
    traceHash: world.time.traceHash(),
    faults: world.faults.counts,
    granted: countEvents(world, ['active', 'removing', 'ended', 'activating']),
    ended: countEvents(world, ['ended']),
    healthy: world.faults.healthy && skewMs === 0,
    excessSeconds: world.held.excess,
    overBound: world.held.overBound,
    calmSeconds: world.held.calm,
    happened: world.happened,
    alarms: counted(world.watch.alarms.map(({ name }) => name)),
  };
}

/** In every third seed, and where the theme says so, clocks are off by as much as wakes nobody. */
const usualSkewMs = (seed: number) =>
  seed % 3 === 1 || themeOf(seed)?.skewed ? LARGEST_SKEW_SECONDS * 1000 : 0;

/** Every third seed is drawn in Slack as well. */
const cardsOf = (seed: number) =>
  seed % 3 === 0
    ? ((['found-again', 'made-twice'] as const)[Math.floor(seed / 3) % 2] ?? null)
    : null;

export async function enrolEverybody(world: World): Promise<void> {
  const at = world.time.now().toISOString();
  for (const { slack } of PEOPLE) {
    const base = world.store.peek('authenticator', slack);
    await world.store.commit([put(base, authenticatorOf(slack, at))], world.time.now());
  }
}

async function populate(world: World): Promise<void> {
  const { rng, watch } = world;
  await enrolEverybody(world);
  for (const { login } of REQUESTERS)
    for (const resource of RESOURCES) {
      const role = rng.pick([null, null, null, 'member', 'maintainer']);
      const place = placeOf(resource, login ?? '');
      if (role === null || (watch.exclusive && resource === RESOURCES[1])) continue;
      watch.standing.set(place, role);
      world.provider.roles.set(place, role);
    }
  change(world, world.policies.wide);
}

export function every(
  world: World,
  ms: number,
  what: () => void,
  options?: { quiet: boolean },
): void {
  const tick = () => {
    what();
    world.time.after(ms, tick, options);
  };
  world.time.after(ms, tick, options);
}

/** Between two changes only time passes: that is looked at with every tick. */
export function lookAt(world: World): void {
  if (!world.changed) return;
  world.changed = false;
  world.invariants.step();
}

/** The alarm on a missing heartbeat stands outside the product. */
function heartbeat(world: World): void {
  world.changed = true;
  const silentMs = world.time.nowMs() - world.lastSweptMs;
  if (silentMs > HEARTBEAT_MS && silentMs % MINUTE < TICK_MS) world.alarm('sweep-late', null);
}

const countEvents = (world: World, statuses: readonly string[]): number =>
  world.store
    .idsOf('request')
    .filter((id) => statuses.includes(world.store.peek('request', id).value?.status ?? '')).length;

function counted(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

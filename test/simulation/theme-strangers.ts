/**
 * Members whom no grant explains, where the bot owns the container and where it does not: alone and in crowds, a machine among them; who
 * goes and comes again, who is granted what they already are, a policy that takes the word back in the middle of it.
 */
import { MACHINE, RELEASE, REQUESTERS, RESOURCES, ROLES, STRANGERS } from './cast.ts';
import { change } from './operators.ts';
import { placeOf } from './sim-provider.ts';
import { made, surely } from './workload-life.ts';
import type { World } from './world.ts';

const MINUTE = 60_000;
const [DEPLOYERS] = RESOURCES;

function strangers(world: World): void {
  const { rng, time } = world;
  comes(world, RELEASE, MACHINE);
  // A few of them, or a crowd at once that nobody takes back.
  const crowd = rng.chance(0.5) ? rng.between(0, 25 * MINUTE) : null;
  const some = STRANGERS.filter(() => rng.chance(crowd === null ? 0.4 : 0.8));
  for (const login of some)
    for (let at = crowd ?? rng.between(0, 50 * MINUTE); at < 54 * MINUTE; ) {
      time.after(at, () => comes(world, RELEASE, login));
      // Gone by themselves, and back: between two looks, or for longer.
      const stays =
        (crowd ? 200 : rng.pick([rng.between(1, 14), rng.between(10, 40), 200])) * MINUTE;
      time.after(at + stays, () => goes(world, RELEASE, login));
      at += stays + rng.pick([rng.between(10_000, 10 * MINUTE), 200 * MINUTE]);
    }
  for (const login of ['mal', 'mim'])
    time.after(rng.between(18, 45) * MINUTE, () => comes(world, DEPLOYERS, login));
}

/** A person of the policy is a stranger there as well, and is granted it: before a look, or while they are being taken out. */
export function strangersGranted(world: World): void {
  const { rng, time } = world;
  strangers(world);
  for (const { slack, login } of REQUESTERS) {
    if (!login) continue;
    const at = rng.between(0, 20 * MINUTE);
    time.after(at, () => comes(world, RELEASE, login));
    const about = { requester: slack, resource: RELEASE, durationSeconds: rng.between(300, 1100) };
    const wait = rng.pick([rng.between(0, 5), rng.between(10, 30)]) * MINUTE;
    surely(world, made(world, about), at + wait);
  }
  // In the very moment in which they are marked.
  world.onMarked.push((login) => {
    const who = REQUESTERS.find((each) => each.login === login);
    if (!who || world.faults.over()) return;
    const about = { requester: who.slack, resource: RELEASE, durationSeconds: 600 };
    time.after(0, () => surely(world, made(world, about), rng.between(0, 1000)));
  });
}

/** The word was a slip. */
export function strangersTakenBack(world: World): void {
  const { rng, time } = world;
  strangers(world);
  world.onMarked.push(() => {
    if (rng.chance(0.6) || time.nowMs() > world.startMs + 75 * MINUTE) return;
    time.after(rng.between(0, 3000), () => change(world, world.policies.open));
    time.after(rng.between(3, 8) * MINUTE, () => change(world, world.policies.wide));
  });
}

/** Somebody makes them a member beside the bot, where nothing of ours is at work. */
function comes(world: World, resource: string, login: string): void {
  const place = placeOf(resource, login);
  if (world.provider.roles.get(place) || isAtWork(world, place)) return;
  const role = world.rng.pick(ROLES);
  set(world, place, role);
  world.watch.strangers.set(place, { resource, login, sinceMs: world.time.nowMs() });
}

function goes(world: World, resource: string, login: string): void {
  const place = placeOf(resource, login);
  if (!world.watch.strangers.has(place) || isAtWork(world, place)) return;
  set(world, place, null);
  world.watch.strangers.delete(place);
}

function set(world: World, place: string, role: string | null): void {
  world.time.note(`  somebody sets ${place} to ${role}`);
  world.provider.roles.set(place, role);
  world.provider.lag.delete(place);
  world.watch.standing.set(place, role);
  world.changed = true;
}

function isAtWork({ store }: World, place: string): boolean {
  return store.idsOf('holding').some((id) => {
    const { value } = store.peek('holding', id);
    if (!value || placeOf(value.container.resource, value.login) !== place) return false;
    return value.grants.length > 0 || value.intents.length > 0 || value.lease !== null;
  });
}

/** What happens beside the asks: grants are paused, the policy changes, and people change memberships without the bot. */
import { loadPolicy } from '../../shared/application/policies.ts';
import type { Holding } from '../../shared/domain/holding/model.ts';
import { put } from '../../shared/ports.ts';
import { PROVIDER, REQUESTERS, RESOURCES, reader } from './cast.ts';
import { isExclusive } from './invariants/watch.ts';
import { placeOf } from './sim-provider.ts';
import { LAST_ASK_MS } from './workload.ts';
import type { World } from './world.ts';

const MINUTE = 60_000;

export function operate(world: World): void {
  const { rng, time } = world;
  for (let left = rng.chance(0.35) ? rng.between(1, 4) : 0; left > 0; left -= 1) {
    const at = rng.between(0, LAST_ASK_MS);
    const scope = rng.pick(['all', PROVIDER]);
    time.after(at, () => pause(world, scope, true));
    time.after(at + rng.between(10_000, 5 * MINUTE), () => pause(world, scope, false));
  }
  if (rng.chance(0.15))
    world.onAuthorized.push(() => {
      if (rng.chance(0.5)) return;
      const at = rng.between(500, 8000);
      const scope = rng.pick(['all', PROVIDER]);
      time.after(at, () => pause(world, scope, true));
      time.after(at + rng.between(5000, 90_000), () => pause(world, scope, false));
    });
  if (rng.chance(0.3)) {
    const at = rng.between(0, LAST_ASK_MS);
    time.after(at, () => change(world, world.policies.narrow));
    time.after(at + rng.between(1, 15) * MINUTE, () => change(world, world.policies.wide));
  }
  for (let left = rng.chance(0.4) ? rng.between(1, 10) : 0; left > 0; left -= 1)
    time.after(rng.between(0, LAST_ASK_MS + 15 * MINUTE), () => bypass(world));
}

/** An operator's switch is retried until it sticks: it is not what is simulated here. */
function pause(world: World, scope: string, paused: boolean): void {
  const base = world.store.peek('pause', scope);
  const at = world.time.now().toISOString();
  const actor = { kind: 'operator' as const };
  const type = paused ? ('GrantsPaused' as const) : ('GrantsResumed' as const);
  const writes = [put(base, { paused, by: actor, at }, [{ type, v: 1, at, actor, scope }])];
  void world.store.commit(writes, world.time.now()).then(() => world.committed(null, writes));
}

export function change(world: World, text: string): void {
  world.processes.spawn(
    'policy',
    30,
    (process) => {
      const ports = world.ports(process);
      const bytes = new TextEncoder().encode(text);
      const source = { load: async () => ({ bytes, fileName: 'access.yaml' }) };
      return loadPolicy({ ...ports, readPolicy: reader, source }, { kind: 'operator' });
    },
    (outcome) => {
      if (outcome !== 'done') world.time.after(5000, () => change(world, text));
    },
  );
}

/** A provider's owner acts outside the bot, only in ways that can be told from what the bot wrote. */
function bypass(world: World): void {
  const { rng, watch, provider, time } = world;
  const { login } = rng.pick(REQUESTERS);
  const resource = rng.pick(RESOURCES);
  if (!login || isExclusive(watch, resource)) return;
  const place = placeOf(resource, login);
  const set = (role: string | null, standing: string | null) => {
    time.note(`  somebody sets ${place} to ${role}`);
    provider.roles.set(place, role);
    provider.lag.delete(place);
    watch.standing.set(place, standing);
  };
  const holding = holdingAt(world, place);
  if (!holding || isAtRest(holding)) {
    const role = rng.pick(['member', 'maintainer', null]);
    set(role, role);
    return;
  }
  const grants = holding.grants;
  if (holding.lease || holding.intents.length > 0 || watch.standing.get(place)) return;
  if (grants.length === 0 || grants.some(({ phase }) => phase !== 'active')) return;
  if (rng.chance(0.5)) {
    watch.tamperedWith.add(place);
    set(null, null);
    return;
  }
  if (grants.every(({ role }) => role === 'member')) set('maintainer', 'maintainer');
}

function holdingAt(world: World, place: string): Holding | null {
  for (const id of world.store.idsOf('holding')) {
    const { value } = world.store.peek('holding', id);
    if (value && placeOf(value.container.resource, value.login) === place) return value;
  }
  return null;
}

const isAtRest = (holding: Holding): boolean =>
  !holding.lease &&
  holding.grants.length === 0 &&
  holding.intents.length === 0 &&
  holding.baseline === null;

/** Who does what and when, from the seed: asks that overlap, answers at once, clicks twice, wrong codes, second thoughts. */
import { PEOPLE, REQUESTERS, RESOURCES, ROLES } from './cast.ts';
import { type Asked, approve, ask, askForMore, type Click, extend, say } from './people.ts';
import { simIds } from './sim-ids.ts';
import { planLife } from './workload-life.ts';
import type { World } from './world.ts';

const MINUTE = 60_000;
export const LAST_ASK_MS = 40 * MINUTE;

export function plan(world: World): void {
  const { rng } = world;
  const all = new Map<string, Asked>();
  let last: { at: number; asked: Asked } | null = null;
  const asks = rng.between(2, 7);
  for (let count = 1; count <= asks; count += 1) {
    const again: { at: number; asked: Asked } | null =
      last !== null && rng.chance(0.5) ? last : null;
    const asked: Asked = {
      requestId: simIds(rng).requestId(),
      requester: again?.asked.requester ?? rng.pick(REQUESTERS).slack,
      resource: again?.asked.resource ?? rng.pick(RESOURCES),
      role: rng.pick(ROLES),
      durationSeconds: rng.between(60, 900),
      startsInSeconds: rng.chance(0.2) ? rng.between(30, 600) : null,
    };
    const at: number = again
      ? Math.min(LAST_ASK_MS, again.at + rng.between(0, 12 * MINUTE))
      : rng.between(0, LAST_ASK_MS);
    last = { at, asked };
    all.set(asked.requestId, asked);
    story(world, asked, at);
  }
  if (rng.chance(0.3)) world.onAuthorized.push((requestId) => hasty(world, all.get(requestId)));
  if (rng.chance(0.3)) world.onRemoved.push((requestId) => onceMore(world, all.get(requestId)));
  if (rng.chance(0.15)) bruteForce(world, rng.between(0, LAST_ASK_MS));
  planLife(world, { all, lastMs: LAST_ASK_MS });
}

/** One request from its ask to whatever people do with it. */
function story(world: World, asked: Asked, at: number): void {
  const { rng } = world;
  const clicked = (delayMs: number, what: (click: Click) => void) => {
    const typed = rng.chance(0.8) ? 'right' : rng.pick<Click['typed']>(['wrong', 'used']);
    const click = { interaction: simIds(rng).unique(), typed };
    const twice = rng.chance(0.15) ? [0, rng.between(0, 400)] : [0];
    for (const later of twice) world.time.after(delayMs + later, () => what(click));
  };
  clicked(at, (click) => ask(world, asked, click));
  for (let tries = 1; tries <= 3; tries += 1)
    world.time.after(at + tries * 31_000, () => askAgain(world, asked));
  let when = at + rng.between(1000, 40_000);
  for (let tries = rng.between(3, 8); tries > 0; tries -= 1) {
    const together = rng.chance(0.25) ? 2 : 1;
    for (let each = 0; each < together; each += 1) {
      const by = rng.chance(0.85) ? rng.pick(['U0CAT', 'U0DAN', 'U0EVE']) : anybody(world);
      clicked(when + rng.between(0, 300), (click) => approve(world, asked, by, click));
    }
    when += rng.chance(0.5) ? rng.between(200, 5000) : rng.between(20_000, 120_000);
  }
  const later = (from: number, to: number) => at + rng.between(from, to);
  const maybe = (chance: number, delayMs: number, what: (interaction: string) => void) => {
    if (rng.chance(chance)) clicked(delayMs, ({ interaction }) => what(interaction));
  };
  maybe(0.1, later(1000, 90_000), (interaction) =>
    say(world, 'DenyRequest', { asked, by: rng.pick(['U0CAT', 'U0DAN']), interaction }),
  );
  maybe(0.1, later(1000, 90_000), (interaction) =>
    say(world, 'WithdrawRequest', { asked, by: asked.requester, interaction }),
  );
  maybe(0.35, later(20_000, 12 * MINUTE), (interaction) =>
    say(world, 'EndGrant', {
      asked,
      by: rng.chance(0.6) ? asked.requester : anybody(world),
      interaction,
    }),
  );
  if (rng.chance(0.4)) {
    const first = later(60_000, 12 * MINUTE);
    clicked(first, (click) => askForMore(world, asked, click));
    for (const by of ['U0CAT', 'U0DAN'])
      clicked(first + rng.between(500, 90_000), (click) => extend(world, asked, by, click));
  }
}

/** Somebody ends a grant while it is only just being given. */
function hasty(world: World, asked: Asked | undefined): void {
  const { rng } = world;
  if (!asked || rng.chance(0.5)) return;
  const interaction = simIds(rng).unique();
  const by = asked.requester;
  world.time.after(rng.between(1000, 45_000), () =>
    say(world, 'EndGrant', { asked, by, interaction }),
  );
}

/** Somebody asks for the same again as soon as it was taken away, and gets it. */
function onceMore(world: World, before: Asked | undefined): void {
  const { rng, time } = world;
  if (!before || world.faults.over() || rng.chance(0.4)) return;
  const asked = { ...before, requestId: simIds(rng).requestId(), role: rng.pick(ROLES) };
  const click = () => ({ interaction: simIds(rng).unique(), typed: 'right' as const });
  time.after(rng.between(500, 8000), () => ask(world, asked, click()));
  for (const by of ['U0CAT', 'U0DAN'])
    time.after(rng.between(9000, 20_000), () => approve(world, asked, by, click()));
}

/** Whoever saw an error asks again. */
function askAgain(world: World, asked: Asked): void {
  if (world.store.peek('request', asked.requestId).value) return;
  ask(world, asked, { interaction: simIds(world.rng).unique(), typed: 'right' });
}

const anybody = (world: World): string => world.rng.pick(PEOPLE).slack;

/** Somebody with an approver's session tries codes on a request of their own choice, many at once, again and again. */
function bruteForce(world: World, at: number): void {
  const { rng } = world;
  const victim = rng.pick(['U0CAT', 'U0DAN']);
  const target = {
    requestId: simIds(rng).requestId(),
    requester: 'U0ANA',
    resource: RESOURCES[0],
    role: 'member',
    durationSeconds: 600,
    startsInSeconds: null,
  };
  world.time.after(at, () =>
    ask(world, target, { interaction: simIds(rng).unique(), typed: 'right' }),
  );
  for (const burst of [at + 5000, at + 40_000, at + 11 * MINUTE])
    for (let each = 0; each < 9; each += 1) {
      const click = {
        interaction: simIds(rng).unique(),
        typed: rng.chance(0.9) ? 'wrong' : 'used',
      } as const;
      world.time.after(burst + rng.between(0, 300), () => approve(world, target, victim, click));
    }
}

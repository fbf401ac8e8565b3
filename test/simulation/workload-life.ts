/** The rest of a request's life, from the seed: emergencies side by side, reminders, windows, leavers, ends of everything, stops. */
import { ADMINS, PEOPLE, RELEASE, REQUESTERS, RESOURCES, ROLES, STAGING } from './cast.ts';
import { type Asked, approve, ask, askForMore, type Click, extend, say } from './people.ts';
import { endAll, leave, nudge, pauseByAdmin, press, review, start } from './people-more.ts';
import { simIds } from './sim-ids.ts';
import type { World } from './world.ts';

const MINUTE = 60_000;
export const APPROVERS = ['U0CAT', 'U0DAN', 'U0EVE'] as const;

/** `lastMs`: when the last ask is made. `all`: what is asked for by then. */
export function planLife(
  world: World,
  { all, lastMs }: { all: ReadonlyMap<string, Asked>; lastMs: number },
): void {
  const { rng, time } = world;
  const someTime = () => rng.between(0, lastMs);
  for (const asked of all.values()) reminders(world, asked, someTime());
  if (rng.chance(0.4)) emergencies(world, someTime());
  if (rng.chance(0.4)) free(world, someTime());
  if (rng.chance(0.4)) moreAndLess(world, someTime());
  if (rng.chance(0.35)) windows(world, someTime());
  if (rng.chance(0.25)) stopEverything(world, rng.between(5 * MINUTE, 65 * MINUTE));
  if (rng.chance(0.2)) {
    const by = rng.pick(ADMINS);
    const at = someTime();
    for (const retry of [0, 40_000]) {
      time.after(at + retry, () => pauseByAdmin(world, by, true, click(world)));
      time.after(at + rng.between(2, 6) * MINUTE + retry, () =>
        pauseByAdmin(world, by, false, click(world)),
      );
    }
  }
  if (rng.chance(0.15)) {
    const { slack } = rng.pick(PEOPLE.filter(({ roles }) => !roles.includes('admin')));
    time.after(rng.between(5 * MINUTE, 65 * MINUTE), () => leave(world, slack));
  }
  for (let left = rng.chance(0.3) ? rng.between(1, 3) : 0; left > 0; left -= 1) {
    const whose = rng.pick(REQUESTERS).slack;
    time.after(someTime(), () => endAll(world, whose, rng.pick([whose, 'U0ROB', 'U0ROB'])));
  }
}

export const click = (world: World): Click => ({
  interaction: simIds(world.rng).unique(),
  typed: 'right',
});

function reminders(world: World, asked: Asked, at: number): void {
  if (world.rng.chance(0.6)) return;
  for (const later of [0, world.rng.between(0, 500), MINUTE, 16 * MINUTE, 17 * MINUTE])
    world.time.after(at + later, () => nudge(world, asked, simIds(world.rng).unique()));
}

export const made = (world: World, about: Partial<Asked>): Asked => ({
  requestId: simIds(world.rng).requestId(),
  requester: world.rng.pick(REQUESTERS).slack,
  resource: world.rng.pick(RESOURCES),
  role: world.rng.pick(ROLES),
  durationSeconds: world.rng.between(60, 600),
  startsInSeconds: null,
  ...about,
});

/** Asked and approved again after each error. */
export function surely(world: World, asked: Asked, at: number): void {
  for (const later of [0, 31_000, 62_000]) {
    world.time.after(at + later, () => {
      if (!world.store.peek('request', asked.requestId).value) ask(world, asked, click(world));
    });
    // With a second account of their own before anybody else.
    const own = asked.requester === 'U0ANA' ? (['U0ANATWO'] as const) : [];
    for (const by of [...own, ...APPROVERS])
      world.time.after(at + later + world.rng.between(3000, 30_000), () => {
        if (world.store.peek('request', asked.requestId).value?.status === 'pending')
          approve(world, asked, by, click(world));
      });
  }
}

/** More of them than the quota allows, some of them at the same moment; one code can serve one of them only. */
function emergencies(world: World, at: number): void {
  const { rng, time } = world;
  const { slack: requester } = rng.pick(REQUESTERS);
  const [deployers] = RESOURCES;
  for (let count = rng.between(3, 6), when = at; count > 0; count -= 1) {
    const resource = rng.pick([deployers, RELEASE]);
    const durationSeconds = rng.between(150, 700);
    const asked = made(world, { requester, resource, durationSeconds, breakGlass: true });
    const typed = rng.chance(0.65) ? 'right' : 'none';
    for (const tries of [0, 31_000, 62_000])
      time.after(when + tries, () => {
        const once = { ...click(world), typed } as const;
        if (!world.store.peek('request', asked.requestId).value) ask(world, asked, once);
      });
    if (rng.chance(0.6))
      for (const by of [requester, rng.pick(APPROVERS)])
        time.after(when + rng.between(1, 14) * MINUTE, () =>
          review(world, asked, by, simIds(rng).unique()),
        );
    time.after(when + 2 * MINUTE, () => askForMore(world, asked, click(world)));
    when += rng.pick([rng.between(0, 400), rng.between(1, 6) * MINUTE, 13 * MINUTE]);
  }
}

/** Many asks for what needs nobody's approval, some at the same moment. */
function free(world: World, at: number): void {
  const { rng, time } = world;
  const { slack: requester } = rng.pick(REQUESTERS);
  const burst = rng.chance(0.6);
  for (let count = rng.between(3, 8), when = at; count > 0; count -= 1) {
    const durationSeconds = rng.pick([rng.between(60, 480), 540]);
    const asked = made(world, { requester, resource: STAGING, durationSeconds });
    time.after(when, () => ask(world, asked, click(world)));
    time.after(when + rng.between(1, 9) * MINUTE, () => askForMore(world, asked, click(world)));
    if (rng.chance(0.4)) {
      const by = rng.pick(APPROVERS);
      time.after(when + rng.between(2000, 60_000), () =>
        rng.chance(0.5)
          ? approve(world, asked, by, click(world))
          : say(world, 'DenyRequest', { asked, by, interaction: simIds(rng).unique() }),
      );
    }
    when += burst ? rng.between(0, 250) : rng.between(20_000, 4 * MINUTE);
  }
}

/** More time and the end of it, all within a moment, again and again while the grant is live. */
function moreAndLess(world: World, at: number): void {
  const { rng, time } = world;
  const resource = rng.pick([RESOURCES[0], STAGING]);
  const asked = made(world, { resource, durationSeconds: rng.between(120, 480) });
  surely(world, asked, at);
  const about = at + asked.durationSeconds * 1000;
  for (let count = rng.between(2, 8); count > 0; count -= 1) {
    const moment = rng.chance(0.6) ? about + rng.between(-4000, 4000) : about - 40_000;
    time.after(moment + rng.between(-20_000, 0), () => askForMore(world, asked, click(world)));
    time.after(moment + rng.between(-300, 300), () =>
      extend(world, asked, rng.pick(APPROVERS), click(world)),
    );
  }
  if (rng.chance(0.5))
    time.after(about + rng.between(-4000, 4000), () =>
      say(world, 'EndGrant', { asked, by: asked.requester, interaction: simIds(rng).unique() }),
    );
}

/** Approved ahead, and started by its holder: too early, in time, twice at once, too late. */
export function windows(world: World, at: number): void {
  const { rng, time } = world;
  const startsInSeconds = rng.between(120, 400);
  const windowSeconds = rng.between(60, 600);
  const asked = made(world, { startsInSeconds, windowSeconds });
  surely(world, asked, at);
  const opens = at + startsInSeconds * 1000;
  const closes = opens + windowSeconds * 1000;
  const late = closes + rng.between(-3000, 20_000);
  const moments = rng.chance(0.4)
    ? [late, late + rng.between(0, 20_000)]
    : [opens - 5000, opens + rng.between(-500, 2000), late].filter(() => rng.chance(0.7));
  for (const moment of moments)
    for (const later of rng.chance(0.3) ? [0, rng.between(0, 300)] : [0])
      time.after(moment + later, () => start(world, asked, click(world)));
}

/** One admin proposes, another confirms, or the same human with a second account tries to; later it goes on, or never does. */
function stopEverything(world: World, at: number): void {
  const { rng, time } = world;
  const goOn = rng.chance(0.7);
  const lifts = at + rng.between(2, 12) * MINUTE;
  for (const { what, when } of [
    { what: 'stop' as const, when: at },
    ...(goOn ? [{ what: 'lift' as const, when: lifts }] : []),
  ])
    for (const by of rng.chance(0.8) ? ADMINS : (['U0ADA', 'U0ADATWO'] as const))
      for (const retry of [0, rng.between(31_000, 90_000)]) {
        const moment = when + rng.between(0, 60_000) + retry;
        time.after(moment, () => press(world, by, what, click(world)));
        // Somebody asks in that very moment.
        time.after(moment + rng.between(0, 900), () => ask(world, made(world, {}), click(world)));
      }
}

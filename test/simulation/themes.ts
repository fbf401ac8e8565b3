/**
 * Half of the seeds are given to one theme each: moments that an ordinary day meets too seldom, again and again and side by side. What
 * may go wrong is the same for all; a theme may only lean towards what its moments need.
 */
import { RELEASE, REQUESTERS, RESOURCES, ROLES, STAGING } from './cast.ts';
import type { Lean } from './faults.ts';
import { type Asked, approve, ask, askForMore, extend, say } from './people.ts';
import { endAll, leave, press, review } from './people-more.ts';
import { simIds } from './sim-ids.ts';
import { placeOf } from './sim-provider.ts';
import { strangersGranted, strangersTakenBack } from './theme-strangers.ts';
import { APPROVERS, click, made, surely, windows } from './workload-life.ts';
import type { World } from './world.ts';

const MINUTE = 60_000;
const [DEPLOYERS] = RESOURCES;

export type Theme = {
  readonly name: string;
  readonly lean?: Lean;
  readonly indexLagMs?: number;
  readonly exclusive?: boolean;
  /** Clocks are off. */
  readonly skewed?: boolean;
  /** For how long things go wrong, and when it is over, rest included, where that is longer than usual. */
  readonly minutes?: { readonly faults: number; readonly all: number };
  play(world: World): void;
};

const OWNED: Omit<Theme, 'name' | 'play'> = {
  lean: 'writes-fail',
  exclusive: true,
  minutes: { faults: 90, all: 170 },
};

const THEMES: readonly Theme[] = [
  { name: 'emergency and ahead', lean: 'calm', play: emergency },
  { name: 'around the end', lean: 'late-ends', play: aroundTheEnd },
  { name: 'denied and at once', lean: 'calm', play: denied },
  { name: 'red button', lean: 'calm', indexLagMs: MINUTE, play: redButton },
  { name: 'leavers', lean: 'calm', play: leavers },
  { name: 'leavers, late index', lean: 'calm', indexLagMs: MINUTE, play: leaveAtOnce },
  { name: 'end everything', lean: 'writes-fail', skewed: true, play: endEverything },
  { name: 'strangers and grants', ...OWNED, play: strangersGranted },
  { name: 'strangers, taken back', ...OWNED, play: strangersTakenBack },
];

/** Every other seed, in turns. */
export const themeOf = (seed: number): Theme | null =>
  seed % 2 === 1 ? null : (THEMES[(seed / 2) % THEMES.length] ?? null);

/** Milliseconds, between these minutes. */
const some = ({ rng }: World, from: number, to: number) => rng.between(from * MINUTE, to * MINUTE);
const people = REQUESTERS.map(({ slack }) => slack);

/** Each person's two emergencies of the week, and for each wishes for more time while it is live. */
function emergency(world: World): void {
  const { rng, time } = world;
  // Beside them what is approved ahead: the other access that nobody confirms in its moment.
  for (let count = 5; count > 0; count -= 1) windows(world, some(world, 0, 40));
  for (const [index, requester] of people.entries())
    for (let count = 0, at = some(world, 1, 4); count < 3; count += 1) {
      const resource = [DEPLOYERS, RELEASE][(index + count) % 2] ?? DEPLOYERS;
      const durationSeconds = rng.between(150, 400);
      const asked = made(world, { requester, resource, durationSeconds, breakGlass: true });
      for (const tries of [0, 31_000])
        time.after(at + tries, () => {
          if (!world.store.peek('request', asked.requestId).value) ask(world, asked, click(world));
        });
      for (let more = 65_000; more < durationSeconds * 1000; more += rng.between(31_000, 60_000))
        time.after(at + more, () => askForMore(world, asked, click(world)));
      if (rng.chance(0.7))
        for (const by of APPROVERS)
          time.after(at + some(world, 4, 10), () => review(world, asked, by, simIds(rng).unique()));
      at += some(world, 12, 15);
    }
}

/** More time, asked for and approved in the moments before the end or after it; or only after it. */
function aroundTheEnd(world: World): void {
  const { rng, time } = world;
  const all = new Map<string, Asked>();
  for (const requester of people)
    for (let at = some(world, 0, 3); at < 50 * MINUTE; at += some(world, 9, 13)) {
      const resource = rng.pick([DEPLOYERS, STAGING, STAGING]);
      const durationSeconds = rng.between(100, 300);
      const asked = made(world, { requester, resource, durationSeconds });
      all.set(asked.requestId, asked);
      surely(world, asked, at);
    }
  world.onAuthorized.push((requestId) => {
    const { value } = world.store.peek('request', requestId);
    const asked = all.get(requestId);
    if (!asked || value?.status !== 'activating') return;
    const end = Date.parse(value.expiresAt) - time.nowMs();
    const moments = rng.chance(0.35)
      ? [rng.between(-5000, 0), rng.between(-500, 500), rng.between(0, 3000)]
      : [rng.between(0, 200), rng.between(200, 5000), rng.between(5000, 50_000)];
    for (const moment of moments) {
      time.after(end + moment, () => askForMore(world, asked, click(world)));
      if (asked.resource === DEPLOYERS)
        time.after(end + rng.between(-20_000, -1000), () => askForMore(world, asked, click(world)));
      time.after(end + moment + rng.between(0, 800), () =>
        extend(world, asked, rng.pick(APPROVERS), click(world)),
      );
    }
  });
}

/** What needs an approver is denied, and asked for again by the same person, who has not understood; with a second account as well. */
function denied(world: World): void {
  const { rng, time } = world;
  const [one, ...others] = rng.chance(0.5) ? people : [...people].reverse();
  for (const requester of others) atOnce(world, requester);
  for (const requester of one ? [one] : [])
    for (let at = some(world, 0, 4); at < 45 * MINUTE; at += some(world, 14, 20)) {
      const about = { requester, resource: STAGING, durationSeconds: rng.between(490, 590) };
      const asked = made(world, about);
      time.after(at, () => ask(world, asked, click(world)));
      for (const [index, by] of APPROVERS.entries()) {
        const when = at + rng.between(2000, 8000) + index * 5000;
        const interaction = simIds(rng).unique();
        time.after(when, () => say(world, 'DenyRequest', { asked, by, interaction }));
      }
      for (let again = rng.between(2, 5), when = at + 9000; again > 0; again -= 1) {
        const durationSeconds = rng.between(60, 590);
        const next = made(world, { ...about, durationSeconds });
        time.after(when, () => ask(world, next, click(world)));
        when += rng.chance(0.3) ? rng.between(0, 300) : rng.between(5000, 150_000);
      }
    }
}

/** Somebody wants all of it in one moment: what needs nobody, and what waits for an approver. */
function atOnce(world: World, requester: string): void {
  const { rng, time } = world;
  const at = some(world, 0, 40);
  for (let count = 6; count > 0; count -= 1) {
    const durationSeconds = count > 2 ? rng.between(490, 590) : rng.between(60, 240);
    const role = ROLES[count % ROLES.length] ?? ROLES[0];
    const asked = made(world, { requester, resource: STAGING, role, durationSeconds });
    time.after(at + rng.between(0, 150), () => ask(world, asked, click(world)));
  }
}

/** Pressed in the very moments in which something is decided, or is on its way to the provider; lifted, and pressed once more. */
function redButton(world: World): void {
  const { rng, time } = world;
  let armed = false;
  const confirm = () => {
    if (world.store.peek('stop', 'all').value?.standing) return;
    press(world, 'U0ROB', 'stop', click(world));
    // Who asks, approves or reminds just then.
    for (let count = 8; count > 0; count -= 1)
      time.after(rng.between(0, 1200), () => ask(world, made(world, {}), click(world)));
  };
  world.onAuthorized.push(() => {
    if (!armed) return;
    armed = false;
    time.after(rng.between(0, 4000), confirm);
  });
  for (let at = some(world, 1, 3); at < 48 * MINUTE; at += some(world, 8, 11)) {
    for (const tries of [0, 31_000])
      time.after(at + tries, () => press(world, 'U0ADA', 'stop', click(world)));
    for (const requester of people)
      surely(world, made(world, { requester, resource: DEPLOYERS }), at + rng.between(0, 40_000));
    time.after(at + rng.between(2000, 40_000), () => {
      armed = true;
    });
    time.after(at + 100_000, confirm);
    // A second one, of who saw nothing happen.
    time.after(at + 131_000, confirm);
    const waits = made(world, { resource: RELEASE });
    time.after(at + rng.between(0, 90_000), () => ask(world, waits, click(world)));
    // The last one stays.
    if (at > 38 * MINUTE) continue;
    for (const tries of [0, 31_000, 62_000]) {
      time.after(at + 4 * MINUTE + tries, () => press(world, 'U0ADA', 'lift', click(world)));
      time.after(at + 5 * MINUTE + tries, () => press(world, 'U0ROB', 'lift', click(world)));
    }
  }
}

/** Who leaves holds something for long, or is just being given it; what they asked for waits, is approved, or is asked for yet. */
function leavers(world: World): void {
  const { rng, time } = world;
  const [first, second] = rng.chance(0.5) ? people : [...people].reverse();
  const when = [some(world, 3, 30), some(world, 46, 52)];
  for (const [index, who] of [first, second].entries()) {
    if (!who) return;
    const at = when[index] ?? 0;
    const long = made(world, { requester: who, resource: DEPLOYERS, durationSeconds: 1190 });
    surely(world, long, at);
    world.onAuthorized.push((requestId) => {
      if (requestId !== long.requestId || world.watch.left.has(who)) return;
      time.after(rng.chance(0.5) ? rng.between(0, 4000) : rng.between(4000, 90_000), () =>
        leftBehind(world, who),
      );
    });
  }
}

function leftBehind(world: World, who: string): void {
  const { rng, time } = world;
  const waits = made(world, { requester: who, resource: RELEASE });
  ask(world, waits, click(world));
  time.after(rng.between(300, 1500), () => leave(world, who));
  for (let later = 1000; later < 110_000; later += rng.between(4000, 20_000)) {
    const free = { requester: who, resource: STAGING, durationSeconds: rng.between(60, 470) };
    time.after(later, () => ask(world, made(world, free), click(world)));
    for (const by of APPROVERS)
      time.after(later + rng.between(0, 4000), () => approve(world, waits, by, click(world)));
  }
}

/** Given a moment before they left, and before the next sweep: the index does not show it yet. */
function leaveAtOnce(world: World): void {
  const { rng, time } = world;
  for (const { slack: who, login } of REQUESTERS) {
    // What somebody has by other means is not given to them.
    const place = placeOf(STAGING, login ?? '');
    for (const roles of [world.provider.roles, world.watch.standing]) roles.delete(place);
    // Late enough for a quiet time afterwards, in which nothing excuses what goes on.
    const sweep = rng.between(60, 64) * MINUTE;
    const leaves = sweep - rng.between(2500, 9000);
    const free = { requester: who, resource: STAGING, durationSeconds: rng.between(440, 480) };
    for (const before of [rng.between(400, 1500), rng.between(0, 400)])
      time.after(leaves - before, () => ask(world, made(world, free), click(world)));
    time.after(leaves, () => leave(world, who, 1500));
  }
}

/** Everything of somebody is ended in the moment in which something is given to them. */
function endEverything(world: World): void {
  const { rng, time } = world;
  for (const requester of people)
    for (let at = some(world, 0, 3); at < 50 * MINUTE; at += some(world, 5, 8))
      surely(world, made(world, { requester, durationSeconds: rng.between(200, 600) }), at);
  world.onAuthorized.push((requestId) => {
    const { value } = world.store.peek('request', requestId);
    if (!value || value.status === 'new') return;
    // Looked at again and again, by one function or another, while calls may still be on their way.
    for (let later = 0; later < 100_000; later += rng.between(500, 6000))
      time.after(later, () => world.wake(value.holdingId));
    if (rng.chance(0.3)) return;
    const by = rng.pick([value.requester, 'U0ROB']);
    const at = rng.chance(0.7) ? rng.between(0, 5000) : rng.between(5000, 200_000);
    time.after(at, () => endAll(world, value.requester, by));
  });
}

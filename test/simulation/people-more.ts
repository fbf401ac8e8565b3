/** What else people do: remind, review, start what was approved ahead, end everything of somebody, pause, press the red button, leave. */
import { endEverythingOf } from '../../shared/application/end-all.ts';
import { executeCommand } from '../../shared/application/execute-command.ts';
import { noteLeaver } from '../../shared/application/note-leaver.ts';
import { mayPress, pressRedButton, switchPause } from '../../shared/application/switches.ts';
import { type VerifiedCode, verifyCode } from '../../shared/application/verify-code.ts';
import type { Command } from '../../shared/domain/access-request/command.ts';
import { commitText } from '../../shared/domain/audit/chain.ts';
import type { StopWhat } from '../../shared/domain/stop/model.ts';
import { REQUESTER_CODE } from './cast.ts';
import { type Asked, act, type Click, typedCode } from './people.ts';
import type { World } from './world.ts';

const person = (id: string) => ({ kind: 'person' as const, id });

export function nudge(world: World, asked: Asked, interaction: string): void {
  const { requestId, requester } = asked;
  act(world, 'nudge', (ports) =>
    executeCommand({ type: 'NudgeApprovers', requestId, actor: person(requester) }, ports, {
      interaction,
    }),
  );
}

export function review(world: World, asked: Asked, by: string, interaction: string): void {
  const { requestId } = asked;
  const reason = commitText('It was needed.', requestId);
  const command: Command = {
    ...{ type: 'ReviewBreakGlass', requestId, actor: person(by), verdict: 'justified', reason },
  };
  act(world, 'review', (ports) => executeCommand(command, ports, { interaction }));
}

/** Its holder starts what was approved ahead; with their code where the rule asks the requester for one. */
export function start(world: World, asked: Asked, click: Click): void {
  const { requestId, requester } = asked;
  act(world, 'start', async (ports) => {
    const { value } = await ports.journal.read('request', requestId);
    if (value?.status !== 'scheduled') return;
    let code: VerifiedCode | null = null;
    if (REQUESTER_CODE[asked.resource]) {
      const typed = typedCode(world, requester, click.typed);
      const { contentHash } = value;
      const given = { owner: requester, typed, contentHash, purpose: 'ask' as const };
      const verified = await verifyCode(ports, given);
      if (!verified.ok) return;
      code = verified.value;
    }
    const command: Command = { type: 'StartGrant', requestId, actor: person(requester) };
    const { interaction } = click;
    await executeCommand(command, ports, { interaction, ...(code ? { code } : {}) });
  });
}

/** Whoever is told that all of it ended finds nothing of it that goes on. */
export function endAll(world: World, whose: string, by: string): void {
  act(world, 'end-all', async (ports) => {
    const before = openOf(world, whose);
    const done = await endEverythingOf(ports, { whose, by });
    if (!done.ok || done.value.more || done.value.left.length > 0) return;
    for (const { requestId, rev } of before) {
      const { value, rev: revNow } = world.store.peek('request', requestId);
      // What moved on meanwhile may have been between two rows of an index that lags.
      if (world.watch.indexLags && rev !== revNow) continue;
      if (OPEN.has(value?.status ?? 'new'))
        world.watch.violate('E1', `${requestId} is ${value?.status} after everything was ended`);
    }
  });
}

/** From the books, not by the product's own list: what is open, and shown by the index. */
function openOf({ store }: World, whose: string): { requestId: string; rev: number }[] {
  return store.idsOf('request').flatMap((requestId) => {
    const { value, rev } = store.peek('request', requestId);
    if (!value || value.status === 'new' || !OPEN.has(value.status)) return [];
    const isTheirs = value.subject === whose || value.requester === whose;
    const { index } = store;
    const isShown = index.shows('request', requestId) && index.shows('holding', value.holdingId);
    return isTheirs && isShown ? [{ requestId, rev }] : [];
  });
}
const OPEN: ReadonlySet<string> = new Set(['pending', 'scheduled', 'activating', 'active']);

/** One admin presses; the second one's press within ten minutes confirms. */
export function press(world: World, by: string, what: StopWhat, click: Click): void {
  act(world, 'press', async (ports) => {
    const may = await mayPress(ports, { person: by, what });
    if (!may.ok) return;
    const { contentHash } = may.value;
    const typed = typedCode(world, by, click.typed);
    const { interaction } = click;
    await pressRedButton(ports, { person: by, what, contentHash, typed, interaction });
  });
}

export function pauseByAdmin(world: World, by: string, paused: boolean, click: Click): void {
  const typed = typedCode(world, by, click.typed);
  const ask = { person: by, scope: 'sim', paused, typed, interaction: click.interaction };
  act(world, 'pause', (ports) => switchPause(ports, ask));
}

/** Slack knows it from this moment on; it tells us a little later, again and again until we took it. */
export function leave(world: World, who: string, toldWithinMs = 20_000): void {
  world.watch.left.set(who, world.time.nowMs());
  world.changed = true;
  const tell = () =>
    world.processes.spawn(
      'leaver',
      10,
      (process) => noteLeaver(world.ports(process), who),
      (outcome) => {
        if (outcome !== 'done') world.time.after(20_000, tell);
      },
    );
  world.time.after(world.rng.between(100, toldWithinMs), tell);
}

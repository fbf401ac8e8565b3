/** Access as its people see it through the deployed product, and what stands behind it in the journal and at GitHub. */
import type { People } from '../../local/people.ts';
import { findChainBreak } from '../../shared/domain/audit/chain.ts';
import type { Cloud } from './cloud.ts';
import type { Internet } from './internet.ts';
import { eventually } from './protocol.ts';

const TEAM = 'deployers';
const LINE = (duration: string) => `github:acme/${TEAM} member ${duration} INC-123 rollback`;

export type Scene = {
  readonly internet: Internet;
  readonly cloud: Cloud;
  readonly people: People;
  /** Who was in the team before anybody asked. */
  readonly before: readonly string[];
};

export const teamOf = ({ github }: Internet): Promise<string[]> => github.members(TEAM);

/** Ana asks; answers when the card stands in the channel and nothing is given yet. */
export async function ask(scene: Scene, duration: string): Promise<string> {
  const { people, internet, before } = scene;
  const id = await people.ask('U0ANA', LINE(duration));
  await eventually('the card stands in the channel', 30, async () => people.card(id) ?? null);
  expect(await statusOf(scene, id)).toBe('pending');
  expect(await teamOf(internet)).toEqual(before);
  return id;
}

const statusOf = async ({ cloud }: Scene, id: string) =>
  (await cloud.journal.read('request', id)).value?.status;

/** Bo approves; answers when Ana is in the team and the card says so. */
export async function granted(scene: Scene, id: string): Promise<void> {
  const { people, internet, before } = scene;
  expect(await people.approve('U0BO', id)).toEqual({});
  await eventually('the access is active', 60, async () =>
    (await statusOf(scene, id)) === 'active' ? true : null,
  );
  expect(await teamOf(internet)).toEqual([...before, 'ana-dev'].sort());
  await cardSays(scene, id, /Active until/);
}

/** Answers when the team is as it was, the card says so and no schedule is left. */
export async function gone(scene: Scene, id: string, withinSeconds: number): Promise<void> {
  const { cloud, internet, before } = scene;
  await eventually('the access has ended', withinSeconds, async () =>
    (await statusOf(scene, id)) === 'ended' ? true : null,
  );
  expect(await teamOf(internet)).toEqual(before);
  await cardSays(scene, id, /verified gone/);
  await eventually('its schedule is gone', 30, async () =>
    (await cloud.schedules()).length === 0 ? true : null,
  );
}

const cardSays = ({ people }: Scene, id: string, words: RegExp) =>
  eventually(`the card says ${words}`, 30, async () =>
    words.test(JSON.stringify(people.card(id)?.blocks)) ? true : null,
  );

/** Event types of a request, after its chain was verified. */
export async function eventsOf({ cloud }: Scene, id: string): Promise<string[]> {
  const history = await cloud.journal.history('request', id);
  const { head } = await cloud.journal.read('request', id);
  expect(findChainBreak(history, head)).toBeNull();
  return history.map(({ event }) => event.type);
}

/** Seconds from the end that was promised to the reading that showed the access gone. */
export async function lateness({ cloud }: Scene, id: string): Promise<number> {
  const { value } = await cloud.journal.read('request', id);
  const end = value && 'expiresAt' in value ? Date.parse(value.expiresAt) : Number.NaN;
  const removed = (await cloud.journal.history('request', id)).at(-1)?.event.at ?? '';
  return (Date.parse(removed) - end) / 1000;
}

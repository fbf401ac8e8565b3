/** The whole program on embedded parts in memory, with a clock that only the test moves. */

import type { AwsCall } from '../../local/aws-meter.ts';
import { type People, peopleOf } from '../../local/people.ts';
import { readSettings } from '../../local/settings.ts';
import { startWorld, type World } from '../../local/world.ts';
import { findChainBreak } from '../../shared/domain/audit/chain.ts';
import type { Telemetry } from '../../shared/ports.ts';

export type Stage = {
  world: World;
  people: People;
  printed: string[];
  /** Lets everything that is due now happen. */
  settle(): Promise<void>;
  advance(seconds: number): Promise<void>;
  /** Direct members of a team as GitHub lists them, `login (role)`. */
  members(team?: string): string[];
  status(requestId: string): Promise<string | undefined>;
  /** Event types of a request, after its chain and its snapshot were verified. */
  events(requestId: string): Promise<string[]>;
  /** How often GitHub was asked to change this account's membership. */
  mutations(login: string): number;
  close(): Promise<void>;
};

/** A Monday morning, early in a minute: what happens next happens before a sweep, whatever hour the tests are run at. */
const START = new Date('2026-11-23T10:00:02Z');

export const LINE = 'github:acme/deployers member 3m INC-123 rollback';

export async function openStage(
  part: {
    dataDir?: string;
    /** Instead of the example policy. */
    policyFile?: string;
    startAt?: Date;
    onAwsCall?: (call: AwsCall) => void;
    /** Hears what the deployed functions would say. */
    telemetry?: Telemetry;
  } = {},
): Promise<Stage> {
  const printed: string[] = [];
  const policy = part.policyFile === undefined ? {} : { policyFile: part.policyFile };
  const settings = { ...readSettings({}), ...policy, port: 0, dataDir: part.dataDir ?? null };
  const world = await startWorld({
    settings,
    frozen: true,
    print: (line) => printed.push(line),
    ...(part.onAwsCall ? { onAwsCall: part.onAwsCall } : {}),
    startAt: part.startAt ?? START,
    ...(part.telemetry ? { telemetry: part.telemetry } : {}),
  });
  const advance = (seconds: number) => world.clock.advance(seconds * 1000);
  return {
    world,
    people: peopleOf(world),
    printed,
    advance,
    settle: () => advance(1),
    members: (team = 'acme/deployers') =>
      (world.github.state()[team] ?? []).map(({ account, role }) => `${account} (${role})`),
    status: async (id) => (await world.journal.read('request', id)).value?.status,
    async events(id) {
      const history = await world.journal.history('request', id);
      const stored = await world.journal.read('request', id);
      expect(findChainBreak(history, stored.head)).toBeNull();
      return history.map(({ event }) => event.type);
    },
    mutations: (login) =>
      world.github.mutations().filter((mutation) => JSON.stringify(mutation).includes(login))
        .length,
    async close() {
      // Nothing that the bot said may be something Slack would have refused.
      expect(world.slack.refused()).toEqual([]);
      await world.close();
    },
  };
}

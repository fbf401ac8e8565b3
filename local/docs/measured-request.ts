/**
 * What one whole request asks of AWS, counted while it is played on the embedded parts: asked in one line, approved by one
 * person with a code, given, and taken away a minute later. Then a quarter of an hour in which nobody asks for anything.
 */
import type { AwsCall } from '../aws-meter.ts';
import { peopleOf } from '../people.ts';
import { readSettings } from '../settings.ts';
import { startWorld, type World } from '../world.ts';

export type Measured = {
  /** By the functions that the request itself sets going. */
  readonly request: readonly AwsCall[];
  /** By those that a timer sets going, while nothing is asked. */
  readonly quarterOfAnHour: readonly AwsCall[];
};

const START = new Date('2026-11-23T09:00:30.000Z');
const LINE = 'github:acme/deployers member 1m INC-123 rollback';
const OF_A_REQUEST: ReadonlySet<AwsCall['by']> = new Set(['slack', 'route', 'ensure', 'announce']);

export async function measureRequest(): Promise<Measured> {
  const calls: AwsCall[] = [];
  const world = await startWorld({
    settings: { ...readSettings({}), port: 0, dataDir: null },
    frozen: true,
    startAt: START,
    print: () => undefined,
    onAwsCall: (call) => calls.push(call),
  });
  try {
    await world.clock.advance(60_000);
    const request = await counted(calls, () => play(world));
    const quarterOfAnHour = await counted(calls, () => world.clock.advance(15 * 60_000));
    return {
      request: request.filter(({ by }) => OF_A_REQUEST.has(by)),
      quarterOfAnHour,
    };
  } finally {
    await world.close();
  }
}

async function play(world: World): Promise<void> {
  const people = peopleOf(world);
  const status = async (id: string) => (await world.journal.read('request', id)).value?.status;
  const id = await people.ask('U0ANA', LINE);
  await world.clock.advance(1000);
  const errors = await people.approve('U0BO', id);
  await world.clock.advance(1000);
  const between = await status(id);
  await world.clock.advance(62_000);
  const after = await status(id);
  if (between !== 'active' || after !== 'ended')
    throw new Error(`The request came to ${between}, then ${after}: ${JSON.stringify(errors)}`);
}

/** People's phones and the page are no part of the product. */
async function counted(calls: AwsCall[], run: () => Promise<unknown>): Promise<AwsCall[]> {
  const from = calls.length;
  await run();
  return calls.slice(from).filter(({ by }) => by !== null);
}

/** Local mode exports what it sealed, into its data folder, as the deployment does into its bucket. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSettings } from '../../local/settings.ts';
import { startWorld } from '../../local/world.ts';
import { temporaryFolder } from './temporary-folder.ts';

const START = new Date('2026-11-23T09:00:30.000Z');

test('after a checkpoint its events lie below export/, by day, as the journal has them, with a receipt', async () => {
  const dataDir = temporaryFolder();
  const world = await startWorld({
    settings: { ...readSettings({}), port: 0, dataDir },
    ...{ frozen: true, startAt: START, print: () => undefined },
  });
  try {
    await world.clock.advance(11 * 60_000);
    const [policy] = await world.journal.history('policy', 'active');
    const folder = join(dataDir, 'export/dt=2026-11-23');
    const lines = readdirSync(folder).flatMap((file) =>
      readFileSync(join(folder, file), 'utf8').trim().split('\n'),
    );
    expect(lines.map((line): unknown => JSON.parse(line))).toContainEqual(policy);
    const receipts = readdirSync(join(dataDir, 'export/_checkpoints'));
    const { value } = await world.journal.read('seal', 'last');
    expect(receipts).toHaveLength(value?.n ?? 0);
    expect(world.telemetry.alarms).toEqual([]);
  } finally {
    await world.close();
  }
});

import type { AwsCall } from '../../local/aws-meter.ts';
import { openStage } from './stage.ts';

/** A ceiling, so that a change that makes a request dearer is noticed; the figures themselves are printed. */
const MOST_CALLS = 290;
const MOST_WRITE_UNITS = 150;

it('a whole request (ask, one approval, grant, expiry) costs a bounded number of AWS calls, which are printed', async () => {
  const calls: AwsCall[] = [];
  const stage = await openStage({ onAwsCall: (call) => calls.push(call) });
  const idle = await counted(calls, () => stage.advance(60));
  const used = await counted(calls, async () => {
    const id = await stage.people.ask('U0ANA', 'github:acme/deployers member 1m INC-123 rollback');
    await stage.settle();
    await stage.people.approve('U0BO', id);
    await stage.settle();
    expect(await stage.status(id)).toBe('active');
    await stage.advance(62);
    expect(await stage.status(id)).toBe('ended');
  });
  await stage.close();
  const rows = [...new Set(used.map(({ name }) => name))].sort().map((name) => {
    const same = used.filter((call) => call.name === name);
    return `${name.padEnd(24)} ${String(same.length).padStart(4)}  ${sum(same, 'read').toFixed(1).padStart(6)} RCU  ${sum(same, 'write').toFixed(1).padStart(6)} WCU`;
  });
  process.stdout.write(
    `\nAWS calls of one whole request (with about a minute of sweep; an idle minute alone makes ${idle.length} calls)\n${rows.join('\n')}\n` +
      `${'total'.padEnd(24)} ${String(used.length).padStart(4)}  ${sum(used, 'read').toFixed(1).padStart(6)} RCU  ${sum(used, 'write').toFixed(1).padStart(6)} WCU\n`,
  );
  for (const by of new Set(used.map((c) => c.by)))
    process.stdout.write(
      `${by} ${used
        .filter((c) => c.by === by)
        .map((c) => c.name)
        .sort()}\n`,
    );
  expect(used.length).toBeLessThanOrEqual(MOST_CALLS);
  expect(sum(used, 'write')).toBeLessThanOrEqual(MOST_WRITE_UNITS);
  expect(sum(used, 'write')).toBeGreaterThan(0);
  expect(used.filter(({ name }) => name === 'CreateSchedule')).toHaveLength(1);
});

const sum = (calls: readonly AwsCall[], what: 'read' | 'write'): number =>
  calls.reduce((total, call) => total + call[what], 0);

/** What the functions called; people's phones are no part of the product. */
async function counted(calls: AwsCall[], run: () => Promise<unknown>): Promise<AwsCall[]> {
  const from = calls.length;
  await run();
  return calls.slice(from).filter(({ by }) => by !== null);
}

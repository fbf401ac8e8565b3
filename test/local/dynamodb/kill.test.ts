/**
 * kill -9 of a process that runs transactions, at chosen steps and at random moments. After each death the
 * database is opened anew: all five items carry the same counter, the index agrees, no answered transaction is lost,
 * and over all lives every committed change was told at least once.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { N, openWorld, S, type World } from './embedded-world.ts';

const items = ['1', '2', '3', '4', '5'];
const root = mkdtempSync(join(tmpdir(), 'embedded-dynamo-kill-'));
const dataDir = join(root, 'data');
const children: ChildProcess[] = [];
const told = new Set<string>();

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(root, { recursive: true });
});

type Life = { go(from: number): Promise<number> };

/**
 * Started early, because a start takes longer than a life; it waits for its counter. A random moment is counted from
 * the first answered transaction.
 */
function spawnLife(end: { atStep: string } | { afterMs: number }): Life {
  const script = join(__dirname, 'kill-child.ts');
  const atStep = 'atStep' in end ? end.atStep : '';
  const child = spawn(process.execPath, ['--import', 'tsx', script, dataDir, atStep], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  });
  children.push(child);
  return {
    async go(from) {
      let answered = from;
      let living = false;
      createInterface({ input: child.stdout }).on('line', (line) => {
        const [word, first = ''] = line.split(' ');
        if (word === 'answered') answered = Number(first);
        if (word === 'told') told.add(first);
        if (word !== 'answered' || living) return;
        living = true;
        if ('afterMs' in end) setTimeout(() => child.kill('SIGKILL'), end.afterMs);
      });
      child.stdin.write(`${from}\n`);
      await once(child, 'close');
      expect([child.signalCode, living]).toEqual(['SIGKILL', true]);
      return answered;
    },
  };
}

async function inspect(world: World): Promise<number> {
  world.dynamo.changes.subscribe('journal', async (batch) => {
    for (const { keys } of batch) told.add(String(Object.values(keys['sk'] ?? {})[0]));
  });
  await world.dynamo.settled();
  const found = await Promise.all(items.map((sk) => world.get('journal', 'AR', sk)));
  const counters = new Set(found.map((item) => item?.['n']?.N));
  expect(counters.size).toBe(1);
  const n = Number([...counters][0]);
  const all = items.map((sk) => `AR/${sk}`);
  expect(await world.byG('journal', n % 2 === 0 ? 'even' : 'odd')).toEqual(all);
  expect(await world.byG('journal', n % 2 === 0 ? 'odd' : 'even')).toEqual([]);
  expect(await world.get('journal', 'AR', `event-${n + 1}`)).toBeUndefined();
  expect(await world.count('journal')).toBe(items.length + n);
  for (let event = 1; event <= n; event += 1) expect(told).toContain(`event-${event}`);
  expect(told).not.toContain(`event-${n + 1}`);
  return n;
}

test('no moment of a kill leaves half a transaction, loses an answered one, or an untold change', async () => {
  const world = await openWorld({ dataDir });
  await world.createTable('journal', true);
  for (const sk of items) {
    const Item = { pk: S('AR'), sk: S(sk), n: N(0), g: S('even'), h: S(sk) };
    await world.client.send(new PutItemCommand({ TableName: 'journal', Item }));
  }
  await world.close();

  const ends = [
    { atStep: 'operation 3 staged', applied: 0 },
    { atStep: 'before the commit', applied: 0 },
    { atStep: 'after the commit', applied: 1 },
    ...Array.from({ length: 8 }, (_, i) => ({ afterMs: i * 10 + Math.random() * 50 })),
  ];
  const lives: Life[] = [];
  const spawned = (index: number) => {
    for (const end of ends.slice(lives.length, index + 3)) lives.push(spawnLife(end));
    return lives[index];
  };
  let n = 0;
  const startedAt = performance.now();
  for (const [index, end] of ends.entries()) {
    if (index >= 8 && performance.now() - startedAt > 15_000) break;
    const life = spawned(index);
    const answered = (await life?.go(n)) ?? -1;
    const after = await openWorld({ dataDir });
    const now = await inspect(after);
    await after.close();
    expect(now - answered).toBeGreaterThanOrEqual(0);
    expect(now - answered).toBeLessThanOrEqual(1);
    if ('applied' in end) expect([now - answered, now - n]).toEqual([end.applied, 2 + end.applied]);
    expect(now).toBeGreaterThan(n);
    n = now;
  }
  expect(items.every((sk) => told.has(sk))).toBe(true);
}, 300_000);

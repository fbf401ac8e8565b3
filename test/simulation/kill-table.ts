/** Which planted defects are caught, by which invariant, after how many seeds. */
import type { Plant } from './plants.ts';
import { runBatch } from './report.ts';
import { runner } from './runners.ts';

export type Kill = { plant: Plant; seeds: number; by: string | null; what: string };

export async function kill(plant: Plant, most: number): Promise<Kill> {
  const { run, close } = await runner(plant);
  const stop = ({ violations }: { violations: readonly unknown[] }) => violations.length > 0;
  const batch = await runBatch({ from: 1, count: most }, { lanes: [run], stop });
  await close();
  const first = batch.bad[0]?.violations[0];
  return { plant, seeds: batch.seeds, by: first?.rule ?? null, what: first?.what ?? '' };
}

export async function killTable(
  plants: readonly Plant[],
  most: number,
  print: (line: string) => void,
): Promise<Kill[]> {
  const kills: Kill[] = [];
  print(`${'planted defect'.padEnd(40)}${'seeds'.padEnd(8)}caught by`);
  for (const plant of plants) {
    const result = await kill(plant, most);
    kills.push(result);
    const caught = result.by ? `${result.by}: ${result.what}` : 'NOT CAUGHT';
    print(`${plant.name.padEnd(40)}${String(result.seeds).padEnd(8)}${caught}`);
  }
  return kills;
}

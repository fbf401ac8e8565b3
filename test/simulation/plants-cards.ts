/** Planted defects of announce: cards made twice, or left behind what is true. */
import type { Edit, Plant } from './plants.ts';

const edit = (find: string, replace: string, file = 'announce-run.ts'): Edit => ({
  ...{ file: `shared/application/${file}`, find, replace },
});
const plant = (name: string, by: string, ...edits: Edit[]): Plant => ({
  ...{ name, by: by.split(' '), edits },
});

export const CARD_PLANTS: readonly Plant[] = [
  plant(
    'no-doubt-after-a-crash',
    'P1 P2',
    edit('card.doubtSince ?? (card.lease ? now.toISOString() : null)', 'card.doubtSince'),
    edit('card.value.doubtSince ?? now.toISOString()', 'card.value.doubtSince'),
  ),
  plant(
    'no-lease-of-a-card',
    'P1 P3',
    edit("if (card.lease && card.lease.until > now.toISOString()) return 'busy';", ''),
  ),
  plant(
    'drawn-too-far',
    'P2',
    edit('drawn: run.state.version })', 'drawn: run.state.version + 1 })'),
  ),
  plant(
    'busy-is-forgotten',
    'P2',
    edit(
      "if (first === 'busy') await deps.queues.send('announce', toDraw, BUSY_DELAY_SECONDS);",
      '',
      'announce.ts',
    ),
    // Alone it is harmless: who holds the lease looks once more before it goes back, and a dead run's message comes again.
    edit('if (!next) break;', 'break;', 'announce.ts'),
  ),
];

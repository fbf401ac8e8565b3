/** Planted defects of the look for drift and of what it does to members without a grant. */
import type { Edit, Plant } from './plants.ts';

const edit = (file: string, find: string, replace: string): Edit => ({
  ...{ file: `shared/${file}`, find, replace },
});
const plant = (name: string, by: string, ...edits: Edit[]): Plant => ({
  ...{ name, by: by.split(' '), edits },
});
const turns = 'domain/container/exclusive.ts';
const marks = 'application/strangers.ts';
const stray = 'domain/holding/stray.ts';

export const STRANGER_PLANTS: readonly Plant[] = [
  plant(
    'every-container-is-exclusive',
    'S3',
    edit('application/ensure-facts.ts', 'if (!active) return false;', 'return true;'),
  ),
  plant(
    'taken-out-at-first-sight',
    'D1',
    edit(turns, 'each.since <= ago(EXCLUSIVE.apartSeconds) &&', ''),
  ),
  plant(
    'never-rested',
    'D2',
    edit(turns, 'const rested = last === null ||', 'const rested = true ||'),
    edit(turns, 'due.slice(0, EXCLUSIVE.mostPerLook)', 'due'),
  ),
  plant(
    'a-grant-is-marked',
    'D3',
    edit(marks, 'if (isOursNow(holding) || under) return base;', 'if (under) return base;'),
    edit(
      'application/drift.ts',
      'exclusive ? isOursNow : isExplained',
      'exclusive ? () => false : isExplained',
    ),
  ),
  plant(
    'gone-without-a-look',
    'D6',
    edit(
      stray,
      '(direct && role !== null)) return null;',
      '(direct && role !== null && !stray.issued)) return null;',
    ),
  ),
  plant(
    'machines-too',
    'D4',
    edit(
      'application/ensure-steps.ts',
      'if (isStray && (await provider.isMachine?.(account))) {',
      'if (false) {',
    ),
  ),
  plant(
    'the-word-taken-back-too-late',
    'D8 S3',
    edit(
      stray,
      '!facts.exclusive || until <= facts.now.toISOString();',
      'until <= facts.now.toISOString();',
    ),
    // Alone it is harmless: what is not exclusive is lowered only where our own intents wrote it.
    edit(
      'domain/holding/facts.ts',
      'if (facts.exclusive) return true;',
      'if (facts.exclusive || holding.stray) return true;',
    ),
  ),
  plant(
    'nobody-is-told',
    'D7',
    edit(
      marks,
      'for (const { accountId, role } of found.filter((each) => !old.has(each.accountId)))',
      'for (const { accountId, role } of [] as typeof found)',
    ),
  ),
  plant(
    'never-taken-out',
    'D5',
    edit(turns, 'const added = seen', 'const added = seen.slice(0, 0)'),
  ),
];

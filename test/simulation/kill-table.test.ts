import { kill } from './kill-table.ts';
import { PLANTS } from './plants.ts';

const QUICK: Readonly<Record<string, number>> = {
  'grant-before-intent': 40,
  'no-baseline': 60,
  'no-lease': 40,
  'schedule-after-grant': 40,
  'ambiguous-closed-by-a-read': 60,
  'overlap-ignored-at-removal': 60,
  'outcome-separate-from-state': 20,
  'code-step-not-consumed': 20,
  'escalated-twice': 20,
  'stop-pressed-alone': 60,
  'glass-extended': 40,
  'extended-after-its-end': 40,
  'no-cool-down': 40,
  'stop-not-in-the-transaction': 40,
  'stop-unchecked-at-the-add': 40,
  'leaver-keeps-access': 40,
  'leaver-is-still-a-member': 40,
  'end-all-leaves-what-is-being-given': 40,
  'attempt-counted-after-verifying': 60,
  'glass-quota-unchecked': 60,
  'glass-without-cap': 60,
  'free-grants-at-once': 60,
  'taken-out-at-first-sight': 40,
  'a-grant-is-marked': 40,
  'drawn-too-far': 40,
};

test.each(PLANTS.filter(({ name }) => name in QUICK))(
  'the planted defect $name is caught by the invariant it breaks',
  async (plant) => {
    const { by, what, seeds } = await kill(plant, QUICK[plant.name] ?? 0);
    console.log(`${plant.name}: ${by ?? 'not caught'} after ${seeds} seeds. ${what}`);
    expect(plant.by).toContain(by);
  },
  300_000,
);

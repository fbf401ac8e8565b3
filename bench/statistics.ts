/** Figures of many runs as one. */
const sorted = (figures: readonly number[]): number[] => [...figures].sort((a, b) => a - b);

export function quantile(figures: readonly number[], share: number): number {
  const all = sorted(figures);
  const at = Math.min(all.length - 1, Math.floor(all.length * share));
  const figure = all[at];
  if (figure === undefined) throw new Error('No run was made');
  return figure;
}

export const median = (figures: readonly number[]): number => quantile(figures, 0.5);

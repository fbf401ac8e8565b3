/** The bench's one table. */
export type Row = {
  readonly what: string;
  readonly ours: number;
  readonly stock: number | null;
  /** The ratio that was agreed. */
  readonly budget?: number;
  readonly moreIsBetter?: boolean;
};

const figure = (value: number | null): string =>
  value === null ? '' : value.toLocaleString('en', { maximumFractionDigits: value < 1000 ? 1 : 0 });

function verdict({ ours, stock, budget, moreIsBetter = false }: Row): string {
  if (budget === undefined || stock === null) return '';
  const ratio = ours / stock;
  const kept = moreIsBetter ? ratio >= budget : ratio <= budget;
  return `${moreIsBetter ? '>=' : '<='} ${budget} ${kept ? 'kept' : 'BROKEN'}`;
}

export function table(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.what,
    figure(row.ours),
    figure(row.stock),
    row.stock === null ? '' : (row.ours / row.stock).toFixed(2),
    verdict(row),
  ]);
  const all = [['', 'ours', 'stock', 'ratio', 'budget'], ...cells];
  const widths = [0, 1, 2, 3, 4].map((i) => Math.max(...all.map((row) => (row[i] ?? '').length)));
  return all
    .map((row) =>
      row
        .map((cell, i) =>
          i === 0 || i === 4 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

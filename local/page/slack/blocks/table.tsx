/** Tables of figures: `table` and `data_table`, whose first row is the header. Cells are plain text or rich text. */
import { isObject, stringIn } from '../../../slack/json.ts';
import type { Block } from '../../../slack/page/contract.ts';
import { keyed } from '../keyed.ts';
import { RichText } from './rich-text.tsx';

export function Table({ block }: { block: Block }) {
  const rows = Array.isArray(block['rows']) ? block['rows'].filter(Array.isArray) : [];
  const [header = [], ...body] = rows;
  const caption = stringIn(block, 'caption');
  return (
    // A wide table scrolls by itself; the keyboard has to be able to get there.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: axe asks for it (scrollable-region-focusable)
    <section className="block-table" aria-label={caption ?? 'Table'} tabIndex={0}>
      <table>
        {caption && <caption>{caption}</caption>}
        <thead>
          <Row block={block} cells={header} heads />
        </thead>
        <tbody>
          {keyed(body, (row) => words(row[0])).map(({ key, item }) => (
            <Row key={key} block={block} cells={item} heads={false} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

type RowProps = { block: Block; cells: readonly unknown[]; heads: boolean };

function Row({ block, cells, heads }: RowProps) {
  const named = block['row_header_column_index'];
  return (
    <tr>
      {keyed(cells, () => 'column').map(({ key, item }, column) => {
        const head = heads || column === named;
        const Tag = head ? 'th' : 'td';
        return (
          <Tag
            key={key}
            scope={head ? (heads ? 'col' : 'row') : undefined}
            className={alignment(block, column)}
          >
            <Cell cell={item} />
          </Tag>
        );
      })}
    </tr>
  );
}

const words = (cell: unknown): string => stringIn(cell, 'text') ?? '';

function Cell({ cell }: { cell: unknown }) {
  if (isObject(cell) && cell['type'] === 'rich_text') return <RichText block={cell} />;
  return words(cell);
}

/** As the app says; otherwise figures stand right, and so does what stands over them. */
function alignment(block: Block, column: number): string {
  const settings = Array.isArray(block['column_settings']) ? block['column_settings'] : [];
  const rows = Array.isArray(block['rows']) ? block['rows'] : [];
  const sample = Array.isArray(rows[1]) ? rows[1][column] : undefined;
  const own = stringIn(sample, 'type') === 'raw_number' ? 'right' : 'left';
  return `align-${stringIn(settings[column], 'align') ?? own}`;
}

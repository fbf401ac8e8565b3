/** The raw rows of the two tables about this request: keys, version, chain hash; the whole item on demand. */
import type { JournalRow, RequestDetail } from '../../xray/shapes.ts';
import { RawJson } from './raw-json.tsx';

const HASH_SHOWN = 10;

export function JournalView({ detail }: { detail: RequestDetail }) {
  const tables = [...new Set(detail.rows.map(({ table }) => table))];
  return (
    <>
      {tables.map((table) => (
        <section key={table} className="container">
          <h3 className="container-name">
            Table <code>{table}</code>
          </h3>
          <ul className="rows">
            {detail.rows
              .filter((row) => row.table === table)
              .map((row) => (
                <Row key={`${row.pk}/${row.sk}`} row={row} />
              ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function Row({ row }: { row: JournalRow }) {
  return (
    <li>
      <details className="row">
        <summary>
          <span className="row-keys">
            <code>{row.pk}</code>
            <code className="row-sk">{row.sk}</code>
          </span>
          <span className="row-version">{row.version === null ? '' : `v${row.version}`}</span>
          <code className="row-hash">
            {row.hash === null ? 'no chain' : row.hash.slice(0, HASH_SHOWN)}
          </code>
        </summary>
        <RawJson value={row.raw} />
      </details>
    </li>
  );
}

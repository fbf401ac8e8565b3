/** One pass over the period's events into the tables of the evidence, its counts and the first of its exceptions. */
import { remembered, type Span } from '../../../shared/application/audit-log.ts';
import { replay } from '../../../shared/domain/access-request/evolve.ts';
import type { KnownRequest } from '../../../shared/domain/access-request/model.ts';
import type { Journal } from '../../../shared/ports.ts';
import { csvLine } from '../csv.ts';
import { type ExceptionName, exceptionRow, exceptionsIn } from './exceptions.ts';
import type { Folder } from './folder.ts';
import { type Row, rowsOf, TABLE_NAMES, TABLES, type TableName } from './tables.ts';

export type Gathered = {
  tenant: string;
  events: number;
  rows: Record<TableName, number>;
  exceptions: Record<ExceptionName, number>;
  /** Those that the page shows. */
  first: (readonly string[])[];
};
const SHOWN = 100;

export async function gatherTables(
  journal: Pick<Journal, 'eventsBetween' | 'history'>,
  { from, to }: Span,
  folder: Folder,
): Promise<Gathered> {
  const gathered = nothing();
  for (const name of TABLE_NAMES) await folder.append(`${name}.csv`, csvLine(TABLES[name]));
  const stateAtEnd = remembered((id) => requestAt(journal, id, to));
  const write = async ({ table, cells }: Row) => {
    gathered.rows[table] += 1;
    await folder.append(`${table}.csv`, csvLine(cells));
  };
  for await (const logged of journal.eventsBetween(from, to)) {
    gathered.events += 1;
    gathered.tenant = logged.tenant;
    const state = logged.kind === 'request' ? await stateAtEnd(logged.id) : null;
    for (const row of rowsOf(logged, state)) await write(row);
    for (const found of exceptionsIn(logged, state, to)) {
      const row = exceptionRow(logged, state, found);
      gathered.exceptions[found.name] += 1;
      if (gathered.first.length < SHOWN) gathered.first.push(row.cells);
      await write(row);
    }
  }
  return gathered;
}

const nothing = (): Gathered => ({
  tenant: '',
  events: 0,
  rows: {
    ...{ 'access-granted': 0, 'access-ended': 0, approvals: 0, refusals: 0, exceptions: 0 },
    ...{ 'policy-changes': 0, authenticators: 0, drift: 0, administration: 0, reviews: 0 },
  },
  exceptions: {
    ...{ 'removed-late': 0, 'still-there': 0, 'removal-failed': 0, 'approval-without-code': 0 },
    ...{ 'approved-by-requester': 0, 'other-content': 0, drift: 0, stranger: 0 },
    ...{ 'review-overdue': 0, 'not-justified': 0 },
  },
  first: [],
});

/** As it stood when the period ended, by its own events: what happened since changes no evidence. */
async function requestAt(
  journal: Pick<Journal, 'history'>,
  id: string,
  to: Date,
): Promise<KnownRequest | null> {
  const events = (await journal.history('request', id)).map(({ event }) => event);
  const state = replay(events.filter(({ at }) => at < to.toISOString()));
  return state.status === 'new' ? null : state;
}

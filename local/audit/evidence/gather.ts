/**
 * One pass over the period's events into the tables of the evidence, its counts and the first of its exceptions; a shorter one over what lies
 * before it and may have lasted; and what the policy of its end says of everybody. In memory are counts, never rows.
 */
import { remembered, type Span } from '../../../shared/application/audit-log.ts';
import { replay } from '../../../shared/domain/access-request/evolve.ts';
import type { LoggedEvent } from '../../../shared/domain/audit/audit-row.ts';
import type { Policy } from '../../../shared/domain/policy/policy.ts';
import type { Journal } from '../../../shared/ports.ts';
import { csvLine } from '../csv.ts';
import { type ExceptionName, exceptionRow, exceptionsIn } from './exceptions.ts';
import type { Folder } from './folder.ts';
import { peopleRows, rightsIn } from './listings.ts';
import { owedLong } from './owed-long.ts';
import { type AtEnd, rowsOf } from './rows.ts';
import { rowsAtEnd } from './rows-at-end.ts';
import { type Row, TABLE_NAMES, TABLES, type TableName } from './tables.ts';

export type ReviewCount = 'justified' | 'not-justified' | 'late' | 'overdue' | 'open';
export type Gathered = {
  tenant: string;
  events: number;
  rows: Record<TableName, number>;
  reviews: Record<ReviewCount, number>;
  exceptions: Record<ExceptionName, number>;
  /** Those that the page shows. */
  first: (readonly string[])[];
  /** The policy of the period's end is too large for who may do what to be told one by one. */
  isRightsCut: boolean;
};
const SHOWN = 100;

export type Period = Span & {
  /** From here on began whatever may have lasted until the end. */
  readonly lookBackTo: Date;
  /** In force at the end; null: none yet. */
  readonly policy: Policy | null;
  readonly now: Date;
};
type Log = Pick<Journal, 'eventsBetween' | 'history' | 'allDue' | 'read'>;

export async function gatherTables(log: Log, period: Period, folder: Folder): Promise<Gathered> {
  const gathered = nothing();
  for (const name of TABLE_NAMES) await folder.append(`${name}.csv`, csvLine(TABLES[name]));
  const write = async (row: Row) => {
    count(gathered, row);
    await folder.append(`${row.table}.csv`, csvLine(row.cells));
  };
  await gatherEvents(log, period, { gathered, write });
  if (period.policy === null) return gathered;
  for (const row of peopleRows(period.policy)) await write(row);
  const rights = rightsIn(period.policy);
  for (const row of rights.rows) await write(row);
  return { ...gathered, isRightsCut: rights.isCut };
}

type Into = { readonly gathered: Gathered; readonly write: (row: Row) => Promise<void> };

async function gatherEvents(log: Log, period: Period, { gathered, write }: Into): Promise<void> {
  const { from, to, lookBackTo } = period;
  const ends = { from: from.toISOString(), to: to.toISOString() };
  const atEnd = remembered((id) => requestAt(log, id, to));
  const lasted = async (logged: LoggedEvent) => {
    const known = BEGINS.has(logged.event.type) ? await atEnd(logged.id) : null;
    for (const row of known ? rowsAtEnd(logged, known.state, ends) : []) await write(row);
  };
  for await (const logged of owedLong(log, { to, now: period.now, before: lookBackTo }))
    await lasted(logged);
  for await (const logged of log.eventsBetween(lookBackTo, from)) await lasted(logged);
  for await (const logged of log.eventsBetween(from, to)) {
    gathered.events += 1;
    gathered.tenant = logged.tenant;
    const known = logged.kind === 'request' ? await atEnd(logged.id) : null;
    for (const row of rowsOf(logged, known)) await write(row);
    await lasted(logged);
    for (const found of exceptionsIn(logged, known, to)) {
      const row = exceptionRow(logged, known?.state ?? null, found);
      gathered.exceptions[found.name] += 1;
      if (gathered.first.length < SHOWN) gathered.first.push(row.cells);
      await write(row);
    }
  }
}

/** What may be true long after it: access, and a review that is owed. */
const BEGINS: ReadonlySet<LoggedEvent['event']['type']> = new Set([
  'GrantActivated',
  'AccessRequested',
]);

const REVIEW = TABLES.reviews.indexOf('review');
const LATE = TABLES.reviews.indexOf('late');
const isReview = (word: string): word is Exclude<ReviewCount, 'late'> =>
  word !== 'late' && Object.hasOwn(nothing().reviews, word);

function count({ rows, reviews }: Gathered, { table, cells }: Row): void {
  rows[table] += 1;
  const review = cells[REVIEW] ?? '';
  if (table !== 'reviews' || !isReview(review)) return;
  reviews[review] += 1;
  const isGiven = review === 'justified' || review === 'not-justified';
  if (isGiven && cells[LATE] === 'yes') reviews.late += 1;
}

const nothing = (): Gathered => ({
  tenant: '',
  events: 0,
  rows: {
    ...{ 'access-granted': 0, 'access-ended': 0, 'access-at-end': 0, people: 0, rights: 0 },
    ...{ approvals: 0, reviews: 0, refusals: 0, 'policy-changes': 0, authenticators: 0 },
    ...{ drift: 0, administration: 0, exceptions: 0 },
  },
  reviews: { justified: 0, 'not-justified': 0, late: 0, overdue: 0, open: 0 },
  exceptions: {
    ...{ 'removed-late': 0, 'still-there': 0, 'removal-failed': 0, 'approval-without-code': 0 },
    ...{ 'approved-by-requester': 0, 'other-content': 0, drift: 0, stranger: 0 },
    ...{ 'review-overdue': 0, 'not-justified': 0 },
  },
  first: [],
  isRightsCut: false,
});

/** As it stood when the period ended, by its own events: what happened since changes no evidence. */
async function requestAt(
  log: Pick<Journal, 'history'>,
  id: string,
  to: Date,
): Promise<AtEnd | null> {
  const history = (await log.history('request', id)).map(({ event }) => event);
  const events = history.filter(({ at }) => at < to.toISOString());
  const state = replay(events);
  if (state.status === 'new') return null;
  const asks = events.flatMap((event) =>
    event.type === 'ExtensionRequested' ? [event.contentHash] : [],
  );
  return { state, extensions: new Set(asks) };
}

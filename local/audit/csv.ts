/** CSV by RFC 4180 (CRLF, quotes where needed), safe from formulas in every cell, the head included. */
import { stringify } from 'csv-stringify/sync';
import { safeCell } from '../../shared/domain/audit/csv-cell.ts';

export const csvLine = (cells: readonly string[]): string =>
  stringify([cells.map((cell) => safeCell(cell.toWellFormed()))], {
    record_delimiter: 'windows',
    // It quotes a line break only where that is its own delimiter.
    quoted_match: /[\r\n]/,
  });

/**
 * What is kept in the data folder changes from version to version, and local data is not migrated: a folder that another
 * version wrote is refused in words instead of failing on its first row. Raise FORMAT with every change of a stored shape.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FORMAT = '4';
const FILE = 'format';

/** @throws Error when the folder holds data of another format */
export function checkDataFormat(dataDir: string): void {
  const file = join(dataDir, FILE);
  const found = existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
  if (found === FORMAT) return;
  // Before formats had numbers there was only the database.
  if (found !== null || readdirSync(dataDir).includes('dynamodb'))
    throw new Error(
      `The data in ${dataDir} was written by another version of Hallpass (format ${found ?? 1}, this one writes ${FORMAT}). Move the folder away, or set HALLPASS_DATA to another one.`,
    );
  writeFileSync(file, FORMAT);
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkDataFormat } from '../../local/data-format.ts';

const folder = mkdtempSync(join(tmpdir(), 'hallpass-format-'));
afterAll(() => rmSync(folder, { recursive: true }));
const fresh = (name: string): string => {
  mkdirSync(join(folder, name));
  return join(folder, name);
};

test('an empty folder takes the format of this version, and is taken again after a restart', () => {
  const data = fresh('new');
  checkDataFormat(data);
  checkDataFormat(data);
});

test('data of another version is refused in words, never read', () => {
  const data = fresh('later');
  writeFileSync(join(data, 'format'), '99');
  expect(() => checkDataFormat(data)).toThrow('written by another version of Hallpass (format 99');
});

test('data from before formats had numbers is refused too', () => {
  const data = fresh('first');
  mkdirSync(join(data, 'dynamodb'));
  expect(() => checkDataFormat(data)).toThrow('(format 1');
});

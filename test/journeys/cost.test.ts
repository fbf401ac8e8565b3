/** What a request costs is what docs/costs.md says, and stays below what was agreed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COSTS_PAGE, costsPage, staleFigures } from '../../local/docs/costs-page.ts';
import { type Measured, measureRequest } from '../../local/docs/measured-request.ts';

/** Ceilings, so that a change that makes a request dearer is noticed; the figures themselves are on the page. */
const MOST_CALLS = 120;
const MOST_WRITE_UNITS = 155;
/** A checkpoint and its export are a third of it: sixteen shards of markers are looked into, whatever there is. */
const MOST_IDLE_CALLS_A_MINUTE = 21;

let measured: Measured;
beforeAll(async () => {
  measured = await measureRequest();
});
const called = (calls: Measured['request']) => calls.filter(({ service }) => service !== 'Lambda');

it('a whole request (ask, one approval, grant, expiry) makes a bounded number of AWS calls', () => {
  const calls = called(measured.request);
  expect(calls.length).toBeLessThanOrEqual(MOST_CALLS);
  const units = calls.reduce((total, { write }) => total + write, 0);
  expect(units).toBeLessThanOrEqual(MOST_WRITE_UNITS);
  expect(units).toBeGreaterThan(0);
  expect(calls.filter(({ name }) => name === 'CreateSchedule')).toHaveLength(1);
  expect(calls.filter(({ name }) => name === 'Decrypt')).toHaveLength(1);
});

it('a minute in which nobody asks makes a handful', () => {
  const calls = called(measured.quarterOfAnHour);
  expect(calls.length / 15).toBeLessThanOrEqual(MOST_IDLE_CALLS_A_MINUTE);
  expect(calls.length).toBeGreaterThan(0);
});

it('the page says what was counted', () => {
  const committed = readFileSync(join(__dirname, '../..', COSTS_PAGE), 'utf8');
  expect(staleFigures(committed, costsPage(measured))).toEqual([]);
});

it('a page with another figure is stale, and says where; one call more or less is no news', () => {
  const page = costsPage(measured);
  const [line = ''] = page.split('\n').filter((each) => each.startsWith('| announce'));
  const [first = ''] = line.match(/\d+/) ?? [];
  const said = (figure: number) => page.replace(line, line.replace(first, String(figure)));
  expect(staleFigures(said(Number(first) + 1), page)).toEqual([]);
  expect(staleFigures(said(Number(first) + 40), page)).toEqual([expect.stringContaining(line)]);
  expect(staleFigures(page.replace('| announce', '| other'), page)).toHaveLength(1);
});

/** Blocks that show figures: tables, data tables and charts, with the limits that Slack sets over all their cells. */
import { charactersIn, LIMITS } from '../../../lambdas/slack/views/limits.ts';
import { isObject, type JsonObject } from '../json.ts';
import { checkFields, checkList, checkString, complain, inside, type Place } from './problems.ts';
import { checkRichText } from './rich-text.ts';

type TableRule = { rows: number; minRows: number; columns: number; characters: number };

function checkCell(place: Place, cell: unknown, header: boolean): void {
  const type = isObject(cell) ? cell['type'] : undefined;
  if (isObject(cell) && type === 'rich_text' && !header) {
    checkRichText(place, cell);
    return;
  }
  if (!isObject(cell) || (type !== 'raw_text' && type !== 'raw_number')) {
    complain(place, 'invalid_type', `unsupported cell: ${String(type)}`);
    return;
  }
  checkString(inside(place, 'text'), cell['text'], { max: LIMITS.table.cellText });
  if (type === 'raw_number' && typeof cell['value'] !== 'number')
    complain(inside(place, 'value'), 'invalid_type', 'must provide a number');
}

function checkRows(place: Place, block: JsonObject, rule: TableRule): void {
  const at = inside(place, 'rows');
  const rows = Array.isArray(block['rows']) ? block['rows'] : [];
  if (rows.length < rule.minRows || rows.length > rule.rows)
    complain(at, 'failed_constraint', `between ${rule.minRows} and ${rule.rows} rows allowed`);
  const width = Array.isArray(rows[0]) ? rows[0].length : 0;
  for (const [index, row] of rows.entries()) {
    const here = inside(at, index);
    if (!Array.isArray(row) || row.length === 0 || row.length > rule.columns)
      complain(here, 'failed_constraint', `between 1 and ${rule.columns} cells allowed`);
    else if (row.length !== width)
      complain(here, 'failed_constraint', 'all rows must have as many cells as the first');
    else for (const [column, cell] of row.entries()) checkCell(inside(here, column), cell, false);
  }
  if (charactersIn(rows) > rule.characters)
    complain(at, 'failed_constraint', `no more than ${rule.characters} characters over all cells`);
}

export function checkTable(place: Place, block: JsonObject): void {
  checkFields(place, block, ['type', 'block_id', 'rows', 'column_settings']);
  checkRows(place, block, { ...LIMITS.table, minRows: 1 });
}

export function checkDataTable(place: Place, block: JsonObject): void {
  const own = ['rows', 'caption', 'page_size', 'row_header_column_index'];
  checkFields(place, block, ['type', 'block_id', ...own]);
  checkRows(place, block, { ...LIMITS.dataTable, minRows: 2 });
  checkString(inside(place, 'caption'), block['caption'], { max: LIMITS.section.text });
  const header = Array.isArray(block['rows']) ? block['rows'][0] : undefined;
  if (Array.isArray(header))
    for (const [column, cell] of header.entries())
      checkCell(inside(inside(place, 'rows/0'), column), cell, true);
  const size = block['page_size'];
  const most = LIMITS.dataTable.pageSize;
  const fits = typeof size === 'number' && Number.isInteger(size) && size >= 1 && size <= most;
  if (size !== undefined && !fits)
    complain(inside(place, 'page_size'), 'failed_constraint', `must be between 1 and ${most}`);
}

function checkPoints(place: Place, value: unknown, max: number): string[] {
  const points = checkList(place, value, { max });
  for (const [index, point] of points.entries()) {
    const here = inside(place, index);
    checkFields(here, point, ['label', 'value']);
    checkString(inside(here, 'label'), point['label'], { max: LIMITS.chart.label });
    if (typeof point['value'] !== 'number' || !Number.isFinite(point['value']))
      complain(inside(here, 'value'), 'invalid_type', 'must provide a number');
  }
  return points.map((point) => String(point['label']));
}

function checkAxes(place: Place, chart: JsonObject): string[] {
  const at = inside(place, 'axis_config');
  const axes = chart['axis_config'];
  if (!isObject(axes)) {
    complain(at, 'missing_field', 'missing required field');
    return [];
  }
  checkFields(at, axes, ['categories', 'x_label', 'y_label']);
  const label = { max: LIMITS.chart.axisLabel, optional: true };
  checkString(inside(at, 'x_label'), axes['x_label'], label);
  checkString(inside(at, 'y_label'), axes['y_label'], label);
  const categories = Array.isArray(axes['categories']) ? axes['categories'] : [];
  for (const [index, one] of categories.entries())
    checkString(inside(at, `categories/${index}`), one, { max: LIMITS.chart.label });
  return categories.map(String);
}

export function checkChart(place: Place, block: JsonObject): void {
  checkFields(place, block, ['type', 'block_id', 'title', 'chart']);
  checkString(inside(place, 'title'), block['title'], { max: LIMITS.chart.title });
  const at = inside(place, 'chart');
  const chart = block['chart'];
  if (!isObject(chart)) {
    complain(at, 'missing_field', 'missing required field');
    return;
  }
  if (chart['type'] === 'pie') {
    checkFields(at, chart, ['type', 'segments']);
    checkPoints(inside(at, 'segments'), chart['segments'], LIMITS.chart.series);
    return;
  }
  if (!['bar', 'line', 'area'].includes(String(chart['type']))) {
    complain(inside(at, 'type'), 'invalid_type', `unsupported chart: ${chart['type']}`);
    return;
  }
  checkFields(at, chart, ['type', 'series', 'axis_config']);
  const categories = checkAxes(at, chart).join('\n');
  const series = checkList(inside(at, 'series'), chart['series'], { max: LIMITS.chart.series });
  for (const [index, one] of series.entries()) {
    const here = inside(inside(at, 'series'), index);
    checkString(inside(here, 'name'), one['name'], { max: LIMITS.chart.label });
    const labels = checkPoints(inside(here, 'data'), one['data'], LIMITS.chart.points);
    if (labels.join('\n') !== categories)
      complain(inside(here, 'data'), 'failed_constraint', 'labels must match the categories');
  }
  if (new Set(series.map((one) => one['name'])).size !== series.length)
    complain(inside(at, 'series'), 'duplicate', 'series names must be unique');
}

/**
 * Judges a list of blocks as Slack would, and stricter: unknown blocks, unknown fields, repeated block ids and repeated
 * action ids within a block are errors. Block types that the product never uses count as unknown. Never throws.
 */
import { charactersIn, LIMITS } from '../../../lambdas/slack/views/limits.ts';
import { isObject, type JsonObject, objectIn, objectsIn } from '../json.ts';
import { checkElement } from './elements.ts';
import {
  checkFields,
  checkId,
  checkList,
  checkString,
  checkText,
  complain,
  inside,
  type Place,
  type Problem,
  type Surface,
} from './problems.ts';
import { checkRichText } from './rich-text.ts';
import { checkChart, checkDataTable, checkTable } from './tables.ts';

type Checker = (place: Place, block: JsonObject) => void;
const plain = 'plain_text' as const;

function checkImage(place: Place, image: JsonObject, own: readonly string[]): void {
  checkFields(place, image, ['type', 'image_url', 'slack_file', 'alt_text', ...own]);
  checkString(inside(place, 'alt_text'), image['alt_text'], { max: LIMITS.image.altText });
  if (image['slack_file'] === undefined)
    checkString(inside(place, 'image_url'), image['image_url'], { max: LIMITS.image.url });
}

function checkSection(place: Place, block: JsonObject): void {
  checkFields(place, block, ['type', 'block_id', 'text', 'fields', 'accessory', 'expand']);
  const { text, fields, fieldText } = LIMITS.section;
  if (block['text'] === undefined && block['fields'] === undefined)
    complain(place, 'missing_field', 'text or fields is required');
  checkText(inside(place, 'text'), block['text'], { max: text, optional: true });
  const at = inside(place, 'fields');
  if (block['fields'] !== undefined)
    for (const [index, field] of checkList(at, block['fields'], { max: fields }).entries())
      checkText(inside(at, index), field, { max: fieldText });
  const accessory = block['accessory'];
  const beside = inside(place, 'accessory');
  if (isObject(accessory) && accessory['type'] === 'image') checkImage(beside, accessory, []);
  else if (accessory !== undefined) checkElement(beside, accessory, 'section');
}

function checkContext(place: Place, block: JsonObject): void {
  checkFields(place, block, ['type', 'block_id', 'elements']);
  const at = inside(place, 'elements');
  const elements = checkList(at, block['elements'], { max: LIMITS.context.elements });
  for (const [index, element] of elements.entries()) {
    if (element['type'] === 'image') checkImage(inside(at, index), element, []);
    else checkText(inside(at, index), element, { max: LIMITS.context.text });
  }
}

function checkActions(place: Place, block: JsonObject): void {
  checkFields(place, block, ['type', 'block_id', 'elements']);
  const at = inside(place, 'elements');
  const elements = checkList(at, block['elements'], { max: LIMITS.actions.elements });
  for (const [index, element] of elements.entries())
    checkElement(inside(at, index), element, 'actions');
}

function checkInput(place: Place, block: JsonObject): void {
  const own = ['label', 'element', 'hint', 'optional', 'dispatch_action'];
  checkFields(place, block, ['type', 'block_id', ...own]);
  const { label, hint } = LIMITS.input;
  checkText(inside(place, 'label'), block['label'], { max: label, only: plain });
  checkText(inside(place, 'hint'), block['hint'], { max: hint, only: plain, optional: true });
  checkElement(inside(place, 'element'), block['element'], 'input');
}

const BLOCKS: Readonly<Record<string, Checker>> = {
  actions: checkActions,
  alert: (place, block) => {
    checkFields(place, block, ['type', 'block_id', 'text', 'level']);
    checkText(inside(place, 'text'), block['text'], { max: LIMITS.alert.text });
    if (place.surface !== 'modal') complain(place, 'failed_constraint', 'only modals show alerts');
  },
  context: checkContext,
  data_table: checkDataTable,
  data_visualization: checkChart,
  divider: (place, block) => checkFields(place, block, ['type', 'block_id']),
  header: (place, block) => {
    checkFields(place, block, ['type', 'block_id', 'text']);
    checkText(inside(place, 'text'), block['text'], { max: LIMITS.header.text, only: plain });
  },
  image: (place, block) => {
    checkImage(place, block, ['block_id', 'title']);
    const title = { max: LIMITS.image.title, only: plain, optional: true };
    checkText(inside(place, 'title'), block['title'], title);
  },
  input: checkInput,
  markdown: (place, block) => {
    checkFields(place, block, ['type', 'block_id', 'text']);
    checkString(inside(place, 'text'), block['text'], { max: LIMITS.markdown.text });
  },
  rich_text: checkRichText,
  section: checkSection,
  table: checkTable,
};

/** Every interactive element of a block. */
export function elementsOf(block: JsonObject): JsonObject[] {
  const single = [objectIn(block, 'accessory'), objectIn(block, 'element')].filter(isObject);
  return [...single, ...(block['type'] === 'actions' ? objectsIn(block, 'elements') : [])];
}

function checkBlock(place: Place, block: JsonObject): void {
  const type = String(block['type']);
  const check = Object.hasOwn(BLOCKS, type) ? BLOCKS[type] : undefined;
  if (check === undefined) {
    complain(inside(place, 'type'), 'invalid_type', `unsupported type: ${type}`);
    return;
  }
  checkId(place, block['block_id'], 'block_id');
  check(place, block);
  const ids = elementsOf(block).map((element) => element['action_id']);
  for (const id of new Set(ids))
    if (id !== undefined && ids.filter((one) => one === id).length > 1)
      complain(place, 'duplicate', `action_id ${id} already exists in this block`);
}

export function checkBlocks(place: Place, value: unknown): void {
  const max = place.surface === 'message' ? LIMITS.message.blocks : LIMITS.view.blocks;
  const blocks = checkList(place, value, { max, min: place.surface === 'message' ? 1 : 0 });
  const seen = new Set<unknown>();
  for (const [index, block] of blocks.entries()) {
    const here = inside(place, index);
    checkBlock(here, block);
    if (block['block_id'] !== undefined && seen.has(block['block_id']))
      complain(here, 'duplicate', `block_id ${block['block_id']} already exists`);
    seen.add(block['block_id']);
  }
  if (place.surface !== 'message') return;
  const charts = blocks.filter((block) => block['type'] === 'data_visualization').length;
  if (charts > LIMITS.message.charts)
    complain(place, 'failed_constraint', `no more than ${LIMITS.message.charts} charts allowed`);
}

/** What is wrong with these blocks; an empty list means Slack takes them. */
export function problemsOfBlocks(blocks: unknown, surface: Surface, pointer = ''): Problem[] {
  const found: Problem[] = [];
  checkBlocks({ found, pointer, surface }, blocks);
  return found;
}

export const tooLong = (blocks: unknown): boolean =>
  charactersIn(blocks) > LIMITS.message.charactersOverAllBlocks;

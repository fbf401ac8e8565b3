/** rich_text blocks: sections, lists, quotes and preformatted text of known leaf elements. */
import { LIMITS } from '../../../lambdas/slack/views/limits.ts';
import type { JsonObject } from '../json.ts';
import { checkFields, checkList, checkString, complain, inside, type Place } from './problems.ts';

/** What each leaf must carry; the rest of its fields is Slack's to judge. */
const LEAVES: Readonly<Record<string, readonly string[]>> = {
  text: ['text'],
  link: ['url'],
  user: ['user_id'],
  usergroup: ['usergroup_id'],
  channel: ['channel_id'],
  broadcast: ['range'],
  emoji: ['name'],
  date: ['format'],
  team: ['team_id'],
  color: ['value'],
};

function checkLeaf(place: Place, leaf: JsonObject): void {
  const type = String(leaf['type']);
  const required = Object.hasOwn(LEAVES, type) ? LEAVES[type] : undefined;
  if (required === undefined) {
    complain(inside(place, 'type'), 'invalid_type', `unsupported type: ${type}`);
    return;
  }
  for (const field of required)
    checkString(inside(place, field), leaf[field], { max: LIMITS.section.text });
}

function checkPart(place: Place, part: JsonObject, allowed: readonly string[]): void {
  const type = String(part['type']);
  if (!allowed.includes(type)) {
    complain(inside(place, 'type'), 'invalid_type', `unsupported type: ${type}`);
    return;
  }
  const own = ['style', 'indent', 'border', 'offset', 'language'];
  checkFields(place, part, ['type', 'elements', ...own]);
  const at = inside(place, 'elements');
  const elements = checkList(at, part['elements'], { max: LIMITS.section.text });
  for (const [index, element] of elements.entries()) {
    if (type === 'rich_text_list') checkPart(inside(at, index), element, ['rich_text_section']);
    else checkLeaf(inside(at, index), element);
  }
}

export function checkRichText(place: Place, block: JsonObject): void {
  checkFields(place, block, ['type', 'block_id', 'elements']);
  const at = inside(place, 'elements');
  const parts = checkList(at, block['elements'], { max: LIMITS.section.text });
  const kinds = ['section', 'list', 'quote', 'preformatted'].map((kind) => `rich_text_${kind}`);
  for (const [index, part] of parts.entries()) checkPart(inside(at, index), part, kinds);
}

/** What is wrong with a payload, each with a JSON pointer to the place, as Slack's `blocks.validate` reports it. */
import { LIMITS } from '../../../lambdas/slack/views/limits.ts';
import { isObject, type JsonObject } from '../json.ts';

export type Problem = {
  readonly pointer: string;
  readonly code: 'failed_constraint' | 'missing_field' | 'invalid_type' | 'duplicate';
  readonly message: string;
};

export type Surface = 'message' | 'modal' | 'home';

/** Where the checker stands: a list to add to, the pointer so far, and the surface that decides what is allowed. */
export type Place = {
  readonly found: Problem[];
  readonly pointer: string;
  readonly surface: Surface;
};

export function inside(place: Place, step: string | number): Place {
  return { ...place, pointer: `${place.pointer}/${step}` };
}

export function complain(place: Place, code: Problem['code'], message: string): void {
  place.found.push({ pointer: place.pointer || '/', code, message });
}

/** The object's string field, checked: present unless optional, between 1 and `max` characters. */
export function checkString(
  place: Place,
  value: unknown,
  rule: { max: number; optional?: boolean },
): void {
  if (value === undefined && rule.optional) return;
  if (value === undefined) {
    complain(place, 'missing_field', 'missing required field');
    return;
  }
  if (typeof value !== 'string') {
    complain(place, 'invalid_type', 'must provide a string');
    return;
  }
  if (value.length === 0) complain(place, 'failed_constraint', 'must be more than 0 characters');
  if (value.length > rule.max)
    complain(place, 'failed_constraint', `must be less than ${rule.max + 1} characters`);
}

/** The elements of a list that must hold between `min` and `max` objects. */
export function checkList(
  place: Place,
  value: unknown,
  rule: { max: number; min?: number },
): JsonObject[] {
  const min = rule.min ?? 1;
  if (value === undefined) {
    complain(place, 'missing_field', 'missing required field');
    return [];
  }
  if (!Array.isArray(value)) {
    complain(place, 'invalid_type', 'must provide an array');
    return [];
  }
  if (value.length < min)
    complain(place, 'failed_constraint', `no fewer than ${min} items allowed`);
  if (value.length > rule.max)
    complain(place, 'failed_constraint', `no more than ${rule.max} items allowed`);
  for (const [index, item] of value.entries())
    if (!isObject(item)) complain(inside(place, index), 'invalid_type', 'must provide an object');
  return value.filter(isObject);
}

/** A field that nobody defined is a typo: Slack ignores some and refuses others, we refuse all. */
export function checkFields(place: Place, value: JsonObject, known: readonly string[]): void {
  for (const field of Object.keys(value))
    if (!known.includes(field))
      complain(inside(place, field), 'failed_constraint', `invalid additional property: ${field}`);
}

export function checkId(place: Place, value: unknown, field: 'block_id' | 'action_id'): void {
  const max = field === 'block_id' ? LIMITS.blockId : LIMITS.actionId;
  checkString(inside(place, field), value, { max, optional: field === 'block_id' });
}

type TextRule = { max: number; only?: 'plain_text' | 'mrkdwn'; optional?: boolean };

/** A text object: plain_text or mrkdwn, `only` the one where Slack allows just one. */
export function checkText(place: Place, value: unknown, rule: TextRule): void {
  if (value === undefined && rule.optional) return;
  if (value === undefined) {
    complain(place, 'missing_field', 'missing required field');
    return;
  }
  if (!isObject(value)) {
    complain(place, 'invalid_type', 'must provide a text object');
    return;
  }
  const allowed = rule.only ? [rule.only] : ['plain_text', 'mrkdwn'];
  if (typeof value['type'] !== 'string' || !allowed.includes(value['type']))
    complain(inside(place, 'type'), 'invalid_type', `must be ${allowed.join(' or ')}`);
  const extra = value['type'] === 'mrkdwn' ? 'verbatim' : 'emoji';
  checkFields(place, value, ['type', 'text', extra]);
  checkString(inside(place, 'text'), value['text'], { max: rule.max });
}

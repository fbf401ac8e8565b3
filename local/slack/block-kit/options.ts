/** Options, option groups and confirmation dialogs, as menus, check boxes and buttons hold them. */
import { LIMITS } from '../../../lambdas/slack/views/limits.ts';
import { isObject, type JsonObject } from '../json.ts';
import {
  checkFields,
  checkList,
  checkString,
  checkText,
  complain,
  inside,
  type Place,
} from './problems.ts';

export type OptionRule = { readonly max: number; readonly min?: number; readonly mrkdwn?: boolean };

function checkOption(place: Place, option: JsonObject, rule: { mrkdwn?: boolean }): void {
  checkFields(place, option, ['text', 'value', 'description', 'url']);
  const text = rule.mrkdwn ? {} : { only: 'plain_text' as const };
  checkText(inside(place, 'text'), option['text'], { max: LIMITS.option.text, ...text });
  checkString(inside(place, 'value'), option['value'], { max: LIMITS.option.value });
  checkText(inside(place, 'description'), option['description'], {
    max: LIMITS.option.description,
    optional: true,
    ...text,
  });
  checkString(inside(place, 'url'), option['url'], { max: LIMITS.option.url, optional: true });
}

export function checkOptions(place: Place, value: unknown, rule: OptionRule): void {
  const options = checkList(place, value, rule);
  for (const [index, option] of options.entries()) checkOption(inside(place, index), option, rule);
  const values = options.map((option) => option['value']);
  for (const [index, one] of values.entries())
    if (values.indexOf(one) !== index)
      complain(inside(inside(place, index), 'value'), 'duplicate', 'values must be unique');
}

/** `options` or `option_groups`, exactly one of them: a static menu, or what we answer to a block_suggestion. */
export function checkChoices(place: Place, holder: JsonObject): void {
  const { options, option_groups: groups } = holder;
  if ((options === undefined) === (groups === undefined)) {
    complain(place, 'missing_field', 'exactly one of options and option_groups is required');
    return;
  }
  if (options !== undefined) {
    checkOptions(inside(place, 'options'), options, { max: LIMITS.select.options });
    return;
  }
  const at = inside(place, 'option_groups');
  for (const [index, group] of checkList(at, groups, { max: LIMITS.select.groups }).entries()) {
    const here = inside(at, index);
    checkFields(here, group, ['label', 'options']);
    checkText(inside(here, 'label'), group['label'], {
      max: LIMITS.optionGroup.label,
      only: 'plain_text',
    });
    checkOptions(inside(here, 'options'), group['options'], { max: LIMITS.select.options });
  }
}

/** An initial choice must be one of the choices, letter for letter, or Slack refuses the whole view. */
export function checkInitial(place: Place, initial: unknown, holder: JsonObject): void {
  if (initial === undefined) return;
  const groups = Array.isArray(holder['option_groups']) ? holder['option_groups'] : [];
  const all = [holder, ...groups].flatMap((one) =>
    isObject(one) && Array.isArray(one['options']) ? one['options'] : [],
  );
  const wanted = JSON.stringify(initial);
  if (!all.some((option) => JSON.stringify(option) === wanted))
    complain(place, 'failed_constraint', 'the initial option must be one of the options');
}

export function checkConfirm(place: Place, value: unknown): void {
  if (value === undefined) return;
  if (!isObject(value)) {
    complain(place, 'invalid_type', 'must provide an object');
    return;
  }
  checkFields(place, value, ['title', 'text', 'confirm', 'deny', 'style']);
  const { title, text, confirm, deny } = LIMITS.confirm;
  checkText(inside(place, 'title'), value['title'], { max: title, only: 'plain_text' });
  checkText(inside(place, 'text'), value['text'], { max: text });
  checkText(inside(place, 'confirm'), value['confirm'], { max: confirm, only: 'plain_text' });
  checkText(inside(place, 'deny'), value['deny'], { max: deny, only: 'plain_text' });
  checkStyle(inside(place, 'style'), value['style']);
}

export function checkStyle(place: Place, value: unknown): void {
  if (value !== undefined && value !== 'primary' && value !== 'danger')
    complain(place, 'failed_constraint', 'must be primary or danger');
}

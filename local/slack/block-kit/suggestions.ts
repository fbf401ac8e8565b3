import { isObject } from '../json.ts';
import { checkChoices } from './options.ts';
import { checkFields, complain, type Problem } from './problems.ts';

/** What is wrong with the app's answer to a block_suggestion; Slack would show "no results" and nothing else. */
export function problemsOfAnsweredOptions(answer: unknown): Problem[] {
  const found: Problem[] = [];
  const place = { found, pointer: '', surface: 'modal' as const };
  if (!isObject(answer)) complain(place, 'invalid_type', 'must provide an object');
  else {
    checkFields(place, answer, ['options', 'option_groups']);
    const none = Array.isArray(answer['options']) && answer['options'].length === 0;
    if (!none) checkChoices(place, answer);
  }
  return found;
}

/** Maps of the policy file: every key is known or refused, and a key that is promised but not honoured yet says what to do meanwhile. */
import * as z from 'zod';

/** Keys of the policy language that no evaluator honours yet, and what to do meanwhile. */
export const NOT_SUPPORTED_YET: ReadonlyMap<string, string> = new Map([
  ['tier0', 'tier0 needs passkeys, which are not supported yet: keep such roles out of the bot'],
  ['step_up', 'Passkeys are not supported yet: remove step_up'],
  ['freeze_windows', 'Freeze windows are written elsewhere: name the key `freeze`'],
  ['conflicts_with', 'Separation of duties is written elsewhere: use `separation` at the top'],
  ['schedule', 'On-call schedules are written elsewhere: use `on_call` of a group'],
]);

const unsupported = (keys: readonly string[]): string | undefined => {
  const sentences = keys.flatMap((key) => NOT_SUPPORTED_YET.get(key) ?? []);
  return sentences.length > 0 ? sentences.join('. ') : undefined;
};

export function strict<const Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? unsupported(issue.keys) : undefined),
  });
}

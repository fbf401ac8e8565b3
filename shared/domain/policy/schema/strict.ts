/** Maps of the policy file: every key is known or refused, and a key that is promised but not honoured yet says what to do meanwhile. */
import * as z from 'zod';

/** Keys of the policy language that no evaluator honours yet, and what to do meanwhile. */
export const NOT_SUPPORTED_YET: ReadonlyMap<
  string,
  { readonly message: string; readonly fix: string }
> = new Map([
  [
    'tier0',
    {
      message: 'tier0 needs passkeys, which are not supported yet',
      fix: 'Keep such roles out of the bot',
    },
  ],
  ['step_up', { message: 'Passkeys are not supported yet', fix: 'Remove step_up' }],
  [
    'freeze_windows',
    { message: 'Freeze windows are written elsewhere', fix: 'Name the key `freeze`' },
  ],
  [
    'conflicts_with',
    {
      message: 'Separation of duties is written elsewhere',
      fix: 'Use `separation` at the top',
    },
  ],
  [
    'schedule',
    { message: 'On-call schedules are written elsewhere', fix: 'Use `on_call` of a group' },
  ],
]);

/** What is said of a key that it does not know: policy-issue.ts. */
export const strict = <const Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape);

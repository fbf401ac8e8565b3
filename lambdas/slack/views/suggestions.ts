/** "Did you mean": up to three buttons, each for one way to put a line right, and the form for whoever meant something else. */
import type { ShellRefusal } from '../shell-refusal.ts';
import type { Button } from './block-kit.ts';
import { LIMITS } from './limits.ts';
import { actions, button, type Message } from './parts.ts';
import { refusalMessage } from './refusal-message.ts';

export const SUGGESTED = ['suggest_0', 'suggest_1', 'suggest_2'] as const;
export const SUGGEST_FORM = 'suggest_form';

type NotUnderstood = Extract<ShellRefusal, { code: 'not-understood' }>;

/** The buttons carry the id of what was kept, and by their name which of its lines they stand for. */
export function didYouMean(refusal: NotUnderstood, id: string, now: Date): Message {
  const pressed = { id, v: 0 };
  const choices: Button[] = SUGGESTED.flatMap((actionId, index) => {
    const name = refusal.didYouMean[index];
    if (name === undefined) return [];
    return [button(actionId, name.slice(-LIMITS.button.text), { pressed, ...primary(index) })];
  });
  const { text, blocks } = refusalMessage(refusal, now);
  const form = button(SUGGEST_FORM, 'Open the form', { pressed });
  return {
    text,
    blocks: [...blocks.slice(0, -1), ...actions([...choices, form]), ...blocks.slice(-1)],
  };
}

const primary = (index: number): Pick<Button, 'style'> => (index === 0 ? { style: 'primary' } : {});

/** What a change of the policy does to somebody's rights, in words; used in Slack and on the command line. Plain text: names of rules only. */
import type { RightChange } from '../../../shared/domain/policy/diff.ts';

type Right = RightChange['right'];

const GAINED: Readonly<Record<Right, string>> = {
  ask: 'may now ask for',
  'break-glass': 'may now break glass for',
  approve: 'may now approve',
  hold: 'may now be given, when others ask,',
  power: 'now has a power of its own:',
};
const LOST: Readonly<Record<Right, string>> = {
  ask: 'may no longer ask for',
  'break-glass': 'may no longer break glass for',
  approve: 'may no longer approve',
  hold: 'may no longer be given, when others ask,',
  power: 'no longer has a power of its own:',
};
const TERMS: Readonly<Record<Right, string>> = {
  ask: 'asks for',
  'break-glass': 'breaks glass for',
  approve: 'approves',
  hold: 'is given, when others ask,',
  power: 'has',
};

/** What follows the people and stands before the entitlements. */
export function rightWords({ right, effect }: Pick<RightChange, 'right' | 'effect'>): string {
  if (effect === 'gained') return GAINED[right];
  if (effect === 'lost') return LOST[right];
  return `${TERMS[right]} on ${effect === 'wider' ? 'easier' : 'stricter'} terms`;
}

/** What the same people gain or lose alike, about however many entitlements, is one thing to tell. */
export function together(changes: readonly RightChange[]): RightChange[] {
  const found = new Map<string, RightChange>();
  for (const change of changes) {
    const { right, effect, before, now, people, entitlements } = change;
    const key = JSON.stringify([right, effect, before, now, people]);
    const known = found.get(key);
    const all = known ? [...known.entitlements, ...entitlements] : entitlements;
    found.set(key, { ...change, entitlements: all });
  }
  return [...found.values()];
}

export const isWidening = ({ effect }: Pick<RightChange, 'effect'>): boolean =>
  effect === 'gained' || effect === 'wider';

/** The rules behind it: `by a`, `by b instead of a`; `shown` is how a name is set off from the words. */
export function byRules(
  { right, before, now }: RightChange,
  shown: (name: string) => string = (name) => name,
): string {
  const either = shown(now ?? before ?? '');
  if (right === 'power') return `role ${either}`;
  if (before !== null && now !== null && before !== now)
    return `by ${shown(now)} instead of ${shown(before)}`;
  return `by ${either}`;
}

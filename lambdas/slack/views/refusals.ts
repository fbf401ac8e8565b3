/**
 * Every no a person can get, in words: what happened, why, what to do now, and the stable code in small print. One table,
 * exhaustive by type: a code without a sentence does not compile. Typed text stands in code style only, never in `happened`,
 * which is also the notification.
 */
import type { SubmitRefusal } from '../../../shared/application/ask.ts';
import type { CommandRefusal } from '../../../shared/application/execute-command.ts';
import type { PauseRefusal, PressRefusal } from '../../../shared/application/switches.ts';
import type { CodeRefusal } from '../../../shared/application/verify-code.ts';
import type { ShellRefusal } from '../shell-refusal.ts';
import { SWITCH_WORDS } from './life-words.ts';
import { POLICY_WORDS } from './policy-words.ts';
import { REQUEST_WORDS } from './request-words.ts';
import { SHELL_WORDS } from './shell-words.ts';
import type { ByCode, TableOf, Words } from './words.ts';

export type { Words } from './words.ts';
export type AnyRefusal =
  | CommandRefusal
  | CodeRefusal
  | SubmitRefusal
  | PauseRefusal
  | PressRefusal
  | ShellRefusal;
export type RefusalCode = AnyRefusal['code'];
type Table = TableOf<AnyRefusal>;

const TABLE: Table = { ...POLICY_WORDS, ...REQUEST_WORDS, ...SWITCH_WORDS, ...SHELL_WORDS };

export const REFUSAL_CODES: readonly string[] = Object.keys(TABLE);

function say<C extends RefusalCode>(
  refusalCode: C,
  refusal: ByCode<AnyRefusal>[C],
  now: Date,
): Words {
  const sentence: Table[C] = TABLE[refusalCode];
  return sentence(refusal, now);
}

export const wordsFor = (refusal: AnyRefusal, now: Date): Words => say(refusal.code, refusal, now);

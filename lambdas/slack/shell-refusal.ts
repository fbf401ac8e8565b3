/** What this function itself says no to, before or beside a decision: typing it cannot read, and an outside world that is silent. */
import type { Fault } from '../../shared/ports.ts';
import type { FlagProblem } from './ask-flags.ts';
import type { Problem } from './command-line.ts';

export type ShellRefusal =
  | { code: 'not-supported-yet'; what: string }
  | { code: 'nothing-to-ask-for' }
  | { code: 'field-empty'; field: 'target' | 'role' | 'duration' | 'start' | 'end of the window' }
  | ({ code: 'not-understood' } & Problem)
  | ({ code: 'flag-not-understood' } & FlagProblem)
  | { code: 'nothing-to-repeat' }
  | { code: 'unknown-subcommand'; typed: string; didYouMean: readonly string[] }
  | { code: 'id-missing'; subcommand: string }
  | { code: 'who-of-what'; offered: readonly string[] }
  /** There is no such name, or none that this person may see. */
  | {
      code: 'not-visible';
      part: 'target' | 'role';
      typed: string;
      didYouMean: readonly string[];
    }
  | { code: 'reason-missing' }
  | { code: 'bad-duration' }
  | { code: 'action-unreadable' }
  | { code: 'too-slow' }
  | { code: 'slack-silent' | 'store-silent' | 'keys-silent' };

/** A Fault as a person reads it: who was silent, and whether something may have been recorded. */
export function silence(fault: Fault): ShellRefusal {
  if (fault.service === 'slack') return { code: 'slack-silent' };
  return { code: fault.service === 'keys' ? 'keys-silent' : 'store-silent' };
}

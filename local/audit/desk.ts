/** What the commands that read the audit log need of the world: a journal, a clock, and somewhere to write. */
import type { Policies } from '../../shared/application/policies.ts';
import type { Clock, Ids, Journal } from '../../shared/ports.ts';

/** Whether the log is what was sealed, as evidence shows it. */
export type Verification = {
  readonly outcome: 'intact' | 'tampered' | 'incomplete' | 'unreadable' | 'not-run';
  /** What was checked and what was found, from the same data the same lines. */
  readonly lines: readonly string[];
  /** The key that signatures were checked with; `isPinned`: named by whoever ran it, rather than found beside the log. */
  readonly key: { readonly sha256: string; readonly isPinned: boolean } | null;
  /** What a daily digest said (`288:<hash>`), where the log was held against it. */
  readonly witness: string | null;
};

/** What a log is held against: the key in this file (null: the one that lies beside the log), and what a daily digest said. */
export type Against = { readonly pubkey: string | null; readonly witness: string | null };

/** Of a desk at which nothing is verified. */
export const NOT_VERIFIED: Verification = {
  outcome: 'not-run',
  lines: [],
  key: null,
  witness: null,
};

export type Desk = {
  journal: Journal;
  policies: Policies;
  clock: Clock;
  ids: Ids;
  env: Readonly<Record<string, string | undefined>>;
  /** One line for the person. */
  print: (line: string) => void;
  complain: (line: string) => void;
  /** Bytes of an export, resolved when they were taken. */
  write: (chunk: string) => Promise<void>;
  verify: (against: Against) => Promise<Verification>;
};

/** As a shell reads them; the same numbers as those of `audit verify`. */
export const EXIT = {
  ok: 0,
  refused: 1,
  changed: 2,
  missing: 3,
  unreadable: 4,
  usage: 64,
} as const;

const RULER = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;
/** Nothing that was typed by somebody moves the cursor, changes a colour or turns the line around. */
export const plain = (text: string): string => text.replace(RULER, '\uFFFD');

/** What the policy commands need of the shell: somewhere to write, files to read, a clock, and a journal for those that look back. */
import type { Unreadable } from '../../shared/adapters/policy-path.ts';
import type { Result } from '../../shared/domain/result.ts';
import type { Journal } from '../../shared/ports.ts';

export type History = {
  readonly journal: Pick<Journal, 'read' | 'eventsBetween'>;
  readonly now: Date;
  readonly close: () => void;
};

export type Terminal = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** One line for whoever reads the answer. */
  readonly print: (line: string) => void;
  /** One line about what is wrong with the question. */
  readonly complain: (line: string) => void;
  /** A person reads, at a screen that has colours. */
  readonly colours: boolean;
  /** Shows how far it is, in place; null where nobody watches. */
  readonly progress: ((line: string) => void) | null;
  readonly readFile: (path: string) => Promise<Result<Uint8Array, Unreadable>>;
  readonly now: () => Date;
  /** Or the sentence that says what is missing. */
  readonly openHistory: () => Promise<History | string>;
};

/** As a shell reads them: all is well, something was found or failed, the question could not be read. */
export const EXIT = { ok: 0, findings: 1, usage: 2 } as const;

const STYLES = { red: 31, green: 32, yellow: 33, dim: 2, bold: 1 } as const;
export type Style = keyof typeof STYLES;

export const paint = (
  { colours }: Pick<Terminal, 'colours'>,
  style: Style,
  text: string,
): string => (colours ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text);

const RULER = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;
/** Nothing that was typed or written by somebody moves the cursor, changes a colour or turns the line around. */
export const plain = (text: string): string => text.replace(RULER, '\uFFFD');

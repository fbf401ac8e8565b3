/** The ticket that a justification must name: how it looks, and where somebody keeps it. */
import * as z from 'zod';
import { ticketPattern } from '../ticket-pattern.ts';
import { strict } from './strict.ts';

export const Tracker = z.enum(['jira', 'github']);
export type Tracker = z.infer<typeof Tracker>;

export const Pattern = z.string().superRefine((source, context) => {
  const compiled = ticketPattern(source);
  if (compiled.ok) return;
  context.addIssue({
    code: 'custom',
    message: `This pattern cannot be used: ${compiled.error}`,
    params: { fix: 'Use letters, digits, [classes], \\d, ( | ) and * + ? {n,m}' },
  });
});

const Kept = strict({
  /** Looked for in the justification; the first that fits, and is no part of a longer word, is the ticket. At GitHub it must find `owner/repo#12`. */
  pattern: Pattern,
  /** The ticket must exist there, when access is asked for and at each approval. Without it nobody looks. */
  exists_in: Tracker.optional(),
  /** It must not be closed either. */
  open: z.boolean().default(false),
  /** Access ends within minutes of the ticket's being closed. */
  ends_access: z.boolean().default(false),
}).refine(({ exists_in, open, ends_access }) => exists_in !== undefined || !(open || ends_access), {
  message: 'Nobody could tell whether the ticket is open',
  params: { fix: 'Say where it is kept: exists_in: jira, or exists_in: github' },
});

/** A pattern alone, or a map that also says where the ticket is kept. */
export const Ticket = z.union([
  Pattern.transform(
    (pattern): z.infer<typeof Kept> => ({ pattern, open: false, ends_access: false }),
  ),
  Kept,
]);
export type Ticket = z.infer<typeof Ticket>;
/** Which of the two shapes a ticket was meant to have. */
export const ticketShapeOf = (written: unknown): number =>
  typeof written === 'object' && written !== null && !Array.isArray(written) ? 1 : 0;
export const TICKET_KEYS: readonly string[] = Object.keys(Kept.shape);

/**
 * A reason somebody typed, made ready to be kept beside a request: what looks like a credential is taken out before anything
 * is made of it, the rest stays as typed and is committed to with a salt of its own.
 */
import { commitText } from '../domain/audit/chain.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { redactSecrets } from '../domain/secret-text.ts';
import type { Ids } from '../ports.ts';

const LONGEST_REASON = 3000;

/** Of a denial or an end, of a review, of a no to more time. */
type ReasonFor = 'reason' | 'review' | 'extension';

export type TypedReason = {
  readonly side: { key: ReasonFor; text: string; salt: string; commitment: string };
  /** Kinds of credentials that were taken out. */
  readonly redacted: readonly string[];
};

export function typedReason(
  typed: string,
  ids: Ids,
  key: ReasonFor = 'reason',
): Result<
  TypedReason,
  { code: 'reason-missing' } | { code: 'justification-too-long'; max: number; have: number }
> {
  if (typed.trim() === '') return refuse({ code: 'reason-missing' });
  if (typed.length > LONGEST_REASON)
    return refuse({ code: 'justification-too-long', max: LONGEST_REASON, have: typed.length });
  const { text, found } = redactSecrets(typed);
  const salt = ids.unique();
  return ok({
    side: { key, text, salt, commitment: commitText(text, salt) },
    redacted: found,
  });
}

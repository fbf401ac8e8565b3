/**
 * A typed line that was misspelt, and the up to three lines it may have meant, kept for half an hour so that a button
 * can name one by id. Nothing is judged here: a chosen line is read like one that was just typed.
 */
import type { RecordOf } from '../domain/records.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { redactSecrets } from '../domain/secret-text.ts';
import { absent, type Clock, Fault, type Ids, type Journal, put } from '../ports.ts';

type Deps = { journal: Journal; clock: Clock; ids: Ids };
type Suggestion = RecordOf<'suggestion'>;
const KEPT_MS = 30 * 60_000;
const MOST = 3;
const TRIES = 5;

/** Answers the id that buttons carry. */
export async function keepSuggestion(
  deps: Deps,
  said: { requester: string; typed: string; lines: readonly string[] },
): Promise<string> {
  const now = deps.clock.now();
  const record: Suggestion = {
    requester: said.requester,
    typed: redactSecrets(said.typed).text,
    lines: said.lines.slice(0, MOST).map((line) => redactSecrets(line).text),
    expiresAt: new Date(now.getTime() + KEPT_MS).toISOString(),
  };
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const id = deps.ids.requestId();
    const kept = await deps.journal.commit([put(absent('suggestion', id), record)], now);
    if (kept.committed) return id;
  }
  throw new Fault('No free id was found. Try again.', { service: 'journal', retryable: true });
}

/** For its owner alone. */
export async function openSuggestion(
  deps: Deps,
  asked: { requester: string; id: string },
): Promise<Result<Suggestion, { code: 'draft-gone' } | { code: 'not-your-draft' }>> {
  const { value } = await deps.journal.read('suggestion', asked.id);
  if (!value || value.expiresAt <= deps.clock.now().toISOString())
    return refuse({ code: 'draft-gone' });
  return value.requester === asked.requester ? ok(value) : refuse({ code: 'not-your-draft' });
}

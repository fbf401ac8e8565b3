/**
 * Opens the form, filled in with what is known. Whoever may ask for nothing is told so instead, and whom to turn to. What
 * somebody asked for lately is read once, here, and comes first in the search.
 */
import { redactSecrets } from '../../../shared/domain/secret-text.ts';
import { type Asker, askerFor, barredFromAsking } from '../asker.ts';
import type { SlackDeps } from '../deps.ts';
import { type Beginning, type FormBy, noAskerMessage } from '../form-beginning.ts';
import { drawnForm, NOTHING_ON_SCREEN } from '../form-drawing.ts';
import { code } from '../views/escape.ts';
import { targetValue } from '../views/form-options.ts';
import { redactedWarning } from '../views/form-words.ts';
import { LIMITS } from '../views/limits.ts';
import { noticeModal } from '../views/modals.ts';
import type { Message } from '../views/parts.ts';
import { refusalMessage } from '../views/refusal-message.ts';

const RECENT = 5;
const LOOKED_AT = 20;
const LONGEST_DURATION = 40;

/** Null when the form is open. */
export async function openRequestForm(
  deps: SlackDeps,
  by: FormBy,
  beginning: Beginning,
): Promise<Message | null> {
  const [asker, barred, recent] = await Promise.all([
    askerFor(deps, by.person),
    barredFromAsking(deps, by.person),
    deps.journal.requestsOf(by.person, LOOKED_AT),
  ]);
  if (!asker.ok) return noAskerMessage(asker.error, deps);
  if (barred) return noAskerMessage(barred, deps);
  const lately = [...new Set(recent.map(({ entitlement }) => entitlement.id))];
  const form = await drawnForm(deps, asker.value, {
    ...screenOf(beginning, asker.value),
    sheet: {
      policyHash: asker.value.active.hash,
      recent: lately
        .filter((id) => isOffered(asker.value, id))
        .slice(0, RECENT)
        .map(targetValue),
      said: { role: beginning.role, duration: shortOrNull(beginning.duration) },
    },
  });
  const refusal = await by.openForm(by.triggerId, form);
  return refusal ? refusalMessage(refusal, deps.clock.now()) : null;
}

/** For where nothing but a form can answer: what there is to say comes as one. */
export async function openFormOrNotice(
  deps: SlackDeps,
  by: FormBy,
  beginning: Beginning,
): Promise<void> {
  const message = await openRequestForm(deps, by, beginning);
  if (message) await by.openForm(by.triggerId, noticeModal('Request access', message));
}

const isOffered = ({ entries }: Asker, id: string): boolean =>
  entries.some(({ entitlement }) => entitlement === id);

const shortOrNull = (duration: string | null): string | null =>
  duration !== null && duration.length <= LONGEST_DURATION ? duration : null;

/** A target that this person may not ask for is said, not filled in. */
function screenOf({ entitlement, justification, notes }: Beginning, asker: Asker) {
  const { text, found } = redactSecrets(typedAsCharacters(justification));
  const isForbidden = entitlement !== null && !isOffered(asker, entitlement);
  const refusal = isForbidden ? [refusalNote(entitlement)] : [];
  const { filled } = NOTHING_ON_SCREEN;
  return {
    notes: [
      ...notes,
      ...refusal,
      ...(found.length > 0 ? [redactedWarning(found)] : []),
      ...(text.length > LIMITS.plainTextInput.length ? [TOO_LONG] : []),
    ],
    screen: {
      ...NOTHING_ON_SCREEN,
      filled: { ...filled, target: isForbidden ? null : entitlement },
      reason: text,
    },
  };
}

const TOO_LONG = `The reason was longer than ${LIMITS.plainTextInput.length} characters; what follows is not here.`;

const refusalNote = (entitlement: string): string =>
  `You cannot ask for ${code(entitlement)}: no rule of the policy lets you.`;

/** Slack sends `& < >` of a typed command as entities; a form's field holds characters. */
const typedAsCharacters = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

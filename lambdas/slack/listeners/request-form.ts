/**
 * Opens the form, filled in with what is known. Whoever may ask for nothing is told so instead, and whom to turn to. What
 * somebody asked for lately is read once, here, and comes first in the search.
 */
import { standingHalts } from '../../../shared/application/standing-halts.ts';
import { redactSecrets } from '../../../shared/domain/secret-text.ts';
import { type Asker, askerFor, barredFromAsking } from '../asker.ts';
import type { SlackDeps } from '../deps.ts';
import { type Beginning, besideOf, type FormBy, noAskerMessage } from '../form-beginning.ts';
import { drawnForm } from '../form-drawing.ts';
import { type Beside, NOTHING_BESIDE } from '../form-payloads.ts';
import { NOTHING_ON_SCREEN } from '../form-screen.ts';
import { code } from '../views/escape.ts';
import { isPickable } from '../views/form-fields.ts';
import { targetValue } from '../views/form-options.ts';
import { redactedWarning } from '../views/form-words.ts';
import { LIMITS } from '../views/limits.ts';
import { noticeModal } from '../views/modals.ts';
import type { Message } from '../views/parts.ts';
import { refusalMessage } from '../views/refusal-message.ts';
import { haltLine } from '../views/standing-halts.ts';

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
    deps.journal.requestsOf(by.person, LOOKED_AT, { own: true }),
  ]);
  if (!asker.ok) return noAskerMessage(asker.error, deps);
  if (barred) return noAskerMessage(barred, deps);
  // Said before anything is typed: what is sent while it stands is refused.
  const halts = (await standingHalts(deps.journal, asker.value.active)).map(haltLine);
  const notes = [...beginning.notes, ...halts];
  const lately = [...new Set(recent.map(({ entitlement }) => entitlement.id))];
  const form = await drawnForm(deps, asker.value, {
    ...screenOf({ ...beginning, notes }, asker.value),
    sheet: {
      policyHash: asker.value.active.hash,
      recent: lately
        .filter((id) => isOffered(asker.value, id))
        .slice(0, RECENT)
        .map(targetValue),
      said: { role: beginning.role, duration: shortOrNull(beginning.duration) },
      beside: NOTHING_BESIDE,
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
function screenOf({ entitlement, justification, notes, flags }: Beginning, asker: Asker) {
  const { text, found } = redactSecrets(typedAsCharacters(justification));
  const beside = flags ? besideOf(flags) : NOTHING_BESIDE;
  const why = entitlement === null ? null : whyForbidden(asker, entitlement, beside);
  const { filled } = NOTHING_ON_SCREEN;
  return {
    notes: [
      ...notes,
      ...(why === null ? [] : [why]),
      ...(beside.glass && (beside.subject !== null || beside.from !== null) ? [AT_ONCE] : []),
      ...(found.length > 0 ? [redactedWarning(found)] : []),
      ...(text.length > LIMITS.plainTextInput.length ? [TOO_LONG] : []),
    ],
    screen: {
      ...NOTHING_ON_SCREEN,
      filled: { ...filled, ...pickable(beside), target: why === null ? entitlement : null },
      reason: text,
    },
  };
}

/** Null for what this person may ask for now, as it is said. One that they may ask for in another way stays: its line says why not now. */
function whyForbidden(asker: Asker, entitlement: string, { subject, glass }: Beside) {
  const ask = { entitlement, role: null, durationSeconds: null };
  const breakGlass = glass ? { incident: null } : null;
  if (asker.choices({ ...ask, subject, breakGlass })) return null;
  const { breakGlass: inEmergency, startWithinSeconds } = asker.ways(entitlement);
  if (inEmergency || startWithinSeconds !== null) return null;
  return refusalNote(entitlement);
}

/** A time that no picker shows is not filled in. */
const pickable = (beside: Beside): Beside => ({
  ...beside,
  from: beside.from !== null && isPickable(beside.from) ? beside.from : null,
  until: beside.until !== null && isPickable(beside.until) ? beside.until : null,
});

const AT_ONCE =
  'Break-glass begins at once and is for oneself alone: what the line says of another person or time is left out, and stands here again without it.';
const TOO_LONG = `The reason was longer than ${LIMITS.plainTextInput.length} characters; what follows is not here.`;

const refusalNote = (entitlement: string): string =>
  `You cannot ask for ${code(entitlement)}: no rule of the policy lets you.`;

/** Slack sends `& < >` of a typed command as entities; a form's field holds characters. */
const typedAsCharacters = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

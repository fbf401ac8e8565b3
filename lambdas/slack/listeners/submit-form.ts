/**
 * The form was sent. What can be mended in a field is said under it; where the form itself is out of date (the policy changed,
 * a field is missing that the rule wants) it comes back drawn anew with everything that was typed; anything else is a
 * refusal in its place. A code is looked at last, and only for what the person saw.
 */
import { askAtOnce } from '../../../shared/application/ask-at-once.ts';
import type { Act, SubmitReply } from '../act.ts';
import { type Asker, askerFor } from '../asker.ts';
import type { SlackDeps } from '../deps.ts';
import { noAskerMessage } from '../form-beginning.ts';
import { drawnForm, type OnScreen, onScreen, readLength } from '../form-drawing.ts';
import type { FormSheet } from '../form-payloads.ts';
import type { SubmissionBody } from '../payloads.ts';
import { receiptFor } from '../requests.ts';
import { OTHER_LENGTH } from '../views/form-options.ts';
import { redactedWarning } from '../views/form-words.ts';
import { LIMITS } from '../views/limits.ts';
import { section } from '../views/parts.ts';
import { refusalLine, refusalMessage } from '../views/refusal-message.ts';
import { type AnyRefusal, type RefusalCode, wordsFor } from '../views/refusals.ts';
import { noticed } from './form-answers.ts';

type Field = 'target' | 'role' | 'duration' | 'reason' | 'code';
type Form = { readonly asker: Asker; readonly sheet: FormSheet; readonly screen: OnScreen };
/** A refusal and the field that mends it, where one does. */
type Wrong = { readonly refusal: AnyRefusal; readonly field: Field | null };

const FIELDS: ReadonlyMap<RefusalCode, Field> = new Map<RefusalCode, Field>([
  ['unknown-entitlement', 'target'],
  ['no-matching-rule', 'target'],
  ['denied-by-rule', 'target'],
  ['break-glass-not-available', 'target'],
  ['no-account', 'target'],
  ['provider-not-configured', 'target'],
  ['nobody-can-approve', 'target'],
  ['outside-working-hours', 'target'],
  ['inside-working-hours', 'target'],
  ['unknown-role', 'role'],
  ['duration-too-short', 'duration'],
  ['duration-too-long', 'duration'],
  ['justification-too-short', 'reason'],
  ['justification-too-long', 'reason'],
  ['ticket-missing', 'reason'],
  ['code-malformed', 'code'],
  ['code-refused', 'code'],
  ['code-already-used', 'code'],
]);
/** The form on the screen is not the one that this ask needs. */
const OUT_OF_DATE: ReadonlySet<RefusalCode> = new Set<RefusalCode>([
  'content-changed',
  'code-required',
  'unknown-role',
]);

export async function submitForm(
  act: Act<SubmissionBody>,
  deps: SlackDeps,
  sheet: FormSheet,
): Promise<SubmitReply> {
  const asker = await askerFor(deps, act.body.user.id);
  if (!asker.ok) return noticed(noAskerMessage(asker.error, deps), 'Not asked');
  const screen = onScreen(act.body.view.state.values, asker.value);
  const form = { asker: asker.value, sheet, screen };
  const read = readFields(form, deps);
  if ('wrong' in read) return answered(deps, form, read.wrong);
  const done = await askAtOnce(deps, {
    requester: act.body.user.id,
    typed: read.typed,
    typedCode: screen.code ? (screen.code.value ?? '') : null,
    policyHash: sheet.policyHash,
    interaction: act.interaction,
  });
  if (!done.ok) {
    const { error: refusal } = done;
    return answered(deps, form, [{ refusal, field: FIELDS.get(refusal.code) ?? null }]);
  }
  const { state, redacted } = done.value;
  const receipt = await receiptFor(deps, state);
  const warning = redacted.length > 0 ? [section(redactedWarning(redacted))] : [];
  return noticed({ ...receipt, blocks: [...warning, ...receipt.blocks] }, 'Asked');
}

type Read =
  | { wrong: readonly Wrong[] }
  | {
      typed: { entitlement: string; role: string; durationSeconds: number; justification: string };
    };

/** What stands in the fields, as an ask; or everything that keeps it from being one. */
function readFields({ asker, screen }: Form, deps: SlackDeps): Read {
  const { target, duration } = screen.filled;
  const roles = asker.entries.find(({ entitlement }) => entitlement === target)?.roles ?? [];
  const role =
    screen.filled.role?.slice(0, LIMITS.option.value) ??
    (roles.length === 1 ? roles[0] : undefined);
  const when = { timezone: asker.active.policy.timezone, now: deps.clock.now() };
  const seconds = readLength(screen.filled, when);
  if (target !== null && role !== undefined && seconds !== null)
    return {
      typed: {
        ...{ entitlement: target, role, durationSeconds: seconds },
        justification: screen.reason,
      },
    };
  const empty = (field: 'target' | 'role' | 'duration'): Wrong => ({
    refusal: { code: 'field-empty', field },
    field,
  });
  return {
    wrong: [
      ...(target === null ? [empty('target')] : []),
      ...(role === undefined ? [empty('role')] : []),
      ...(seconds === null ? [duration === null ? empty('duration') : noLength(screen)] : []),
    ],
  };
}

function noLength({ filled }: OnScreen): Wrong {
  const typed = (filled.duration === OTHER_LENGTH ? filled.exact : filled.duration) ?? '';
  const part = { part: 'duration', typed: typed.slice(0, 80), didYouMean: [] } as const;
  return { refusal: { code: 'not-understood', ...part }, field: 'duration' };
}

async function answered(
  deps: SlackDeps,
  form: Form,
  wrong: readonly Wrong[],
): Promise<SubmitReply> {
  const now = deps.clock.now();
  const hopeless = wrong.find(({ refusal, field }) => !field && !OUT_OF_DATE.has(refusal.code));
  if (hopeless) return noticed(refusalMessage(hopeless.refusal, now), 'Not asked');
  const codeMissing = wrong.some(({ refusal }) => refusal.code === 'code-required');
  if (codeMissing && !(await deps.journal.read('authenticator', form.asker.person)).value)
    return noticed(refusalMessage({ code: 'not-enrolled' }, now), 'Not asked');
  const errors = isCurrent(form) ? errorsOf(wrong, form.screen, now) : null;
  if (errors) return { errors };
  const changed = isCurrent(form) ? [] : [noteOf({ code: 'content-changed' }, now)];
  const notes = [...new Set([...changed, ...wrong.map(({ refusal }) => noteOf(refusal, now))])];
  return { form: await drawnForm(deps, form.asker, { ...form, notes }) };
}

/** What the form offers comes from the policy it was drawn from. */
const isCurrent = ({ asker, sheet }: Form): boolean => asker.active.hash === sheet.policyHash;

/** A line under each field; null where the form on the screen cannot be mended by typing into it. */
function errorsOf(
  wrong: readonly Wrong[],
  screen: OnScreen,
  now: Date,
): Record<string, string> | null {
  const errors: Record<string, string> = {};
  for (const { refusal, field } of wrong) {
    const blockId = field && !OUT_OF_DATE.has(refusal.code) ? blockOf(field, screen) : null;
    if (blockId === null) return null;
    errors[blockId] = refusalLine(refusal, now);
  }
  return errors;
}

/** Where the field stands on the screen; null where this form has none, and so nothing could be said under it. */
function blockOf(field: Field, screen: OnScreen): string | null {
  if (field === 'target') return 'target';
  if (field === 'reason') return 'reason';
  if (field === 'code') return screen.code?.blockId ?? null;
  if (field === 'role') return screen.role?.blockId ?? null;
  const isTyped = screen.filled.duration === OTHER_LENGTH;
  return (isTyped ? screen.exact : screen.duration)?.blockId ?? null;
}

function noteOf(refusal: AnyRefusal, now: Date): string {
  const { happened, why } = wordsFor(refusal, now);
  return `*${happened}* ${why} (${refusal.code})`;
}

/**
 * The form was sent. What can be mended in a field is said under it; where the form itself is out of date (the policy changed,
 * a field is missing that the rule wants) it comes back drawn anew with everything that was typed; anything else is a
 * refusal in its place. A code is looked at last, and only for what the person saw.
 */
import type { Typed } from '../../../shared/application/ask.ts';
import { askAtOnce } from '../../../shared/application/ask-at-once.ts';
import { membersOf } from '../../../shared/domain/policy/members.ts';
import type { Act, SubmitReply } from '../act.ts';
import { type Asker, askerFor } from '../asker.ts';
import type { SlackDeps } from '../deps.ts';
import { noAskerMessage } from '../form-beginning.ts';
import { drawnForm } from '../form-drawing.ts';
import { blockOf, fieldFor } from '../form-mending.ts';
import type { FormSheet } from '../form-payloads.ts';
import { type FieldName, type OnScreen, onScreen, readLength, startIn } from '../form-screen.ts';
import type { SubmissionBody } from '../payloads.ts';
import { receiptFor } from '../requests.ts';
import { OTHER_LENGTH } from '../views/form-options.ts';
import { redactedWarning } from '../views/form-words.ts';
import { LIMITS } from '../views/limits.ts';
import { section } from '../views/parts.ts';
import { refusalLine, refusalMessage } from '../views/refusal-message.ts';
import { type AnyRefusal, type RefusalCode, wordsFor } from '../views/refusals.ts';
import { noticed } from './form-answers.ts';

type Form = { readonly asker: Asker; readonly sheet: FormSheet; readonly screen: OnScreen };
/** A refusal and the field that mends it, where one does. */
type Wrong = { readonly refusal: AnyRefusal; readonly field: FieldName | null };

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
  const screen = onScreen(act.body.view.state.values, sheet, asker.value);
  const form = { asker: asker.value, sheet, screen };
  const read = readFields(form, deps);
  if ('wrong' in read) return answered(deps, form, read.wrong);
  const done = await askAtOnce(deps, {
    requester: act.body.user.id,
    typed: read.typed,
    typedCode: screen.fields.code ? (screen.fields.code.value ?? '') : null,
    policyHash: sheet.policyHash,
    interaction: act.interaction,
  });
  if (!done.ok) {
    const { error: refusal } = done;
    const field = fieldFor(refusal, screen, act.body.user.id);
    return answered(deps, form, [{ refusal, field }]);
  }
  const { state, redacted } = done.value;
  const receipt = await receiptFor(deps, state);
  const warning = redacted.length > 0 ? [section(redactedWarning(redacted))] : [];
  const title = state.breakGlass ? 'Glass broken' : 'Asked';
  return noticed({ ...receipt, blocks: [...warning, ...receipt.blocks] }, title);
}

type Read = { wrong: readonly Wrong[] } | { typed: Typed };

/** What stands in the fields, as an ask; or everything that keeps it from being one. */
function readFields({ asker, sheet, screen }: Form, deps: SlackDeps): Read {
  const { filled } = screen;
  // Ticked or unticked in the blink before the form was drawn anew: nobody saw what it means yet.
  if (filled.glass !== sheet.beside.glass)
    return { wrong: [{ refusal: { code: 'content-changed' }, field: null }] };
  const { timezone } = asker.active.policy;
  const role = roleIn(screen, asker);
  const seconds = readLength(filled, { timezone, now: deps.clock.now() });
  const start = startIn(filled);
  if (filled.target !== null && role !== null && seconds !== null && start !== 'incomplete')
    return {
      typed: {
        ...{ entitlement: filled.target, role, durationSeconds: seconds, start },
        subject: filled.glass ? null : filled.subject,
        breakGlass: filled.glass ? { incident: filled.incident.trim() || null } : null,
        justification: screen.reason,
      },
    };
  const empty = (field: FieldName, what: Empty['field']): Wrong => ({
    refusal: { code: 'field-empty', field: what },
    field,
  });
  return {
    wrong: [
      ...(filled.target === null ? [empty('target', 'target')] : []),
      ...(role === null ? [empty('role', 'role')] : []),
      ...(seconds === null
        ? [filled.duration === null ? empty('duration', 'duration') : noLength(screen)]
        : []),
      ...(start === 'incomplete' && filled.from === null ? [empty('from', 'start')] : []),
      ...(start === 'incomplete' && filled.from !== null
        ? [empty('until', 'end of the window')]
        : []),
    ],
  };
}
type Empty = Extract<AnyRefusal, { code: 'field-empty' }>;

/** The only one there is needs no choice. */
function roleIn({ filled }: OnScreen, { active }: Asker): string | null {
  if (filled.role !== null) return filled.role.slice(0, LIMITS.option.value);
  const { entitlements } = membersOf(active.policy);
  const roles = entitlements.get(filled.target ?? '')?.roles ?? [];
  return roles.length === 1 ? (roles[0] ?? null) : null;
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

function noteOf(refusal: AnyRefusal, now: Date): string {
  const { happened, why } = wordsFor(refusal, now);
  return `*${happened}* ${why} (${refusal.code})`;
}

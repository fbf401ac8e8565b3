/**
 * `/request-access …`: a whole line becomes a confirm card, anything less opens the form with what was understood, and a near
 * miss is offered back. Nothing is asked of anybody yet.
 */
import type { App } from '@slack/bolt';
import { draftAsk, lastAsk, type Typed } from '../../../shared/application/ask.ts';
import { keepSuggestion } from '../../../shared/application/suggestions.ts';
import type { Choices } from '../../../shared/domain/policy/choices.ts';
import { membersOf } from '../../../shared/domain/policy/members.ts';
import { type Act, onCommand } from '../act.ts';
import type { AskFlags } from '../ask-flags.ts';
import { type Asker, askerFor } from '../asker.ts';
import {
  type CommandLine,
  parseCommandLine,
  type Vocabulary,
  wholeMinutes,
} from '../command-line.ts';
import { COMMANDS } from '../commands.ts';
import type { SlackDeps } from '../deps.ts';
import { type Beginning, type FormBy, NOTHING, noAskerMessage } from '../form-beginning.ts';
import type { CommandBody } from '../payloads.ts';
import { confirmCard } from '../views/confirm.ts';
import { misunderstood } from '../views/form-words.ts';
import { requestHelp } from '../views/help.ts';
import type { Message } from '../views/parts.ts';
import { refusalMessage } from '../views/refusal-message.ts';
import { type AnyRefusal, type RefusalCode, wordsFor } from '../views/refusals.ts';
import { didYouMean } from '../views/suggestions.ts';

export function registerRequestAccess(app: App, deps: SlackDeps): void {
  onCommand(app, deps, { name: COMMANDS.request, run: requestAccess });
}

const requestAccess = (act: Act<CommandBody>, deps: SlackDeps): Promise<Message | null> => {
  const { body, interaction, openForm } = act;
  const by = { person: body.user_id, triggerId: body.trigger_id, openForm };
  return answerLine(deps, { text: body.text, interaction }, by);
};

/** The form is loaded when somebody first wants it. */
const openRequestForm = async (
  deps: SlackDeps,
  by: FormBy,
  beginning: Beginning,
): Promise<Message | null> =>
  (await import('./request-form.ts')).openRequestForm(deps, by, beginning);

type Said = { readonly text: string; readonly interaction: string };

/** Null when a form is open and there is nothing to add: from the command, and from a "Did you mean" button. */
export async function answerLine(deps: SlackDeps, said: Said, by: FormBy): Promise<Message | null> {
  const found = await askerFor(deps, by.person);
  if (!found.ok) return noAskerMessage(found.error, deps);
  const asker = found.value;
  const vocabulary = vocabularyOf(asker);
  const line = parseCommandLine(said.text, vocabulary, deps.clock.now());
  switch (line.kind) {
    case 'help':
      return requestHelp(vocabulary);
    case 'nothing':
      return openRequestForm(deps, by, { ...NOTHING, flags: line.flags });
    case 'not-understood':
      return offered(deps, line, { said, by });
    case 'flag-not-understood':
      return openedWith(deps, { code: 'flag-not-understood', ...line.problem }, { said, by });
    case 'again':
      return again(deps, line.flags, { said, by, asker });
    case 'ask':
      return whole(deps, line, { said, by, asker });
    default:
      return line satisfies never;
  }
}

/** Opens the form with what can be understood of a line, whatever is wrong with it. */
export async function openUnderstood(
  deps: SlackDeps,
  text: string,
  by: FormBy,
): Promise<Message | null> {
  const found = await askerFor(deps, by.person);
  if (!found.ok) return noAskerMessage(found.error, deps);
  const line = parseCommandLine(text, vocabularyOf(found.value), deps.clock.now());
  if (line.kind !== 'not-understood' && line.kind !== 'flag-not-understood')
    return openRequestForm(deps, by, NOTHING);
  const note = noteOf(line, deps.clock.now());
  const notes = note === null ? [] : [note];
  return openRequestForm(deps, by, { ...line.understood, flags: line.flags, notes });
}

function noteOf(line: Unclear | WrongFlag, now: Date): string | null {
  if (line.kind === 'not-understood') return misunderstood(line.problem);
  return inOneLine({ code: 'flag-not-understood', ...line.problem }, now);
}

type From = {
  readonly said: Said;
  readonly by: FormBy;
  /** Opens the form for words that nobody typed just now. */
  readonly mended?: (refusal: AnyRefusal) => Promise<Message | null>;
};
type Unclear = Extract<CommandLine, { kind: 'not-understood' }>;
type WrongFlag = Extract<CommandLine, { kind: 'flag-not-understood' }>;
type Asked = Omit<Extract<CommandLine, { kind: 'ask' }>, 'kind'>;

const refused = (refusal: AnyRefusal, deps: SlackDeps): Message =>
  refusalMessage(refusal, deps.clock.now());

async function confirm(
  deps: SlackDeps,
  typed: Typed,
  { said, by, mended }: From,
): Promise<Message | null> {
  const { interaction } = said;
  const drafted = await draftAsk(deps, { requester: by.person, typed, interaction });
  if (drafted.ok) return confirmCard(drafted.value, deps.clock.now());
  const { error } = drafted;
  return mended && OF_THE_REASON.has(error.code) ? mended(error) : refused(error, deps);
}

/** A near miss is offered back by buttons; anything else opens the form, and what was wrong is said there and here. */
async function offered(
  deps: SlackDeps,
  line: Unclear,
  { said, by }: From,
): Promise<Message | null> {
  const { problem, corrected } = line;
  const refusal = { code: 'not-understood', ...problem } as const;
  if (corrected.length > 0) {
    const kept = { requester: by.person, typed: said.text, lines: corrected };
    const id = await keepSuggestion(deps, kept);
    return didYouMean(refusal, id, deps.clock.now());
  }
  return misunderstood(problem) === null
    ? openUnderstood(deps, said.text, by)
    : openedWith(deps, refusal, { said, by });
}

/** The form with the rest of the line, and here what is wrong with it: a form that is closed says nothing any more. */
async function openedWith(deps: SlackDeps, refusal: AnyRefusal, { said, by }: From) {
  const unopened = await openUnderstood(deps, said.text, by);
  const message = refused(refusal, deps);
  return { ...message, blocks: [...message.blocks, ...(unopened?.blocks ?? [])] };
}

/** All targets can be typed; only those this person may ask for are suggested. */
function vocabularyOf({ active, entries }: Asker): Vocabulary {
  const { policy } = active;
  return {
    targets: new Map(
      [...membersOf(policy).entitlements].map(([id, { roles }]) => [id, roles] as const),
    ),
    offered: entries.map(({ entitlement }) => entitlement),
    timezone: policy.timezone,
  };
}

/** The last ask, with what the line says otherwise. What can only be had in another way than the last time's words say opens the form. */
async function again(
  deps: SlackDeps,
  said: AskFlags | null,
  from: From & { asker: Asker },
): Promise<Message | null> {
  const { by, asker } = from;
  const last = await lastAsk(deps, by.person);
  if (!last) return refused({ code: 'nothing-to-repeat' }, deps);
  // An emergency is one's own.
  const isOwn = last.subject === by.person || (said?.breakGlass ?? null) !== null;
  const subject = said?.subject ?? (isOwn ? null : (last.subject ?? null));
  const flags = { start: null, breakGlass: null, ...said, subject };
  const { breakGlass, startWithinSeconds } = asker.ways(last.entitlement);
  const isOpen = asker.choices({ ...last, ...flags })?.verdict.permitted === true;
  const isElse = !isOpen && (breakGlass || startWithinSeconds !== null);
  const opened = (notes: readonly string[]) => {
    const duration = wholeMinutes(last.durationSeconds);
    return openRequestForm(deps, by, { ...last, flags, duration, notes });
  };
  if (isElse) return opened([]);
  // Words that did the last time and do not now are there to be mended.
  const mended = (refusal: AnyRefusal) => opened([inOneLine(refusal, deps.clock.now())]);
  return whole(deps, { ...last, flags }, { ...from, mended });
}

const OF_THE_REASON: ReadonlySet<RefusalCode> = new Set<RefusalCode>([
  ...(['ticket-missing', 'ticket-unknown', 'ticket-closed', 'justification-too-short'] as const),
]);

/** Where the rule wants a reason or an incident that was not typed, a form asks for it better than a refusal. */
async function whole(
  deps: SlackDeps,
  { flags, ...line }: Asked,
  { asker, ...from }: From & { asker: Asker },
): Promise<Message | null> {
  const choices = asker.choices({ ...line, ...flags });
  const missing = incidentMissing(flags, choices);
  const { min = 0, ticket = null } = choices?.justification ?? {};
  if (!missing && (line.justification.trim() !== '' || (min === 0 && ticket === null)))
    return confirm(deps, { ...line, ...flags }, from);
  return openRequestForm(deps, from.by, {
    ...{ ...line, flags, duration: wholeMinutes(line.durationSeconds) },
    notes: missing ? [inOneLine(missing, deps.clock.now())] : [],
  });
}

function incidentMissing(flags: AskFlags | null, choices: Choices | null): AnyRefusal | null {
  const emergency = choices?.emergency;
  if (!emergency || flags?.breakGlass?.incident !== null) return null;
  const { incident, incident_pattern: pattern = null } = emergency.incident;
  return incident === 'optional'
    ? null
    : { code: 'incident-missing', rule: emergency.terms.rule, pattern };
}

function inOneLine(refusal: AnyRefusal, now: Date): string {
  const { happened, why } = wordsFor(refusal, now);
  return `*${happened}* ${why} (${refusal.code})`;
}

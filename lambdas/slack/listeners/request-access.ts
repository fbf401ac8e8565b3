/**
 * `/request-access …`: a whole line becomes a confirm card, anything less opens the form with what was understood, and a near
 * miss is offered back. Nothing is asked of anybody yet.
 */
import type { App } from '@slack/bolt';
import { draftAsk, lastAsk, type Typed } from '../../../shared/application/ask.ts';
import { keepSuggestion } from '../../../shared/application/suggestions.ts';
import { membersOf } from '../../../shared/domain/policy/members.ts';
import { type Act, onCommand } from '../act.ts';
import { type Asker, askerFor } from '../asker.ts';
import { type CommandLine, parseCommandLine, type Vocabulary } from '../command-line.ts';
import { COMMANDS } from '../commands.ts';
import type { SlackDeps } from '../deps.ts';
import { type Beginning, type FormBy, NOTHING, noAskerMessage } from '../form-beginning.ts';
import type { CommandBody } from '../payloads.ts';
import { confirmCard } from '../views/confirm.ts';
import { durationValue } from '../views/durations.ts';
import { misunderstood } from '../views/form-words.ts';
import { requestHelp } from '../views/help.ts';
import type { Message } from '../views/parts.ts';
import { refusalMessage } from '../views/refusal-message.ts';
import type { AnyRefusal } from '../views/refusals.ts';
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
      return openRequestForm(deps, by, NOTHING);
    case 'not-understood':
      return offered(deps, line, { said, by });
    case 'flag-not-understood':
      return refused({ code: 'flag-not-understood', ...line.problem }, deps);
    case 'line-incomplete':
      return refused({ code: 'line-incomplete', flag: line.flag }, deps);
    case 'again': {
      const last = await lastAsk(deps, by.person);
      return last
        ? confirm(deps, last, { said, by })
        : refused({ code: 'nothing-to-repeat' }, deps);
    }
    case 'ask':
      return !isFlagged(line) && lacksReason(line, asker)
        ? openRequestForm(deps, by, { ...NOTHING, ...line, duration: wholeMinutes(line) })
        : confirm(deps, line, { said, by });
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
  if (line.kind !== 'not-understood') return openRequestForm(deps, by, NOTHING);
  const note = misunderstood(line.problem);
  return openRequestForm(deps, by, { ...line.understood, notes: note === null ? [] : [note] });
}

/** A form could not carry what the flags say: the evaluator answers the line as it is. */
const isFlagged = ({ subject, start, breakGlass }: Typed): boolean =>
  [subject, start, breakGlass].some((flag) => flag != null);

type From = { readonly said: Said; readonly by: FormBy };
type Unclear = Extract<CommandLine, { kind: 'not-understood' }>;

const refused = (refusal: AnyRefusal, deps: SlackDeps): Message =>
  refusalMessage(refusal, deps.clock.now());

async function confirm(deps: SlackDeps, typed: Typed, { said, by }: From): Promise<Message> {
  const { interaction } = said;
  const drafted = await draftAsk(deps, { requester: by.person, typed, interaction });
  return drafted.ok ? confirmCard(drafted.value, deps.clock.now()) : refused(drafted.error, deps);
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
  const unopened = await openUnderstood(deps, said.text, by);
  if (misunderstood(problem) === null) return unopened;
  const message = refused(refusal, deps);
  return { ...message, blocks: [...message.blocks, ...(unopened?.blocks ?? [])] };
}

/** `until` a time comes as seconds; a form counts in minutes. */
const wholeMinutes = ({ durationSeconds }: Typed): string =>
  durationValue(Math.max(60, Math.floor(durationSeconds / 60) * 60));

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

/** Everything but the reason was typed, and the rule wants one: a form asks for it better than a refusal. */
function lacksReason({ justification, ...line }: Typed, asker: Asker): boolean {
  if (justification.trim() !== '') return false;
  const wanted = asker.choices(line)?.justification;
  return wanted !== undefined && (wanted.min > 0 || wanted.ticket !== null);
}

/**
 * More time: the Extend button and `/access extend AR-… 1h` by who has the access, and the yes of approvers from the card. An
 * approval's form repeats the extension as the store has it, and its code is checked for exactly that; rights are judged at the
 * click, and again on the facts that enter the transaction.
 */

import type { App } from '@slack/bolt';
import { executeCommand } from '../../../shared/application/execute-command.ts';
import {
  type ExtensionAsk,
  mayAskForMore,
  mayVoteOnExtension,
} from '../../../shared/application/extension.ts';
import { verifyCode } from '../../../shared/application/verify-code.ts';
import { parseDuration } from '../../../shared/domain/duration.ts';
import type { Act } from '../act.ts';
import type { SlackDeps } from '../deps.ts';
import { chosenIn, type FormMetadata, type SubmissionBody, typedIn } from '../payloads.ts';
import {
  justificationOf,
  noteRefusal,
  readRequest,
  receiptFor,
  refusedAbout,
} from '../requests.ts';
import { EXTENSION_ACTIONS } from '../views/extension.ts';
import { approveExtensionModal, extendModal } from '../views/extension-forms.ts';
import type { Message } from '../views/parts.ts';
import { refusalLine } from '../views/refusal-message.ts';
import type { AnyRefusal, RefusalCode } from '../views/refusals.ts';
import { fieldError } from './form-answers.ts';
import { type Opens, onFormPress, openAbout, type Presser, type Sends } from './form-press.ts';

const SHORTEST_SECONDS = 60;
const ASK = 'RequestExtension';

export function registerExtendGrant(app: App, deps: SlackDeps): void {
  onFormPress(app, deps, {
    id: EXTENSION_ACTIONS.ask,
    opens: (_, id, by) => openExtend(deps, { id, seconds: null }, by),
    sends: extendSent,
    titles: { done: 'Asked', not: 'Nothing asked' },
    mends: (refusal) =>
      OF_DURATION.has(refusal.code)
        ? { errors: { duration: refusalLine(refusal, deps.clock.now()) } }
        : fieldError(refusal, deps),
  });
  onFormPress(app, deps, {
    id: EXTENSION_ACTIONS.approve,
    opens: openExtensionApproval,
    sends: approve,
    titles: { done: 'Approved', not: 'Not approved' },
  });
}

/** `/access extend AR-… [1h]`: asked at once where no code is needed and it says how long. */
export async function extend(
  deps: SlackDeps,
  { id, text }: { id: string; text: string },
  by: Presser,
): Promise<Message | null> {
  if (text.trim() === '') return openExtend(deps, { id, seconds: null }, by);
  const seconds = parseDuration(text.trim());
  if (seconds === null) return refusedAbout(deps, id, { code: 'bad-duration' });
  const may = await judged(deps, id, { person: by.person, bySeconds: seconds });
  if ('code' in may) return refusedAbout(deps, id, may);
  if (may.codeNeeded) return openExtend(deps, { id, seconds }, by);
  const { person, interaction } = by;
  const asked = await ask(deps, { id, seconds, person, interaction, typed: null });
  return 'code' in asked ? refusedAbout(deps, id, asked) : asked;
}

/** What an ask for this much would be answered; a no is on record. */
async function judged(
  deps: SlackDeps,
  id: string,
  wish: { person: string; bySeconds: number },
): Promise<ExtensionAsk | AnyRefusal> {
  const request = await readRequest(deps, id);
  if (!request.ok) return request.error;
  const may = await mayAskForMore(deps, request.value, wish);
  if (may.ok) return may.value;
  const { code } = may.error;
  await noteRefusal(deps, { person: wish.person, command: ASK, requestId: id, code });
  return may.error;
}

const openExtend = (
  deps: SlackDeps,
  { id, seconds }: { id: string; seconds: number | null },
  by: Presser,
): Promise<Message | null> =>
  openAbout(
    deps,
    { requestId: id, by },
    {
      command: ASK,
      may(state) {
        const bySeconds = seconds ?? SHORTEST_SECONDS;
        return mayAskForMore(deps, state, { person: by.person, bySeconds });
      },
      form: async ({ state, longestSeconds, codeNeeded }) =>
        extendModal(state, { longestSeconds, chosenSeconds: seconds, codeNeeded }),
    },
  );

/** What its list can mend; the form of approvers has no such field. */
const OF_DURATION: ReadonlySet<RefusalCode> = new Set([
  ...(['extension-too-long', 'duration-too-long', 'duration-too-short', 'bad-duration'] as const),
]);

const extendSent: Sends = async ({ body, interaction }, deps, { id }) => {
  const seconds = parseDuration(chosenIn(body, 'duration') ?? '');
  const typed = typedIn(body, 'code');
  return seconds === null
    ? { code: 'bad-duration' }
    : ask(deps, { id, seconds, person: body.user.id, interaction, typed });
};

async function ask(
  deps: SlackDeps,
  given: {
    id: string;
    seconds: number;
    person: string;
    interaction: string;
    typed: string | null;
  },
): Promise<Message | AnyRefusal> {
  const { id: requestId, seconds: bySeconds, person, interaction, typed } = given;
  const before = await carriedOut(deps, requestId, interaction);
  if (before) return before;
  const may = await judged(deps, requestId, { person, bySeconds });
  if ('code' in may) return may;
  const { contentHash } = may;
  const code =
    typed === null
      ? null
      : await verifyCode(deps, { owner: person, typed, contentHash, purpose: 'ask-extension' });
  if (code && !code.ok) return code.error;
  const actor = { kind: 'person' as const, id: person };
  const side = { interaction, ...(code ? { code: code.value } : {}) };
  const command = { type: ASK, requestId, actor, bySeconds } as const;
  const done = await executeCommand(command, deps, side);
  return done.ok ? receiptFor(deps, done.value.state) : done.error;
}

/** What this very interaction did before, where it comes a second time. */
async function carriedOut(
  deps: SlackDeps,
  requestId: string,
  interaction: string,
): Promise<Message | null> {
  const { value } = await deps.journal.read('interaction', interaction);
  const request = value ? await readRequest(deps, requestId) : null;
  return request?.ok ? receiptFor(deps, request.value) : null;
}

/** Also `/access approve AR-…` while more time waits. */
export const openExtensionApproval: Opens = (deps, requestId, by) =>
  openAbout(
    deps,
    { requestId, by },
    {
      command: 'ApproveExtension',
      may: (state) => mayVoteOnExtension(deps, state, by.person),
      async form({ state, extension, codeNeeded }) {
        const [justification, authenticator] = await Promise.all([
          justificationOf(deps, requestId),
          deps.journal.read('authenticator', by.person),
        ]);
        if (codeNeeded && !authenticator.value) return { code: 'not-enrolled' };
        return approveExtensionModal(state, { extension, justification, codeNeeded });
      },
    },
  );

async function mayVote(deps: SlackDeps, requestId: string, person: string) {
  const request = await readRequest(deps, requestId);
  if (!request.ok) return request.error;
  const may = await mayVoteOnExtension(deps, request.value, person);
  if (may.ok) return may.value;
  const { code } = may.error;
  await noteRefusal(deps, { person, command: 'ApproveExtension', requestId, code });
  return may.error;
}

async function approve(
  { body, interaction }: Act<SubmissionBody>,
  deps: SlackDeps,
  { id: requestId, contentHash }: FormMetadata,
): Promise<Message | AnyRefusal> {
  const person = body.user.id;
  const before = await carriedOut(deps, requestId, interaction);
  if (before) return before;
  // A code is spent only where it could decide something.
  const may = await mayVote(deps, requestId, person);
  if ('code' in may) return may;
  if (may.extension.contentHash !== contentHash) return { code: 'content-changed' };
  const typed = typedIn(body, 'code');
  const code =
    typed === null
      ? null
      : await verifyCode(deps, { owner: person, typed, contentHash, purpose: 'extend' });
  if (code && !code.ok) return code.error;
  const actor = { kind: 'person' as const, id: person };
  const side = { interaction, ...(code ? { code: code.value } : {}) };
  const command = { type: 'ApproveExtension', requestId, actor, contentHash } as const;
  const done = await executeCommand(command, deps, side);
  return done.ok ? receiptFor(deps, done.value.state) : done.error;
}

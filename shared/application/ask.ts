/**
 * From a typed ask to a request: a draft is judged by the one evaluator, kept for half an hour with its salt (so that the
 * content a code is given for cannot change), and submitted once. A draft grants nothing and is judged again on submit.
 * What looks like a credential is taken out of the justification before anything is made of it; else it stays as typed.
 */
import type { RequestAccess } from '../domain/access-request/command.ts';
import { contentOf } from '../domain/access-request/decide.ts';
import { askedInEmergency } from '../domain/access-request/decide-break-glass.ts';
import { judge, type Permitted, timeOf } from '../domain/access-request/facts.ts';
import type { Entitlement, KnownRequest } from '../domain/access-request/model.ts';
import { pendingLockOf } from '../domain/access-request/model.ts';
import { commitText, holdingIdOf } from '../domain/audit/chain.ts';
import { membersOf } from '../domain/policy/members.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { RecordOf } from '../domain/records.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { redactSecrets } from '../domain/secret-text.ts';
import { absent, check, Fault, put } from '../ports.ts';
import {
  type CommandDeps,
  type CommandRefusal,
  type Executed,
  executeCommand,
} from './execute-command.ts';
import { accountsOf, factsFor } from './facts-for.ts';
import type { ActivePolicy } from './policies.ts';
import { recordRefusal } from './record-refusal.ts';
import { type CodeDeps, type CodeRefusal, verifyCode } from './verify-code.ts';
import { wordsOf } from './words-of.ts';

export type Draft = RecordOf<'draft'>;
export type Typed = Pick<Draft, 'entitlement' | 'role' | 'durationSeconds' | 'justification'> & {
  /** For whom, where that is not the requester; a Slack id. */
  subject?: string | null;
} & Partial<Pick<Draft, 'start' | 'breakGlass'>>;
export type DraftRefusal =
  | CommandRefusal
  | { code: 'justification-too-long'; max: number; have: number };
export type SubmitRefusal =
  | DraftRefusal
  | CodeRefusal
  | { code: 'draft-gone' }
  | { code: 'not-your-draft' };

/** What a draft would become now, and by which rule. */
export type Judged = {
  draft: Draft;
  command: RequestAccess;
  verdict: Permitted;
  /** What a code must be given for. */
  contentHash: string;
  /** SHA-256 of the policy that judged it. */
  policyHash: string;
};
/** `redacted`: kinds of credentials that were taken out of the justification just now. */
export type Drafted = Judged & { redacted: readonly string[] };

const DRAFT_MS = 30 * 60_000;
const LONGEST_JUSTIFICATION = 3000;
const TRIES = 5;

/** Judges what was typed and keeps it. The same interaction a second time answers with the draft of the first. */
export async function draftAsk(
  deps: CommandDeps,
  ask: { requester: string; typed: Typed; interaction: string },
): Promise<Result<Drafted, DraftRefusal>> {
  const judged = await judgeTyped(deps, ask);
  if (!judged.ok) return judged;
  const { redacted } = judged.value;
  return ok({ ...(await kept(deps, judged.value, ask.interaction)), redacted });
}

/** Judges what was typed, without keeping it. A refusal is on record. */
export async function judgeTyped(
  deps: CommandDeps,
  { requester, typed }: { requester: string; typed: Typed },
): Promise<Result<Drafted, DraftRefusal>> {
  const have = typed.justification.length;
  if (have > LONGEST_JUSTIFICATION)
    return refuse({ code: 'justification-too-long', max: LONGEST_JUSTIFICATION, have });
  const { entitlement, role, durationSeconds } = typed;
  const { text: justification, found: redacted } = redactSecrets(typed.justification);
  const draft: Draft = {
    ...{ entitlement, role, durationSeconds, justification },
    requestId: deps.ids.requestId(),
    requester,
    subject: typed.subject ?? requester,
    start: typed.start ?? null,
    breakGlass: typed.breakGlass ?? null,
    salt: deps.ids.unique(),
    expiresAt: new Date(deps.clock.now().getTime() + DRAFT_MS).toISOString(),
  };
  const judged = await judgeDraft(deps, draft, await deps.policies.active());
  if (judged.ok) return ok({ ...judged.value, redacted });
  await note(deps, { requester, code: judged.error.code });
  return judged;
}

async function kept(deps: CommandDeps, judged: Judged, interaction: string): Promise<Judged> {
  const { draft } = judged;
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const requestId = tries === 1 ? draft.requestId : deps.ids.requestId();
    const mine = { ...draft, requestId };
    const result = await deps.journal.commit(
      [
        put(absent('draft', requestId), mine),
        check(absent('request', requestId)),
        put(absent('interaction', interaction), { requestId, expiresAt: draft.expiresAt }),
      ],
      deps.clock.now(),
    );
    if (result.committed)
      return { ...judged, draft: mine, command: { ...judged.command, requestId } };
    if (result.conflicts.some(({ kind }) => kind === 'interaction')) {
      const before = await deps.journal.read('interaction', interaction);
      const { value } = await deps.journal.read('draft', before.value?.requestId ?? requestId);
      if (value) return { ...judged, draft: value };
    }
  }
  throw new Fault('No free request id was found. Try again.', {
    service: 'journal',
    retryable: true,
  });
}

/** Loads a draft for its owner. What was submitted already comes back as the request it became. */
export async function openDraft(
  deps: CommandDeps,
  ask: { requester: string; draftId: string },
): Promise<Result<Judged | { submitted: KnownRequest }, SubmitRefusal>> {
  const [{ value: draft }, { value: request }, active] = await Promise.all([
    deps.journal.read('draft', ask.draftId),
    deps.journal.read('request', ask.draftId),
    deps.policies.active(),
  ]);
  const owner = draft?.requester ?? (request && request.status !== 'new' ? request.requester : '');
  if (owner === '') return refuse({ code: 'draft-gone' });
  if (owner !== ask.requester) return refuse({ code: 'not-your-draft' });
  if (request && request.status !== 'new') return ok({ submitted: request });
  if (!draft || draft.expiresAt <= deps.clock.now().toISOString())
    return refuse({ code: 'draft-gone' });
  return judgeDraft(deps, draft, active);
}

/** Makes the request. `typedCode` is null where the rule asks the requester for none. */
export async function submitAsk(
  deps: CommandDeps & CodeDeps,
  judged: Judged,
  given: { typedCode: string | null; contentHash: string; interaction: string },
): Promise<Result<Executed, SubmitRefusal>> {
  const { draft, command } = judged;
  if (given.contentHash !== judged.contentHash) return refuse({ code: 'content-changed' });
  const code =
    given.typedCode === null
      ? null
      : await verifyCode(deps, {
          owner: draft.requester,
          typed: given.typedCode,
          contentHash: judged.contentHash,
          purpose: 'ask',
        });
  if (code && !code.ok) return code;
  return executeCommand(command, deps, {
    interaction: given.interaction,
    ...(code ? { code: code.value } : {}),
    text: {
      key: 'justification',
      text: draft.justification,
      salt: draft.salt,
      commitment: command.justification.commitment,
    },
  });
}

async function judgeDraft(
  deps: CommandDeps,
  draft: Draft,
  active: ActivePolicy | null,
): Promise<Result<Judged, DraftRefusal>> {
  if (!active) return refuse({ code: 'policy-unavailable' });
  const command = askCommand(draft, active.policy);
  const [facts, lock] = await Promise.all([
    factsFor(deps, { command, state: { status: 'new' }, active, code: null, pending: null }),
    deps.journal.read('pendingLock', lockOf(draft)),
  ]);
  if (facts.halted) return refuse(facts.halted);
  const { requester, subject, role, durationSeconds } = draft;
  const verdict = judge(facts, {
    requester,
    subject,
    entitlement: draft.entitlement,
    role,
    durationSeconds,
    justification: { text: draft.justification },
    start: draft.start,
    ...timeOf(draft.start, durationSeconds),
    breakGlass: draft.breakGlass !== null,
    incident: draft.breakGlass?.incident ?? null,
    approvals: [],
  });
  if (!verdict.ok) return verdict;
  if (lock.value && !draft.breakGlass)
    return refuse({ code: 'already-pending', requestId: lock.value.requestId });
  const glass = askedInEmergency(command, verdict.value, facts);
  if (!glass.ok) return glass;
  const content = contentOf(command, active.hash);
  return ok({
    draft,
    command,
    verdict: verdict.value[0],
    contentHash: content,
    policyHash: active.hash,
  });
}

const lockOf = ({ subject, entitlement, role }: Draft): string =>
  pendingLockOf({ subject, entitlementId: entitlement, role });

/** The command a draft stands for. What the policy does not know is left to the evaluator to refuse. */
function askCommand(draft: Draft, policy: Policy): RequestAccess {
  const found = membersOf(policy).entitlements.get(draft.entitlement);
  const { provider, kind, resource } = found ?? UNKNOWN;
  const login = accountsOf(policy, draft.subject).find(([name]) => name === provider)?.[1] ?? '';
  const entitlement: Entitlement = {
    id: draft.entitlement,
    provider,
    kind,
    resource,
    role: draft.role,
  };
  const { justification, salt } = draft;
  return {
    type: 'RequestAccess',
    requestId: draft.requestId,
    actor: { kind: 'person', id: draft.requester },
    subject: draft.subject,
    entitlement,
    holdingId: holdingIdOf({ provider, kind, resource, login }),
    durationSeconds: draft.durationSeconds,
    justification: { text: justification, commitment: commitText(justification, salt) },
    start: draft.start,
    breakGlass: draft.breakGlass,
  };
}
const UNKNOWN = { provider: 'unknown', kind: 'unknown', resource: 'unknown' };

const note = (deps: CommandDeps, refused: { requester: string; code: string }): Promise<void> =>
  recordRefusal(deps, {
    actor: { kind: 'person', id: refused.requester },
    command: 'RequestAccess',
    requestId: null,
    code: refused.code,
  });

/** What somebody asked for last and for whom, for `again`: the usual way, and for now. Null when there is none or its words were erased. */
export async function lastAsk(deps: CommandDeps, requester: string): Promise<Typed | null> {
  const [last] = await deps.journal.requestsOf(requester, 1, { own: true });
  if (!last) return null;
  const justification = await wordsOf(deps.journal, last.requestId, 'justification');
  if (justification === null) return null;
  const { entitlement, durationSeconds, subject } = last;
  const { id, role } = entitlement;
  return { entitlement: id, role, durationSeconds, justification, subject };
}

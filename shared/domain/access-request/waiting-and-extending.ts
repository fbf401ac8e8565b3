/**
 * Folds what happens beside the way to a grant: approvers reminded, others told, more time asked for. None of it changes who has
 * access; only GrantExtended moves an end. Null: such a history is impossible.
 */
import type { AccessRequestEvent } from './events.ts';
import type { AccessRequest, Extension, InStatus } from './model.ts';

type EventOf<T extends AccessRequestEvent['type']> = Extract<AccessRequestEvent, { type: T }>;

export function whileWaiting(
  state: InStatus<'pending'>,
  event: EventOf<'ApproversNudged' | 'EscalationPlanned' | 'RequestEscalated'>,
): AccessRequest {
  switch (event.type) {
    case 'ApproversNudged':
      return { ...state, nudgedAt: [...state.nudgedAt, event.at] };
    case 'EscalationPlanned':
      return { ...state, escalation: { dueAt: event.dueAt, at: null, to: [] } };
    case 'RequestEscalated': {
      const { at, to } = event;
      return { ...state, escalation: { dueAt: state.escalation?.dueAt ?? at, at, to } };
    }
  }
}

export function withExtension(
  state: InStatus<'active'>,
  event: EventOf<
    | ('ExtensionRequested' | 'ExtensionApproved' | 'ExtensionDenied' | 'ExtensionWithdrawn')
    | 'ApproversNudged'
  >,
): AccessRequest | null {
  const { extension } = state;
  if (event.type === 'ExtensionRequested') {
    if (extension || event.actor.kind !== 'person') return null;
    const { contentHash, policyHash, bySeconds, approvalsNeeded } = event;
    const asked = { contentHash, policyHash, bySeconds, approvalsNeeded };
    return {
      ...state,
      extension: {
        ...asked,
        askedBy: event.actor.id,
        askedAt: event.at,
        approvals: [],
        nudgedAt: [],
      },
      deniedExtension: null,
    };
  }
  if (!extension) return null;
  if (event.type === 'ApproversNudged')
    return {
      ...state,
      extension: { ...extension, nudgedAt: [...extension.nudgedAt, event.at] },
    };
  if (event.type === 'ExtensionApproved') return approvedBy(state, extension, event);
  if (event.type === 'ExtensionWithdrawn') return { ...state, extension: null };
  return deniedBy(state, extension, event);
}

function deniedBy(
  state: InStatus<'active'>,
  { bySeconds }: Extension,
  { actor, at, reason }: EventOf<'ExtensionDenied'>,
): AccessRequest | null {
  if (actor.kind !== 'person') return null;
  const denied = { by: actor.id, at, bySeconds, reason, event: state.version };
  return { ...state, extension: null, deniedExtension: denied };
}

function approvedBy(
  state: InStatus<'active'>,
  extension: Extension,
  { actor, at, factor }: EventOf<'ExtensionApproved'>,
): AccessRequest | null {
  if (actor.kind !== 'person') return null;
  const others = extension.approvals.filter(({ approver }) => approver !== actor.id);
  const approvals = [...others, { approver: actor.id, at, coded: factor !== null }];
  return { ...state, extension: { ...extension, approvals } };
}

/** Every no the evaluator can say. The codes are stable; each carries what a sentence about it needs. No sentence lives here. */
import type { NotFullMember } from './identity.ts';
import type { WorkingHours } from './policy.ts';
import type { Tracker } from './schema/ticket.ts';

export type PolicyRefusal =
  /** `person` (Slack id) is not under `people`. */
  | { readonly code: 'unknown-person'; readonly person: string }
  | { readonly code: 'unknown-entitlement'; readonly entitlement: string }
  | {
      readonly code: 'unknown-role';
      readonly entitlement: string;
      readonly role: string;
      /** The roles that exist there. */
      readonly roles: readonly string[];
    }
  | { readonly code: 'no-matching-rule'; readonly entitlement: string }
  | { readonly code: 'denied-by-rule'; readonly rule: string }
  /** Asking for somebody else, which this rule does not allow for that person. */
  | { readonly code: 'on-behalf-not-allowed'; readonly rule: string; readonly person: string }
  | { readonly code: 'break-glass-not-available'; readonly entitlement: string }
  /** `pattern`: what its key must look like here, where the rule says so. */
  | { readonly code: 'incident-missing'; readonly rule: string; readonly pattern: string | null }
  | { readonly code: 'nobody-can-review'; readonly rule: string }
  | { readonly code: 'start-not-available'; readonly rule: string }
  | { readonly code: 'start-in-the-past'; readonly at: string }
  | { readonly code: 'start-too-far'; readonly latest: string; readonly withinSeconds: number }
  | { readonly code: 'window-empty'; readonly notBefore: string; readonly until: string }
  | {
      readonly code: 'outside-working-hours' | 'inside-working-hours';
      readonly rule: string;
      readonly timezone: string;
      /** `null`: the policy names no working hours at all. */
      readonly hours: WorkingHours | null;
    }
  /** `until`: when the freeze window ends. */
  | { readonly code: 'frozen'; readonly freeze: string; readonly until: string }
  /** `again`: when the next ask would be within the limit. */
  | { readonly code: 'too-many-asks'; readonly limit: number; readonly again: string }
  /** `requestId`: one of those that wait. */
  | { readonly code: 'too-many-pending'; readonly limit: number; readonly requestId: string }
  | { readonly code: 'cooling-down'; readonly until: string }
  | {
      readonly code: 'day-used-up';
      /** The day on which it would be too much, `2026-11-22`. */
      readonly day: string;
      readonly maxSeconds: number;
      readonly leftSeconds: number;
    }
  /** `entitlement` is held or waited for (`requestId`), and `separation` says that nobody has both. */
  | {
      readonly code: 'duties-not-separate';
      readonly separation: string;
      readonly entitlement: string;
      readonly requestId: string;
    }
  /** The policy counts what people did, and it is not known. */
  | { readonly code: 'counts-unknown' }
  /** The rule is for whoever is in this group (its name in the policy) now. */
  | { readonly code: 'not-on-call'; readonly rule: string; readonly group: string }
  /** Nobody could say who is in these groups (names in the policy), and it would matter. */
  | { readonly code: 'group-unknown'; readonly groups: readonly string[] }
  | { readonly code: 'duration-too-short'; readonly minSeconds: number }
  | { readonly code: 'duration-too-long'; readonly maxSeconds: number }
  /** `have` counts what a reader can see: no invisible characters, runs of space as one. */
  | { readonly code: 'justification-too-short'; readonly min: number; readonly have: number }
  /** `instead`: what looks like a ticket and is none that the rule takes. */
  | { readonly code: 'ticket-missing'; readonly pattern: string; readonly instead?: string }
  /** `ticket-unreadable`: the tracker gave no clear answer, or none is configured. */
  | {
      readonly code: 'ticket-unknown' | 'ticket-closed' | 'ticket-unreadable';
      readonly tracker: Tracker;
      readonly key: string;
    }
  /** The policy names it, but this deployment has no address for it: what is approved there could never be given. */
  | { readonly code: 'provider-not-configured'; readonly provider: string }
  | { readonly code: 'no-account'; readonly provider: string; readonly person: string }
  | {
      readonly code: 'nobody-can-approve';
      readonly rule: string;
      readonly needed: number;
      /** Role names and people's names the rule asks for. */
      readonly from: readonly string[];
    }
  | { readonly code: 'not-a-full-member'; readonly person: string; readonly why: NotFullMember }
  /** No users.info answer of the last 60 s about this person. */
  | { readonly code: 'evidence-stale'; readonly person: string }
  | { readonly code: 'self-approval' }
  | { readonly code: 'subject-approval' }
  /** Another Slack account of the requester or the subject. */
  | { readonly code: 'same-identity'; readonly as: 'requester' | 'subject' }
  /** `from`: the role names and people's names the rule asks for. */
  | { readonly code: 'not-an-approver'; readonly from?: readonly string[] }
  /** This human approved before, perhaps from another account (`by`, a Slack id). */
  | { readonly code: 'already-approved'; readonly by: string }
  /** An approver of the rule whose approval would fill no place that is still open. */
  | { readonly code: 'approval-not-needed' };

const CODES: Readonly<Record<PolicyRefusal['code'], true>> = {
  'unknown-person': true,
  'unknown-entitlement': true,
  'unknown-role': true,
  'no-matching-rule': true,
  'denied-by-rule': true,
  'on-behalf-not-allowed': true,
  'break-glass-not-available': true,
  'incident-missing': true,
  'nobody-can-review': true,
  'start-not-available': true,
  'start-in-the-past': true,
  'start-too-far': true,
  'window-empty': true,
  'outside-working-hours': true,
  'inside-working-hours': true,
  frozen: true,
  'too-many-asks': true,
  'too-many-pending': true,
  'cooling-down': true,
  'day-used-up': true,
  'duties-not-separate': true,
  'counts-unknown': true,
  'not-on-call': true,
  'group-unknown': true,
  'duration-too-short': true,
  'duration-too-long': true,
  'justification-too-short': true,
  'ticket-missing': true,
  'ticket-unknown': true,
  'ticket-closed': true,
  'ticket-unreadable': true,
  'provider-not-configured': true,
  'no-account': true,
  'nobody-can-approve': true,
  'not-a-full-member': true,
  'evidence-stale': true,
  'self-approval': true,
  'subject-approval': true,
  'same-identity': true,
  'not-an-approver': true,
  'already-approved': true,
  'approval-not-needed': true,
};
/** All codes, for contracts and for the test that each has a sentence. */
export const POLICY_REFUSAL_CODES: readonly string[] = Object.keys(CODES);

/** What each audit event says happened, in a sentence. Exhaustive by type: an event without one does not compile. */
import type { AnyEvent } from '../../shared/domain/records.ts';

export const EVENT_MEANINGS: Readonly<Record<AnyEvent['type'], string>> = {
  AccessRequested:
    'Somebody asked for a role in a container for a time, for themself or a subject.',
  RequestApproved: 'An approver agreed to exactly this content. It may take more than one.',
  GrantAuthorized:
    'The last approval was there: the only door to access. The end is fixed from here on.',
  GrantScheduled: 'The last approval was there for access that begins later. Nobody has any yet.',
  GrantStarted: 'What was approved ahead began: by time, or by its holder within the window.',
  GrantNotStarted:
    'What was approved ahead never began, for the reason given. Nobody had any access.',
  BreakGlassReviewed:
    'Somebody who could have approved it said whether the break-glass was justified.',
  ReviewOverdue:
    'The review of a break-glass was not done in time. Its requester gets no other one until it is.',
  RequestDenied: 'One approver said no; that ends the request.',
  RequestWithdrawn:
    'The ask was taken back: by who asked, by an admin, by a stop, or by the sweep since somebody of it left.',
  RequestLapsed: 'Nobody decided in time.',
  GrantActivated: 'The provider was read and shows the role.',
  ActivationFailed: 'The provider did not take it. Nothing of it is left there.',
  GrantExtended: 'The end was moved, by what was asked for and approved.',
  ExtensionRequested: 'Who asked or holds the access wants more time. It dies with the grant.',
  ExtensionApproved: 'An approver agreed to exactly this extension. It may take more than one.',
  ExtensionDenied: 'An approver said no to the extension. The grant goes on to its end.',
  ExtensionWithdrawn: 'More time was no longer wanted.',
  ApproversNudged: 'The requester had the approvers who had not answered reminded.',
  EscalationPlanned: 'From then on others are told, should nobody have decided.',
  RequestEscalated: 'Nobody had decided for long: others were told. It gives them no right.',
  GrantExpired: 'The end was reached; removal begins.',
  GrantRevoked: 'A person, the policy or the operator ended the grant early; removal begins.',
  GrantRemoved: 'The grant is over.',
  RemovalFailed: 'The provider refused or did not answer; removal goes on.',
  ContainerPinned: "The container's name was tied to its immutable id at the provider.",
  AccountPinned: "The login was tied to the provider's immutable account on first use.",
  BaselineCaptured: 'What the account had by other means was noted before our first write.',
  IntentIssued: 'A write at the provider was announced. It is on record before it is issued.',
  IntentClosed: 'What became of an announced write is known.',
  DriftFound: 'The provider shows something that our books do not explain.',
  HoldingCleared: 'Nothing of ours is left at the provider; the baseline is forgotten.',
  AuthenticatorEnrolled: 'A person may now prove presence with one-time codes.',
  AuthenticatorReplaced: 'A new authenticator took the place of the one before.',
  CodeAccepted: 'A right code was spent on one decision.',
  CodeRefused: 'A code was not accepted.',
  AuthenticatorLocked: 'Too many failures: codes are refused for a time, or until a new proof.',
  RecoveryCodesIssued:
    'New recovery codes were made for an authenticator; older ones no longer count.',
  RecoveryCodeUsed: 'A recovery code opened the replacing of its authenticator. It serves once.',
  RecoveryCodeRefused: 'A recovery code was not accepted.',
  RecoveryLocked:
    'Too many failures: recovery codes are refused for a time, or until there are new ones.',
  AuthenticatorResetStarted:
    'An admin began to reset the authenticator of somebody who lost it and the recovery codes.',
  AuthenticatorResetConfirmed:
    'A second person confirmed the reset: the authenticator no longer counts, a delay runs.',
  AuthenticatorResetCancelled: 'The owner or an admin called the reset off.',
  AuthenticatorResetUsed: 'After the delay, the reset opened an enrolment.',
  CommandRefused: 'A person tried something and was refused.',
  AuditReadStarted: 'Somebody began to export the audit log, or to gather evidence from it.',
  AuditReadFinished: 'That reading came to its end; what was written is known by its hash.',
  TextErased: 'The words beside a request were erased. Their commitment stays.',
  PersonErased: 'What a person wrote, and what tied them to their accounts, was erased.',
  LegalHoldPlaced: 'Nothing of this person may be erased from here on.',
  LegalHoldLifted: 'What is kept of this person may be erased again.',
  PolicyChanged: 'Another policy file is in force from now on.',
  PolicyScheduled:
    'A policy file that gives more than the one in force waits for its delay; until then both must allow.',
  PolicyUnscheduled:
    'A policy file that waited was taken back or replaced before it came into force.',
  StopProposed: 'An admin wants to stop everything, or to lift that. It takes a second one.',
  EverythingStopped:
    'A second admin confirmed: nothing new is given, what waits is withdrawn, all live access ends.',
  StopLifted: 'Two admins let new access be asked for again.',
  GrantsPaused: 'New access is paused. Removals are not.',
  GrantsResumed: 'New access is possible again.',
  StrangerFound:
    'Somebody is a member of a managed container, and no grant or baseline of ours explains it.',
  StrangerGone: 'Such a member is there no longer.',
  ExclusiveReported:
    'The first look at a container that the policy calls exclusive: so many members have no grant. Nobody was touched.',
  StrangerMarked:
    'Two looks in a row saw a member without a grant in an exclusive container: to be taken out.',
  StrangerRemoved: 'Such a member was taken out. The provider was read and shows them gone.',
  StrangerKept:
    'Such a member was not taken out, for the reason given: a grant came, they left by themselves, it came too late, the policy no longer asks for it, it is no human’s account, or the provider refused.',
  EnrolmentVouched: 'Somebody vouched, with a code, for a person who may now enrol.',
  EnrolmentOffered: 'A link to the enrolment page was made.',
  SecretRevealed: 'The key was shown, once.',
  EnrolmentConfirmed: 'The first code on the page was right.',
  EnrolmentRefused: 'Something on the way to an authenticator was refused.',
  RecoveryCodesOffered: 'A link to new recovery codes was made.',
  EnrolmentCompleted: 'The word of the page was typed back in Slack: the way is done.',
};

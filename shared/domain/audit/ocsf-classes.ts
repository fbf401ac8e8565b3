/**
 * Which OCSF class and activity stands for each event of ours (Open Cybersecurity Schema Framework 1.8, category Identity & Access
 * Management). Exhaustive by type: an event without a class does not compile. Captions are the schema's own; a test holds them
 * against it.
 */
import type { AnyEvent } from '../records.ts';

export const OCSF_VERSION = '1.8.0';

export const CLASSES = {
  accountChange: {
    uid: 3001,
    caption: 'Account Change',
    activities: {
      9: 'Lock',
      10: 'MFA Factor Enable',
      11: 'MFA Factor Disable',
    },
  },
  authentication: { uid: 3002, caption: 'Authentication', activities: {} },
  entityManagement: {
    uid: 3004,
    caption: 'Entity Management',
    activities: {
      1: 'Create',
      2: 'Read',
      3: 'Update',
      4: 'Delete',
      10: 'Activate',
      12: 'Suspend',
      13: 'Resume',
    },
  },
  userAccess: {
    uid: 3005,
    caption: 'User Access Management',
    activities: { 1: 'Assign Privileges', 2: 'Revoke Privileges' },
  },
} as const;
export type ClassName = keyof typeof CLASSES;
type ActivityOf<C extends ClassName> = keyof (typeof CLASSES)[C]['activities'];

export const SEVERITIES = {
  1: 'Informational',
  2: 'Low',
  3: 'Medium',
  4: 'High',
} as const;

type Of<C extends ClassName> = {
  readonly in: C;
  /** Null: none of the class's own fits; it is named by the event. */
  readonly activity: ActivityOf<C> | null;
  readonly severity: keyof typeof SEVERITIES;
  readonly failed: boolean;
};
export type Classified =
  | Of<'accountChange'>
  | Of<'authentication'>
  | Of<'entityManagement'>
  | Of<'userAccess'>;

type Told = { severity?: keyof typeof SEVERITIES; failed?: boolean };
const told = ({ severity = 1, failed = false }: Told) => ({ severity, failed });
const account = (activity: ActivityOf<'accountChange'> | null, how: Told = {}): Classified => ({
  in: 'accountChange',
  activity,
  ...told(how),
});
const code = (how: Told = {}): Classified => ({
  in: 'authentication',
  activity: null,
  ...told(how),
});
const entity = (activity: ActivityOf<'entityManagement'> | null, how: Told = {}): Classified => ({
  in: 'entityManagement',
  activity,
  ...told(how),
});
const access = (activity: ActivityOf<'userAccess'>, how: Told = {}): Classified => ({
  in: 'userAccess',
  activity,
  ...told(how),
});

const NO: Told = { severity: 2, failed: true };
const WORSE: Told = { severity: 3, failed: true };

export const OCSF_CLASS_OF: Readonly<Record<AnyEvent['type'], Classified>> = {
  AccessRequested: entity(1),
  RequestApproved: entity(3),
  GrantAuthorized: entity(10),
  GrantScheduled: entity(10),
  GrantStarted: entity(3),
  GrantNotStarted: entity(3, NO),
  BreakGlassReviewed: entity(3, { severity: 2 }),
  ReviewOverdue: entity(3, WORSE),
  RequestDenied: entity(3, NO),
  RequestWithdrawn: entity(4),
  RequestLapsed: entity(4),
  GrantActivated: access(1),
  ActivationFailed: access(1, NO),
  GrantExtended: entity(3),
  ExtensionRequested: entity(3),
  ExtensionApproved: entity(3),
  ExtensionDenied: entity(3, NO),
  ExtensionWithdrawn: entity(3),
  ApproversNudged: entity(3),
  EscalationPlanned: entity(3),
  RequestEscalated: entity(3, { severity: 2 }),
  GrantExpired: entity(3),
  GrantRevoked: entity(3),
  GrantRemoved: access(2),
  RemovalFailed: access(2, { severity: 4, failed: true }),
  AccountPinned: entity(3),
  ContainerPinned: entity(3),
  BaselineCaptured: entity(2),
  IntentIssued: entity(3),
  IntentClosed: entity(3),
  DriftFound: entity(null, { severity: 4 }),
  HoldingCleared: entity(3),
  AuthenticatorEnrolled: account(10),
  AuthenticatorReplaced: account(10, { severity: 2 }),
  CodeAccepted: code(),
  CodeRefused: code(NO),
  AuthenticatorLocked: account(9, { severity: 3 }),
  RecoveryCodesIssued: account(10),
  RecoveryCodeUsed: code({ severity: 3 }),
  RecoveryCodeRefused: code(WORSE),
  RecoveryLocked: account(9, { severity: 3 }),
  AuthenticatorResetStarted: account(11, { severity: 3 }),
  AuthenticatorResetConfirmed: account(11, { severity: 3 }),
  AuthenticatorResetCancelled: account(null),
  AuthenticatorResetUsed: account(10, { severity: 3 }),
  CommandRefused: entity(null, NO),
  PolicyChanged: entity(3, { severity: 2 }),
  PolicyScheduled: entity(3, { severity: 2 }),
  PolicyUnscheduled: entity(3, { severity: 2 }),
  StopProposed: entity(3, { severity: 3 }),
  EverythingStopped: entity(12, { severity: 4 }),
  StopLifted: entity(13, { severity: 3 }),
  GrantsPaused: entity(12, { severity: 2 }),
  GrantsResumed: entity(13),
  StrangerFound: entity(null, { severity: 4 }),
  StrangerGone: entity(null),
  ExclusiveReported: entity(null, { severity: 3 }),
  StrangerMarked: entity(3, { severity: 3 }),
  StrangerRemoved: access(2),
  StrangerKept: entity(3, { severity: 2 }),
  AuditReadStarted: entity(2),
  AuditReadFinished: entity(2),
  TextErased: entity(4, { severity: 2 }),
  PersonErased: entity(4, { severity: 2 }),
  LegalHoldPlaced: entity(null),
  LegalHoldLifted: entity(null, { severity: 2 }),
  EnrolmentVouched: account(null),
  EnrolmentOffered: account(null),
  SecretRevealed: account(null),
  EnrolmentConfirmed: account(null),
  EnrolmentRefused: account(null, NO),
  RecoveryCodesOffered: account(null),
  EnrolmentCompleted: account(10),
};

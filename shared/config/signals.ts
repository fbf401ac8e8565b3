/**
 * Everything Hallpass tells its operators by name: the alarms that the product raises itself, and its metrics. The functions,
 * the alarms and dashboard of infra, the runbook's test and local mode all read these names from here and nowhere else.
 */

/** Alarm -> one sentence for whoever is woken by it. Each has a section in docs/runbook.md. */
export const ALARMS = {
  'grant-overdue': 'Somebody still has access after the end of their grant.',
  'removal-failing': 'A provider refuses to take access away.',
  'intent-ambiguous': 'It is not known whether a call that changes access has landed.',
  'activation-stuck': 'Approved access is not given after minutes.',
  'drift-found': 'A provider shows other access than the journal says.',
  'marker-malformed':
    'Events wait to be sealed and their marker cannot be trusted: they are in no checkpoint.',
  'audit-row-changed': 'A row of the audit log was modified or removed.',
  'sweep-late': 'A sweep came late: the bound on overdue access did not hold for a while.',
  'policy-rejected': 'The policy file is broken; the last good one stays in force.',
  'digest-unsent': 'A digest waits for an hour and Slack does not take it.',
  'clock-skewed': 'A function and DynamoDB disagree about the time by more than six seconds.',
  'invariant-broken': 'A safety rule was about to be broken; the action was refused.',
} as const;
export type AlarmName = keyof typeof ALARMS;

/** What functions measure. `DlqDepth` is none of these: it is SQS's own ApproximateNumberOfMessagesVisible of each dead-letter queue. */
export const METRIC_NAMES = [
  'TimePastExpiry',
  'OverdueGrants',
  'AckLatency',
  'EffectAge',
  'CodeFailures',
  'ProviderErrors',
  'Checkpoints',
] as const;
export type MetricName = (typeof METRIC_NAMES)[number];

type Metric = {
  readonly unit: 'Seconds' | 'Milliseconds' | 'Count';
  /** What one figure is. */
  readonly what: string;
  /** Dimension by which figures are told apart, null for a metric without one. */
  readonly by: string | null;
};

export const METRICS = {
  TimePastExpiry: {
    unit: 'Seconds',
    what: 'Per ended grant: from its end to the reading that showed the access gone',
    by: null,
  },
  OverdueGrants: {
    unit: 'Count',
    what: 'Per sweep: grants whose access should have been gone for more than 90 seconds',
    by: null,
  },
  AckLatency: {
    unit: 'Milliseconds',
    what: 'Per signed Slack request: until it was answered, without the start of a container',
    by: null,
  },
  EffectAge: {
    unit: 'Seconds',
    what: 'From a decision to its effect at the provider: access given, access taken away',
    by: 'effect',
  },
  CodeFailures: {
    unit: 'Count',
    what: 'One-time and recovery codes that were refused',
    by: null,
  },
  ProviderErrors: {
    unit: 'Count',
    what: 'Calls that a provider refused or did not answer',
    by: 'provider',
  },
  Checkpoints: {
    unit: 'Count',
    what: 'Checkpoints of the audit log that lie in the archive since the last run of the sealer',
    by: null,
  },
} as const satisfies Record<MetricName, Metric>;
/** All metrics carry it, so that Powertools' own dimension is the same everywhere. */
export const METRIC_SERVICE = 'hallpass';
/** Values of the dimension `effect`. */
export const EFFECTS = ['given', 'taken-away'] as const;
export type Effect = (typeof EFFECTS)[number];
/** Values of the dimension `provider`. */
export const PROVIDERS = ['github', 'gitlab'] as const;

/** From here on a figure wakes a person. */
export const LIMITS = {
  /** The bound of the design: BOUND_SECONDS in shared/domain/holding/timing.ts. */
  pastExpirySeconds: 330,
  /** Slack gives up after 3,000. */
  ackMilliseconds: 2500,
  codeFailuresPerMinute: 10,
  providerErrorsPerMinute: 5,
  /** One comes every five minutes; one that fails is no news, two are. */
  minutesWithoutCheckpoint: 11,
} as const;

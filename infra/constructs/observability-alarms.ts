/**
 * Alarms on what the functions measure. They see what no single error shows: a bound that did not hold, people who wait too
 * long, somebody who tries codes, a provider that fails everybody. Each rings within two minutes.
 */
import type { Construct } from 'constructs';
import { LIMITS, PROVIDERS } from '../../shared/config/signals.ts';
import type { AlarmSpec, Alerts } from './alerts.ts';
import { measured } from './observability-metrics.ts';

export function metricAlarms(scope: Construct, alerts: Alerts): void {
  const specs: readonly AlarmSpec[] = [
    {
      name: 'time-past-expiry',
      what: 'Access outlived its end by more than the bound that the design promises.',
      metric: measured(scope, { name: 'TimePastExpiry', statistic: 'Maximum' }),
      threshold: LIMITS.pastExpirySeconds,
    },
    {
      name: 'ack-slow',
      what: 'Slack is answered so late that people see "the app did not respond".',
      metric: measured(scope, { name: 'AckLatency', statistic: 'p99' }),
      threshold: LIMITS.ackMilliseconds,
      inARow: 2,
    },
    {
      name: 'code-failures',
      what: 'Many codes are refused at once: somebody may be guessing, or a clock is wrong.',
      metric: measured(scope, { name: 'CodeFailures', statistic: 'Sum' }),
      threshold: LIMITS.codeFailuresPerMinute,
    },
    ...PROVIDERS.map((provider) => ({
      name: `${provider}-provider-errors`,
      section: 'provider-errors',
      what: `${provider} refuses or does not answer: access is given and taken away late there.`,
      metric: measured(scope, { name: 'ProviderErrors', statistic: 'Sum', by: provider }),
      threshold: LIMITS.providerErrorsPerMinute,
      inARow: 2,
    })),
  ];
  for (const spec of specs) alerts.alarm(scope, spec);
}

/**
 * Telemetry of local mode: alarms and errors as readable lines, the latest alarms and the sums of every metric kept for whoever
 * asks (GET /_local/state). Lines pass the same redaction as in the deployment.
 */
import { redacted, redactedText } from '../shared/adapters/redaction.ts';
import { METRICS } from '../shared/config/signals.ts';
import type { AlarmName, MetricName, Telemetry } from '../shared/ports.ts';

export type RaisedAlarm = { name: AlarmName; fields: Readonly<Record<string, unknown>> };
/** All figures of one metric, or of one value of its dimension, since the start. */
export type MetricSum = {
  name: MetricName;
  unit: (typeof METRICS)[MetricName]['unit'];
  /** Value of the metric's dimension, null where it has none. */
  by: string | null;
  count: number;
  sum: number;
  largest: number;
  last: number;
};
export type LocalTelemetry = Telemetry & {
  alarms: readonly RaisedAlarm[];
  metrics(): readonly MetricSum[];
};
const KEPT = 500;

export function localTelemetry(print: (line: string) => void, also?: Telemetry): LocalTelemetry {
  const alarms: RaisedAlarm[] = [];
  const sums = new Map<string, MetricSum>();
  const line = (level: string, message: string, fields: Readonly<Record<string, unknown>>) =>
    print(`${level} ${redactedText(message)} ${JSON.stringify(redacted(fields))}`);
  return {
    alarms,
    metrics: () => [...sums.values()],
    info: (message, fields) => also?.info(message, fields),
    error: (message, fields = {}) => {
      line('error', message, fields);
      also?.error(message, fields);
    },
    alarm: (name, fields) => {
      alarms.push({ name, fields });
      if (alarms.length > KEPT) alarms.shift();
      line('ALARM', name, fields);
      also?.alarm(name, fields);
    },
    measure: (name, figure, by) => {
      add(sums, { name, figure, by: by ?? null });
      also?.measure(name, figure, by);
    },
    within: (fields, run) => (also ? also.within(fields, run) : run()),
  };
}

function add(
  sums: Map<string, MetricSum>,
  { name, figure, by }: { name: MetricName; figure: number; by: string | null },
): void {
  const key = `${name}/${by}`;
  const { count, sum, largest } = sums.get(key) ?? { count: 0, sum: 0, largest: figure };
  const { unit } = METRICS[name];
  sums.set(key, {
    ...{ name, unit, by, last: figure, count: count + 1, sum: sum + figure },
    largest: Math.max(largest, figure),
  });
}

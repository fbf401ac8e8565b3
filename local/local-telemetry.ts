/** Telemetry of local mode: alarms and errors as readable lines, the latest alarms kept for whoever asks. */
import type { AlarmName, Telemetry } from '../shared/ports.ts';

export type RaisedAlarm = { name: AlarmName; fields: Readonly<Record<string, unknown>> };
export type LocalTelemetry = Telemetry & { alarms: readonly RaisedAlarm[] };
const KEPT = 500;

export function localTelemetry(print: (line: string) => void): LocalTelemetry {
  const alarms: RaisedAlarm[] = [];
  const line = (level: string, message: string, fields: object) =>
    print(`${level} ${message} ${JSON.stringify(fields)}`);
  return {
    alarms,
    info: () => undefined,
    error: (message, fields = {}) => line('error', message, fields),
    alarm: (name, fields) => {
      alarms.push({ name, fields });
      if (alarms.length > KEPT) alarms.shift();
      line('ALARM', name, fields);
    },
  };
}

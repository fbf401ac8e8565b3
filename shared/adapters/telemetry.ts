/**
 * Structured log on Powertools. An alarm is an error line with the alarm's name: a metric filter of the same name
 * turns it into a CloudWatch alarm. Values are capped, so that no line is lost because of one huge field.
 */
import type { Logger } from '@aws-lambda-powertools/logger';
import type { Telemetry } from '../ports.ts';

const LONGEST = 500;

export function loggerTelemetry(logger: Logger): Telemetry {
  return {
    info: (message, fields = {}) => logger.info(message, capped(fields)),
    error: (message, fields = {}) => logger.error(message, capped(fields)),
    alarm: (name, fields) => logger.error(`ALARM ${name}`, { alarm: name, ...capped(fields) }),
  };
}

const capped = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      typeof value === 'string' && value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value,
    ]),
  );

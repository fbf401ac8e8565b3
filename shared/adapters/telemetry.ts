/**
 * Structured log and metrics on Powertools. Every line is one JSON object, redacted here and nowhere else, so that nothing of
 * ours reaches the log around it. An alarm is an error line with the alarm's name, which a metric filter counts; a figure is
 * one line in CloudWatch's embedded metric format, written at once: an invocation that dies loses none.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import type { FunctionName } from '../config/env.ts';
import { METRIC_SERVICE, METRICS } from '../config/signals.ts';
import type { Telemetry } from '../ports.ts';
import { redacted, redactedText } from './redaction.ts';

type Fields = Readonly<Record<string, unknown>>;
/** What every line of an invocation carries: which function, which version, which call, and whether its container just began. */
export type Observe = <Event, Answer>(
  run: (event: Event) => Promise<Answer>,
) => (event: Event, context: Context) => Promise<Answer>;

/** The log and metrics of one deployed function. */
export function functionTelemetry(serviceName: FunctionName): {
  telemetry: Telemetry;
  observe: Observe;
} {
  const logger = new Logger({ serviceName });
  const metrics = new Metrics({ serviceName: METRIC_SERVICE, singleMetric: true });
  const telemetry = loggerTelemetry(logger, metrics);
  return { telemetry, observe: observed(logger, telemetry) };
}

function loggerTelemetry(logger: Logger, metrics: Metrics): Telemetry {
  const scope = new AsyncLocalStorage<Fields>();
  const all = (fields: Fields = {}) => beside(redacted({ ...scope.getStore(), ...fields }));
  return {
    info: (message, fields) => logger.info(redactedText(message), all(fields)),
    error: (message, fields) => logger.error(redactedText(message), all(fields)),
    alarm: (name, fields) => logger.error(`ALARM ${name}`, { ...all(fields), alarm: name }),
    measure(name, figure, by) {
      // Beyond these CloudWatch refuses the whole line.
      if (!Number.isFinite(figure)) return logger.error(`${name} has no figure`, all());
      const { unit, by: dimension } = METRICS[name];
      if (dimension !== null) metrics.addDimension(dimension, redactedText(by ?? 'unknown'));
      metrics.addMetric(name, unit, figure);
    },
    within: (fields, run) => scope.run({ ...scope.getStore(), ...fields }, run),
  };
}

/** What every line has of its own. Powertools drops a field of such a name: the service that failed would be in no log. */
const TAKEN = new Set(['level', 'message', 'sampling_rate', 'service', 'timestamp']);

const beside = (fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [TAKEN.has(name) ? `its_${name}` : name, value]),
  );

const observed =
  (logger: Logger, telemetry: Telemetry): Observe =>
  (run) =>
  async (event, context) => {
    logger.addContext(context);
    logger.appendKeys({ function_version: context.functionVersion });
    try {
      return await run(event);
    } catch (error) {
      telemetry.error('The function failed', { error });
      // The runtime writes what reaches it into the log itself, as it is.
      throw withoutSecrets(error);
    }
  };

function withoutSecrets(error: unknown): Error {
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: '' };
  const clean = new Error(redactedText(message));
  clean.name = redactedText(name);
  clean.stack = `${clean.name}: ${clean.message}`;
  return clean;
}

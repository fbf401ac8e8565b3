/**
 * One deployed function: the bundle of lambdas/<code>, a role of its own that starts with nothing but writing its own log, an
 * alarm on any error, and its log counted for the alarms that the product itself raises. Every deploy publishes a version and
 * moves the alias `live` to it; whatever triggers the function names the alias, so that going back is moving it again. The
 * environment has the type of that function's schema: a variable that is missing does not compile.
 */

import { join } from 'node:path';
import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  type IFunction,
  Function as Lambda,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { EnvOf, FunctionName } from '../../shared/config/env.ts';
import type { Stage } from '../stage.ts';
import { acknowledge } from './acknowledge.ts';
import { ALARM_PERIOD, type Alerts } from './alerts.ts';
import { countProductAlarms, namespaceOf } from './product-alarms.ts';
import { asFunction } from './seen-as.ts';
import type { Settings } from './settings.ts';

export type HallpassFunctionProps<Name extends FunctionName> = {
  readonly stage: Stage;
  readonly settings: Settings;
  readonly alerts: Alerts;
  /** Folder of lambdas/. */
  readonly code: Name;
  /** Deployed name where one code is deployed twice. */
  readonly name?: string;
  /** Folder that holds one built folder per code. */
  readonly builtFolder: string;
  readonly description: string;
  readonly environment: EnvOf<Name>;
  readonly timeout: Duration;
  /** Concurrency set aside, so that a flood elsewhere in the account cannot take it. */
  readonly reservedConcurrency?: number;
  /** For what was invoked asynchronously and failed. */
  readonly deadLetters?: IQueue;
};

export class HallpassFunction<Name extends FunctionName> extends Construct {
  /** For rights and figures, which concern all its versions. */
  readonly lambda: Lambda;
  /** For everything that calls it. */
  readonly live: IFunction;

  constructor(scope: Construct, id: string, props: HallpassFunctionProps<Name>) {
    super(scope, id);
    const { alerts, code, description, timeout, deadLetters, reservedConcurrency } = props;
    const name = props.name ?? code;
    const logGroup = new LogGroup(this, 'Log', {
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: props.stage.removalPolicy,
    });
    const role = new Role(this, 'Role', {
      description: `Hallpass ${name}`,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    logGroup.grantWrite(role);
    countProductAlarms(this, logGroup);
    this.lambda = new Lambda(this, 'Function', {
      description,
      role,
      logGroup,
      timeout,
      code: Code.fromAsset(join(props.builtFolder, code)),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 1024,
      tracing: Tracing.ACTIVE,
      // The runtime's own lines, too, so that every line of the log is one JSON object.
      loggingFormat: LoggingFormat.JSON,
      environment: { ...withoutUndefined(props.environment), ...runtimeEnvironment(this, name) },
      ...(reservedConcurrency === undefined
        ? {}
        : { reservedConcurrentExecutions: reservedConcurrency }),
      ...(deadLetters === undefined ? {} : { deadLetterQueue: deadLetters }),
      currentVersionOptions: {
        description: settingsOf(props),
        removalPolicy: RemovalPolicy.RETAIN,
      },
    });
    this.live = asFunction(this.lambda.addAlias('live'));
    acknowledge(role, {
      finding: 'IAM5[Resource::*]',
      reason:
        'xray:PutTraceSegments and PutTelemetryRecords, and ListStreams for a stream, take no resource',
      lookAgain: '2027-06',
    });
    alerts.alarm(this, {
      name: `${name}-errors`,
      what: `The function ${name} failed: a defect, or a fault that its retries did not cure.`,
      metric: this.lambda.metricErrors({ period: ALARM_PERIOD, statistic: 'Sum' }),
    });
  }
}

/**
 * The parameters that this function takes, in the description of its version: CDK publishes a new version when the template
 * changes, and a parameter's new value does not change it; CloudFormation publishes one when the description does.
 */
function settingsOf({ settings, environment }: HallpassFunctionProps<FunctionName>): string {
  const taken = Object.values(environment);
  return Object.values(settings)
    .filter((value) => typeof value === 'string')
    .filter(
      (value) =>
        taken.includes(value) || (value === settings.publicUrl && 'PUBLIC_URL' in environment),
    )
    .join(' ');
}

function runtimeEnvironment(scope: Construct, name: string) {
  return {
    NODE_OPTIONS: '--enable-source-maps',
    POWERTOOLS_SERVICE_NAME: name,
    POWERTOOLS_METRICS_NAMESPACE: namespaceOf(scope),
  };
}

function withoutUndefined(environment: Readonly<Record<string, string | undefined>>) {
  const entries = Object.entries(environment);
  return Object.fromEntries(
    entries.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
  );
}

/**
 * Everything of Hallpass that runs, as a table of contents; what it must not lose is in data-stack.ts. Each part says in its
 * own file what it may do and what it must not.
 */
import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Alerts } from './constructs/alerts.ts';
import { digestFunction } from './constructs/digest-function.ts';
import { enrollFunction, slackFunction } from './constructs/edge-functions.ts';
import { EndSchedules } from './constructs/end-schedules.ts';
import { exportFunction, exportQueue } from './constructs/export-function.ts';
import { metricAlarms } from './constructs/observability-alarms.ts';
import { dashboard } from './constructs/observability-dashboard.ts';
import { appOutputs } from './constructs/outputs.ts';
import type { Parts } from './constructs/parts.ts';
import { productAlarms } from './constructs/product-alarms.ts';
import { PublicApi } from './constructs/public-api.ts';
import { sealFunction } from './constructs/seal-function.ts';
import { givenOr, readSettings } from './constructs/settings.ts';
import {
  announceFunction,
  ensureFunctions,
  routeFunction,
  sweepFunction,
} from './constructs/work-functions.ts';
import { WorkQueue } from './constructs/work-queue.ts';
import type { HallpassDataStack } from './data-stack.ts';
import { stageOf } from './stage.ts';

export type HallpassStackProps = StackProps & {
  /** Folder with one built folder per function, see infra/bundle.ts. */
  readonly builtFolder: string;
  readonly data: HallpassDataStack;
};

export class HallpassStack extends Stack {
  constructor(scope: Construct, id: string, { builtFolder, data, ...props }: HallpassStackProps) {
    const stage = stageOf(scope.node);
    super(scope, id, {
      stackName: `Hallpass-${stage.name}`,
      description: `Hallpass (${stage.name}): everything that runs`,
      ...props,
    });
    const settings = readSettings(this);
    const { tables, credentials, archive } = data;
    const alerts = new Alerts(this, 'Alerts');
    const grants = new WorkQueue(this, 'Grants', {
      alerts,
      name: 'grants',
      consequence: 'approved access is not given',
      consumerTimeout: Duration.seconds(60),
    });
    const removals = new WorkQueue(this, 'Removals', {
      alerts,
      name: 'removals',
      consequence: 'somebody may still have access past its end',
      consumerTimeout: Duration.seconds(60),
    });
    const announcements = new WorkQueue(this, 'Announcements', {
      alerts,
      name: 'announce',
      consequence: 'cards in Slack show an old state',
      consumerTimeout: Duration.seconds(30),
    });
    const ends = new EndSchedules(this, 'EndSchedules', { alerts, removals });
    const api = new PublicApi(this, 'PublicApi', { stage });
    const publicUrl = givenOr(this, 'PublicUrlIsGiven', {
      given: settings.publicUrl,
      other: api.url,
    });
    const parts: Parts = {
      ...{ stage, settings, alerts, tables, grants, removals, announcements, ends, credentials },
      archive,
      exports: exportQueue(this, { alerts }),
      publicUrl,
      builtFolder,
    };

    api.slackEvents(slackFunction(this, parts));
    api.enrolmentPage(enrollFunction(this, parts));
    routeFunction(this, parts);
    ensureFunctions(this, parts);
    announceFunction(this, parts);
    sweepFunction(this, parts);
    digestFunction(this, parts);
    sealFunction(this, parts);
    exportFunction(this, parts);
    productAlarms(this, alerts);
    metricAlarms(this, alerts);
    dashboard(this, alerts);
    appOutputs(this, parts);
  }
}

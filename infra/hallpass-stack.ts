/** Everything Hallpass is in AWS, as a table of contents. Each part says in its own file what it may do and what it must not. */
import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Alerts } from './constructs/alerts.ts';
import { Credentials } from './constructs/credentials.ts';
import { digestFunction } from './constructs/digest-function.ts';
import { enrollFunction, slackFunction } from './constructs/edge-functions.ts';
import { EndSchedules } from './constructs/end-schedules.ts';
import type { Parts } from './constructs/parts.ts';
import { productAlarms } from './constructs/product-alarms.ts';
import { PublicApi } from './constructs/public-api.ts';
import { readSettings } from './constructs/settings.ts';
import { Tables } from './constructs/tables.ts';
import {
  announceFunction,
  ensureFunctions,
  routeFunction,
  sweepFunction,
} from './constructs/work-functions.ts';
import { WorkQueue } from './constructs/work-queue.ts';

export type HallpassStackProps = StackProps & {
  /** Folder with one built folder per function, see infra/bundle.ts. */
  readonly builtFolder: string;
};

export class HallpassStack extends Stack {
  constructor(scope: Construct, id: string, { builtFolder, ...props }: HallpassStackProps) {
    super(scope, id, props);
    const settings = readSettings(this);
    const alerts = new Alerts(this, 'Alerts');
    const tables = new Tables(this, 'Tables');
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
    const credentials = new Credentials(this, 'Credentials', settings);
    const api = new PublicApi(this, 'PublicApi');
    const parts: Parts = {
      ...{ settings, alerts, tables, grants, removals, announcements, ends, credentials },
      publicUrl: api.url,
      builtFolder,
    };

    api.slackEvents(slackFunction(this, parts));
    api.enrolmentPage(enrollFunction(this, parts));
    routeFunction(this, parts);
    ensureFunctions(this, parts);
    announceFunction(this, parts);
    sweepFunction(this, parts);
    digestFunction(this, parts);
    productAlarms(this, alerts);

    new CfnOutput(this, 'SlackRequestUrl', {
      value: `${api.url}/slack/events`,
      description: 'Request URL for commands, interactivity and events of the Slack app',
    });
  }
}

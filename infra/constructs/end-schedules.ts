/**
 * The group in which every live grant has one schedule for its end, and the role with which Scheduler puts that end onto the
 * removals queue. That, and leaving it in dead letters when it cannot, is all the role can do; only this account's Scheduler,
 * for this group, may assume it.
 */
import { Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { Alerts } from './alerts.ts';
import { allowSending, DeadLetters, type WorkQueue } from './work-queue.ts';

export class EndSchedules extends Construct {
  readonly group: ScheduleGroup;
  readonly role: Role;
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, props: { alerts: Alerts; removals: WorkQueue }) {
    super(scope, id);
    // A name of its own, else the stages of one account would share one.
    this.group = new ScheduleGroup(this, 'Group', {
      scheduleGroupName: `${Stack.of(this).stackName}-ends`,
    });
    this.deadLetters = new DeadLetters(this, 'DeadLetters', {
      alerts: props.alerts,
      name: 'end-schedules',
      consequence: 'the end of a grant did not reach the removals queue; the sweep takes it up',
      source: 'of the schedules, each of which names it',
    });
    this.role = new Role(this, 'Role', {
      description: 'EventBridge Scheduler: puts the end of a grant onto the removals queue',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: {
            'aws:SourceAccount': Stack.of(this).account,
            'aws:SourceArn': this.group.scheduleGroupArn,
          },
        },
      }),
    });
    allowSending(this.role, props.removals.queue);
    allowSending(this.role, this.deadLetters.queue);
    acknowledge(Stack.of(this), {
      finding: `IAM5[Resource::arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule/${this.group.scheduleGroupName}/*]`,
      reason: 'One schedule per grant, named at run time; the group holds nothing else',
      lookAgain: '2027-06',
    });
  }

  /** Creates, compares, moves and deletes schedules of this group, and hands Scheduler the role above. */
  allowManaging(grantee: IGrantable): void {
    const schedules = Stack.of(this).formatArn({
      service: 'scheduler',
      resource: 'schedule',
      resourceName: `${this.group.scheduleGroupName}/*`,
    });
    const verbs = ['CreateSchedule', 'GetSchedule', 'UpdateSchedule', 'DeleteSchedule'];
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: verbs.map((verb) => `scheduler:${verb}`),
        resources: [schedules],
      }),
    );
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [this.role.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
      }),
    );
  }
}

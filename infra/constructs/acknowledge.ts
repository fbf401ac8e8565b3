/** The only way to excuse a cdk-nag finding: one finding on one construct, with the reason and the month to look again. */
import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

export type Excuse = {
  readonly finding: string;
  readonly reason: string;
  readonly lookAgain: string;
};

export function acknowledge(construct: IConstruct, { finding, reason, lookAgain }: Excuse): void {
  Validations.of(construct).acknowledge({
    id: `AwsSolutions-${finding}`,
    reason: `${reason} (look again: ${lookAgain})`,
  });
}

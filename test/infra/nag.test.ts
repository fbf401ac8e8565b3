import { Stack, Validations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { cdkContext, withStack } from './support/synthesized.ts';

test('cdk-nag and the default rules of CDK find nothing that is not excused with a reason', () => {
  withStack((app) => {
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });
});

test('a weak queue beside the stack would be found, and nothing else with it', () => {
  withStack((app) => {
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    new Queue(new Stack(app, 'Weak'), 'Queue');
    const report = thrownBy(() => app.synth());
    expect(report.match(/'AwsSolutions::.*'/g)).toEqual([
      "'AwsSolutions::AwsSolutions-SQS3'",
      "'AwsSolutions::AwsSolutions-SQS4'",
    ]);
  });
});

test('synth checks templates offline', () => {
  expect(cdkContext()).toHaveProperty('@aws-cdk/core:validateAgainstDefaultRules', true);
});

function thrownBy(action: () => unknown): string {
  try {
    action();
    return 'nothing was thrown';
  } catch (error) {
    return String(error);
  }
}

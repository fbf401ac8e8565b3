import { cdkContext, nagFindings } from './support/synthesized.ts';

test('cdk-nag and the default rules of CDK find a weak queue beside the stack, and nothing in the stack that is not excused', () => {
  expect(nagFindings()).toEqual([
    'Weak/Queue/Resource AwsSolutions-SQS3',
    'Weak/Queue/Resource AwsSolutions-SQS4',
  ]);
});

test('synth checks templates offline', () => {
  expect(cdkContext()).toHaveProperty('@aws-cdk/core:validateAgainstDefaultRules', true);
});

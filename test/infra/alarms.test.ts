/** Whoever is woken by an alarm finds out what happened and what to do. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALARMS } from '../../shared/config/signals.ts';
import { ofType, synthesize } from './support/synthesized.ts';

const all = synthesize();
const alarms = ofType(all, 'AWS::CloudWatch::Alarm').map(({ properties }) => properties);
const runbook = readFileSync(join(__dirname, '../../docs/runbook.md'), 'utf8');
const sections = new Map(
  runbook
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.split('\n', 1)[0] ?? '', section] as const),
);
const anchorOf = (alarm: Record<string, unknown>) =>
  /Runbook: docs\/runbook\.md#([\w-]+)$/.exec(String(alarm['AlarmDescription']))?.[1] ?? '(none)';

test.each(ofType(all, 'AWS::Lambda::Function'))('an error of $name rings', ({ name }) => {
  const own = alarms.filter(
    (alarm) =>
      alarm['MetricName'] === 'Errors' &&
      JSON.stringify(alarm['Dimensions']) ===
        JSON.stringify([{ Name: 'FunctionName', Value: `<${name}>` }]),
  );
  expect(own).toHaveLength(1);
  expect(own[0]).toMatchObject({ Threshold: 1, Period: 60, EvaluationPeriods: 1 });
});

test.each(ofType(all, 'AWS::SQS::Queue').filter(({ name }) => name.includes('DeadLetters')))(
  'a message in $name rings',
  ({ name }) => {
    const dimension = { Name: 'QueueName', Value: `<${name}.QueueName>` };
    const own = alarms.filter(
      (alarm) =>
        alarm['MetricName'] === 'ApproximateNumberOfMessagesVisible' &&
        JSON.stringify(alarm['Dimensions']) === JSON.stringify([dimension]),
    );
    expect(own).toHaveLength(1);
    expect(own[0]).toMatchObject({ Threshold: 1, Period: 60, Statistic: 'Maximum' });
  },
);

test.each(Object.keys(ALARMS))('%s rings when a function logs it', (name) => {
  expect(alarms.find((alarm) => anchorOf(alarm) === name)).toMatchObject({
    Namespace: 'Hallpass/Hallpass-prod',
    MetricName: 'Alarms',
    Dimensions: [{ Name: 'alarm', Value: name }],
    Threshold: 1,
    Period: 60,
  });
});

test('the log of every function is counted for these alarms', () => {
  const filters = ofType(all, 'AWS::Logs::MetricFilter').map(({ properties }) => properties);
  const functions = ofType(all, 'AWS::Lambda::Function');
  expect(filters.map((filter) => filter['LogGroupName']).sort()).toEqual(
    functions.map(({ name }) => `<${name.replace('Function', 'Log')}>`).sort(),
  );
  for (const filter of filters) {
    expect(filter).toMatchObject({
      FilterPattern: '{ $.alarm = "*" }',
      MetricTransformations: [
        {
          MetricNamespace: 'Hallpass/Hallpass-prod',
          MetricName: 'Alarms',
          Dimensions: [{ Key: 'alarm', Value: '$.alarm' }],
        },
      ],
    });
  }
});

test('two minutes without a sweep ring, and so does having no figure at all', () => {
  expect(alarms.find((alarm) => anchorOf(alarm) === 'sweep-heartbeat')).toMatchObject({
    MetricName: 'Invocations',
    ComparisonOperator: 'LessThanThreshold',
    EvaluationPeriods: 2,
    TreatMissingData: 'breaching',
  });
});

test.each(alarms)('$AlarmName reaches the topic', (alarm) => {
  expect(alarm['AlarmActions']).toEqual(['<AlertsTopic>']);
});

test.each(alarms.map(anchorOf))(
  'docs/runbook.md has a section "## %s" with Description, Investigation and Resolution',
  (anchor) => {
    const section = sections.get(anchor) ?? `(no section ## ${anchor} in docs/runbook.md)`;
    for (const part of ['Description', 'Investigation', 'Resolution']) {
      expect(section).toMatch(new RegExp(`^### ${part}\\n\\n\\S`, 'm'));
    }
  },
);

test('every section of the runbook belongs to an alarm', () => {
  expect([...sections.keys()].sort()).toEqual(alarms.map(anchorOf).sort());
});

/** What the stacks tell whoever deployed them, what they call things, and which providers they know. */
import { PROVIDERS } from '../../shared/config/signals.ts';
import { providerCatalog } from '../../shared/providers/registry.ts';
import { ofType, synthesize, synthesizeTemplates } from './support/synthesized.ts';

test('every parameter of the app is in an output, so that whoever makes it anew can give it again', () => {
  const { Parameters, Outputs } = synthesizeTemplates().app;
  const said = JSON.stringify(Outputs['Settings']?.Value);
  const names = Object.keys(Parameters).filter((name) => name !== 'BootstrapVersion');
  expect(names.length).toBeGreaterThan(8);
  expect(names.filter((name) => !said.includes(`{"Ref":"${name}"}`))).toEqual([]);
});

test('the dashboard is an address that can be opened, in each partition at its own console', () => {
  const { Outputs } = synthesizeTemplates().app;
  const url = JSON.stringify(Outputs['DashboardUrl']?.Value);
  expect(url).toMatch(/"Fn::FindInMap":\["Consoles",\{"Ref":"AWS::Partition"\},"host"\]/);
  expect(url).toMatch(/#dashboards:name=/);
});

test('metrics, alarms and dashboard know the providers of the registry and no other', () => {
  expect([...PROVIDERS].sort()).toEqual(Object.keys(providerCatalog).sort());
});

test('who takes asks is told which providers there are: all of the registry, GitLab by its address alone', () => {
  const slack = ofType(synthesize(), 'AWS::Lambda::Function').find(
    ({ name }) => name === 'SlackFunction',
  );
  const { Variables } = Object(slack?.properties['Environment']);
  expect(Variables.PROVIDERS).toEqual({ 'Fn::If': ['GitlabIsGiven', 'github gitlab', 'github'] });
  expect(PROVIDERS.join(' ')).toBe('github gitlab');
  expect(synthesizeTemplates().app.Conditions['GitlabIsGiven']).toEqual({
    'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'GitlabApiUrl' }, ''] }],
  });
});

test('two stages in one account do not meet: whatever has a name of its own has another one in the other', () => {
  const NAMES: Record<string, string> = {
    'AWS::CloudWatch::Alarm': 'AlarmName',
    'AWS::CloudWatch::Dashboard': 'DashboardName',
    'AWS::Scheduler::ScheduleGroup': 'Name',
    'AWS::ApiGatewayV2::Api': 'Name',
    'AWS::DynamoDB::Table': 'TableName',
    'AWS::S3::Bucket': 'BucketName',
    'AWS::SQS::Queue': 'QueueName',
    'AWS::SNS::Topic': 'TopicName',
    'AWS::Lambda::Function': 'FunctionName',
    'AWS::IAM::Role': 'RoleName',
    'AWS::Logs::LogGroup': 'LogGroupName',
    'AWS::Events::Rule': 'Name',
    'AWS::SecretsManager::Secret': 'Name',
  };
  const namesIn = (stage: 'dev' | 'prod') =>
    synthesize(stage).flatMap(({ type, properties }) => {
      const given = properties[NAMES[type] ?? ''];
      const { Variables } = Object(properties['Environment'] ?? {});
      return [given, Variables?.POWERTOOLS_METRICS_NAMESPACE].filter((name) => name !== undefined);
    });
  const prod = namesIn('prod');
  expect(prod).toEqual(expect.arrayContaining(['Hallpass-prod', 'Hallpass-prod-ends']));
  expect(prod).toContain('Hallpass/Hallpass-prod');
  expect(prod.filter((name) => !String(name).includes('Hallpass-prod'))).toEqual([]);
  expect(namesIn('dev').filter((name) => prod.includes(name))).toEqual([]);
});

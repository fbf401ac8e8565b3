/** What the stack consists of, as properties that must hold, not as a copy of the template. */
import { environments, type FunctionName, parseEnv } from '../../shared/config/env.ts';
import { tableDefinitions } from '../../shared/config/tables.ts';
import { TIMING } from '../../shared/domain/holding/timing.ts';
import { ofType, type Resource, synthesize, synthesizeTemplate } from './support/synthesized.ts';

const all = synthesize();
const named = (name: string): Resource => {
  const found = all.find((resource) => resource.name === name);
  if (found === undefined) throw new Error(`${name} is not in the stack`);
  return found;
};
const functions = ofType(all, 'AWS::Lambda::Function');
const queues = ofType(all, 'AWS::SQS::Queue');
const FUNCTIONS: Record<string, FunctionName> = {
  SlackFunction: 'slack',
  EnrollFunction: 'enroll',
  RouteFunction: 'route',
  EnsureGrantsFunction: 'ensure',
  EnsureRemovalsFunction: 'ensure',
  AnnounceFunction: 'announce',
  SweepFunction: 'sweep',
  DigestFunction: 'digest',
};

describe('functions', () => {
  test('each of the eight is deployed, ensure twice', () => {
    expect(functions.map(({ name }) => name).sort()).toEqual(Object.keys(FUNCTIONS).sort());
  });

  test.each(functions)(
    '$name runs on Node 24, arm64, 1024 MB, traced, with a log that ends',
    (fn) => {
      expect(fn.properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        MemorySize: 1024,
        TracingConfig: { Mode: 'Active' },
        LoggingConfig: { LogGroup: `<${fn.name.replace('Function', 'Log')}>` },
      });
      const log = named(fn.name.replace('Function', 'Log'));
      expect(log.properties['RetentionInDays']).toBe(365);
    },
  );

  test.each(Object.entries(FUNCTIONS))(
    '%s gets the variables of its schema and no other',
    (name, code) => {
      const environment = named(name).properties['Environment'];
      const { Variables } = Object(environment);
      const { NODE_OPTIONS, POWERTOOLS_SERVICE_NAME, ...given } = Variables;
      expect({ NODE_OPTIONS, POWERTOOLS_SERVICE_NAME }).toEqual({
        NODE_OPTIONS: '--enable-source-maps',
        POWERTOOLS_SERVICE_NAME: expect.any(String),
      });
      const known = Object.keys(environments[code].shape);
      expect(Object.keys(given).filter((key) => !known.includes(key))).toEqual([]);
      const missing = () => parseEnv(environments[code], given);
      expect(problemsOf(missing)).not.toMatch(/is missing/);
    },
  );

  test('ensure may run longer than it takes steps and one last call, and shorter than it owns a holding', () => {
    for (const name of ['EnsureGrantsFunction', 'EnsureRemovalsFunction']) {
      const limit = Number(named(name).properties['Timeout']);
      expect(limit).toBeGreaterThanOrEqual(TIMING.runSeconds + TIMING.httpTimeoutSeconds);
      expect(limit).toBeLessThan(TIMING.leaseSeconds);
    }
  });

  test('removals can be given concurrency that no flood elsewhere takes; unasked, a new account can deploy', () => {
    expect(named('EnsureRemovalsFunction').properties['ReservedConcurrentExecutions']).toEqual({
      'Fn::If': ['RemovalsConcurrencyIsAsked', '<RemovalsConcurrency>', '<AWS::NoValue>'],
    });
    const reserving = functions.filter(
      ({ properties }) => 'ReservedConcurrentExecutions' in properties,
    );
    expect(reserving.map(({ name }) => name)).toEqual(['EnsureRemovalsFunction']);
    const { Parameters: parameters, Conditions: conditions } = synthesizeTemplate();
    expect(parameters['RemovalsConcurrency']).toMatchObject({ Type: 'Number', Default: 0 });
    expect(conditions['RemovalsConcurrencyIsAsked']).toEqual({
      'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'RemovalsConcurrency' }, 0] }],
    });
  });
});

/** The values are CloudFormation references here, so only what is missing counts. */
function problemsOf(parse: () => unknown): string {
  try {
    parse();
    return '';
  } catch (error) {
    return String(error);
  }
}

describe('tables', () => {
  const tables = { TablesJournal: tableDefinitions.journal, TablesState: tableDefinitions.state };

  test.each(Object.entries(tables))(
    '%s is what shared/config/tables.ts says',
    (name, definition) => {
      const key = (partitionKey: string, sortKey: string) => [
        { AttributeName: partitionKey, KeyType: 'HASH' },
        { AttributeName: sortKey, KeyType: 'RANGE' },
      ];
      const { properties } = named(name);
      expect(properties['KeySchema']).toEqual(key(definition.partitionKey, definition.sortKey));
      expect(properties['GlobalSecondaryIndexes']).toEqual(
        Object.entries(definition.indexes).map(([IndexName, index]) => ({
          IndexName,
          KeySchema: key(index.partitionKey, index.sortKey),
          Projection: { ProjectionType: index.projection === 'all' ? 'ALL' : 'KEYS_ONLY' },
        })),
      );
      const types = Object(properties['AttributeDefinitions']);
      expect(
        new Set(types.map(({ AttributeType }: { AttributeType: string }) => AttributeType)),
      ).toEqual(new Set(['S']));
    },
  );

  test.each(Object.keys(tables))('%s survives the stack, a mistake and a bad hour', (name) => {
    const { properties, deletionPolicy } = named(name);
    expect(deletionPolicy).toBe('Retain');
    expect(properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
  });

  test('the journal publishes keys only, the state table nothing but expires its short-lived items', () => {
    expect(named('TablesJournal').properties).toMatchObject({
      StreamSpecification: { StreamViewType: 'KEYS_ONLY' },
    });
    expect(named('TablesJournal').properties).not.toHaveProperty('TimeToLiveSpecification');
    expect(named('TablesState').properties).not.toHaveProperty('StreamSpecification');
    expect(named('TablesState').properties).toMatchObject({
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
    });
  });
});

describe('queues and triggers', () => {
  const isDeadLetters = ({ name }: Resource) => name.endsWith('DeadLettersQueue');
  const mappings = ofType(all, 'AWS::Lambda::EventSourceMapping').map(
    ({ properties }) => properties,
  );

  test.each(queues)('$name is encrypted at rest and refuses plain HTTP', ({ name, properties }) => {
    expect(properties['SqsManagedSseEnabled']).toBe(true);
    expect(JSON.stringify(named(`${name}Policy`).properties)).toContain(
      '"Condition":{"Bool":{"aws:SecureTransport":"false"}},"Effect":"Deny"',
    );
  });

  test.each(queues.filter((queue) => !isDeadLetters(queue)))(
    '$name has dead letters and hides a message for six times what its consumer may take',
    ({ name, properties }) => {
      expect(properties['RedrivePolicy']).toEqual({
        deadLetterTargetArn: `<${name.replace(/Queue$/, 'DeadLettersQueue')}>`,
        maxReceiveCount: 5,
      });
      const consumers = mappings.filter(({ EventSourceArn }) => EventSourceArn === `<${name}>`);
      expect(consumers).toHaveLength(1);
      const consumer = named(String(consumers[0]?.['FunctionName']).slice(1, -1));
      const limit = Number(consumer.properties['Timeout']);
      expect(properties['VisibilityTimeout']).toBeGreaterThanOrEqual(6 * limit);
    },
  );

  test('grants and removals are worked off by different functions, each with its own limit, one holding a time', () => {
    const byQueue = Object.fromEntries(mappings.map((m) => [m['EventSourceArn'], m]));
    expect(byQueue['<GrantsQueue>']).toMatchObject({
      FunctionName: '<EnsureGrantsFunction>',
      BatchSize: 1,
      ScalingConfig: { MaximumConcurrency: 10 },
    });
    expect(byQueue['<RemovalsQueue>']).toMatchObject({
      FunctionName: '<EnsureRemovalsFunction>',
      BatchSize: 1,
      ScalingConfig: { MaximumConcurrency: 10 },
    });
  });

  test('what failed in a batch comes back alone, whatever the source', () => {
    expect(mappings).toHaveLength(4);
    for (const mapping of mappings) {
      expect(mapping['FunctionResponseTypes']).toEqual(['ReportBatchItemFailures']);
    }
  });

  test('the journal stream reaches route from its beginning, is bisected on error and then set aside', () => {
    const stream = mappings.find((m) => m['EventSourceArn'] === '<TablesJournal.StreamArn>');
    expect(stream).toMatchObject({
      FunctionName: '<RouteFunction>',
      StartingPosition: 'TRIM_HORIZON',
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 10,
      DestinationConfig: { OnFailure: { Destination: '<RouteDeadLettersQueue>' } },
    });
  });

  test.each([
    ['sweep', 'EveryMinute', 'rate(1 minute)', 'Sweep'],
    ['digest', 'EveryFiveMinutes', 'rate(5 minutes)', 'Digest'],
  ])(
    'the %s starts by %s, is not repeated, and leaves a dead letter when it fails',
    (_name, rule, rate, fn) => {
      expect(named(rule).properties).toMatchObject({ ScheduleExpression: rate, State: 'ENABLED' });
      expect(named(`${fn}Function`).properties).toMatchObject({
        DeadLetterConfig: { TargetArn: `<${fn}DeadLettersQueue>` },
      });
      const invoked = ofType(all, 'AWS::Lambda::EventInvokeConfig').map((one) => one.properties);
      expect(invoked).toContainEqual(
        expect.objectContaining({ FunctionName: `<${fn}Function>`, MaximumRetryAttempts: 0 }),
      );
    },
  );
});

describe('public API', () => {
  test('three routes lead to two functions and nothing else is reachable', () => {
    const routes = ofType(all, 'AWS::ApiGatewayV2::Route').map((r) => r.properties['RouteKey']);
    expect(routes.sort()).toEqual([
      'GET /enroll/{token}',
      'POST /enroll/{token}',
      'POST /slack/events',
    ]);
    expect(ofType(all, 'AWS::Lambda::Url')).toEqual([]);
  });

  test('calls are throttled and logged, and the log never holds the path of the enrolment page', () => {
    const { properties } = ofType(all, 'AWS::ApiGatewayV2::Stage')[0]!;
    expect(properties).toMatchObject({
      DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
    });
    const log = JSON.stringify(properties['AccessLogSettings']);
    expect(log).toContain('$context.routeKey');
    expect(log).not.toMatch(/context\.path|rawPath|querystring/);
  });
});

test('no value of a secret is in the template', () => {
  for (const { properties } of ofType(all, 'AWS::SecretsManager::Secret')) {
    expect(properties).not.toHaveProperty('SecretString');
  }
});

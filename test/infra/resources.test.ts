/** What the stack consists of, as properties that must hold, not as a copy of the template. */
import { environments, type FunctionName, parseEnv } from '../../shared/config/env.ts';
import { tableDefinitions } from '../../shared/config/tables.ts';
import { TIMING } from '../../shared/domain/holding/timing.ts';
import { ofType, type Resource, synthesize, synthesizeTemplates } from './support/synthesized.ts';

const all = synthesize();
const named = (name: string): Resource => {
  const found = all.find((resource) => resource.name === name);
  if (found === undefined) throw new Error(`${name} is not in the stack`);
  return found;
};
/** What the alias of a function is called in the template. */
const live = (name: string) => `<${name}FunctionAliaslive>:live`;
const functionOf = (alias: unknown) => String(alias).replace(/^<(\w+)Aliaslive>:live$/, '$1');
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
  SealFunction: 'seal',
  ExportFunction: 'export',
};

describe('functions', () => {
  test('each of the ten is deployed, ensure twice', () => {
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
      const { NODE_OPTIONS, POWERTOOLS_SERVICE_NAME, POWERTOOLS_METRICS_NAMESPACE, ...given } =
        Variables;
      expect({
        NODE_OPTIONS,
        POWERTOOLS_SERVICE_NAME,
        POWERTOOLS_METRICS_NAMESPACE,
      }).toEqual({
        NODE_OPTIONS: '--enable-source-maps',
        POWERTOOLS_SERVICE_NAME: expect.any(String),
        POWERTOOLS_METRICS_NAMESPACE: expect.stringMatching(/^Hallpass\//),
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

  test('everything that calls a function calls its alias, and the alias is the version of this template', () => {
    for (const { name } of functions) {
      const alias = named(`${name}Aliaslive`);
      expect(alias.properties).toMatchObject({ Name: 'live', FunctionName: `<${name}>` });
      const version = String(alias.properties['FunctionVersion']);
      expect(version).toMatch(new RegExp(`^<${name}CurrentVersion\\w+\\.Version>$`));
    }
    const callers = [
      ...ofType(all, 'AWS::Lambda::EventSourceMapping').map((m) => m.properties['FunctionName']),
      ...ofType(all, 'AWS::Lambda::Permission').map((p) => p.properties['FunctionName']),
      ...ofType(all, 'AWS::ApiGatewayV2::Integration').map((i) => i.properties['IntegrationUri']),
      ...ofType(all, 'AWS::Events::Rule').flatMap(({ properties }) =>
        Object(properties['Targets']).map(({ Arn }: { Arn: unknown }) => Arn),
      ),
    ];
    expect(callers.length).toBeGreaterThanOrEqual(functions.length);
    expect(
      callers.filter((caller) => !/^<\w+FunctionAliaslive>(:live)?$/.test(String(caller))),
    ).toEqual([]);
  });

  test('a parameter that a function takes is in the description of its version, else a new value would never be published', () => {
    const { Parameters } = synthesizeTemplates().app;
    const parametersIn = (value: unknown) =>
      Object.keys(Parameters).filter((id) => JSON.stringify(value).includes(`<${id}>`));
    for (const { name, properties } of functions) {
      const { Variables } = Object(properties['Environment']);
      const version = ofType(all, 'AWS::Lambda::Version').find(
        ({ properties: of }) => of['FunctionName'] === `<${name}>`,
      );
      expect(version?.deletionPolicy).toBe('Retain');
      const said = parametersIn(version?.properties['Description']);
      expect(said).toEqual(expect.arrayContaining(parametersIn(Variables)));
      const longest = said.map((id) => longestOf(Parameters[id] ?? {}));
      expect(longest.reduce((sum, one) => sum + one + 1, -1)).toBeLessThanOrEqual(256);
    }
  });

  test('removals can be given concurrency that no flood elsewhere takes; unasked, a new account can deploy', () => {
    expect(named('EnsureRemovalsFunction').properties['ReservedConcurrentExecutions']).toEqual({
      'Fn::If': ['RemovalsConcurrencyIsAsked', '<RemovalsConcurrency>', '<AWS::NoValue>'],
    });
    const reserving = functions.filter(
      ({ properties }) => 'ReservedConcurrentExecutions' in properties,
    );
    expect(reserving.map(({ name }) => name).sort()).toEqual([
      'EnsureRemovalsFunction',
      'SealFunction',
    ]);
    const { Parameters: parameters, Conditions: conditions } = synthesizeTemplates().app;
    expect(parameters['RemovalsConcurrency']).toMatchObject({ Type: 'Number', Default: 0 });
    expect(conditions['RemovalsConcurrencyIsAsked']).toEqual({
      'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'RemovalsConcurrency' }, 0] }],
    });
  });

  test('the sealer can be kept from running twice at once, and runs shorter than the time to its next run', () => {
    const { properties } = named('SealFunction');
    expect(properties['ReservedConcurrentExecutions']).toEqual({
      'Fn::If': ['SealConcurrencyIsAsked', '<SealConcurrency>', '<AWS::NoValue>'],
    });
    expect(Number(properties['Timeout'])).toBeLessThan(300);
    const { Parameters: parameters } = synthesizeTemplates().app;
    expect(parameters['SealConcurrency']).toMatchObject({ Default: 0, MaxValue: 1 });
  });
});

/** The most characters that a parameter's value may have. */
function longestOf(parameter: Record<string, unknown>): number {
  const { MaxLength, AllowedPattern, AllowedValues } = parameter;
  if (Array.isArray(AllowedValues))
    return Math.max(...AllowedValues.map(String).map((v) => v.length));
  if (typeof MaxLength === 'number') return MaxLength;
  if (String(AllowedPattern).includes('[0-9a-f]{8}')) return 36;
  const repeated = /^\[?\w.*\{\d+,(\d+)\}$/.exec(String(AllowedPattern));
  if (repeated === null) throw new Error(`How long may ${AllowedPattern} be?`);
  return 1 + Number(repeated[1]);
}

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

  test('in dev everything that holds data goes with its stack, in prod nothing does', () => {
    const HOLDS_DATA = ['DynamoDB::Table', 'S3::Bucket', 'KMS::Key', 'SecretsManager::Secret'].map(
      (type) => `AWS::${type}`,
    );
    const policies = (stage: 'dev' | 'prod') =>
      synthesize(stage)
        .filter(({ type }) => HOLDS_DATA.includes(type))
        .map(({ deletionPolicy }) => deletionPolicy);
    expect(policies('prod')).toEqual(Array.from({ length: 12 }, () => 'Retain'));
    expect(policies('dev')).toEqual(Array.from({ length: 12 }, () => 'Delete'));
    const tables = ofType(synthesize('dev'), 'AWS::DynamoDB::Table');
    for (const { properties } of tables) {
      expect(properties).toMatchObject({
        DeletionProtectionEnabled: false,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      });
    }
  });

  test('the app holds no data: destroying it loses nothing but what is made again', () => {
    const { app } = synthesizeTemplates();
    const types = Object.values(app.Resources).map(({ Type }) => Type);
    expect(types.filter((type) => /DynamoDB|S3::|KMS::|SecretsManager/.test(type))).toEqual([]);
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
      const consumer = named(functionOf(consumers[0]?.['FunctionName']));
      const limit = Number(consumer.properties['Timeout']);
      expect(properties['VisibilityTimeout']).toBeGreaterThanOrEqual(6 * limit);
    },
  );

  test('grants and removals are worked off by different functions, each with its own limit, one holding a time', () => {
    const byQueue = Object.fromEntries(mappings.map((m) => [m['EventSourceArn'], m]));
    expect(byQueue['<GrantsQueue>']).toMatchObject({
      FunctionName: live('EnsureGrants'),
      BatchSize: 1,
      ScalingConfig: { MaximumConcurrency: 4 },
    });
    expect(byQueue['<RemovalsQueue>']).toMatchObject({
      FunctionName: live('EnsureRemovals'),
      BatchSize: 1,
      ScalingConfig: { MaximumConcurrency: 10 },
    });
  });

  test('what failed in a batch comes back alone, whatever the source', () => {
    expect(mappings).toHaveLength(5);
    for (const mapping of mappings) {
      expect(mapping['FunctionResponseTypes']).toEqual(['ReportBatchItemFailures']);
    }
  });

  test('the journal stream reaches route from its beginning, is bisected on error and then set aside', () => {
    const stream = mappings.find((m) => m['EventSourceArn'] === '<TablesJournal.StreamArn>');
    expect(stream).toMatchObject({
      FunctionName: live('Route'),
      StartingPosition: 'TRIM_HORIZON',
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 10,
      DestinationConfig: { OnFailure: { Destination: '<RouteDeadLettersQueue>' } },
    });
  });

  test.each([
    ['sweep', 'EveryMinute', 'rate(1 minute)', 'Sweep'],
    ['digest', 'EveryFiveMinutes', 'rate(5 minutes)', 'Digest'],
    ['sealer', 'EveryFifthMinute', 'rate(5 minutes)', 'Seal'],
  ])(
    'the %s starts by %s, is not repeated, and leaves a dead letter when it fails',
    (_name, rule, rate, fn) => {
      expect(named(rule).properties).toMatchObject({
        ScheduleExpression: rate,
        State: 'ENABLED',
        // Also of a call that never reached the function.
        Targets: [
          {
            Arn: `<${fn}FunctionAliaslive>`,
            DeadLetterConfig: { Arn: `<${fn}DeadLettersQueue>` },
            RetryPolicy: { MaximumRetryAttempts: 0 },
          },
        ],
      });
      expect(named(`${fn}Function`).properties).toMatchObject({
        DeadLetterConfig: { TargetArn: `<${fn}DeadLettersQueue>` },
      });
      const invoked = ofType(all, 'AWS::Lambda::EventInvokeConfig').map((one) => one.properties);
      expect(invoked).toContainEqual(
        expect.objectContaining({
          FunctionName: `<${fn}Function>`,
          Qualifier: `<${fn}FunctionAliaslive>`,
          MaximumRetryAttempts: 0,
        }),
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

describe('the audit archive', () => {
  test.each([
    ['prod', 'COMPLIANCE', 400],
    ['dev', 'GOVERNANCE', 1],
  ] as const)('%s locks every object: %s mode, a parameter of days', (stage, Mode, Default) => {
    const bucket = synthesize(stage).find(({ name }) => name === 'AuditArchiveBucket');
    expect(bucket?.properties).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      ObjectLockEnabled: true,
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode, Days: '<AuditRetentionDays>' } },
      },
    });
    const { data } = synthesizeTemplates(stage);
    expect(data.Parameters['AuditRetentionDays']).toMatchObject({ Default, MinValue: 1 });
  });

  test('its key signs with ECDSA P-256 and can do nothing else', () => {
    expect(named('AuditArchiveSigningKey').properties).toMatchObject({
      KeySpec: 'ECC_NIST_P256',
      KeyUsage: 'SIGN_VERIFY',
    });
  });
});

test('every secret lies under the key of the secrets', () => {
  const secrets = ofType(all, 'AWS::SecretsManager::Secret');
  expect(secrets).toHaveLength(5);
  for (const { properties } of secrets)
    expect(properties['KmsKeyId']).toBe('<CredentialsSecretsKey>');
});

test('it deploys without a parameter, and serves no workspace until it is told which', () => {
  const { data, app } = synthesizeTemplates();
  const parameters = Object.entries({ ...data.Parameters, ...app.Parameters });
  expect(parameters.filter(([, { Default }]) => Default === undefined)).toEqual([]);
  expect(app.Parameters['SlackTeamId']?.['Default']).toBe('TNOTYET');
});

test.each([
  ['', true],
  ['arn:aws:events:eu-central-1:123456789012:event-bus/siem', true],
  ['arn:aws-us-gov:events:us-gov-west-1:123456789012:event-bus/a/b', true],
  ['arn:aws:events:eu-central-1:123456789012:rule/siem', false],
  ['arn:aws:events:eu-central-1:123456789012:event-bus/*', false],
  ['*', false],
])('an export bus of %j is taken: %s; without one nothing can be put on any', (given, isTaken) => {
  const { app } = synthesizeTemplates();
  const { AllowedPattern, Default } = app.Parameters['ExportBusArn'] ?? {};
  expect(new RegExp(`^(?:${AllowedPattern})$`).test(given)).toBe(isTaken);
  expect(Default).toBe('');
});

test.each([
  ['https://jit.example.com', true],
  ['http://127.0.0.1:4566', true],
  ['', true],
  ['http://jit.example.com', false],
  ['https://jit.example.com"', false],
  ['javascript:alert(1)', false],
])('a public address of %j is taken: %s', (given, isTaken) => {
  const { AllowedPattern } = synthesizeTemplates().app.Parameters['PublicUrl'] ?? {};
  expect(new RegExp(`^(?:${AllowedPattern})$`).test(given)).toBe(isTaken);
});

/** What each role may do, written out: a permission that is added or lost shows up here by name. */
import * as z from 'zod';
import { markerKey, placeOf } from '../../shared/adapters/journal-keys.ts';
import { ofType, synthesize, synthesizeTemplates } from './support/synthesized.ts';

const LOG = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const TRACE = ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'];
const GET = ['dynamodb:BatchGetItem', 'dynamodb:GetItem'];
const READ = [...GET, 'dynamodb:Query'];
const APPEND = [
  'dynamodb:BatchGetItem',
  'dynamodb:ConditionCheckItem',
  'dynamodb:GetItem',
  'dynamodb:PutItem',
];
const WRITE = [...APPEND, 'dynamodb:DeleteItem'];
const QUERY = ['dynamodb:Query'];
const SEND = ['sqs:SendMessage'];
const CONSUME = ['ChangeMessageVisibility', 'DeleteMessage', 'GetQueueAttributes', 'GetQueueUrl']
  .concat('ReceiveMessage')
  .map((verb) => `sqs:${verb}`);
const SECRET = ['secretsmanager:GetSecretValue'];
const PUT_AND_GET = ['s3:GetObjectVersion', 's3:PutObject'];
/** The one that was named, or one that nobody has. */
const BUS =
  'ExportBusIsGiven ? <ExportBusArn> : arn:<AWS::Partition>:events:<AWS::Region>:<AWS::AccountId>:event-bus/hallpass-exports-to-none';
const SCHEDULES =
  'arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule/Hallpass-prod-ends/*';
const APP_KEY = 'arn:<AWS::Partition>:kms:<AWS::Region>:<AWS::AccountId>:key/<GithubAppKeyId>';

const ENSURE = {
  '*': TRACE,
  '<TablesJournal>': APPEND,
  '<TablesJournal>/index/container': QUERY,
  '<TablesJournal>/index/due': QUERY,
  '<TablesState>': WRITE,
  '<TablesState>/index/due': QUERY,
  '<CredentialsGithub>': SECRET,
  '<CredentialsGitlab>': SECRET,
  '<CredentialsSecretsKey>': ['kms:Decrypt', 'kms:Decrypt'],
  [APP_KEY]: ['kms:Sign'],
  '<EndSchedulesRole>': ['iam:PassRole'],
  [SCHEDULES]: ['CreateSchedule', 'DeleteSchedule', 'GetSchedule', 'UpdateSchedule'].map(
    (verb) => `scheduler:${verb}`,
  ),
};

const EXPECTED: Record<string, Record<string, string[]>> = {
  Slack: {
    '*': TRACE,
    '<SlackLog>': LOG,
    '<TablesJournal>': APPEND,
    '<TablesJournal>/index/due': QUERY,
    '<TablesJournal>/index/person': QUERY,
    '<TablesState>': WRITE,
    '<TablesState>/index/due': QUERY,
    '<AnnouncementsQueue>': SEND,
    '<CredentialsSlack>': SECRET,
    '<CredentialsOnCall>': SECRET,
    '<CredentialsTickets>': SECRET,
    '<CredentialsSecretsKey>': ['kms:Decrypt', 'kms:Decrypt', 'kms:Decrypt'],
    '<CredentialsAuthenticatorKey>': ['kms:Decrypt'],
  },
  Enroll: {
    '*': TRACE,
    '<EnrollLog>': LOG,
    '<TablesJournal>': APPEND,
    '<TablesState>': WRITE,
    '<CredentialsAuthenticatorKey>': ['kms:Decrypt', 'kms:GenerateDataKey'],
  },
  Route: {
    '*': ['dynamodb:ListStreams', ...TRACE],
    '<RouteLog>': LOG,
    '<TablesJournal>': GET,
    '<TablesJournal.StreamArn>': ['DescribeStream', 'GetRecords', 'GetShardIterator'].map(
      (verb) => `dynamodb:${verb}`,
    ),
    '<GrantsQueue>': SEND,
    '<RemovalsQueue>': SEND,
    '<AnnouncementsQueue>': SEND,
    '<RouteDeadLettersQueue>': ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage'],
  },
  EnsureGrants: {
    ...ENSURE,
    '<EnsureGrantsLog>': LOG,
    '<GrantsQueue>': [...CONSUME, ...SEND],
    '<RemovalsQueue>': SEND,
  },
  EnsureRemovals: {
    ...ENSURE,
    '<EnsureRemovalsLog>': LOG,
    '<GrantsQueue>': SEND,
    '<RemovalsQueue>': [...CONSUME, ...SEND],
  },
  Announce: {
    '*': TRACE,
    '<AnnounceLog>': LOG,
    '<TablesJournal>': READ,
    '<TablesJournal>/index/container': QUERY,
    '<TablesJournal>/index/due': QUERY,
    '<TablesJournal>/index/person': QUERY,
    '<TablesState>': [...GET, 'dynamodb:PutItem'],
    '<TablesState>/index/due': QUERY,
    '<AnnouncementsQueue>': [...CONSUME, ...SEND],
    '<CredentialsSlack>': SECRET,
    '<CredentialsOnCall>': SECRET,
    '<CredentialsSecretsKey>': ['kms:Decrypt', 'kms:Decrypt'],
  },
  Sweep: {
    '*': TRACE,
    '<SweepLog>': LOG,
    '<TablesJournal>': APPEND,
    '<TablesJournal>/index/due': QUERY,
    '<TablesState>': WRITE,
    '<TablesState>/index/due': QUERY,
    '<CredentialsTickets>': SECRET,
    '<CredentialsSecretsKey>': ['kms:Decrypt'],
    '<GrantsQueue>': SEND,
    '<RemovalsQueue>': SEND,
    '<AnnouncementsQueue>': SEND,
    '<SweepDeadLettersQueue>': SEND,
  },
  Digest: {
    '*': TRACE,
    '<DigestLog>': LOG,
    '<TablesJournal>': READ,
    '<TablesJournal>/index/day': QUERY,
    '<TablesJournal>/index/due': QUERY,
    '<TablesState>': [...GET, 'dynamodb:PutItem'],
    '<TablesState>/index/due': QUERY,
    '<AnnouncementsQueue>': SEND,
    '<DigestDeadLettersQueue>': SEND,
  },
  Seal: {
    '*': TRACE,
    '<SealLog>': LOG,
    '<TablesState>': [...READ, 'dynamodb:DeleteItem', 'dynamodb:PutItem'],
    '<AuditArchiveBucket>': ['s3:ListBucketVersions'],
    '<AuditArchiveBucket>/checkpoints/*': PUT_AND_GET,
    '<AuditArchiveBucket>/leaves/*': PUT_AND_GET,
    '<AuditArchiveSigningKey>': ['kms:GetPublicKey', 'kms:Sign'],
    '<ExportsQueue>': SEND,
    '<SealDeadLettersQueue>': SEND,
  },
  Export: {
    '*': TRACE,
    '<ExportLog>': LOG,
    '<TablesJournal>': READ,
    '<AuditArchiveBucket>': ['s3:ListBucketVersions'],
    '<AuditArchiveBucket>/checkpoints/*': ['s3:GetObjectVersion'],
    '<AuditArchiveBucket>/leaves/*': ['s3:GetObjectVersion'],
    '<AuditArchiveBucket>/export/*': PUT_AND_GET,
    '<ExportsQueue>': CONSUME,
    [BUS]: ['events:PutEvents'],
  },
  EndSchedules: { '<RemovalsQueue>': SEND, '<EndSchedulesDeadLettersQueue>': SEND },
};

const either = z
  .object({ 'Fn::If': z.tuple([z.string(), z.string(), z.string()]) })
  .transform(({ 'Fn::If': [condition, one, other] }) => [`${condition} ? ${one} : ${other}`]);
const oneOrMore = z.union([z.string().transform((one) => [one]), z.array(z.string()), either]);
const policies = z.object({
  PolicyDocument: z.object({
    Statement: z.array(
      z.object({
        Action: oneOrMore,
        Resource: oneOrMore,
        Effect: z.literal('Allow'),
        Condition: z.unknown().optional(),
      }),
    ),
  }),
});

const all = synthesize();
const statements = ofType(all, 'AWS::IAM::Policy').flatMap(({ name, properties }) =>
  policies
    .parse(properties)
    .PolicyDocument.Statement.map((s) => ({ role: name.replace(/RoleDefaultPolicy$/, ''), ...s })),
);

function permissionsOf(role: string): Record<string, string[]> {
  const permissions: Record<string, string[]> = {};
  for (const { Action, Resource } of statements.filter((statement) => statement.role === role)) {
    for (const resource of Resource) {
      permissions[resource] = [...(permissions[resource] ?? []), ...Action].sort();
    }
  }
  return permissions;
}

function holdersOf(action: string, resource = ''): string[] {
  const holds = statements.filter(
    (s) => s.Action.includes(action) && s.Resource.some((given) => given.includes(resource)),
  );
  return [...new Set(holds.map(({ role }) => role))].sort();
}

test.each(Object.entries(EXPECTED))('%s may do this and nothing else', (role, expected) => {
  const sorted = Object.entries(expected).map(([resource, actions]) => [
    resource,
    [...actions].sort(),
  ]);
  expect(permissionsOf(role)).toEqual(Object.fromEntries(sorted));
});

test('every role of the stack is in the table above', () => {
  expect([...new Set(statements.map(({ role }) => role))].sort()).toEqual(
    Object.keys(EXPECTED).sort(),
  );
});

test('no role uses a managed policy and no function shares a role', () => {
  const roles = ofType(all, 'AWS::IAM::Role');
  expect(roles.filter(({ properties }) => 'ManagedPolicyArns' in properties)).toEqual([]);
  const used = ofType(all, 'AWS::Lambda::Function').map(({ properties }) => properties['Role']);
  expect(new Set(used).size).toBe(used.length);
});

test('no function can read both the Slack secret and a provider secret', () => {
  const slack = holdersOf(SECRET[0]!, 'CredentialsSlack');
  for (const secret of ['CredentialsGithub', 'CredentialsGitlab']) {
    const provider = holdersOf(SECRET[0]!, secret);
    expect(slack.filter((role) => provider.includes(role))).toEqual([]);
    expect(provider).toEqual(['EnsureGrants', 'EnsureRemovals']);
  }
});

test('facts of a decision are read by who decides, draws or watches, and never beside a provider credential', () => {
  expect(holdersOf(SECRET[0]!, 'CredentialsOnCall')).toEqual(['Announce', 'Slack']);
  expect(holdersOf(SECRET[0]!, 'CredentialsTickets')).toEqual(['Slack', 'Sweep']);
});

test('only the functions that check codes can open an authenticator, and only of their tenant', () => {
  expect(holdersOf('kms:Decrypt', 'AuthenticatorKey')).toEqual(['Enroll', 'Slack']);
  expect(holdersOf('kms:GenerateDataKey')).toEqual(['Enroll']);
  const tenantOnly = { StringEquals: { 'kms:EncryptionContext:tenant': '<Tenant>' } };
  const kms = statements.filter(({ Resource }) =>
    Resource.includes('<CredentialsAuthenticatorKey>'),
  );
  expect(kms).not.toEqual([]);
  expect(kms.map(({ Condition }) => Condition)).toEqual(kms.map(() => tenantOnly));
});

test('a function opens only its own secrets with the key of the secrets, and only through Secrets Manager', () => {
  const opening = statements.filter(({ Resource }) => Resource.includes('<CredentialsSecretsKey>'));
  const opened = opening.map(({ role, Action, Condition }) => {
    const { StringEquals, ...rest } = Object(Condition);
    expect([Action, rest]).toEqual([['kms:Decrypt'], {}]);
    expect(StringEquals['kms:ViaService']).toBe('secretsmanager.<AWS::Region>.amazonaws.com');
    return `${role} ${StringEquals['kms:EncryptionContext:SecretARN']}`;
  });
  expect(opened.sort()).toEqual([
    'Announce <CredentialsOnCall>',
    'Announce <CredentialsSlack>',
    'EnsureGrants <CredentialsGithub>',
    'EnsureGrants <CredentialsGitlab>',
    'EnsureRemovals <CredentialsGithub>',
    'EnsureRemovals <CredentialsGitlab>',
    'Slack <CredentialsOnCall>',
    'Slack <CredentialsSlack>',
    'Slack <CredentialsTickets>',
    'Sweep <CredentialsTickets>',
  ]);
});

test('only ensure can sign as the GitHub App, with one algorithm; without a key in KMS the right is to nothing', () => {
  const signing = statements.filter(
    ({ role, Action }) => role !== 'Seal' && Action.includes('kms:Sign'),
  );
  expect(signing.map(({ role }) => role).sort()).toEqual(['EnsureGrants', 'EnsureRemovals']);
  for (const { Resource, Condition } of signing) {
    expect(Resource).toEqual([APP_KEY]);
    expect(Condition).toEqual({
      StringEquals: { 'kms:SigningAlgorithm': 'RSASSA_PKCS1_V1_5_SHA_256' },
    });
  }
  const { Default } = synthesizeTemplates().app.Parameters['GithubAppKeyId'] ?? {};
  expect(Default).toBe('');
});

test('only the sealer signs checkpoints, with one algorithm, and it can sign nothing else', () => {
  expect(holdersOf('kms:Sign', 'AuditArchiveSigningKey')).toEqual(['Seal']);
  const own = statements.filter(
    ({ role, Action }) => role === 'Seal' && Action.includes('kms:Sign'),
  );
  expect(own).toMatchObject([
    {
      Resource: ['<AuditArchiveSigningKey>'],
      Condition: { StringEquals: { 'kms:SigningAlgorithm': 'ECDSA_SHA_256' } },
    },
  ]);
});

test('the sealer puts its own record, takes away markers and nothing else, and reads none of the journal', () => {
  const own = statements.filter(
    ({ role, Action }) => role === 'Seal' && Action.some((one) => one.startsWith('dynamodb:')),
  );
  const keys = (kind: string) => ({
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`<Tenant>#${kind}#*`] },
  });
  expect(own.map(({ role: _, ...statement }) => statement)).toEqual([
    {
      Effect: 'Allow',
      Action: [...GET, 'dynamodb:PutItem'],
      Resource: ['<TablesState>'],
      Condition: keys('seal'),
    },
    {
      Effect: 'Allow',
      Action: ['dynamodb:DeleteItem', 'dynamodb:Query'],
      Resource: ['<TablesState>'],
      Condition: keys('unsealed'),
    },
  ]);
  expect(placeOf('main', 'seal', 'last')).toMatchObject({
    table: 'state',
    pk: expect.stringMatching(/^main#seal#/),
  });
  const marker = markerKey('main', new Date(0), { chain: 'request#AR-7K2M9Q', seq: 1 });
  expect(marker.pk).toMatch(/^main#unsealed#/);
});

test('only the roles of functions that decide, draw, seal or keep digests can write the tables at all', () => {
  expect(holdersOf('dynamodb:PutItem')).toEqual([
    'Announce',
    'Digest',
    'Enroll',
    'EnsureGrants',
    'EnsureRemovals',
    'Seal',
    'Slack',
    'Sweep',
  ]);
  expect(holdersOf('dynamodb:PutItem', 'Journal')).toEqual([
    'Enroll',
    'EnsureGrants',
    'EnsureRemovals',
    'Slack',
    'Sweep',
  ]);
});

const denials = z.object({
  Statement: z.array(
    z.object({
      Sid: z.string().optional(),
      Effect: z.string(),
      Principal: z.unknown(),
      Action: oneOrMore,
      Resource: oneOrMore,
      Condition: z.unknown().optional(),
    }),
  ),
});

test('whatever rights somebody has, the journal itself denies deleting and changing in place', () => {
  const journal = all.find(({ name }) => name === 'TablesJournal');
  const { PolicyDocument } = Object(journal?.properties['ResourcePolicy']);
  expect(denials.parse(PolicyDocument).Statement).toEqual([
    {
      Sid: 'TheJournalIsAppendOnly',
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Resource: ['*'],
      Action: [
        'dynamodb:BatchWriteItem',
        'dynamodb:DeleteItem',
        'dynamodb:PartiQLDelete',
        'dynamodb:PartiQLUpdate',
        'dynamodb:UpdateItem',
      ],
    },
  ]);
});

test('nobody deletes from the audit bucket or goes round a lock, and only the sealer makes checkpoints', () => {
  const bucket = all.find(({ name }) => name === 'AuditArchiveBucketPolicy');
  const { Statement } = denials.parse(bucket?.properties['PolicyDocument']);
  const denied = Statement.find(({ Sid }) => Sid === 'NobodyDeletesEvidence');
  expect(denied).toEqual({
    Sid: 'NobodyDeletesEvidence',
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Resource: ['<AuditArchiveBucket>', '<AuditArchiveBucket>/*'],
    Action: [
      's3:BypassGovernanceRetention',
      's3:DeleteObject',
      's3:DeleteObjectVersion',
      's3:PutLifecycleConfiguration',
    ],
  });
  for (const prefix of ['checkpoints', 'leaves'])
    expect(holdersOf('s3:PutObject', `/${prefix}/*`)).toEqual(['Seal']);
  const lists = statements.filter(({ Action }) => Action.includes('s3:ListBucketVersions'));
  expect(lists.map(({ role, Condition }) => [role, Condition])).toEqual([
    ['Seal', { StringLike: { 's3:prefix': ['checkpoints/*', 'leaves/*'] } }],
    ['Export', { StringLike: { 's3:prefix': ['checkpoints/*', 'leaves/*', 'export/*'] } }],
  ]);
});

test('digest can put nothing but digests, and those of its tenant only', () => {
  const puts = statements.filter(
    ({ role, Action }) => role === 'Digest' && Action.includes('dynamodb:PutItem'),
  );
  expect(puts.map(({ Condition }) => Condition)).toEqual([
    { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['<Tenant>#digest#*'] } },
  ]);
  expect(placeOf('main', 'digest', 'C0ACCESS#2026-11-22')).toMatchObject({
    table: 'state',
    pk: expect.stringMatching(/^main#digest#/),
  });
});

test('announce can put nothing but cards, Homes, digests, notices and who left, and those of its tenant only', () => {
  const puts = statements.filter(
    ({ role, Action }) => role === 'Announce' && Action.includes('dynamodb:PutItem'),
  );
  expect(puts.map(({ Condition }) => Condition)).toEqual([
    {
      'ForAllValues:StringLike': {
        'dynamodb:LeadingKeys': ['card', 'home', 'digest', 'notice', 'leaver'].map(
          (kind) => `<Tenant>#${kind}#*`,
        ),
      },
    },
  ]);
  expect(placeOf('main', 'card', 'AR-7K2M9Q')).toMatchObject({
    table: 'state',
    pk: expect.stringMatching(/^main#card#/),
  });
  expect(placeOf('main', 'home', 'U0ANA')).toMatchObject({
    table: 'state',
    pk: expect.stringMatching(/^main#home#/),
  });
  expect(placeOf('main', 'leaver', 'U0ANA')).toMatchObject({
    table: 'state',
    pk: expect.stringMatching(/^main#leaver#/),
  });
  expect(placeOf('main', 'notice', 'U0ANA')).toMatchObject({
    table: 'state',
    pk: expect.stringMatching(/^main#notice#/),
  });
});

test('nobody can scan or update in place, and nobody can delete from the journal', () => {
  expect(holdersOf('dynamodb:Scan')).toEqual([]);
  expect(holdersOf('dynamodb:DeleteItem', 'Journal')).toEqual([]);
  expect(holdersOf('dynamodb:UpdateItem')).toEqual([]);
});

test('no action is a wildcard, and a resource is one only where the service knows none or names are made at run time', () => {
  const actions = statements.flatMap(({ Action }) => Action);
  expect(actions.filter((action) => action.includes('*'))).toEqual([]);
  const wild = statements.filter(({ Resource }) => Resource.some((one) => one.includes('*')));
  const allowed = [...TRACE, 'dynamodb:ListStreams', ...ENSURE[SCHEDULES]!, ...PUT_AND_GET];
  expect(wild.flatMap(({ Action }) => Action).filter((one) => !allowed.includes(one))).toEqual([]);
});

test('only Scheduler, for the group of ends in this account, may assume the role of the schedules', () => {
  const role = all.find(({ name }) => name === 'EndSchedulesRole');
  expect(role?.properties['AssumeRolePolicyDocument']).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Action: 'sts:AssumeRole',
        Effect: 'Allow',
        Principal: { Service: 'scheduler.amazonaws.com' },
        Condition: {
          StringEquals: {
            'aws:SourceAccount': '<AWS::AccountId>',
            'aws:SourceArn': '<EndSchedulesGroup>',
          },
        },
      },
    ],
  });
  const pass = statements.filter(({ Action }) => Action.includes('iam:PassRole'));
  expect(pass).toHaveLength(2);
  for (const { Condition } of pass) {
    expect(Condition).toEqual({
      StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' },
    });
  }
});

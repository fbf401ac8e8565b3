/** Both tables against shared/config/tables.ts: keys, indexes, stream, expiry, backups, protection; and the clock behind every code. */
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { LARGEST_SKEW_SECONDS, skewSeconds } from '../../../shared/adapters/clock-watch.ts';
import { type TableDefinition, tableDefinitions } from '../../../shared/config/tables.ts';
import type { Deployed } from '../deployed.ts';
import { type Check, type Finding, must, problem } from './finding.ts';

type Wanted = { name: string; definition: TableDefinition; isFinal: boolean };
const DEPLOY = 'Deploy the stack that this version describes: npm run deploy';

export function tableChecks(client: DynamoDBClient, deployed: Deployed): Check[] {
  const isFinal = deployed.stage === 'prod';
  const tables = [
    { name: deployed.JournalTable, definition: tableDefinitions.journal, isFinal },
    { name: deployed.StateTable, definition: tableDefinitions.state, isFinal },
  ];
  return tables.map((wanted) => ({
    name: `table ${wanted.name}`,
    run: () => checkTable(client, wanted),
  }));
}

async function checkTable(client: DynamoDBClient, wanted: Wanted): Promise<Finding[]> {
  const TableName = wanted.name;
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  if (Table === undefined) return [problem('there is no such table', DEPLOY)];
  const { TimeToLiveDescription: expiry } = await client.send(
    new DescribeTimeToLiveCommand({ TableName }),
  );
  const { ContinuousBackupsDescription: backups } = await client.send(
    new DescribeContinuousBackupsCommand({ TableName }),
  );
  const recovery = backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
  return [
    ...shape(Table, wanted),
    ...(wanted.definition.ttlAttribute === undefined
      ? []
      : [
          must(expiry?.AttributeName === wanted.definition.ttlAttribute, 'expires what is over', {
            what: `does not expire by ${wanted.definition.ttlAttribute}`,
            fix: DEPLOY,
          }),
        ]),
    must(recovery === 'ENABLED', 'can be restored to any second', {
      what: 'has no point-in-time recovery',
      fix: `aws dynamodb update-continuous-backups --table-name ${TableName} --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true`,
    }),
  ];
}

function shape(table: TableDescription, { definition, isFinal }: Wanted): Finding[] {
  const keys = (given: TableDescription['KeySchema']) =>
    (given ?? []).map(({ AttributeName }) => AttributeName).join(', ');
  const wanted = Object.entries(definition.indexes).map(
    ([name, index]) => `${name} (${index.partitionKey}, ${index.sortKey})`,
  );
  const present = (table.GlobalSecondaryIndexes ?? []).map(
    ({ IndexName, KeySchema }) => `${IndexName} (${keys(KeySchema)})`,
  );
  const missing = wanted.filter((index) => !present.includes(index));
  const view = table.StreamSpecification?.StreamViewType;
  return [
    must(table.TableStatus === 'ACTIVE', 'is active', {
      what: `is ${table.TableStatus}`,
      fix: 'Wait until it is ACTIVE, then ask again',
    }),
    must(
      keys(table.KeySchema) === `${definition.partitionKey}, ${definition.sortKey}`,
      'has its keys',
      {
        what: `has the keys ${keys(table.KeySchema)}`,
        fix: 'This is another table: point the deployment at the one it made',
      },
    ),
    must(missing.length === 0, `has its ${wanted.length} indexes`, {
      what: `lacks the index ${missing.join('; ')}`,
      fix: DEPLOY,
    }),
    must(!definition.stream || view === 'KEYS_ONLY', 'publishes what it should', {
      what: `publishes ${view ?? 'nothing'} instead of keys: cards and grants come a minute late, or too much is told`,
      fix: DEPLOY,
    }),
    must(!isFinal || table.DeletionProtectionEnabled === true, 'is protected as its stage asks', {
      what: 'can be deleted by a mistake',
      fix: DEPLOY,
    }),
  ];
}

/** Codes are judged by our clock: DynamoDB's is the other one we can see. */
export const clockCheck = (
  client: DynamoDBClient,
  { table, now }: { table: string; now: () => Date },
): Check => ({
  name: 'clock',
  async run() {
    let skew: number | null = null;
    client.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args);
        skew = skewSeconds(answer.response, now());
        return answer;
      },
      { step: 'deserialize', name: 'doctorsClock', priority: 'low', override: true },
    );
    await client.send(new DescribeTableCommand({ TableName: table }));
    return [verdict(skew)];
  },
});

function verdict(skew: number | null): Finding {
  if (skew === null)
    return problem('DynamoDB answered without a date', 'Ask again; a proxy may have taken it away');
  return must(Math.abs(skew) <= LARGEST_SKEW_SECONDS, `is ${skew} s from DynamoDB's`, {
    what: `is ${skew} s from DynamoDB's: codes are refused or taken too late, and Slack's requests with them`,
    fix: 'Let this machine keep time (chrony, systemd-timesyncd). The functions keep their own watch: alarm clock-skewed',
  });
}

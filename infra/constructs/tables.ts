/**
 * The journal and the state table, made from shared/config/tables.ts, and who may do what with them. Nobody may scan or
 * update in place; nobody may delete from the journal; an index may be queried only by those who name it. Tables outlive the stack.
 */
import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
} from 'aws-cdk-lib/aws-dynamodb';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { type TableDefinition, tableDefinitions } from '../../shared/config/tables.ts';

/** By key, alone or several in one call. */
const GET = ['dynamodb:GetItem', 'dynamodb:BatchGetItem'] as const;
const QUERY = ['dynamodb:Query'] as const;
/** Whole items, put under a condition (docs/decisions/0005): what a decision's transaction needs. */
const CHANGE = ['dynamodb:PutItem', 'dynamodb:ConditionCheckItem'] as const;

type IndexOf<Name extends keyof typeof tableDefinitions> =
  keyof (typeof tableDefinitions)[Name]['indexes'];

export class Tables extends Construct {
  readonly journal: Table;
  readonly state: Table;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.journal = this.create('Journal', tableDefinitions.journal);
    this.state = this.create('State', tableDefinitions.state);
  }

  /** The state items of requests, by key. */
  readRequests(grantee: IGrantable): void {
    allow(grantee, GET, [this.journal.tableArn]);
  }

  /** Requests by key, and a request's chain from its first event on. */
  readHistory(grantee: IGrantable): void {
    allow(grantee, [...GET, ...QUERY], [this.journal.tableArn]);
  }

  /** The journal's changes, keys only. ListStreams takes no resource. */
  readJournalStream(grantee: IGrantable): void {
    const verbs = ['DescribeStream', 'GetRecords', 'GetShardIterator'];
    allow(
      grantee,
      verbs.map((verb) => `dynamodb:${verb}`),
      [this.journalStreamArn],
    );
    allow(grantee, ['dynamodb:ListStreams'], ['*']);
  }

  get journalStreamArn(): string {
    const { tableStreamArn } = this.journal;
    if (tableStreamArn === undefined)
      throw new Error('shared/config/tables.ts: journal has no stream');
    return tableStreamArn;
  }

  /** Load, decide, append: events and state items into the journal, everything else into the state table. */
  decide(grantee: IGrantable): void {
    allow(grantee, [...GET, ...CHANGE], [this.journal.tableArn]);
    allow(grantee, [...GET, ...CHANGE, 'dynamodb:DeleteItem'], [this.state.tableArn]);
  }

  /** Reads any state, writes nothing but how far messages and Homes are (shared/domain/records.ts: `card`, `home`, `digest`, `notice`). */
  draw(grantee: IGrantable, tenant: string): void {
    this.#putOnly(grantee, [
      `${tenant}#card#*`,
      `${tenant}#home#*`,
      `${tenant}#digest#*`,
      `${tenant}#notice#*`,
    ]);
  }

  /** Reads any state, writes nothing but digests. */
  keepDigests(grantee: IGrantable, tenant: string): void {
    this.#putOnly(grantee, [`${tenant}#digest#*`]);
  }

  #putOnly(grantee: IGrantable, keys: readonly string[]): void {
    allow(grantee, GET, [this.state.tableArn]);
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['dynamodb:PutItem'],
        resources: [this.state.tableArn],
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...keys] } },
      }),
    );
  }

  queryJournalBy(grantee: IGrantable, indexes: readonly IndexOf<'journal'>[]): void {
    queryIndexes(grantee, this.journal, indexes);
  }

  queryStateBy(grantee: IGrantable, indexes: readonly IndexOf<'state'>[]): void {
    queryIndexes(grantee, this.state, indexes);
  }

  private create(id: string, definition: TableDefinition): Table {
    const { partitionKey, sortKey, ttlAttribute, stream, indexes } = definition;
    const table = new Table(this, id, {
      partitionKey: stringKey(partitionKey),
      sortKey: stringKey(sortKey),
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      ...(ttlAttribute === undefined ? {} : { timeToLiveAttribute: ttlAttribute }),
      ...(stream ? { stream: StreamViewType.KEYS_ONLY } : {}),
    });
    for (const [indexName, index] of Object.entries(indexes)) {
      table.addGlobalSecondaryIndex({
        indexName,
        partitionKey: stringKey(index.partitionKey),
        sortKey: stringKey(index.sortKey),
        projectionType: index.projection === 'all' ? ProjectionType.ALL : ProjectionType.KEYS_ONLY,
      });
    }
    return table;
  }
}

function stringKey(name: string) {
  return { name, type: AttributeType.STRING };
}

function allow(grantee: IGrantable, actions: readonly string[], resources: string[]): void {
  const statement = new PolicyStatement({ actions: [...actions], resources });
  grantee.grantPrincipal.addToPrincipalPolicy(statement);
}

function queryIndexes(grantee: IGrantable, table: Table, indexes: readonly string[]): void {
  const arns = indexes.map((index) => `${table.tableArn}/index/${index}`);
  allow(grantee, QUERY, arns);
}

/**
 * The journal and the state table, made from shared/config/tables.ts, and who may do what with them. Nobody may scan or
 * update in place; nobody, whatever their own rights, may delete from or update in place the journal: its own policy denies it. An index
 * may be queried only by those who name it.
 */
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
} from 'aws-cdk-lib/aws-dynamodb';
import {
  AnyPrincipal,
  Effect,
  type IGrantable,
  PolicyDocument,
  PolicyStatement,
} from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { type TableDefinition, tableDefinitions } from '../../shared/config/tables.ts';
import type { Stage } from '../stage.ts';

/** By key, alone or several in one call. */
const GET = ['dynamodb:GetItem', 'dynamodb:BatchGetItem'] as const;
const QUERY = ['dynamodb:Query'] as const;
/** Whole items, put under a condition (docs/decisions/0005): what a decision's transaction needs. */
const CHANGE = ['dynamodb:PutItem', 'dynamodb:ConditionCheckItem'] as const;
/** All ways to take an item away or to change part of one. Putting a whole item over another cannot be told from creating one. */
const UNDOING = ['DeleteItem', 'UpdateItem', 'BatchWriteItem', 'PartiQLDelete', 'PartiQLUpdate'];

type IndexOf<Name extends keyof typeof tableDefinitions> =
  keyof (typeof tableDefinitions)[Name]['indexes'];

export class Tables extends Construct {
  readonly journal: Table;
  readonly state: Table;

  readonly #stage: Stage;

  constructor(scope: Construct, id: string, { stage }: { readonly stage: Stage }) {
    super(scope, id);
    this.#stage = stage;
    this.journal = this.create('Journal', tableDefinitions.journal, appendOnly());
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

  /** Reads any state, writes nothing but how far messages and Homes are (shared/domain/records.ts: `card`, `home`, `digest`, `notice`) and who left (`leaver`). */
  draw(grantee: IGrantable, tenant: string): void {
    this.#putOnly(grantee, [
      `${tenant}#card#*`,
      `${tenant}#home#*`,
      `${tenant}#digest#*`,
      `${tenant}#notice#*`,
      `${tenant}#leaver#*`,
    ]);
  }

  /** Reads any state, writes nothing but digests. */
  keepDigests(grantee: IGrantable, tenant: string): void {
    this.#putOnly(grantee, [`${tenant}#digest#*`]);
  }

  /** Its own record, and markers: reads and removes those, writes none. Nothing of the journal. */
  seal(grantee: IGrantable, tenant: string): void {
    const { tableArn } = this.state;
    const onKeys = (actions: readonly string[], key: string) =>
      allow(grantee, actions, [tableArn], leading([`${tenant}#${key}#*`]));
    onKeys([...GET, 'dynamodb:PutItem'], 'seal');
    onKeys([...QUERY, 'dynamodb:DeleteItem'], 'unsealed');
  }

  #putOnly(grantee: IGrantable, keys: readonly string[]): void {
    allow(grantee, GET, [this.state.tableArn]);
    allow(grantee, ['dynamodb:PutItem'], [this.state.tableArn], leading(keys));
  }

  queryJournalBy(grantee: IGrantable, indexes: readonly IndexOf<'journal'>[]): void {
    queryIndexes(grantee, this.journal, indexes);
  }

  queryStateBy(grantee: IGrantable, indexes: readonly IndexOf<'state'>[]): void {
    queryIndexes(grantee, this.state, indexes);
  }

  private create(id: string, definition: TableDefinition, resourcePolicy?: PolicyDocument): Table {
    const { partitionKey, sortKey, ttlAttribute, stream, indexes } = definition;
    const table = new Table(this, id, {
      partitionKey: stringKey(partitionKey),
      sortKey: stringKey(sortKey),
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: this.#stage.isFinal,
      removalPolicy: this.#stage.removalPolicy,
      ...(resourcePolicy === undefined ? {} : { resourcePolicy }),
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

/** For everybody in the account, administrators included; who may change the policy itself can take it away first. */
function appendOnly(): PolicyDocument {
  return new PolicyDocument({
    statements: [
      new PolicyStatement({
        sid: 'TheJournalIsAppendOnly',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: UNDOING.map((verb) => `dynamodb:${verb}`),
        // The table itself: its own ARN cannot be named inside its own definition.
        resources: ['*'],
      }),
    ],
  });
}

function stringKey(name: string) {
  return { name, type: AttributeType.STRING };
}

type Conditions = Record<string, Record<string, string[]>>;

/** Items with these partition keys only. */
const leading = (keys: readonly string[]): Conditions => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...keys] },
});

const ALWAYS: Conditions = {};

function allow(
  grantee: IGrantable,
  actions: readonly string[],
  ...[resources, conditions = ALWAYS]: readonly [resources: string[], conditions?: Conditions]
): void {
  const statement = new PolicyStatement({ actions: [...actions], resources, conditions });
  grantee.grantPrincipal.addToPrincipalPolicy(statement);
}

function queryIndexes(grantee: IGrantable, table: Table, indexes: readonly string[]): void {
  const arns = indexes.map((index) => `${table.tableArn}/index/${index}`);
  allow(grantee, QUERY, arns);
}

/**
 * The two tables as data: infra creates them in AWS from this, local mode in the embedded DynamoDB, so that an index
 * exists in both or in neither. Keys are strings everywhere. What an item holds is the adapters' business.
 */

export type IndexDefinition = {
  readonly partitionKey: string;
  readonly sortKey: string;
  /** `keys` where a reader only needs ids and loads the items itself, `all` where a list is shown from the index. */
  readonly projection: 'keys' | 'all';
};

export type TableDefinition = {
  readonly partitionKey: string;
  readonly sortKey: string;
  readonly indexes: Readonly<Record<string, IndexDefinition>>;
  /** Attribute with the epoch second after which DynamoDB may delete the item. */
  readonly ttlAttribute?: string;
  /** Whether changes are published, keys only. */
  readonly stream: boolean;
};

/** Due work: the next instant at which something must happen, spread over shards. */
const due = { partitionKey: 'duePk', sortKey: 'dueAt', projection: 'keys' } as const;

export const tableDefinitions = {
  journal: {
    partitionKey: 'pk',
    sortKey: 'sk',
    stream: true,
    indexes: {
      due,
      // Requests under who asked; under who holds it, where that is somebody else, the event with which it began.
      person: { partitionKey: 'personPk', sortKey: 'personSk', projection: 'all' },
      container: { partitionKey: 'containerPk', sortKey: 'containerSk', projection: 'all' },
      day: { partitionKey: 'dayPk', sortKey: 'daySk', projection: 'all' },
    },
  },
  state: {
    partitionKey: 'pk',
    sortKey: 'sk',
    stream: false,
    ttlAttribute: 'ttl',
    indexes: { due },
  },
} as const satisfies Record<string, TableDefinition>;

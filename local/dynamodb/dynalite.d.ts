/** Types for the parts of dynalite 4 that the embedded DynamoDB drives directly; the package ships none. */
declare module 'dynalite/db/index.js' {
  import type { Readable } from 'node:stream';

  export type Callback<Value> = (error: unknown, value?: Value) => void;
  export type Item = Record<string, Record<string, unknown>>;
  export type Range = { gt?: string; gte?: string; lt?: string; lte?: string; limit?: number };

  /** The LevelDB underneath, with dynalite's callback wrappers on top of get, put, del and batch. */
  export interface Level {
    open(): Promise<void>;
    close(): Promise<void>;
    clear(range: Range): Promise<void>;
    get(key: string): Promise<unknown>;
    iterator(range: Range): AsyncIterable<[string, unknown]>;
    keys(range?: Range): AsyncIterable<string>;
    values(range?: Range): AsyncIterable<unknown>;
    createKeyStream(range?: Range): Readable;
    createValueStream(range?: Range): Readable;
  }
  export interface SubDatabase {
    lock(key: string, run: (release: <Fn>(callback: Fn) => Fn) => void): void;
    get(key: string, callback: Callback<Item>): void;
    put(key: string, value: Item, callback: Callback<never>): void;
    del(key: string, callback: Callback<never>): void;
  }
  export interface Table {
    TableName: string;
    TableStatus: 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING';
    KeySchema: { AttributeName: string }[];
    GlobalSecondaryIndexes?: { IndexStatus: string }[];
    StreamSpecification?: { StreamEnabled: boolean; StreamViewType?: string };
    TimeToLiveDescription?: { TimeToLiveStatus: 'ENABLED' | 'DISABLED'; AttributeName?: string };
  }
  export interface Store {
    db: Level;
    options: object;
    tableDb: { awsRegion: string; awsAccountId: string };
    getTable(name: string, checkStatus: boolean, callback: Callback<Table>): void;
    getItemDb(table: string): SubDatabase;
    getIndexDb(kind: string, table: string, index: string): SubDatabase;
  }
  export function create(options: {
    path?: string;
    createTableMs: number;
    deleteTableMs: number;
    updateTableMs: number;
  }): Store;
  export function itemSize(item: Item): number;
}

declare module 'dynalite/validations/index.js' {
  import type { Store } from 'dynalite/db/index.js';

  export function checkTypes(body: object, types: object): Record<string, unknown>;
  export function checkValidations(
    body: object,
    types: object,
    custom: unknown,
    store: Store,
  ): void;
}

declare module 'dynalite/validations/*' {
  export const types: object;
  export const custom: unknown;
}

declare module 'dynalite/actions/*' {
  import type { Callback, Store } from 'dynalite/db/index.js';

  export default function action(
    store: Store,
    body: object,
    callback: Callback<Record<string, unknown>>,
  ): void;
}

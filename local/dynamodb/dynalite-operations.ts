/**
 * dynalite's operations as functions that return promises: `prepare` checks a request body and parses its
 * expressions, `run` executes it. Both throw DynamoError. dynalite's HTTP handler is not used, because it throws into the event loop and
 * would take the whole process with it.
 */
import batchGetItem from 'dynalite/actions/batchGetItem.js';
import batchWriteItem from 'dynalite/actions/batchWriteItem.js';
import createTable from 'dynalite/actions/createTable.js';
import deleteItem from 'dynalite/actions/deleteItem.js';
import deleteTable from 'dynalite/actions/deleteTable.js';
import describeTable from 'dynalite/actions/describeTable.js';
import getItem from 'dynalite/actions/getItem.js';
import listTables from 'dynalite/actions/listTables.js';
import listTagsOfResource from 'dynalite/actions/listTagsOfResource.js';
import putItem from 'dynalite/actions/putItem.js';
import query from 'dynalite/actions/query.js';
import scan from 'dynalite/actions/scan.js';
import tagResource from 'dynalite/actions/tagResource.js';
import untagResource from 'dynalite/actions/untagResource.js';
import updateItem from 'dynalite/actions/updateItem.js';
import updateTable from 'dynalite/actions/updateTable.js';
import type { Store, Table } from 'dynalite/db/index.js';
import * as batchGetItemRules from 'dynalite/validations/batchGetItem.js';
import * as batchWriteItemRules from 'dynalite/validations/batchWriteItem.js';
import * as createTableRules from 'dynalite/validations/createTable.js';
import * as deleteItemRules from 'dynalite/validations/deleteItem.js';
import * as deleteTableRules from 'dynalite/validations/deleteTable.js';
import * as describeTableRules from 'dynalite/validations/describeTable.js';
import * as getItemRules from 'dynalite/validations/getItem.js';
import { checkTypes, checkValidations } from 'dynalite/validations/index.js';
import * as listTablesRules from 'dynalite/validations/listTables.js';
import * as listTagsOfResourceRules from 'dynalite/validations/listTagsOfResource.js';
import * as putItemRules from 'dynalite/validations/putItem.js';
import * as queryRules from 'dynalite/validations/query.js';
import * as scanRules from 'dynalite/validations/scan.js';
import * as tagResourceRules from 'dynalite/validations/tagResource.js';
import * as untagResourceRules from 'dynalite/validations/untagResource.js';
import * as updateItemRules from 'dynalite/validations/updateItem.js';
import * as updateTableRules from 'dynalite/validations/updateTable.js';
import { fromDynalite } from './errors.ts';

export type Body = Record<string, unknown>;

const operations = {
  BatchGetItem: { action: batchGetItem, rules: batchGetItemRules },
  BatchWriteItem: { action: batchWriteItem, rules: batchWriteItemRules },
  CreateTable: { action: createTable, rules: createTableRules },
  DeleteItem: { action: deleteItem, rules: deleteItemRules },
  DeleteTable: { action: deleteTable, rules: deleteTableRules },
  DescribeTable: { action: describeTable, rules: describeTableRules },
  GetItem: { action: getItem, rules: getItemRules },
  ListTables: { action: listTables, rules: listTablesRules },
  ListTagsOfResource: { action: listTagsOfResource, rules: listTagsOfResourceRules },
  PutItem: { action: putItem, rules: putItemRules },
  Query: { action: query, rules: queryRules },
  Scan: { action: scan, rules: scanRules },
  TagResource: { action: tagResource, rules: tagResourceRules },
  UntagResource: { action: untagResource, rules: untagResourceRules },
  UpdateItem: { action: updateItem, rules: updateItemRules },
  UpdateTable: { action: updateTable, rules: updateTableRules },
} as const;

export type DynaliteOperation = keyof typeof operations;

/** A checked copy of the body, with parsed expressions inside. It serves exactly one `run`. */
export function prepare(store: Store, operation: DynaliteOperation, body: Body): Body {
  const { rules } = operations[operation];
  try {
    const checked = checkTypes({ ...body }, rules.types);
    checkValidations(checked, rules.types, rules.custom, store);
    return checked;
  } catch (cause) {
    throw fromDynalite(cause);
  }
}

export function run(store: Store, operation: DynaliteOperation, prepared: Body): Promise<Body> {
  return new Promise((resolve, reject) => {
    operations[operation].action(store, prepared, (error, answer) => {
      if (error) reject(fromDynalite(error));
      else resolve(answer ?? {});
    });
  });
}

/** @throws DynamoError ResourceNotFoundException */
export function readTable(store: Store, name: string): Promise<Table> {
  return new Promise((resolve, reject) => {
    store.getTable(name, false, (error, table) => {
      if (table === undefined || error) reject(fromDynalite(error));
      else resolve(table);
    });
  });
}

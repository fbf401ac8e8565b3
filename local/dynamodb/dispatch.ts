/** Which function serves which operation. Requests run one at a time, which makes every operation isolated. */
import { type Body, type DynaliteOperation, prepare, run } from './dynalite-operations.ts';
import type { Engine } from './engine.ts';
import { DynamoError } from './errors.ts';
import { writeSingle } from './single-writes.ts';
import { changeTable } from './tables.ts';
import { describeTimeToLive, updateTimeToLive } from './time-to-live.ts';
import { transactGetItems } from './transact-get.ts';
import { transactWriteItems } from './transact-write.ts';

type Operation = (engine: Engine, body: Body) => Promise<Body>;

const direct =
  (operation: DynaliteOperation): Operation =>
  async ({ database: { store } }, body) =>
    run(store, operation, prepare(store, operation, body));

const operations = new Map<string, Operation>([
  ['GetItem', direct('GetItem')],
  ['BatchGetItem', direct('BatchGetItem')],
  ['Query', direct('Query')],
  ['Scan', direct('Scan')],
  ['DescribeTable', direct('DescribeTable')],
  ['ListTables', direct('ListTables')],
  ['ListTagsOfResource', direct('ListTagsOfResource')],
  ['TagResource', direct('TagResource')],
  ['UntagResource', direct('UntagResource')],
  ['PutItem', (engine, body) => writeSingle(engine, 'PutItem', body)],
  ['UpdateItem', (engine, body) => writeSingle(engine, 'UpdateItem', body)],
  ['DeleteItem', (engine, body) => writeSingle(engine, 'DeleteItem', body)],
  ['BatchWriteItem', (engine, body) => writeSingle(engine, 'BatchWriteItem', body)],
  ['TransactWriteItems', transactWriteItems],
  ['TransactGetItems', transactGetItems],
  ['CreateTable', (engine, body) => changeTable(engine, 'CreateTable', body)],
  ['DeleteTable', (engine, body) => changeTable(engine, 'DeleteTable', body)],
  ['UpdateTable', (engine, body) => changeTable(engine, 'UpdateTable', body)],
  ['UpdateTimeToLive', updateTimeToLive],
  ['DescribeTimeToLive', describeTimeToLive],
]);

/** @throws DynamoError UnknownOperationException */
export function operationNamed(name: string): Operation {
  const operation = operations.get(name);
  if (operation) return operation;
  throw new DynamoError('UnknownOperationException', `The embedded DynamoDB has no ${name}`);
}

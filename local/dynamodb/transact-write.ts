/**
 * TransactWriteItems, which dynalite lacks. Every operation runs on one stage against the state before the
 * transaction; when all of them agree, everything is committed in one batch together with the client's token. When one
 * does not, nothing was written, and the reasons are answered in the order of the operations.
 */
import { itemSize } from 'dynalite/db/index.js';
import * as z from 'zod';
import type { Body } from './dynalite-operations.ts';
import { commitStage, type Engine } from './engine.ts';
import { DynamoError, validationError } from './errors.ts';
import { openStage, type Stage, type StagedItem, type View } from './stage.ts';
import { digestOf } from './tokens.ts';
import { type PlannedOperation, planTransaction } from './transact-plan.ts';
import { cancelled, capacityOf, collision, type Reason, wantsCapacity } from './transactions.ts';

const maxBytes = 4 * 1024 * 1024;
const clientRequestToken = z.string().min(1).max(36).nullish();

export async function transactWriteItems(engine: Engine, body: Body): Promise<Body> {
  const token = tokenOf(body);
  const digest = digestOf(body['TransactItems']);
  const planned = planTransaction(engine.database.store, body);
  if (token !== null && engine.tokens.recall(token, digest)) return {};
  const stage = openStage(engine.database.store);
  const answers = await runAll(engine, stage, planned);
  requireSize(stage.items());
  const remembered = token === null ? null : engine.tokens.remember(token, digest);
  await commitStage(engine, stage, remembered?.writes);
  remembered?.keep();
  return wantsCapacity(body) ? { ConsumedCapacity: capacityOf(answers, 'WriteCapacityUnits') } : {};
}

function tokenOf(body: Body): string | null {
  const parsed = clientRequestToken.safeParse(body['ClientRequestToken']);
  if (parsed.success) return parsed.data ?? null;
  throw validationError(
    "1 validation error detected: Value at 'clientRequestToken' failed to satisfy constraint: Member must have length between 1 and 36",
  );
}

async function runAll(
  engine: Engine,
  stage: Stage,
  planned: readonly PlannedOperation[],
): Promise<Body[]> {
  const answers: Body[] = [];
  const reasons: Reason[] = [];
  for (const [index, { operation, prepared, mode, returnOld }] of planned.entries()) {
    const view = stage.view();
    try {
      answers.push(await view.run(operation, prepared, mode));
      reasons.push({ Code: 'None' });
    } catch (cause) {
      reasons.push(reasonOf(cause, view, returnOld));
    }
    engine.step(`operation ${index + 1} staged`);
  }
  if (stage.collided()) throw collision();
  if (reasons.some(({ Code }) => Code !== 'None')) throw cancelled(reasons);
  return answers;
}

/** What is no fault of this one operation (an unknown table, a defect) ends the whole request instead. */
function reasonOf(cause: unknown, view: View, returnOld: boolean): Reason {
  if (!(cause instanceof DynamoError)) throw cause;
  if (cause.code === 'ValidationException') {
    return { Code: 'ValidationError', Message: cause.message };
  }
  if (cause.code !== 'ConditionalCheckFailedException') throw cause;
  const before = view.items[0]?.before;
  return {
    Code: 'ConditionalCheckFailed',
    Message: cause.message,
    ...(returnOld && before !== undefined ? { Item: before } : {}),
  };
}

function requireSize(items: readonly StagedItem[]): void {
  const bytes = items.reduce((sum, { before, after }) => {
    const image = after ?? before;
    return sum + (image === undefined ? 0 : itemSize(image));
  }, 0);
  if (bytes > maxBytes) {
    throw validationError('The aggregate size of the items in the transaction exceeds 4 MB');
  }
}

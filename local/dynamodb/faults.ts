/**
 * The faults that local mode and the tests can order for a request: refused (500, 409, 429), never answered without or
 * with effect (timeout, lost), late (slow), or the death of the process (crash). A refused request has no effect.
 */
import type { Body } from './dynalite-operations.ts';
import { DynamoError } from './errors.ts';
import { cancelled, requireItemCount } from './transactions.ts';

export type DynamoFault = 'none' | '500' | '409' | '429' | 'timeout' | 'lost' | 'crash' | 'slow';

/** What a request that does not answer leaves behind: nothing is sent, the connection is closed later. */
export const silence = Symbol('no answer');

export function isRead(operation: string): boolean {
  return (
    /^(Describe|List)/.test(operation) ||
    ['GetItem', 'Query', 'Scan', 'BatchGetItem', 'TransactGetItems'].includes(operation)
  );
}

/** @throws DynamoError for a refusing fault */
export async function withFault(
  fault: DynamoFault,
  request: { operation: string; body: Body; crash(): never; slow(): Promise<void> },
  work: () => Promise<Body>,
): Promise<Body | typeof silence> {
  switch (fault) {
    case 'none':
      return work();
    case 'slow':
      await request.slow();
      return work();
    case 'lost':
      await work();
      return silence;
    case 'timeout':
      return silence;
    case 'crash':
      return request.crash();
    case '500':
      throw new DynamoError('InternalServerError', 'Internal server error', { status: 500 });
    case '429':
      throw new DynamoError(
        'ThrottlingException',
        'Rate of requests exceeds the allowed throughput.',
      );
    case '409':
      throw conflict(request.operation, request.body);
  }
}

function conflict(operation: string, body: Body): DynamoError {
  if (operation !== 'TransactWriteItems' && operation !== 'TransactGetItems') {
    return new DynamoError('TransactionConflictException', 'Transaction is ongoing for the item');
  }
  const [, ...others] = requireItemCount(body);
  return cancelled([
    { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' },
    ...others.map(() => ({ Code: 'None' })),
  ]);
}

/** One SQS batch: each record on its own, the failed ones come again. A body that does not parse goes the same way to the DLQ. */
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as z from 'zod';

export const HoldingMessage = z.strictObject({ holdingId: z.string().min(3).max(300) });
export const RequestMessage = z.strictObject({ requestId: z.string().min(3).max(40) });

export type SqsRecords = Pick<SQSEvent, 'Records'>;
export type SqsFunction = (event: SqsRecords) => Promise<SQSBatchResponse>;

export function queueFunction<Message>(
  schema: z.ZodType<Message>,
  handle: (message: Message) => Promise<void>,
): SqsFunction {
  return (event) =>
    processPartialResponse(
      event,
      (record: { body: string }) => handle(schema.parse(JSON.parse(record.body))),
      new BatchProcessor(EventType.SQS),
      { throwOnFullBatchFailure: false },
    );
}

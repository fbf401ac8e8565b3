/** One SQS batch: each message on its own, the failed ones come again alone. A body that is no JSON goes the same way, to the DLQ. */
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';

export type SqsFunction = (event: Pick<SQSEvent, 'Records'>) => Promise<SQSBatchResponse>;

/** `handle` gets the parsed body, still unknown: whoever handles it believes only what its schema accepts. */
export const sqsFunction =
  (handle: (body: unknown) => Promise<void>): SqsFunction =>
  (event) =>
    processPartialResponse(
      event,
      (record: { body: string }) => handle(JSON.parse(record.body)),
      new BatchProcessor(EventType.SQS),
      { throwOnFullBatchFailure: false },
    );

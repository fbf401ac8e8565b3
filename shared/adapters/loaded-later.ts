/** The adapters that slack loads with their first use: what a cold start does not need, nobody waits for. */
import type { Journal, Queues, SecretBox, Telemetry } from '../ports.ts';
import { laterJournal, laterQueues, laterSecretBox } from './later.ts';
import type { Store } from './production-journal.ts';

export const journalLater = (store: Store, telemetry: Telemetry): Journal =>
  laterJournal(async () => {
    const { productionJournal } = await import('./production-journal.ts');
    return productionJournal(store, telemetry);
  });

export const secretBoxLater = (keyId: string): SecretBox =>
  laterSecretBox(async () => {
    const { secretBoxFor } = await import('./kms-secret-box.ts');
    return secretBoxFor(keyId);
  });

export const announceQueueLater = (url: string): Queues =>
  laterQueues(async () => {
    const { queuesAt } = await import('./sqs-queues.ts');
    return queuesAt({ announce: url });
  });

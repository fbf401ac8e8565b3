/** The key service's client. A file of its own: slack loads it with the first code, not with every cold start. */
import { KMSClient } from '@aws-sdk/client-kms';
import { firm } from './aws-clients.ts';

export const kmsClient = (): KMSClient => new KMSClient(firm());

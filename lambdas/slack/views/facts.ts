/** Words for where a request stands, and the facts every picture of it is drawn from. */
import type { CardFacts as Facts } from '../../../shared/application/card-facts.ts';
import type { RequestStatus } from '../../../shared/domain/access-request/model.ts';

export type CardFacts = Facts;

export const STATUS_WORDS: Readonly<Record<RequestStatus, string>> = {
  new: 'not asked yet',
  pending: 'waiting for approval',
  denied: 'denied',
  withdrawn: 'withdrawn',
  lapsed: 'lapsed unanswered',
  scheduled: 'approved, begins later',
  'not-started': 'approved, but never started',
  activating: 'being set up',
  active: 'active',
  removing: 'ending',
  ended: 'ended',
  failed: 'failed',
};

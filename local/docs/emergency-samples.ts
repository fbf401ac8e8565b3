/** Samples of the noes to break-glass, later starts and reviews, for the page of errors. */
import type { Refusal } from '../../shared/domain/access-request/command.ts';
import type { PolicyRefusal } from '../../shared/domain/policy/refusal.ts';
import { met, type SamplesOf } from './refusal-places.ts';

type Of<R extends { code: string }, C extends string> = Extract<R, { code: C }>;
const rule = 'glass';

export const unusualAskSamples = (
  at: string,
): SamplesOf<
  Of<
    PolicyRefusal,
    | 'break-glass-not-available'
    | 'incident-missing'
    | 'nobody-can-review'
    | 'start-not-available'
    | 'start-in-the-past'
    | 'start-too-far'
    | 'window-empty'
  >
> => ({
  'break-glass-not-available': met(
    { code: 'break-glass-not-available', entitlement: 'github:acme/deployers' },
    'ask',
  ),
  'incident-missing': met({ code: 'incident-missing', rule, pattern: 'INC-[0-9]+' }, 'ask'),
  'nobody-can-review': met({ code: 'nobody-can-review', rule }, 'ask'),
  'start-not-available': met({ code: 'start-not-available', rule }, 'ask'),
  'start-in-the-past': met({ code: 'start-in-the-past', at }, 'ask'),
  'start-too-far': met({ code: 'start-too-far', latest: at, withinSeconds: 604_800 }, 'ask'),
  'window-empty': met({ code: 'window-empty', notBefore: at, until: at }, 'ask'),
});

export const unusualLifeSamples = (
  at: string,
): SamplesOf<
  Of<
    Refusal,
    | 'review-owed'
    | 'break-glass-quota'
    | 'nothing-to-review'
    | 'already-reviewed'
    | 'not-a-reviewer'
    | 'window-closed'
    | 'approvals-no-longer-count'
  >
> => ({
  'review-owed': met({ code: 'review-owed', of: 'AR-7K2M9Q', reviewBy: at }, 'ask'),
  'break-glass-quota': met({ code: 'break-glass-quota', max: 2, againAt: at }, 'ask'),
  'nothing-to-review': met({ code: 'nothing-to-review' }, 'review'),
  'already-reviewed': met({ code: 'already-reviewed', by: 'U0BO', at }, 'review'),
  'not-a-reviewer': met({ code: 'not-a-reviewer', why: 'no-right' }, 'review'),
  'window-closed': met({ code: 'window-closed', until: at }, 'start'),
  'approvals-no-longer-count': met(
    { code: 'approvals-no-longer-count', needed: 2, have: 1 },
    'start',
  ),
});

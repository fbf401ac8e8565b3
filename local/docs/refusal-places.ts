/** Where a person meets a refusal, in words; and what a sample of one is: the refusal itself and the places it is met at. */
import type { ByCode } from '../../lambdas/slack/views/words.ts';

export const PLACES = {
  ask: 'asking: the form, a typed line, the confirm card',
  approve: 'approving',
  deny: 'denying',
  withdraw: 'withdrawing',
  extend: 'extending',
  end: 'ending access',
  nudge: 'reminding the approvers',
  switch: 'pausing new access, the red button',
  look: 'looking: lists and questions of `/access`, the Home tab',
  enroll: 'setting up an authenticator, or vouching for somebody who does',
  lost: 'replacing, recovering or resetting an authenticator',
  page: 'the enrolment page',
  operator: '`npm run operator`',
  any: 'whatever was typed or pressed',
  card: "the request's card and receipt, its thread, the Home tab",
  mend: 'a direct message to the requester and the admins',
  review: 'reviewing a break-glass',
  start: 'starting what was approved ahead',
  timer: 'nobody: a timer that comes too early is told so, and comes again',
} as const;
export type Place = keyof typeof PLACES;

export type Sample<R> = { readonly refusal: R; readonly met: readonly Place[] };
/** One sample for every code of a union: one that is missing, or that nobody says any more, does not compile. */
export type SamplesOf<R extends { code: string }> = {
  readonly [C in R['code']]: Sample<ByCode<R>[C]>;
};

export const met = <R>(refusal: R, ...places: [Place, ...Place[]]): Sample<R> => ({
  refusal,
  met: places,
});

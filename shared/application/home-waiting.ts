/**
 * What waits for one person: requests and more time that they may decide, reviews that they may give. Lists come from indexes, each
 * request is read again, and the evaluator is asked on fresh evidence; a bounded number of everything.
 */
import type { InStatus, KnownRequest } from '../domain/access-request/model.ts';
import { preview } from '../domain/policy/evaluate.ts';
import type { GroupMembers } from '../domain/policy/members.ts';
import type { Directory } from '../ports.ts';
import { type AskedForMore, mayVoteOnExtension } from './extension.ts';
import type { FactsDeps } from './facts-for.ts';
import { allGroupFacts } from './group-facts.ts';
import { isReviewOwed, mayReview } from './home-reviews.ts';
import type { ActivePolicy } from './policies.ts';
import { mayDecide } from './verdict.ts';

export type Waiting = { readonly state: InStatus<'pending'>; readonly privileged: boolean };
/** How much is looked at: all that wait, those that this person is asked about, more time, reviews. */
export const WAITING_LOOKED_AT = { waiting: 200, judged: 30, extensions: 10, reviews: 10 } as const;
const FAR_MS = 366 * 86_400_000;

/** What this person may decide, give more time to or review now, what is due first standing first. */
export async function waitingFor(
  deps: FactsDeps,
  active: ActivePolicy,
  person: string,
): Promise<{
  rows: Waiting[];
  extensions: AskedForMore[];
  reviews: KnownRequest[];
  more: boolean;
}> {
  const far = new Date(deps.clock.now().getTime() + FAR_MS);
  const due = await deps.journal.due(far, WAITING_LOOKED_AT.waiting, 'request');
  const stored = await Promise.all(due.map(({ id }) => deps.journal.read('request', id)));
  const known = stored.flatMap(({ value }) => (value && value.status !== 'new' ? [value] : []));
  const pending = known.filter((state) => state.status === 'pending');
  const wanted = known.filter(wantsMoreTime).slice(0, WAITING_LOOKED_AT.extensions);
  const owed = known.filter(isReviewOwed).slice(0, WAITING_LOOKED_AT.reviews);
  const groupMembers = await allGroupFacts(deps, active.policy);
  const asked = { active, person, groupMembers };
  const likely = pending.filter((state) => couldDecide(deps, { ...asked, state }));
  const judged = likely.slice(0, WAITING_LOOKED_AT.judged);
  const calm = await asOneAnswer(deps, active, [
    person,
    ...[...judged, ...wanted, ...owed].flatMap(peopleIn),
  ]);
  const rows = await Promise.all(
    judged.map(async (state): Promise<Waiting[]> => {
      const verdict = await mayDecide(calm, state, person, { ticket: 'left-aside' });
      return verdict.ok ? [{ state, privileged: verdict.value.first.privileged }] : [];
    }),
  );
  const reviews = await Promise.all(
    owed.map(async (state) => ((await mayReview(calm, state, person)) ? [state] : [])),
  );
  const extensions = await Promise.all(
    wanted.map(async (state) =>
      (await mayVoteOnExtension(calm, state, person)).ok ? [state] : [],
    ),
  );
  const more = likely.length > judged.length || due.length === WAITING_LOOKED_AT.waiting;
  return { rows: rows.flat(), extensions: extensions.flat(), reviews: reviews.flat(), more };
}

const wantsMoreTime = (state: KnownRequest): state is AskedForMore =>
  state.status === 'active' && state.extension !== null;

const peopleIn = (state: KnownRequest): string[] => [
  state.requester,
  state.subject,
  ...state.approvals.map(({ approver }) => approver),
  ...(state.status === 'active' ? (state.extension?.approvals ?? []) : []).map(
    ({ approver }) => approver,
  ),
];

/** By policy alone, at no cost: keeps the questions to Slack few. */
function couldDecide(
  deps: FactsDeps,
  {
    active,
    state,
    person,
    groupMembers,
  }: { active: ActivePolicy; state: KnownRequest; person: string; groupMembers: GroupMembers },
): boolean {
  const verdict = preview(
    active.policy,
    {
      requester: state.requester,
      subject: state.subject,
      entitlement: state.entitlement.id,
      role: state.entitlement.role,
      durationSeconds: state.durationSeconds,
      justification: { accepted: true },
      breakGlass: state.breakGlass !== null,
    },
    {
      now: deps.clock.now(),
      teamId: deps.teamId,
      evidence: new Map(),
      linkedAccounts: new Map(),
      approvals: state.approvals,
      groupMembers,
    },
  );
  return verdict.permitted && verdict.approvers.includes(person);
}

/** Slack is asked once about everybody, and one policy judges the whole Home. */
async function asOneAnswer(
  deps: FactsDeps,
  active: ActivePolicy,
  people: readonly string[],
): Promise<FactsDeps> {
  const evidence = await deps.directory.evidence([...new Set(people)], deps.clock.now());
  const directory: Directory = {
    groupMembers: deps.directory.groupMembers,
    evidence: async (ids) =>
      new Map([...evidence].filter(([slackUserId]) => ids.includes(slackUserId))),
  };
  const policies = { active: async () => active, byHash: deps.policies.byHash };
  return { ...deps, directory, policies };
}

/** Who stands how in one container, through Hallpass: one question to an index, which may be a moment old. No provider is asked. */
import type { Entitlement, InStatus, KnownRequest } from '../domain/access-request/model.ts';
import type { Journal } from '../ports.ts';

export type Live = InStatus<'active'> | InStatus<'removing'>;
export type Standing = {
  /** Access that was read back at the provider and is not yet known to be gone. */
  readonly live: readonly Live[];
  readonly granting: readonly InStatus<'activating'>[];
  readonly waiting: readonly InStatus<'pending'>[];
  /** Every request that was looked at, newest first. */
  readonly all: readonly KnownRequest[];
  /** False: there are older requests that were not looked at. */
  readonly complete: boolean;
};

export async function standingIn(
  journal: Journal,
  { provider, kind, resource }: Pick<Entitlement, 'provider' | 'kind' | 'resource'>,
  limit: number,
): Promise<Standing> {
  const all = await journal.requestsIn(`${provider}:${kind}:${resource}`, limit);
  return {
    live: all.filter((each) => each.status === 'active' || each.status === 'removing'),
    granting: all.filter((each) => each.status === 'activating'),
    waiting: all.filter((each) => each.status === 'pending'),
    all,
    complete: all.length < limit,
  };
}

/**
 * The three calls that change a membership. Guarantees: what was written is compared with what GitLab says it wrote; the
 * end is always sent, so that an old one never stays by accident; a removal never reaches subgroups, projects, issues or
 * merge requests; a role below what a group above gives is not insisted on. Never touches another account or container.
 */
import * as z from 'zod';
import { type ContainerRef, type ProviderAccount, ProviderFault } from '../../ports.ts';
import { accountMissing, notEligible, userId } from './accounts.ts';
import { type Change, changeAnswer, type Member } from './answers.ts';
import { levelOf } from './catalog.ts';
import { dateOf } from './expiry.ts';
import type { GitlabApi } from './gitlab-api.ts';
import { directMember, isAwaiting } from './memberships.ts';
import { type Place, requirePlace } from './place.ts';

export type Wanted = {
  readonly role: string;
  readonly until: string | null;
  /** Id of a custom role that a baseline had. */
  readonly variant: string | undefined;
};
type Target = {
  readonly container: ContainerRef;
  readonly place: Place;
  readonly account: ProviderAccount;
  readonly notAfter: AbortSignal;
};
type Terms = {
  readonly level: number;
  readonly date: string | null;
  readonly custom: number | null;
};

export async function setRole(
  api: GitlabApi,
  at: { container: ContainerRef; account: ProviderAccount },
  wanted: Wanted,
): Promise<void> {
  const terms = termsOf(wanted);
  const notAfter = preparation(api);
  const target = { ...at, place: await requirePlace(api, at.container), notAfter };
  const direct = await directMember(api, target.place, at.account);
  if (direct !== null) return change(api, target, { terms, direct });
  try {
    await add(api, target, terms);
  } catch (error) {
    // "Member already exists": a replica showed the state before, or somebody was faster.
    if (!(error instanceof ProviderFault) || error.code !== 'conflict') throw error;
    const meanwhile = await directMember(api, target.place, at.account);
    if (meanwhile === null) throw error;
    await change(api, target, { terms, direct: meanwhile });
  }
}

export async function remove(
  api: GitlabApi,
  container: ContainerRef,
  account: ProviderAccount,
): Promise<void> {
  const notAfter = preparation(api);
  const place = await requirePlace(api, container);
  await erase(api, { container, place, account, notAfter });
}

/** 404 is GitLab's answer for who is no direct member; that the container exists was asked just before. */
async function erase(api: GitlabApi, { place, account, notAfter }: Target): Promise<void> {
  await api.ask({
    method: 'DELETE',
    path: `${place.url}/members/${userId(account)}`,
    // Without the first, memberships in everything below would go too.
    query: { skip_subresources: true, unassign_issuables: false },
    status: 204,
    schema: z.unknown(),
    notAfter,
  });
}

async function add(api: GitlabApi, target: Target, terms: Terms): Promise<void> {
  const { place, account, notAfter } = target;
  const answer = await api.ask({
    method: 'POST',
    path: `${place.url}/members`,
    body: {
      user_id: userId(account),
      access_level: terms.level,
      expires_at: terms.date,
      ...(terms.custom === null ? {} : { member_role_id: terms.custom }),
    },
    status: 201,
    schema: changeAnswer,
    notAfter,
  });
  if (answer === null) {
    await requirePlace(api, target.container);
    throw accountMissing(account.login);
  }
  await confirm(api, target, { terms, said: answer.value });
}

async function change(
  api: GitlabApi,
  target: Target,
  { terms, direct }: { terms: Terms; direct: Member },
): Promise<void> {
  const { place, account, notAfter } = target;
  const custom = direct.member_role || terms.custom !== null;
  try {
    const answer = await api.ask({
      method: 'PUT',
      path: `${place.url}/members/${userId(account)}`,
      body: {
        access_level: terms.level,
        // Left out, it would stay as it is.
        expires_at: terms.date,
        // With a custom role the level is locked; `null` takes it off, an empty text is an error.
        ...(custom ? { member_role_id: terms.custom } : {}),
      },
      status: 200,
      schema: changeAnswer,
      notAfter,
    });
    if (answer === null) throw vanished(target);
    await confirm(api, target, { terms, said: answer.value });
  } catch (error) {
    const below = error instanceof ProviderFault && error.code === 'already-has-access';
    // Lowered below what a group above gives by now: then nothing of its own is needed here.
    if (below && direct.access_level > terms.level) return erase(api, target);
    throw error;
  }
}

/** What GitLab says it wrote must be what was sent. */
async function confirm(
  api: GitlabApi,
  target: Target,
  { terms, said }: { terms: Terms; said: Change },
): Promise<void> {
  const { account, place } = target;
  if (said === 'failed') {
    throw new ProviderFault(
      `GitLab took the change of ${account.login} in ${place.name} and says that it failed; look at the account on GitLab`,
      { code: 'conflict', retryable: false, applied: 'no' },
    );
  }
  if (said === 'queued') throw queued(target);
  if (isAwaiting(said)) return withdraw(api, target);
  const { id, access_level, expires_at, member_role } = said;
  const same = id === userId(account) && access_level === terms.level && expires_at === terms.date;
  if (same && (member_role?.id ?? null) === terms.custom) return;
  throw new ProviderFault(
    `GitLab says that it wrote something else for ${account.login} in ${place.name} than was asked; it is looked at again`,
    { code: 'malformed-answer', retryable: true, applied: 'unknown' },
  );
}

/** No seat is left: the membership would begin to give access whenever one becomes free. */
async function withdraw(api: GitlabApi, target: Target): Promise<never> {
  const why = 'would have to wait for a free seat';
  try {
    await erase(api, { ...target, notAfter: preparation(api) });
  } catch {
    throw notEligible(target.account.login, why, 'unknown'); // it may still stand: the caller has to remove it
  }
  throw notEligible(target.account.login, why);
}

function termsOf({ role, until, variant }: Wanted): Terms {
  const level = levelOf(role);
  if (level === null) {
    throw new ProviderFault(
      `GitLab has no role ${JSON.stringify(role)} that can be given: use guest, planner, reporter, developer, maintainer or owner`,
      { code: 'invalid-role', retryable: false, applied: 'no' },
    );
  }
  return { level, date: dateOf(until), custom: variant === undefined ? null : Number(variant) };
}

/** A change that was not sent within two timeouts is not sent at all, so that `inflightSeconds` holds. */
function preparation(api: GitlabApi): AbortSignal {
  return AbortSignal.timeout(2 * api.timeoutMs);
}

function queued({ account, place }: Target): ProviderFault {
  return new ProviderFault(
    `GitLab wants an administrator to approve each promotion, so ${account.login} in ${place.name} only waits in a queue: turn that setting off for what Hallpass manages, and refuse the queued promotion`,
    { code: 'container-not-manageable', retryable: false, applied: 'unknown' },
  );
}

function vanished({ account, place }: Target): ProviderFault {
  return new ProviderFault(
    `${account.login} stopped being a direct member of ${place.name} meanwhile; it is looked at again`,
    { code: 'conflict', retryable: true, applied: 'no' },
  );
}

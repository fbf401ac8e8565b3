/**
 * GitLab project and group membership. Raises the direct role of a person and puts back exactly what was there before:
 * level, end and custom role. Guarantees: people and containers are known by their numbers; our own end (`expires_at`, the
 * day after the grant's) stands behind every grant, so that GitLab ends it even when Hallpass is dead; memberships below a
 * group are never touched. Never follows a redirect, never repeats a change that may have been made.
 */
import type { AccessProvider, ContainerRef, ProviderAccount } from '../../ports.ts';
import { ProviderFault } from '../../ports.ts';
import {
  accountById,
  accountByUsername,
  isMachine,
  notEligible,
  requirePerson,
} from './accounts.ts';
import { gitlabCatalog, levelOf, roleOf } from './catalog.ts';
import { remove, setRole } from './changes.ts';
import type { GitlabApi, GitlabOptions } from './gitlab-api.ts';
import { gitlabApi } from './gitlab-api.ts';
import { directMember, isAwaiting, listMembers, readMembership } from './memberships.ts';
import { requireName, requirePlace } from './place.ts';

/** GitLab ends whatever it has worked on for 60 seconds (rack-timeout's default there). */
const GITLAB_PROCESSING_SECONDS = 60;

export function gitlabProvider(options: GitlabOptions): AccessProvider {
  const api = gitlabApi(options);
  return {
    name: 'gitlab',
    // Up to two timeouts of preparation (see `preparation`), one for the change itself, then GitLab's own limit.
    inflightSeconds: Math.ceil((3 * api.timeoutMs) / 1000) + GITLAB_PROCESSING_SECONDS,
    completeness: 'R0',
    roles: (kind) =>
      kind === 'project' || kind === 'group' ? gitlabCatalog.kinds[kind].roles : [],
    resolveAccount: (login) => accountByUsername(api, login),
    currentAccount: (accountId) => accountById(api, accountId),
    containerId: async (container) => String((await requirePlace(api, container)).id),
    checkEligible: (container, account) => checkEligible(api, container, account),
    isMachine: (account) => isMachine(api, account),
    read: async (container, account) =>
      readMembership(api, await requirePlace(api, container), account),
    setRole: (container, account, role, until, variant) =>
      setRole(api, { container, account }, { role, until, variant }),
    remove: (container, account) => remove(api, container, account),
    list: async (container) => listMembers(api, await requirePlace(api, container)),
  };
}

async function checkEligible(api: GitlabApi, container: ContainerRef, account: ProviderAccount) {
  await requirePerson(api, account);
  const place = await requirePlace(api, container);
  requireName(place);
  if (place.frozen) {
    throw new ProviderFault(
      `${place.name} is archived or about to be deleted on GitLab, so its members cannot be changed`,
      { code: 'container-not-manageable', retryable: false, applied: 'no' },
    );
  }
  const direct = await directMember(api, place, account);
  if (direct === null) return;
  if (isAwaiting(direct)) throw notEligible(account.login, 'waits for a free seat there');
  if (levelOf(roleOf(direct.access_level)) !== null) return;
  throw new ProviderFault(
    `${account.login} has a role in ${place.name} that Hallpass cannot put back afterwards (access level ${direct.access_level}): give them one of the usual roles there first`,
    { code: 'invalid-role', retryable: false, applied: 'no' },
  );
}

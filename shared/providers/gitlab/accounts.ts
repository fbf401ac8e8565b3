/** From usernames to immutable ids and back. A username can be renamed and then taken over by a stranger; ids cannot. */
import type { ProviderAccount } from '../../ports.ts';
import { ProviderFault } from '../../ports.ts';
import { gitlabUsername, userAnswer, usersAnswer } from './answers.ts';
import type { GitlabApi } from './gitlab-api.ts';

export async function accountByUsername(
  api: GitlabApi,
  username: string,
): Promise<ProviderAccount> {
  if (!gitlabUsername.test(username)) throw accountMissing(username);
  const found = await api.ask({
    method: 'GET',
    path: '/users',
    query: { username },
    status: 200,
    schema: usersAnswer,
  });
  const same = (candidate: string) => candidate.toLowerCase() === username.toLowerCase();
  const user = found?.value.find((candidate) => same(candidate.username));
  if (user === undefined) throw accountMissing(username);
  return { accountId: String(user.id), login: user.username };
}

/** `null` when GitLab no longer has the account: every token that works may see every account. */
export async function accountById(
  api: GitlabApi,
  accountId: string,
): Promise<ProviderAccount | null> {
  const user = await userById(api, accountId);
  return user === null ? null : { accountId, login: user.username };
}

/** @throws ProviderFault when the account is gone, blocked, or no person's */
export async function requirePerson(api: GitlabApi, account: ProviderAccount): Promise<void> {
  const user = await userById(api, account.accountId);
  if (user === null) throw accountMissing(account.login);
  if (user.state !== 'active') {
    throw notEligible(account.login, 'is not active there (blocked, banned or deactivated)');
  }
  if (user.bot === true) throw notEligible(account.login, 'belongs to a bot, not to a person');
}

/** A project's or group's bot, a service account, or whoever the token belongs to: taking that one out would lock us out. */
export async function isMachine(api: GitlabApi, { accountId }: ProviderAccount): Promise<boolean> {
  const id = userId({ accountId });
  const own = await api.ask({ method: 'GET', path: '/user', status: 200, schema: userAnswer });
  if (own === null || own.value.id === id) return true;
  return (await userById(api, accountId))?.bot === true;
}

export function userId(account: { accountId: string }): number {
  if (!/^[1-9]\d{0,14}$/.test(account.accountId)) throw accountMissing(account.accountId);
  return Number(account.accountId);
}

export function accountMissing(login: string): ProviderFault {
  return new ProviderFault(
    `GitLab has no user ${JSON.stringify(login)}: check the account that is linked to this person`,
    { code: 'account-not-found', retryable: false, applied: 'no' },
  );
}

export function notEligible(
  login: string,
  why: string,
  applied: 'no' | 'unknown' = 'no',
): ProviderFault {
  return new ProviderFault(
    `the GitLab account ${JSON.stringify(login)} ${why}: nothing can be given to it`,
    { code: 'account-not-eligible', retryable: false, applied },
  );
}

async function userById(api: GitlabApi, accountId: string) {
  const id = userId({ accountId });
  const found = await api.ask({
    method: 'GET',
    path: `/users/${id}`,
    status: 200,
    schema: userAnswer.refine((user) => user.id === id),
  });
  return found === null ? null : found.value;
}

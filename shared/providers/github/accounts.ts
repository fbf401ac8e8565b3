/**
 * From logins to immutable ids and back. A login can be renamed and then taken over by a stranger, so nothing is ever
 * read or changed under a remembered login before GitHub has confirmed whose it is now.
 */
import type { ProviderAccount } from '../../ports.ts';
import { ProviderFault } from '../../ports.ts';
import { githubName, userAnswer, usersAnswer } from './answers.ts';
import type { GithubApi } from './github-api.ts';

export async function accountByLogin(api: GithubApi, login: string): Promise<ProviderAccount> {
  const user = githubName.test(login) ? await userByLogin(api, login) : null;
  // Organizations and Apps answer here too; neither can be a person's account.
  if (user === null || user.type !== 'User') throw accountMissing(login);
  return { accountId: String(user.id), login: user.login };
}

/**
 * The account behind an id, `null` when GitHub no longer has it. A wrong "no longer" would end a removal that is still
 * owed, and servers without the lookup by id answer 404 as well: hence the second question, which every server knows.
 */
export async function accountById(
  api: GithubApi,
  accountId: string,
): Promise<ProviderAccount | null> {
  if (!/^[1-9]\d{0,14}$/.test(accountId)) throw accountMissing(accountId);
  const id = Number(accountId);
  const direct = await api.ask({
    route: 'GET /user/{account_id}',
    parameters: { account_id: id },
    permission: 'read',
    status: 200,
    schema: userAnswer.refine((user) => user.id === id),
  });
  if (direct !== null) return { accountId, login: direct.value.login };
  const listed = await api.ask({
    route: 'GET /users',
    parameters: { since: id - 1, per_page: 1 },
    permission: 'read',
    status: 200,
    schema: usersAnswer,
  });
  const user = listed?.value.find((candidate) => candidate.id === id);
  return user === undefined ? null : { accountId, login: user.login };
}

/** The account's login of today, `null` when GitHub no longer has the account. */
export async function loginToday(api: GithubApi, account: ProviderAccount): Promise<string | null> {
  if (githubName.test(account.login)) {
    const user = await userByLogin(api, account.login);
    if (user !== null && String(user.id) === account.accountId) return user.login;
  }
  return (await accountById(api, account.accountId))?.login ?? null;
}

export function accountMissing(login: string): ProviderFault {
  return new ProviderFault(
    `GitHub has no user ${JSON.stringify(login)}: check the account that is linked to this person`,
    { code: 'account-not-found', retryable: false, applied: 'no' },
  );
}

async function userByLogin(api: GithubApi, login: string) {
  const found = await api.ask({
    route: 'GET /users/{username}',
    parameters: { username: login },
    permission: 'read',
    status: 200,
    schema: userAnswer,
  });
  return found === null ? null : found.value;
}

/** What `npm run doctor` finds: one line each, and where something is wrong, what to do about it. */
export type Finding = {
  readonly level: 'ok' | 'warning' | 'problem';
  readonly what: string;
  /** The next step; of everything that is not ok. */
  readonly fix?: string;
};

export type Check = {
  readonly name: string;
  /** Whatever it throws becomes a finding of its own. */
  run(): Promise<readonly Finding[]>;
};

export const ok = (what: string): Finding => ({ level: 'ok', what });
export const warning = (what: string, fix: string): Finding => ({ level: 'warning', what, fix });
export const problem = (what: string, fix: string): Finding => ({ level: 'problem', what, fix });

/** One problem where the answer is no. */
export const must = (isSo: boolean, what: string, otherwise: { what: string; fix: string }) =>
  isSo ? ok(what) : problem(otherwise.what, otherwise.fix);

/** Everybody's last resort: a check that could not be made is a problem, named by the error's own words. */
export async function findingsOf(check: Check): Promise<readonly Finding[]> {
  try {
    return await check.run();
  } catch (error) {
    const [name, words] = error instanceof Error ? [error.name, error.message] : ['', `${error}`];
    if (/^The secret .* is not usable/.test(words))
      return [problem(words, 'Put its value there: docs/deployment.md, Secrets')];
    const denied = /AccessDenied|UnrecognizedClient|ExpiredToken|Credentials/.test(name);
    return [
      problem(
        `could not be checked: ${name === 'Error' ? '' : `${name}: `}${words}`,
        denied
          ? 'Run it with credentials of this account that may read what the check names'
          : 'See the message; deploy again where something is gone',
      ),
    ];
  }
}

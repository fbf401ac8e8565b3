/**
 * Installation access tokens, minted when needed and narrowed to reading or changing members, kept in memory until
 * shortly before they expire. @octokit/auth-app signs the App's JWT, with the key or a remote signer (KMS); the exchange
 * for a token is made here, because auth-app's own is shared between hosts by installation id, keeps tokens for a fixed
 * 59 minutes, joins them into a `|` string and retries a 401 for seconds. Never logs or quotes a token.
 */
import { createAppAuth } from '@octokit/auth-app';
import { ProviderFault } from '../../ports.ts';
import type { HttpAnswer } from '../exchange.ts';
import { installationTokenAnswer } from './answers.ts';
import { malformed, statusFault } from './status-fault.ts';

export type MembersPermission = 'read' | 'write';

/** Signs the App's JWT somewhere else, so that the private key never reaches this process. */
export type CreateJwt = (appId: string | number) => Promise<{ jwt: string; expiresAt: string }>;

export type GithubAuth = { readonly appId: string; readonly installationId: number } & (
  | { readonly privateKey: string }
  | { readonly createJwt: CreateJwt }
);

export type InstallationTokens = {
  /** @throws ProviderFault with `applied: 'no'` */
  get(permission: MembersPermission): Promise<string>;
  /** Drops a token that GitHub refused. */
  forget(token: string): void;
};

type Deps = {
  readonly auth: GithubAuth;
  readonly now: () => Date;
  /** POST to the exchange endpoint with the App's JWT. */
  readonly post: (jwt: string, permissions: { members: MembersPermission }) => Promise<HttpAnswer>;
};

const SPARE_SECONDS = 120;

export function installationTokens(deps: Deps): InstallationTokens {
  const sign = appJwt(deps.auth);
  const held = new Map<MembersPermission, { token: string; freshUntil: number }>();
  const minting = new Map<MembersPermission, Promise<string>>();

  async function mint(permission: MembersPermission): Promise<string> {
    const answer = await deps.post(await sign(), { members: permission });
    const { token, expires_at } = tokenOf(answer, deps);
    held.set(permission, { token, freshUntil: Date.parse(expires_at) - SPARE_SECONDS * 1000 });
    return token;
  }

  return {
    get(permission) {
      const kept = held.get(permission);
      if (kept !== undefined && deps.now().getTime() < kept.freshUntil) {
        return Promise.resolve(kept.token);
      }
      const running = minting.get(permission);
      if (running !== undefined) return running;
      const started = mint(permission).finally(() => minting.delete(permission));
      minting.set(permission, started);
      return started;
    },
    forget(token) {
      for (const [permission, kept] of held) if (kept.token === token) held.delete(permission);
    },
  };
}

function tokenOf(answer: HttpAnswer, deps: Deps) {
  const asked = { method: 'POST', what: 'the request for an installation token', now: deps.now() };
  if (answer.status === 201) {
    const parsed = installationTokenAnswer.safeParse(answer.body);
    if (parsed.success) return parsed.data;
    throw malformed(answer, asked);
  }
  const fault = statusFault(answer, asked);
  const refused = answer.status >= 400 && answer.status < 500 && fault.code !== 'rate-limited';
  if (!refused || answer.status === 408) throw fault;
  throw new ProviderFault(
    `GitHub answered ${answer.status} to a request for a token of installation ${deps.auth.installationId}; check the App id, its key, that the App is installed and not suspended, and that it may write Members`,
    { code: 'unauthorized', retryable: false, applied: 'no' },
  );
}

function appJwt(auth: GithubAuth): () => Promise<string> {
  const authenticate =
    'privateKey' in auth
      ? createAppAuth({ appId: auth.appId, privateKey: auth.privateKey })
      : createAppAuth({ appId: auth.appId, createJwt: auth.createJwt });
  return async () => {
    try {
      return (await authenticate({ type: 'app' })).token;
    } catch {
      // The error is left behind on purpose: it may quote the key.
      throw new ProviderFault(
        `the JWT of GitHub App ${auth.appId} could not be signed; check its private key or the remote signer`,
        { code: 'unauthorized', retryable: !('privateKey' in auth), applied: 'no' },
      );
    }
  };
}

/**
 * How callers prove who they are to the stand-in: the App's JWT for minting, an installation token for the rest.
 * JWTs are judged by the real time, because their signers use it; tokens expire by the local clock.
 */
import type { Context, Hono, MiddlewareHandler } from 'hono';
import { judgeJwt, parseJson } from './app-jwt.ts';
import type { GithubStandInCredentials } from './credentials.ts';
import { publicKeyOf } from './credentials.ts';
import { type Level, Narrowing, openTokenStore } from './installation-token-store.ts';
import { notFound, refuse } from './refusal.ts';

export type AppAuth = ReturnType<typeof openAppAuth>;

const SUSPENDED = 'This installation has been suspended';

export function openAppAuth(options: { credentials: GithubStandInCredentials; now: () => Date }) {
  const { appId, installationId } = options.credentials;
  const key = publicKeyOf(options.credentials);
  const tokens = openTokenStore({ appId, now: options.now });

  return {
    tokens,
    routes(app: Hono) {
      app.post('/app/installations/:id/access_tokens', async (context) => {
        const complaint = judgeJwt(bearer(context), { key, appId });
        if (complaint !== null) return refuse(context, 401, complaint);
        if (context.req.param('id') !== String(installationId)) return notFound(context);
        if (tokens.installed.suspended) return refuse(context, 403, SUSPENDED);
        const asked = Narrowing.safeParse(parseJson((await context.req.text()) || '{}'));
        if (!asked.success) return refuse(context, 422, 'Invalid request.');
        const minted = tokens.mint(asked.data);
        return minted === null
          ? refuse(context, 422, 'The permissions requested are not granted to this installation.')
          : context.json(minted, 201);
      });
    },
    /** Lets a request pass that carries a token with this level on organization members. */
    needs(level: Level): MiddlewareHandler {
      return async (context, next) => {
        context.header('X-Accepted-GitHub-Permissions', `members=${level}`);
        const token = bearer(context);
        if (token === '') return refuse(context, 401, 'Requires authentication');
        if (!tokens.isValid(token)) return refuse(context, 401, 'Bad credentials');
        if (tokens.installed.suspended) return refuse(context, 403, SUSPENDED);
        if (tokens.allows(token, level)) return next();
        return refuse(context, 403, 'Resource not accessible by integration');
      };
    },
    /** Public endpoints: anonymous is fine, a wrong token is not. */
    publicly: (async (context, next) => {
      const token = bearer(context);
      if (token === '' || tokens.isValid(token)) return next();
      return refuse(context, 401, 'Bad credentials');
    }) satisfies MiddlewareHandler,
  };
}

function bearer(context: Context): string {
  return /^(?:bearer|token) (.+)$/i.exec(context.req.header('authorization') ?? '')?.[1] ?? '';
}

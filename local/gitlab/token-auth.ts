/** The stand-in's one group access token: its scopes, its owner's role, whether it still works. Tests may change all three. */
import type { Context, MiddlewareHandler } from 'hono';
import { refuse } from './refusal.ts';

export const GITLAB_STAND_IN_TOKEN = 'glpat-local-stand-in';
export type Scope = 'api' | 'read_api';

export type TokenAuth = ReturnType<typeof openTokenAuth>;

export function openTokenAuth() {
  const token: { scope: Scope; state: 'active' | 'revoked' | 'expired' } = {
    scope: 'api',
    state: 'active',
  };
  /** Lets a request pass that carries the token with at least this scope. */
  const needs =
    (scope: Scope): MiddlewareHandler =>
    async (context, next) => {
      if (given(context) !== GITLAB_STAND_IN_TOKEN) return refuse(context, 401, '401 Unauthorized');
      if (token.state !== 'active') {
        const error_description = `Token ${token.state === 'revoked' ? 'was revoked. You have to re-authorize from the user.' : 'is expired. You can either do re-authorization or token refresh.'}`;
        return context.json({ error: 'invalid_token', error_description }, 401);
      }
      if (scope === 'read_api' || token.scope === 'api') return next();
      const error_description =
        'The request requires higher privileges than provided by the access token.';
      return context.json({ error: 'insufficient_scope', error_description, scope: 'api' }, 403);
    };
  return { token, needs };
}

function given(context: Context): string {
  const bearer = /^bearer (.+)$/i.exec(context.req.header('authorization') ?? '')?.[1];
  return context.req.header('private-token') ?? bearer ?? '';
}

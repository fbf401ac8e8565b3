/** GitLab's ways of saying no: a message in a text or by field, or an OAuth error. */
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

export const refuse = (
  context: Context,
  status: ContentfulStatusCode,
  message: string | Record<string, string | string[]>,
) => context.json({ message }, status);

export const notFound = (context: Context, what = '') =>
  refuse(context, 404, what === '' ? '404 Not found' : `404 ${what} Not Found`);

/** What the parameter check (Grape) answers. */
export const badParameter = (context: Context, error: string) => context.json({ error }, 400);

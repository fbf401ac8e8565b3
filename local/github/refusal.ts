/** GitHub's way of saying no: a message, a link to the docs, the status as a string. */
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

export function refuse(
  context: Context,
  status: ContentfulStatusCode,
  message: string,
  extra: { errors?: { resource: string; field: string; code: string }[] } = {},
) {
  const documentation_url = 'https://docs.github.com/rest';
  return context.json({ message, ...extra, documentation_url, status: String(status) }, status);
}

export const notFound = (context: Context) => refuse(context, 404, 'Not Found');

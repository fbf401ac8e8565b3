/**
 * Lets only this machine's own page and command line use the local controls: another site's page can neither send anything
 * here (its origin is told by the browser) nor reach it under a name of its own (DNS rebinding).
 */
import type { MiddlewareHandler } from 'hono';

const OWN_NAMES = /^(127(\.\d{1,3}){3}|localhost|\[::1\])(:\d{1,5})?$/;

export const hereOnly: MiddlewareHandler = async (context, next) => {
  const host = context.req.header('host') ?? new URL(context.req.url).host;
  const origin = context.req.header('origin');
  if (OWN_NAMES.test(host) && (origin === undefined || origin === `http://${host}`)) return next();
  return context.json(
    {
      error: 'Local controls answer to this machine only: use http://127.0.0.1 and no other site.',
    },
    403,
  );
};

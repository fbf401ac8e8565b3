/**
 * Serves the built page. Its policy lets it load and call nothing but this address; the document is never cached, the
 * rest is named by its content. Where the build failed, the page's address says what went wrong and how to go on.
 */
import { Hono } from 'hono';
import type { PageFiles } from './page/build.ts';

const HEADERS = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};
const FOREVER = 'public, max-age=31536000, immutable';

/** @param page answers the one build that began when the process did */
export function pageServer(page: () => Promise<PageFiles>): Hono {
  const app = new Hono();
  const serve = async (path: string): Promise<Response> => {
    const files = await page().catch((error: unknown) => failed(error));
    if (typeof files === 'string') return new Response(files, { status: 500, headers: HEADERS });
    const file = files.get(path);
    if (file === undefined) return new Response('Not found', { status: 404, headers: HEADERS });
    const cache = path === '/' ? 'no-store' : FOREVER;
    const headers = { ...HEADERS, 'content-type': file.type, 'cache-control': cache };
    return new Response(file.body, { headers });
  };
  app.get('/', () => serve('/'));
  app.get('/page/:file', ({ req }) => serve(req.path));
  return app;
}

/** What a person reads in the browser and, once, in the terminal. */
export function failed(error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  return [
    'The page could not be built. The bot works without it: see "What to try next" in the README.',
    'If packages are missing or were installed for another platform, run npm ci and start again.',
    `What the build said: ${why}`,
  ].join('\n');
}

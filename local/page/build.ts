/**
 * Builds the page in memory: React and our components into one script and one style sheet, named by their content.
 * Takes about 0.3 s while the embedded parts start, so a page is never stale and no build output is kept or committed.
 * A build that fails is a page that says so; the bot itself does not depend on it.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildResult } from 'esbuild';

export type PageFile = { readonly body: string; readonly type: string };
/** Files by path below the root; `/` is the document. */
export type PageFiles = ReadonlyMap<string, PageFile>;

/** @throws Error of esbuild, naming file, line and column */
export async function buildPage(folder: string): Promise<PageFiles> {
  const { build } = await import('esbuild');
  const [built, html, icon] = await Promise.all([
    build({
      entryPoints: [join(folder, 'main.tsx')],
      outdir: join(folder, 'built'),
      bundle: true,
      write: false,
      minify: true,
      format: 'esm',
      target: 'es2022',
      jsx: 'automatic',
      define: { 'process.env.NODE_ENV': '"production"' },
      legalComments: 'none',
      logLevel: 'silent',
    }),
    readFile(join(folder, 'index.html'), 'utf8'),
    readFile(join(folder, 'icon.svg'), 'utf8'),
  ]);
  const js = outputOf(built, 'js');
  const css = outputOf(built, 'css');
  const document = html.replace('{{js}}', js.path).replace('{{css}}', css.path);
  return new Map([
    ['/', { body: document, type: 'text/html; charset=utf-8' }],
    [js.path, { body: js.body, type: 'text/javascript; charset=utf-8' }],
    [css.path, { body: css.body, type: 'text/css; charset=utf-8' }],
    ['/page/icon.svg', { body: icon, type: 'image/svg+xml' }],
  ]);
}

function outputOf({ outputFiles }: BuildResult<{ write: false }>, kind: 'js' | 'css') {
  const body = outputFiles.find(({ path }) => path.endsWith(`.${kind}`))?.text;
  if (body === undefined) throw new Error(`The page's build wrote no ${kind}.`);
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12);
  return { path: `/page/app-${hash}.${kind}`, body };
}

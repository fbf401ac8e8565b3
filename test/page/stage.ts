/**
 * A browser before a running Hallpass. Whatever the page writes to its console as an error fails the journey at its end,
 * violations of the page's own policy included.
 */
import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium, NO_CHROMIUM } from './chromium.ts';
import { type Pane, paneOf } from './pane.ts';
import { type Running, startHallpass } from './running.ts';

export type Stage = {
  readonly hallpass: Running;
  readonly page: Page;
  readonly pane: Pane;
  /** Console errors so far; a journey that expects some takes them out. */
  readonly errors: string[];
  close(): Promise<void>;
};
export type StageOptions = { theme?: 'light' | 'dark'; tour?: boolean };

const VIEWPORT = { width: 1280, height: 800 };
const PATIENCE_MS = 60_000;

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const [hallpass, browser] = await Promise.all([startHallpass(), openBrowser()]);
  const page = await openPage(browser, hallpass.url, options);
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(hallpass.url);
  return {
    ...{ hallpass, page, errors },
    pane: paneOf(page),
    async close() {
      await browser.close();
      await hallpass.close();
      expect(errors).toEqual([]);
    },
  };
}

export function openBrowser(): Promise<Browser> {
  const executablePath = findChromium(process.env);
  if (executablePath === null) throw new Error(NO_CHROMIUM);
  // As root, Chromium's sandbox cannot start; everything it loads here is ours.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, args, timeout: PATIENCE_MS });
}

/** A page of a browser that has seen the tour already, unless the journey is about it. */
export async function openPage(
  browser: Browser,
  url: string,
  options: StageOptions,
): Promise<Page> {
  const context = await browser.newContext({
    viewport: VIEWPORT,
    colorScheme: options.theme ?? 'light',
    reducedMotion: 'reduce',
    baseURL: url,
  });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const skipped = JSON.stringify({ shown: false, known: [], follows: null, read: [] });
  if (!options.tour)
    await context.addInitScript(
      `if (!localStorage.getItem('hallpass-tour')) localStorage.setItem('hallpass-tour', '${skipped}')`,
    );
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  return page;
}

/** Moving the focus as somebody without a pointer does. */
import type { Page } from 'playwright-core';

const MOST_STOPS = 120;

/** Presses Tab until the focus is on what the selector names; fails where that takes longer than going around once. */
export async function tabTo(page: Page, selector: string): Promise<void> {
  const wanted = JSON.stringify(selector);
  const passed: unknown[] = [];
  for (let stops = 0; stops < MOST_STOPS; stops += 1) {
    if (await page.evaluate(`document.activeElement?.matches(${wanted}) ?? false`)) return;
    await page.keyboard.press('Tab');
    passed.push(await page.evaluate('document.activeElement?.outerHTML.slice(0, 90)'));
  }
  throw new Error(`Tab never reached ${selector}; it passed ${[...new Set(passed)].join('\n')}`);
}

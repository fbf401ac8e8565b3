/**
 * `npm run screenshots`: the pictures of the README, one for each step of the main story, taken of a running Hallpass.
 * The clock is first pushed to a round time of a coming Monday and names in the story are fixed, so that two runs differ
 * in little more than ids, codes and hashes.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import * as z from 'zod';
import { findChromium, NO_CHROMIUM } from './chromium.ts';
import { type Pane, paneOf } from './pane.ts';
import { withPalette } from './png-palette.ts';
import { startHallpass } from './running.ts';
import { openBrowser, openPage } from './stage.ts';

const FOLDER = join(import.meta.dirname, '../../docs/pictures');
const LINE = 'github:acme/deployers member 2h INC-123 rollback';

type Camera = { page: Page; pane: Pane; shoot: (name: string) => Promise<void> };

async function main(): Promise<void> {
  const hallpass = await startHallpass();
  const browser = await openBrowser();
  try {
    mkdirSync(FOLDER, { recursive: true });
    const page = await openPage(browser, hallpass.url, { tour: true });
    await toMondayMorning(hallpass.url);
    await page.goto(hallpass.url);
    const shoot = async (name: string) => {
      await page.mouse.move(0, 0);
      // What is still being drawn: polls come every 0.7 s.
      await page.waitForTimeout(1600);
      const png = await page.screenshot();
      writeFileSync(join(FOLDER, `${name}.png`), withPalette(png));
      console.log(`docs/pictures/${name}.png`);
    };
    await story({ page, pane: paneOf(page), shoot });
  } finally {
    await browser.close();
    await hallpass.close();
  }
}

async function story({ page, pane, shoot }: Camera): Promise<void> {
  const tour = page.getByRole('region', { name: 'Guided tour' });
  await page.getByTestId('slack-composer').fill(`/request-access ${LINE}`);
  await shoot('1-ask');
  const id = await pane.ask(LINE);
  await pane.card(id).waitFor();
  await shoot('2-card');
  await pane.be('U0BO');
  await pane.card(id).locator('[data-action-id="approve"]').click();
  await pane
    .form()
    .locator('[data-block-id="code"] input')
    .fill(await pane.code('U0BO'));
  await shoot('3-approve');
  await page.keyboard.press('Escape');
  await pane.form().waitFor({ state: 'detached' });
  await pane.approve('U0BO', id);
  await pane.status().getByText('active', { exact: true }).waitFor();
  await shoot('4-granted');
  await tour.getByRole('button', { name: 'Continue' }).click();
  await shoot('5-written');
  await tour.getByRole('button', { name: 'Continue' }).click();
  await pane.pushToEnd(id);
  await pane.status().getByText('ended').waitFor();
  await shoot('6-gone');
  await tour.getByRole('button', { name: 'Finish' }).click();
  await tour.getByRole('button', { name: 'Close' }).click();
  await more({ page, pane, shoot });
}

/** What the seven steps do not show: the form, Home, a provider that fails, in dark. */
async function more({ page, pane, shoot }: Camera): Promise<void> {
  await page.getByRole('button', { name: /Switch to dark/ }).click();
  await pane.be('U0ANA');
  await pane.write('/request-access github:acme/release');
  await pane.form().locator('[data-action-id="duration"]').waitFor();
  await shoot('7-form');
  await pane.form().getByRole('button', { name: 'Cancel' }).click();
  await pane.form().waitFor({ state: 'detached' });
  const id = await pane.ask('github:acme/release member 1h INC-124 hotfix');
  await pane.approve('U0BO', id);
  await pane.status().getByText('active', { exact: true }).waitFor();
  await pane.be('U0ANA');
  await page.getByTestId('app-hallpass').click();
  await page.getByTestId('tab-home').click();
  await page.getByTestId('slack-home').waitFor();
  await shoot('8-home');
  await page.getByTestId('channel-access').click();
  await page.getByRole('button', { name: 'Faults' }).click();
  await page.getByRole('button', { name: 'GitHub 500 while removing, 8 times' }).click();
  await page.keyboard.press('Escape');
  await pane.pushToEnd(id);
  await pane.status().getByText('removing').waitFor();
  for (let minutes = 0; minutes < 4; minutes += 1) {
    await page.getByRole('button', { name: '+1 min' }).click();
    await page.getByText('Settling …').waitFor({ state: 'detached' });
    await pane.redrawn();
    if ((await pane.card(id).getByText('STILL HAS ACCESS').count()) > 0) break;
  }
  await pane.card(id).getByText('STILL HAS ACCESS').waitFor();
  await pane.tab('Timeline');
  await shoot('9-provider-fails');
}

/** The next Monday, 09:30 in Berlin's winter: the same hours on every picture, whenever it is taken. */
async function toMondayMorning(url: string): Promise<void> {
  const clock = `${url}/_local/clock`;
  const { now } = z.object({ now: z.string() }).parse(await (await fetch(clock)).json());
  const at = new Date(now);
  const days = (8 - at.getUTCDay()) % 7 || 7;
  const monday = Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate() + days, 8, 30);
  const seconds = Math.round((monday - at.getTime()) / 1000);
  const answer = await fetch(clock, {
    method: 'POST',
    body: JSON.stringify({ advance: `${seconds}s` }),
  });
  if (!answer.ok) throw new Error(`The clock could not be pushed: ${await answer.text()}`);
}

if (findChromium(process.env) === null) console.log(`No pictures taken: ${NO_CHROMIUM}.`);
else
  main().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });

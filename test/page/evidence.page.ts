/**
 * The page of an evidence pack as an auditor opens and prints it: a file on disk, in a browser, on paper. Everybody can use it, it runs
 * nothing, asks nothing of anybody, and no column is cut off.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { FRAMEWORKS } from '../../local/audit/evidence/controls.ts';
import { evidence } from '../../local/audit/evidence/evidence.ts';
import { memoryJournal } from '../../shared/adapters/memory-journal.ts';
import { auditDesk, storyIn, told } from '../local/audit/audit-desk.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { activated, approval, asked, authorized, HISTORIES } from '../support/samples.ts';
import { seriousFindings } from './axe.ts';
import { openBrowser } from './stage.ts';

const PERIOD = ['--from', '2026-03-02', '--to', '2026-03-02'];
/** What a row in the tables says, if somebody wrote it there to be shown here. */
const HOSTILE = `altered request#<script>document.title='ran'</script><img src=x onerror=document.title='ran'>/1`;
/** Width of A4 between the margins of the page's own style, at 96 pixels an inch. */
const PAPER_PX = Math.floor(((210 - 2 * 14) / 25.4) * 96);
const PHONE_PX = 375;

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

/** With exceptions of every look, so that no table is empty. */
async function packOf(framework: string): Promise<string> {
  const journal = memoryJournal('acme');
  await storyIn(journal);
  const alone = { kind: 'person' as const, id: 'U0ANA' };
  for (let i = 0; i < 60; i += 1) {
    const requestId = `AR-0000${String(i).padStart(2, '0')}`;
    const story = [asked(), approval({ actor: alone, factor: null }), authorized(), activated()];
    await told(journal, requestId, story);
  }
  await told(journal, 'AR-8K2M9Q', HISTORIES.denied);
  const verify = async () => ({
    outcome: 'tampered' as const,
    lines: [HOSTILE, 'a'.repeat(500)],
    key: { sha256: 'c'.repeat(64), isPinned: false },
    witness: null,
  });
  const out = join(temporaryFolder(), 'pack');
  const desk = { ...(await auditDesk(journal)), verify };
  const code = await evidence(['--framework', framework, ...PERIOD, '--out', out], desk);
  // The log that it tells of was changed.
  if (code !== 2) throw new Error(desk.complained.join('\n'));
  return pathToFileURL(join(out, 'index.html')).href;
}

const sideways = (page: Page): Promise<unknown> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

describe.each(FRAMEWORKS)('the evidence page for %s', (framework) => {
  const loaded: string[] = [];
  let page: Page;
  beforeAll(async () => {
    page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
    page.on('request', (request) => loaded.push(request.url()));
    await page.goto(await packOf(framework));
  });

  test('has no serious finding, wide or narrow, and never scrolls sideways as a whole', async () => {
    expect(await seriousFindings(page)).toEqual([]);
    expect(await sideways(page)).toBe(0);
    await page.setViewportSize({ width: PHONE_PX, height: 700 });
    expect(await seriousFindings(page)).toEqual([]);
    expect(await sideways(page)).toBe(0);
  });

  test('runs nothing, loads nothing, and shows what was written into the log as text', async () => {
    expect(loaded).toHaveLength(1);
    const running = `document.querySelectorAll('script, img, iframe, object, link').length +
      [...document.querySelectorAll('*')].filter((each) =>
        [...each.attributes].some(({ name, value }) => name.startsWith('on') || /^javascript:/i.test(value))).length`;
    expect(await page.evaluate(running)).toBe(0);
    expect(await page.title()).toBe('Evidence of CI/CD access: 2026-03-02');
    expect(await page.locator('pre').textContent()).toContain(HOSTILE);
  });

  test('says what is wrong first, and every table is named and reached by its heading', async () => {
    const headings = await page.getByRole('heading', { level: 2 }).allTextContents();
    expect(headings.slice(0, 3)).toEqual([
      ...['Is the log itself intact?', 'What happened', 'Exceptions'],
    ]);
    expect(await page.locator('.bad').textContent()).toContain('THE LOG WAS CHANGED');
    const tables = await page.getByRole('table').count();
    expect(await page.locator('table > caption').count()).toBe(tables);
  });

  test('prints on A4: more pages than one, no column cut off, no box that would scroll', async () => {
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: PAPER_PX, height: 1000 });
    expect(await sideways(page)).toBe(0);
    const cut = `[...document.querySelectorAll('.wide, table, pre')].filter((each) =>
      each.getBoundingClientRect().right > document.documentElement.clientWidth + 1 ||
      (getComputedStyle(each).overflowX !== 'visible' && each.scrollWidth > each.clientWidth)).length`;
    expect(await page.evaluate(cut)).toBe(0);
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    expect(pdf.match(/\/Type\s*\/Page\b/g)?.length).toBeGreaterThan(1);
    // A4 in points.
    expect(pdf).toMatch(/\/MediaBox\s*\[\s*0 0 59[45](\.\d+)? 84[12](\.\d+)?\s*\]/);
  });
});

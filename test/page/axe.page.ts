/** Nothing serious for axe on the main views, light and dark, at 1280 x 800, where nothing may need to scroll sideways. */
import { seriousFindings } from './axe.ts';
import { openStage, type Stage } from './stage.ts';

const views = [
  'start',
  'form',
  'card',
  'approval',
  'active',
  'home',
  'journal',
  'payloads',
  'faults',
];
type View = (typeof views)[number];

describe.each(['light', 'dark'] as const)('%s', (theme) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ theme, tour: true });
  });
  afterAll(() => stage.close());

  test('no view has a serious finding', async () => {
    const found: Record<View, string[]> = {};
    const look = async (view: View) => {
      found[view] = await seriousFindings(stage.page);
      const wide = await stage.page.evaluate('document.documentElement.scrollWidth');
      expect([view, wide]).toEqual([view, 1280]);
    };
    await walk(stage, look);
    expect(found).toEqual(Object.fromEntries(views.map((view) => [view, []])));
  });
});

/** Through the main views in the order in which a person meets them. */
async function walk({ page, pane }: Stage, look: (view: View) => Promise<void>): Promise<void> {
  await page.getByTestId('slack-composer').waitFor();
  await look('start');
  await pane.write('/request-access github:acme/deployers');
  await pane.form().waitFor();
  await look('form');
  await pane.form().getByRole('button', { name: 'Cancel' }).click();
  await pane.form().waitFor({ state: 'detached' });
  const id = await pane.ask('github:acme/deployers member 2h INC-123 rollback');
  await pane.card(id).waitFor();
  await look('card');
  await pane.be('U0BO');
  await pane.card(id).locator('[data-action-id="approve"]').click();
  await pane.form().waitFor();
  await look('approval');
  await page.keyboard.press('Escape');
  await pane.form().waitFor({ state: 'detached' });
  await pane.approve('U0BO', id);
  await pane.status().getByText('active', { exact: true }).waitFor();
  await pane.tab('Provider');
  await look('active');
  await pane.be('U0ANA');
  await page.getByTestId('app-hallpass').click();
  await page.getByTestId('tab-home').click();
  await page.getByTestId('slack-home').waitFor();
  await look('home');
  const journal = await pane.tab('Journal');
  await journal.locator('summary').first().click();
  await look('journal');
  const payloads = await pane.tab('Payloads');
  await payloads.locator('summary').first().click();
  await look('payloads');
  await page.getByRole('button', { name: 'Faults' }).click();
  await page.getByRole('button', { name: 'Arm' }).waitFor();
  await look('faults');
}

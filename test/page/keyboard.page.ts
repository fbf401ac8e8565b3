/** The whole story with the keyboard alone: no pointer touches the page. */
import { tabTo } from './keyboard.ts';
import { NEXT } from './pane.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

test('the form, the approval and the clock are reached and used by keyboard alone', async () => {
  const { page, pane } = stage;
  const { keyboard } = page;
  await tabTo(page, '[data-testid="slack-composer"]');
  await keyboard.type('/request-access');
  await keyboard.press('Enter');
  await pane.form().waitFor();

  await tabTo(page, '[data-block-id="target"] input');
  await keyboard.type('deployers');
  await page.getByRole('option', { name: /deployers/ }).waitFor();
  await keyboard.press('Enter');
  await pane.form().locator('[data-action-id="duration"]').waitFor();
  await tabTo(page, '[data-action-id="role"]');
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await tabTo(page, '[data-action-id="duration"]');
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await tabTo(page, '[data-action-id="reason"]');
  await keyboard.type('INC-123 rollback');
  await tabTo(page, '[data-testid="slack-modal"] button[type="submit"]');
  await keyboard.press('Enter');
  await pane.status().getByText('pending').waitFor();
  await keyboard.press('Escape');
  await pane.form().waitFor({ state: 'detached' });

  await tabTo(page, '[data-persona="U0ANA"]');
  await keyboard.press('ArrowRight');
  const code = await pane.code('U0BO');
  const approve = '[data-testid="slack-messages"] [data-action-id="approve"]';
  await page.locator(approve).first().waitFor();
  await tabTo(page, approve);
  await keyboard.press('Enter');
  await pane.form().waitFor();
  await tabTo(page, '[data-block-id="code"] input');
  await keyboard.type(code);
  await keyboard.press('Enter');
  await pane.form().getByRole('heading', { name: 'Approved' }).waitFor();
  await keyboard.press('Escape');
  await pane.form().waitFor({ state: 'detached' });
  await pane.status().getByText('active', { exact: true }).waitFor();

  await tabTo(page, '#tab-timeline');
  await keyboard.press('ArrowRight');
  await page.getByRole('tabpanel', { name: 'Provider' }).waitFor();
  const toEnd = `${NEXT}[title*=" ends at "]:enabled`;
  await page.locator(toEnd).waitFor();
  await tabTo(page, toEnd);
  await keyboard.press('Enter');
  await pane.status().getByText('ended').waitFor();
});

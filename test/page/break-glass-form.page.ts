/** An emergency by the form alone: what it costs is read before it is taken, and access is there without an approval. */
import { says } from './pane.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

test('ticked, read, taken with a code; and a later start is chosen by the clock of this browser', async () => {
  const { page, pane } = stage;
  await pane.write('/request-access github:acme/deployers');
  const form = pane.form();
  const field = (block: string) => form.locator(`[data-block-id="${block}"]`);
  await field('reason').locator('textarea').fill('INC-7 the site is down');
  await field('role').locator('[data-action-id="role"]').click();
  await page.getByRole('option', { name: 'member' }).click();

  await field('begins').locator('[data-action-id="begins"]').click();
  await page.getByRole('option', { name: 'At a later time…' }).click();
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  await field('from').locator('input').fill(`${tomorrow}T18:00`);
  await says(form, /starts .*, ends by itself/);

  await field('glass').locator('input').check();
  await form.getByRole('heading', { name: 'Break glass' }).waitFor();
  await says(form, 'BREAK-GLASS: nobody is asked, everybody is told.');
  await says(form, '2 of 2 left in seven days');
  await field('from').waitFor({ state: 'detached' });
  // What was typed before stands there still.
  expect(await field('reason').locator('textarea').inputValue()).toBe('INC-7 the site is down');

  await field('incident').locator('input').fill('no key');
  await field('code')
    .locator('input')
    .fill(await pane.code('U0ANA'));
  await form.locator('button[type="submit"]').click();
  await says(field('incident'), 'incident-missing');
  await field('incident').locator('input').fill('INC-7');
  await form.locator('button[type="submit"]').click();
  await form.getByRole('heading', { name: 'Glass broken' }).waitFor();
  await form.getByRole('button', { name: 'Close' }).last().click();
  await pane.status().getByText('active', { exact: true }).waitFor();
  await says(pane.message('BREAK-GLASS'), 'Review owed');
});

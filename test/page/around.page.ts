/** Who is in a group, who is on call and which tickets there are, changed on the page: Ana joins, Bo approves, the ticket is closed. */
import { seriousFindings } from './axe.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

test('whoever is put into the group may ask, and closing the ticket ends what rests on it', async () => {
  const { page, pane } = stage;
  const around = () => page.getByRole('button', { name: 'Around', exact: true }).click();
  const panel = page.getByRole('region', { name: 'Around Hallpass' });
  const inGroup = panel.getByRole('group', { name: 'In @platform' });
  await around();
  await inGroup.getByLabel('Cy').waitFor();
  expect(await inGroup.getByLabel('Cy').isChecked()).toBe(true);
  expect(await seriousFindings(page)).toEqual([]);

  await inGroup.getByLabel('Ana').click();
  await inGroup.locator('input:checked').nth(1).waitFor();
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'detached' });
  const id = await pane.ask('github:acme/infra member 1h OPS-7 new cluster');
  await pane.approve('U0BO', id);
  await pane.status().getByText('active', { exact: true }).waitFor();

  await around();
  await panel.getByRole('button', { name: 'Close OPS-7' }).click();
  await panel.getByRole('button', { name: 'Reopen OPS-7' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '+15 min' }).click();
  await pane.status().getByText('ended').waitFor();

  await around();
  await panel.getByLabel('New ticket').fill('OPS-9');
  await panel.getByRole('button', { name: 'Open it' }).click();
  await panel.getByRole('button', { name: 'Close OPS-9' }).waitFor();
});

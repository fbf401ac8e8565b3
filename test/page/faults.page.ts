/** What people see while a provider fails, and that it comes right without anybody's help. */
import { says, textOf } from './pane.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

test('GitHub fails eight times while access is taken away: it is said, tried again, and over at last', async () => {
  const { page, pane } = stage;
  const id = await pane.ask('github:acme/deployers member 30m INC-123 rollback');
  await pane.approve('U0BO', id);
  await pane.status().getByText('active', { exact: true }).waitFor();

  await page.getByRole('button', { name: 'Faults' }).click();
  await page.getByRole('button', { name: 'GitHub 500 while removing, 8 times' }).click();
  await page.getByText('8 left').waitFor();
  await page.keyboard.press('Escape');

  await pane.pushToEnd(id);
  await pane.status().getByText('removing').waitFor();
  await page.getByText(/Try 1 to take it away failed/).waitFor();
  await pane
    .card(id)
    .getByText(/Ending….*not verified yet/)
    .first()
    .waitFor();
  const said: string[] = [];
  await pane.tab('Provider');
  await says(pane.member('ana-dev'), '+ added');

  for (let minutes = 0; minutes < 20 && (await pane.status().getByText('ended').count()) === 0; )
    minutes += await pushOneMinute();
  await pane.status().getByText('ended').waitFor();
  await says(pane.member('ana-dev'), /not a membernot a member/);
  expect(said.join('\n')).toContain('STILL HAS ACCESS');
  await page.getByRole('button', { name: 'Faults', exact: true }).waitFor();
  await pane
    .card(id)
    .getByText(/verified gone/)
    .first()
    .waitFor();

  async function pushOneMinute(): Promise<number> {
    await page.getByRole('button', { name: '+1 min' }).click();
    await page.getByText('Settling …').waitFor({ state: 'detached' });
    await pane.redrawn();
    said.push(await textOf(pane.card(id)));
    return 1;
  }
});

test('a fault that nobody wants any more is cleared', async () => {
  const { page } = stage;
  await page.getByRole('button', { name: 'Faults' }).click();
  await page.getByLabel('Service').selectOption('slack');
  await page.getByLabel('Fails by').selectOption('429');
  await page.getByLabel('Times').fill('2');
  await page.getByRole('button', { name: 'Arm' }).click();
  await page.getByText('2 left').waitFor();
  await page.getByRole('button', { name: 'Clear all' }).click();
  await page.getByText('No fault waits.').waitFor();
});

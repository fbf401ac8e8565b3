/** The guided tour from its first step to its last. Progress comes from what happened, so it survives a reload. */
import { says } from './pane.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage({ tour: true });
});
afterEach(() => stage.close());

test('seven steps, each done by what really happened', async () => {
  const { page, pane } = stage;
  const tour = page.getByRole('region', { name: 'Guided tour' });
  const at = (step: string) => tour.getByText(`${step}.`).waitFor();
  await at('1 of 7 · Ask');
  const id = await pane.ask('github:acme/deployers member 2h INC-123 rollback');
  await at('2 of 7 · The card');
  await pane.be('U0BO');
  await at('3 of 7 · Approve with a code');
  await page.reload();
  await at('3 of 7 · Approve with a code');
  await pane.approve('U0BO', id);
  await at('4 of 7 · Granted at the provider');
  await tour.getByRole('button', { name: 'Continue' }).click();
  await at('5 of 7 · What was written');
  await says(page.getByRole('tabpanel'), id);
  await tour.getByRole('button', { name: 'Continue' }).click();
  await at('6 of 7 · Push the clock');
  await pane.pushToEnd(id);
  await at('7 of 7 · Gone and verified');
  await tour.getByRole('button', { name: 'Finish' }).click();
  await tour.getByRole('button', { name: 'Close' }).click();
  await tour.waitFor({ state: 'detached' });
  await page.reload();
  await page.getByTestId('slack-composer').waitFor();
  await pane.redrawn();
  expect(await tour.count()).toBe(0);
});

test('a denied request takes the tour back to its first step; the tour can be skipped for good', async () => {
  const { page, pane } = stage;
  const tour = page.getByRole('region', { name: 'Guided tour' });
  const id = await pane.ask('github:acme/deployers member 2h INC-123 rollback');
  await tour.getByText('2 of 7 · The card.').waitFor();
  await pane.be('U0BO');
  await pane.write(`/access deny ${id} not now`);
  await tour.getByText('1 of 7 · Ask.').waitFor();
  await tour.getByRole('button', { name: 'Skip the tour' }).click();
  await page.reload();
  await page.getByTestId('slack-composer').waitFor();
  await pane.redrawn();
  expect(await tour.count()).toBe(0);
});

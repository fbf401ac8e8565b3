/** A new user's first minutes: asks, approves with a code, sees it at the provider, pushes the clock, sees it gone. */
import { says } from './pane.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

test('Ana asks, Bo approves with a code, GitHub shows it, and at its end it is verified gone', async () => {
  const { page, pane } = stage;
  const id = await pane.ask('github:acme/deployers member 2h INC-123 rollback');
  await pane.status().getByText('pending').waitFor();
  await pane.approve('U0BO', id);
  await pane.status().getByText('active', { exact: true }).waitFor();

  await pane.tab('Provider');
  await says(pane.member('ana-dev'), /not a membermember \+ added/);

  const journal = await pane.tab('Journal');
  await says(journal, `local#request#${id}`);
  await pane.tab('Timeline');
  await page.getByText(/The end is fixed before access begins/).waitFor();

  await pane.pushToEnd(id);
  await pane.status().getByText('ended').waitFor();
  await page.getByText(/the role is gone\. Verified\./).waitFor();
  await pane.tab('Provider');
  await says(pane.member('ana-dev'), /not a membernot a member/);
  await pane
    .card(id)
    .getByText(/verified gone/)
    .first()
    .waitFor();
});

test('the payloads show what went over the wire, without signatures, tokens and codes', async () => {
  const { page, pane } = stage;
  const id = await pane.ask('github:acme/deployers member 2h INC-123 rollback');
  const code = await pane.code('U0BO');
  await pane.approve('U0BO', id);
  await pane.status().getByText('active', { exact: true }).waitFor();
  const payloads = await pane.tab('Payloads');
  await payloads
    .getByText(/view_submission/)
    .first()
    .waitFor();
  const all = JSON.stringify(await (await page.request.get('/_local/xray/traffic')).json());
  expect(all).toContain('view_submission');
  expect(all).toContain('/memberships/ana-dev');
  // Not within the longer numbers of instants and message ids.
  expect(all).not.toMatch(new RegExp(`(?<![\\d.])${code}(?!\\d)`));
  expect(all).not.toMatch(/v0=[0-9a-f]{64}|xoxb-local|ghs_|Bearer \w/);
});

test('a lost connection is said, and the page mends itself when Hallpass is back', async () => {
  const { page, hallpass, errors } = stage;
  await pane('pane-xray').waitFor();
  await hallpass.stop();
  await page.getByText('Hallpass does not answer.').first().waitFor();
  await hallpass.start();
  await page.getByText('Hallpass does not answer.').first().waitFor({ state: 'detached' });
  // The browser itself wrote one line for each call that nobody answered; the last of them is there by now.
  await stage.pane.redrawn();
  errors.splice(0);

  function pane(name: string) {
    return page.locator(`.${name}`);
  }
});

/** What a person does on the page, by the names that the page keeps stable. Looks first, then acts, as people do. */
import type { Locator, Page } from 'playwright-core';

export type Persona = 'U0ANA' | 'U0BO' | 'U0CY' | 'U0DEE';

export type Pane = {
  be(who: Persona): Promise<void>;
  /** Writes a line where one writes and sends it. */
  write(line: string): Promise<void>;
  /** The newest message that holds the text. */
  message(text: string | RegExp): Locator;
  /** The request's card in the channel that is open. */
  card(id: string): Locator;
  /** The form on top. */
  form(): Locator;
  /** The six digits that this person's authenticator shows. */
  code(who: Persona): Promise<string>;
  /** Asks in one line, submits the confirm card, answers the request's id. */
  ask(line: string): Promise<string>;
  /** Approves the request's card in #access with this approver's code. */
  approve(who: Persona, id: string): Promise<void>;
  /** The state of the request that the X-ray shows. */
  status(): Locator;
  tab(name: 'Timeline' | 'Provider' | 'Journal' | 'Payloads'): Promise<Locator>;
  /** The row of an account in the container of the request. */
  member(account: string): Locator;
  /** Pushes the clock to the end of this request, once the page knows it for what comes next. */
  pushToEnd(id: string): Promise<void>;
  /** Until Slack's side has drawn what the process knew when this was called. */
  redrawn(): Promise<void>;
};

/** Where the clock is pushed to what comes next. */
export const NEXT = '[data-testid="clock-next"]';

export function paneOf(page: Page): Pane {
  const be = (who: Persona) => page.getByTestId(`persona-${who}`).click();
  const form = () => page.getByTestId('slack-modal').last();
  const message = (text: string | RegExp) =>
    page
      .getByTestId('slack-messages')
      .first()
      .getByTestId('slack-message')
      .filter({ hasText: text })
      .last();
  const code = (who: Persona) =>
    textOf(page.locator(`[data-code="${who}"]`)).then((shown) => shown.replace(/\D/g, ''));
  const write = async (line: string) => {
    const composer = page.getByTestId('slack-composer');
    await composer.fill(line);
    await composer.press('Enter');
  };
  const card = (id: string) => message(`${id} · rule`);
  return {
    ...{ be, form, message, card, code, write },
    async ask(line) {
      await write(`/request-access ${line}`);
      const submit = page.locator('[data-action-id="submit"]').last();
      await submit.waitFor();
      const known = await page.getByTestId('xray-request').count();
      await submit.click();
      await page.getByTestId('xray-request').nth(known).waitFor();
      return textOf(page.getByTestId('xray-request').first());
    },
    async approve(who, id) {
      await be(who);
      await page.getByTestId('channel-access').click();
      await card(id).locator('[data-action-id="approve"]').click();
      await form()
        .locator('[data-block-id="code"] input')
        .fill(await code(who));
      await form().locator('button[type="submit"]').click();
      // The form says what became of it and stays until it is closed.
      await form().getByRole('heading', { name: 'Approved' }).waitFor();
      await form().getByRole('button', { name: 'Close' }).last().click();
      await form().waitFor({ state: 'detached' });
    },
    status: () => page.getByTestId('request-status'),
    async tab(name) {
      await page.getByRole('tab', { name }).click();
      return page.getByRole('tabpanel', { name });
    },
    member: (account) => page.getByTestId('asked-container').getByRole('row', { name: account }),
    pushToEnd: (id) => page.locator(`${NEXT}[title^="${id} ends"]`).click(),
    async redrawn() {
      // The first answer may be older than the call; a third is asked for after the second was drawn.
      for (let answers = 0; answers < 3; answers += 1)
        await page.waitForResponse((answer) => answer.url().endsWith('/_slack/page/state'));
    },
  };
}

const LONGEST_MS = 60_000;

/** Waits until it is written there; fails with what was there last. What is drawn is sampled by this alone. */
export async function says(place: Locator, words: string | RegExp): Promise<void> {
  const wanted =
    typeof words === 'string' ? { test: (said: string) => said.includes(words) } : words;
  const until = performance.now() + LONGEST_MS;
  for (let said = await textOf(place); !wanted.test(said); said = await textOf(place)) {
    if (performance.now() > until) throw new Error(`${words} is not in: ${said}`);
    await place.page().waitForTimeout(100);
  }
}

/** What is written there, white space aside. */
export const textOf = async (place: Locator): Promise<string> =>
  ((await place.textContent()) ?? '').replace(/\s+/g, ' ').trim();

/** What Slack shows of mrkdwn, as Markdown: people by name, instants in UTC, entities as characters. For our own sentences only. */
const PEOPLE: Readonly<Record<string, string>> = {
  U0ANA: '@ana',
  U0BO: '@bo',
  U0CY: '@cy',
  U0DEE: '@dee',
};

export const fromMrkdwn = (text: string): string =>
  text
    .replace(/<@([UW][A-Z0-9]+)>/g, (_, id: string) => PEOPLE[id] ?? '@somebody')
    .replace(/<!date\^[0-9]+\^[^|>]*\|([^>]*)>/g, '$1')
    .replace(/<#[CG][A-Z0-9]+>/g, '#channel')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

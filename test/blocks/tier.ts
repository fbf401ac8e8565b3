/** The tier as a whole: what it says, and its exit code. 0: all taken, or no token to ask with; 1: some refused; 2: nothing was judged. */
import type { Payload } from './golden.ts';
import { type Asking, validateAll } from './validate.ts';

type Env = Readonly<Record<string, string | undefined>>;
const SLACK = 'https://slack.com/api/';

export async function blocksTier(
  env: Env,
  payloads: () => readonly Payload[],
  { print, wait }: Pick<Asking, 'print' | 'wait'>,
): Promise<0 | 1 | 2> {
  const token = env['SLACK_BOT_TOKEN'];
  if (!token) {
    print(
      'blocks.validate skipped: set SLACK_BOT_TOKEN (of any installed app; it needs no scope) to ask Slack itself.',
    );
    return 0;
  }
  const apiUrl = (env['SLACK_API_URL'] || SLACK).replace(/\/*$/, '/');
  const golden = payloads();
  print(`Asking ${new URL(apiUrl).host} about ${golden.length} messages and views, slowly ...`);
  try {
    const refused = await validateAll(golden, { apiUrl, token, print, wait });
    print(`${golden.length - refused} taken, ${refused} refused`);
    return refused === 0 ? 0 : 1;
  } catch (error) {
    print(error instanceof Error ? error.message : String(error));
    return 2;
  }
}

/**
 * `npm run slack`: the product on this machine with a real Slack workspace, through Socket Mode: no public address, no AWS.
 * Everything else is embedded unless its switch is set. The page, the stand-ins' doors and the pushed clock are off.
 */
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { manifestLink, slackManifest } from '../shared/config/slack-manifest.ts';
import { readSettings } from './settings.ts';
import { askWorkspace } from './slack-workspace.ts';
import { openSocketMode } from './socket-mode.ts';
import { startWorld } from './world.ts';

const Switches = z.object({
  SLACK_APP_TOKEN: z.string().startsWith('xapp-'),
  SLACK_BOT_TOKEN: z.string().startsWith('xoxb-'),
  SLACK_API_URL: z.url().default('https://slack.com/api/'),
});

/** Not the folder of npm start: what happened in the stand-in's workspace must not meet a real one. */
const DATA = '.hallpass/workspace';

const HOW = `npm run slack needs a Slack app and two of its tokens:
  1. Create the app (the manifest is filled in): ${manifestLink(slackManifest({ baseUrl: null }))}
  2. "Install to workspace", then take the Bot User OAuth Token:        export SLACK_BOT_TOKEN=xoxb-...
  3. Basic Information, App-Level Tokens, scope connections:write:      export SLACK_APP_TOKEN=xapp-...
  4. Where people open the authenticator page, for example on this machine: export HALLPASS_PUBLIC_URL=http://localhost:3000
  5. Write the member ids of your people and the id of your channel into access.yaml, invite the bot to the channel,
     and enrol the first admin: HALLPASS_DATA=${DATA} npm run operator -- enroll U...`;

async function main(): Promise<void> {
  const switches = Switches.safeParse(process.env);
  if (!switches.success) {
    const wrong = switches.error.issues.map(({ path }) => path.join('.'));
    throw new Error(`Missing or not what it should be: ${wrong.join(', ')}.\n\n${HOW}`);
  }
  const { SLACK_APP_TOKEN: appToken, SLACK_BOT_TOKEN: botToken, SLACK_API_URL } = switches.data;
  const apiUrl = SLACK_API_URL.replace(/\/*$/, '/');
  const workspace = await askWorkspace({ apiUrl, botToken });
  const signingSecret = randomBytes(32).toString('hex');
  const settings = readSettings({
    HALLPASS_DATA: DATA,
    ...process.env,
    SLACK_API_URL: apiUrl,
    SLACK_BOT_TOKEN: botToken,
    SLACK_SIGNING_SECRET: signingSecret,
    SLACK_TEAM_ID: workspace.teamId,
    SLACK_APP_ID: workspace.appId,
  });
  const print = (line: string) => console.error(line);
  const world = await startWorld({ settings, frozen: false, print });
  const socket = await openSocketMode({
    appToken,
    apiUrl,
    signingSecret,
    handle: world.functions.slack,
    now: () => world.clock.now(),
    print,
  });
  console.log(`Hallpass is connected to ${workspace.teamName}; it listens on ${world.url}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      socket
        .close()
        .then(() => world.close())
        .then(() => process.exit(0))
        .catch((error: unknown) => {
          console.error(error);
          process.exit(1);
        });
    });
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});

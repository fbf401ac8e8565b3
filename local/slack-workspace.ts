/** Which real workspace and app two tokens belong to, asked of Slack itself before anything starts. */
import { WebClient } from '@slack/web-api';
import * as z from 'zod';
import { REQUIRED_SCOPES } from '../shared/config/slack-manifest.ts';

const Tested = z.object({ team: z.string(), team_id: z.string(), bot_id: z.string() });
const Bot = z.object({ bot: z.object({ app_id: z.string() }) });
const Scopes = z.object({ response_metadata: z.object({ scopes: z.array(z.string()) }) });
const Refused = z.object({ data: z.object({ error: z.string() }) });

export type Workspace = { teamId: string; teamName: string; appId: string };

/** @throws Error that says what to mend: a wrong token, a missing scope, Slack that does not answer */
export async function askWorkspace(at: { apiUrl: string; botToken: string }): Promise<Workspace> {
  const web = new WebClient(at.botToken, {
    slackApiUrl: at.apiUrl,
    retryConfig: { retries: 1 },
    timeout: 10_000,
  });
  try {
    const answer = await web.auth.test();
    const { team, team_id: teamId, bot_id: bot } = Tested.parse(answer);
    const granted = Scopes.safeParse(answer).data?.response_metadata.scopes ?? [];
    const missing = REQUIRED_SCOPES.filter((scope) => !granted.includes(scope));
    if (granted.length > 0 && missing.length > 0)
      throw new Error(
        `The bot token lacks the scopes ${missing.join(', ')}. Reinstall the app with the manifest of \`npm run manifest\`.`,
      );
    const { bot: found } = Bot.parse(await web.bots.info({ bot }));
    return { teamId, teamName: team, appId: found.app_id };
  } catch (error) {
    const refused = Refused.safeParse(error).data?.data.error;
    if (refused === undefined) throw error;
    throw new Error(
      `Slack refused SLACK_BOT_TOKEN (${refused}). It is the "Bot User OAuth Token" of the app's page, and begins with xoxb-.`,
    );
  }
}

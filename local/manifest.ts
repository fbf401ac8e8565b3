/** `npm run manifest [-- https://where.slack.reaches.us]`: the Slack app's manifest, and a link that creates the app from it. */
import { manifestLink, slackManifest } from '../shared/config/slack-manifest.ts';

try {
  const manifest = slackManifest({ baseUrl: process.argv[2] ?? null });
  console.log(JSON.stringify(manifest, null, 2));
  console.error(`\nCreate the app from it: ${manifestLink(manifest)}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}

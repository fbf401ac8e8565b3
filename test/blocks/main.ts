/** `npm run test:blocks`: the golden corpus before Slack's own judge. Without a token it says so and exits well. */
import { setTimeout } from 'node:timers/promises';
import { goldenCorpus } from './golden.ts';
import { blocksTier } from './tier.ts';

process.exitCode = await blocksTier(process.env, goldenCorpus, {
  print: (line) => process.stdout.write(`${line}\n`),
  wait: (seconds) => setTimeout(seconds * 1000),
});

/** `npm run play -- …` */
import { CannotPlay, play } from './play.ts';

play(process.argv.slice(2), {
  env: process.env,
  print: (line) => process.stdout.write(`${line}\n`),
}).catch((error: unknown) => {
  if (!(error instanceof CannotPlay)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});

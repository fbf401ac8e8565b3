/** `npm run policy -- …` */
import { MOST_READ_BYTES, readFileAt } from '../../shared/adapters/policy-path.ts';
import { policyCommand } from './policy.ts';
import type { History } from './terminal.ts';

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
const { stderr, stdout, env } = process;

/** Only what looks back loads the store's client. */
async function openHistory(): Promise<History | string> {
  const [{ openDesk }, { NOT_VERIFIED }] = await Promise.all([
    import('../audit/open-desk.ts'),
    import('../audit/desk.ts'),
  ]);
  const opened = await openDesk({
    env,
    print: () => {},
    complain: () => {},
    write: async () => {},
    verify: async () => NOT_VERIFIED,
  });
  if (typeof opened === 'string') return opened;
  const { journal, clock } = opened.desk;
  return { journal, now: clock.now(), close: opened.close };
}

// Whoever reads the answer may stop reading: `… | head -1` is no trouble.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});
const isDumb = env['TERM'] === 'dumb';

policyCommand(process.argv.slice(2), {
  env,
  print: (line) => stdout.write(`${line}\n`),
  complain: (line) => stderr.write(`${line}\n`),
  colours: stdout.isTTY === true && !env['NO_COLOR'] && !isDumb,
  progress: stderr.isTTY && !isDumb ? (line) => stderr.write(`\r\u001b[K${line}`) : null,
  readFile: (path) => readFileAt(path, MOST_READ_BYTES),
  now: () => new Date(),
  openHistory,
}).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    stderr.write(`${message}\n`);
    if (process.argv.includes('--json')) stdout.write(`${JSON.stringify({ error: message })}\n`);
    process.exitCode = 2;
  },
);

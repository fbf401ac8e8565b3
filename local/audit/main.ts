/** `npm run audit -- …` */
import { audit } from './audit.ts';

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
const { stderr, stdout } = process;
// Whoever reads the answer may stop reading: `… | head -1` is no trouble.
for (const stream of [stdout, stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
audit(process.argv.slice(2), {
  env: process.env,
  print: (line) => console.log(line),
  complain: (line) => console.error(line),
  progress: stderr.isTTY ? (line) => stderr.write(`\r\u001b[K${line}`) : null,
}).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 4;
  },
);

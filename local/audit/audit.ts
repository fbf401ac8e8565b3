/** `npm run audit -- …`: one command per file; a command answers with what the shell gets. */
import { READING_COMMANDS } from './commands.ts';
import { COPY_USAGE, copy } from './copy.ts';
import { CHECK_PROOF_USAGE, checkProof, PROVE_USAGE, prove } from './prove.ts';
import { type Terminal, VERIFY_EXIT, VERIFY_USAGE, verify } from './verify.ts';

type Command = {
  readonly usage: string;
  readonly run: (args: readonly string[], terminal: Terminal) => Promise<number>;
};

const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['verify', { usage: VERIFY_USAGE, run: verify }],
  ['prove', { usage: PROVE_USAGE, run: prove }],
  ['check-proof', { usage: CHECK_PROOF_USAGE, run: checkProof }],
  ['copy', { usage: COPY_USAGE, run: copy }],
  ...READING_COMMANDS,
]);

export async function audit(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name = '', ...rest] = args;
  const command = COMMANDS.get(name);
  if (command) return command.run(rest, terminal);
  terminal.complain(
    [...COMMANDS.values()]
      .map(({ usage }) => `npm run ${usage.replace('audit ', 'audit -- ')}`)
      .join('\n\n'),
  );
  return VERIFY_EXIT.usage;
}

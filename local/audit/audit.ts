/** `npm run audit -- …`: one command per file; a command answers with what the shell gets. */
import { READING_COMMANDS } from './commands.ts';
import { COPY_USAGE, copy } from './copy.ts';
import { plain } from './desk.ts';
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
  if (command && !rest.some(isHelp)) return command.run(rest, asTyped(terminal));
  if (command) terminal.print(npmUsage(command));
  else if (args.some(isHelp)) terminal.print(allUsage());
  else terminal.complain(name === '' ? allUsage() : `${NONE(name)}\n\n${allUsage()}`);
  return args.some(isHelp) ? VERIFY_EXIT.ok : VERIFY_EXIT.usage;
}

/** Whoever is told how a command is called is told what to type. */
const asTyped = (terminal: Terminal): Terminal => ({
  ...terminal,
  complain: (line) => terminal.complain(line.replace(USAGES, 'npm run audit -- $1 ')),
});
const USAGES = new RegExp(`^audit (${[...COMMANDS.keys()].join('|')}) `, 'gm');

const isHelp = (word: string): boolean => word === '--help' || word === '-h' || word === 'help';
const NONE = (name: string): string => `There is no audit command ${plain(name)}.`;
const npmUsage = ({ usage }: Command): string => usage.replace(/^audit /gm, 'npm run audit -- ');
const EXITS = `Exits 0 when it is done or holds, 1 when it is refused, 2 when the log was changed, 3 when something is missing, 4 when something cannot be
read, 64 when it was not understood.`;
const allUsage = (): string => [...[...COMMANDS.values()].map(npmUsage), EXITS].join('\n\n');

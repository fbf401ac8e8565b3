/** `npm run policy -- …`: one command per file; a command answers with what the shell gets. */
import { closest } from '../../shared/domain/policy/catalog.ts';
import { CHECK_USAGE, check } from './check.ts';
import { DIFF_USAGE, diff } from './diff.ts';
import { REPLAY_USAGE, replay } from './replay.ts';
import { SIMULATE_USAGE, simulate } from './simulate.ts';
import { EXIT, plain, type Terminal } from './terminal.ts';
import { TEST_USAGE, test } from './test.ts';
import { WHO_USAGE, whoCanApprove } from './who.ts';

type Command = {
  readonly usage: string;
  readonly run: (args: readonly string[], terminal: Terminal) => Promise<number>;
};

export const POLICY_COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['check', { usage: CHECK_USAGE, run: check }],
  ['test', { usage: TEST_USAGE, run: test }],
  ['simulate', { usage: SIMULATE_USAGE, run: simulate }],
  ['who-can-approve', { usage: WHO_USAGE, run: whoCanApprove }],
  ['diff', { usage: DIFF_USAGE, run: diff }],
  ['replay', { usage: REPLAY_USAGE, run: replay }],
]);

export async function policyCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name = '', ...rest] = args;
  const command = POLICY_COMMANDS.get(name);
  if (name === 'help' || [name, ...(command ? rest : [])].some(isHelp)) {
    terminal.print(command?.usage ?? allUsages());
    return EXIT.ok;
  }
  if (command)
    return rest.includes('--json')
      ? toldAsJson(terminal, (inner) => command.run(rest, inner))
      : command.run(rest, terminal);
  const [near] = closest(name, [...POLICY_COMMANDS.keys()], 1);
  const meant = near === undefined ? '' : ` Did you mean ${near}?`;
  const unknown = `There is no command ${JSON.stringify(plain(name))}.${meant}\n\n`;
  terminal.complain(`${name === '' ? '' : unknown}${allUsages()}`);
  return EXIT.usage;
}

const isHelp = (word: string): boolean => ['--help', '-h'].includes(word);

const allUsages = (): string =>
  [...POLICY_COMMANDS.values()]
    .map(({ usage }) => `npm run ${usage.replace('policy ', 'policy -- ')}`)
    .join('\n\n');

/** A program gets JSON whatever happens: what cannot be answered is `{ "error": … }`. */
async function toldAsJson(
  terminal: Terminal,
  run: (terminal: Terminal) => Promise<number>,
): Promise<number> {
  const complaints: string[] = [];
  const complain = (line: string) => {
    complaints.push(line);
    terminal.complain(line);
  };
  const code = await run({ ...terminal, complain });
  if (complaints.length > 0) terminal.print(JSON.stringify({ error: complaints.join('\n') }));
  return code;
}

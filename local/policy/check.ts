/** `policy check`: shape, names, rules nobody can satisfy or reach, each with file:line:column and the fix. */
import { describeProblem, type PolicyProblem } from '../../shared/adapters/policy-file.ts';
import { policyNamed, readPolicyAt } from './policy-text.ts';
import { EXIT, paint, plain, type Terminal } from './terminal.ts';
import { readWords } from './words.ts';

export const CHECK_USAGE = `policy check [access.yaml ...]   [--fail-on-warnings] [--json]

Reads policy files as the bot reads them. Exits 1 for an error (with --fail-on-warnings for a warning too), 2 when a file is not there.`;

export async function check(args: readonly string[], terminal: Terminal): Promise<number> {
  const words = readWords(args, { flags: ['json', 'fail-on-warnings'] });
  if (!words.ok) {
    terminal.complain(`${words.error}\n\n${CHECK_USAGE}`);
    return EXIT.usage;
  }
  const { rest, has } = words.value;
  const files = rest.length > 0 ? rest : [policyNamed(terminal, undefined)];
  const problems: PolicyProblem[] = [];
  const hashes: { file: string; hash: string }[] = [];
  for (const file of files) {
    const read = await readPolicyAt(terminal, file);
    if (!read.ok) {
      terminal.complain(read.error);
      return EXIT.usage;
    }
    const { value } = read;
    problems.push(...(value.ok ? value.value.warnings : value.error));
    if (value.ok) hashes.push({ file: plain(file), hash: value.value.hash });
  }
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  if (has('json')) terminal.print(JSON.stringify({ ok: errors === 0, problems, read: hashes }));
  else say(terminal, { problems, hashes });
  const isBad = errors > 0 || (has('fail-on-warnings') && problems.length > 0);
  return isBad ? EXIT.findings : EXIT.ok;
}

function say(
  terminal: Terminal,
  told: { problems: readonly PolicyProblem[]; hashes: readonly { file: string; hash: string }[] },
): void {
  for (const problem of told.problems)
    terminal.print(
      paint(
        terminal,
        problem.severity === 'error' ? 'red' : 'yellow',
        plain(describeProblem(problem)),
      ),
    );
  for (const { file, hash } of told.hashes)
    terminal.print(`${paint(terminal, 'green', 'good')}  ${file}  sha256 ${hash}`);
}

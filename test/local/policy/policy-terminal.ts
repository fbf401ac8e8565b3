/** A shell without a machine: files by name, and what was printed. */
import { readFileSync } from 'node:fs';
import { policyCommand } from '../../../local/policy/policy.ts';
import type { History, Terminal } from '../../../local/policy/terminal.ts';
import type { Unreadable } from '../../../shared/adapters/policy-path.ts';
import { ok, refuse } from '../../../shared/domain/result.ts';

export const EXAMPLE = readFileSync('access.yaml', 'utf8');
export const CASES = readFileSync('access.test.yaml', 'utf8');

export type Ran = { code: number; out: string; said: string; lines: readonly string[] };

/** The example policy and its cases are there unless they are replaced. */
export async function run(
  args: readonly string[],
  world: {
    files?: Record<string, string>;
    unreadable?: Record<string, Unreadable>;
    history?: History | string;
    colours?: boolean;
  } = {},
): Promise<Ran> {
  const files: Record<string, string> = {
    'access.yaml': EXAMPLE,
    'access.test.yaml': CASES,
    ...world.files,
  };
  const [lines, said]: string[][] = [[], []];
  const terminal: Terminal = {
    env: {},
    print: (line) => lines?.push(line),
    complain: (line) => said?.push(line),
    colours: world.colours ?? false,
    progress: null,
    readFile: async (path) => {
      const text = files[path];
      if (text !== undefined) return ok(new TextEncoder().encode(text));
      return refuse(world.unreadable?.[path] ?? 'absent');
    },
    now: () => new Date('2026-11-23T10:00:00.000Z'),
    openHistory: async () => world.history ?? 'No Hallpass runs here. Run: npm start',
  };
  const code = await policyCommand(args, terminal);
  return { code, out: (lines ?? []).join('\n'), said: (said ?? []).join('\n'), lines: lines ?? [] };
}

/** The example with a piece replaced that must be there. */
export function changed(piece: string, by: string, text = EXAMPLE): string {
  if (!text.includes(piece)) throw new Error(`not there: ${piece}`);
  return text.replace(piece, by);
}

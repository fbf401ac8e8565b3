/** What "/" offers while somebody types, from the manifest; and what a typed line is: a command, an unknown one, or words. Pure. */
import type { Command } from '../../slack/page/contract.ts';

export type Line =
  | { readonly kind: 'command'; readonly command: string; readonly text: string }
  | { readonly kind: 'unknown'; readonly command: string }
  | { readonly kind: 'words' };

const FIRST_WORD = /^(\/\S*)(?:\s+([\s\S]*))?$/;

export function readLine(line: string, commands: readonly Command[]): Line {
  const match = FIRST_WORD.exec(line.trimEnd());
  if (match === null) return { kind: 'words' };
  const [, command = '', text = ''] = match;
  return commands.some((one) => one.command === command)
    ? { kind: 'command', command, text }
    : { kind: 'unknown', command };
}

/** Commands that begin as typed, then those that hold it anywhere; nothing once an argument begins. */
export function offered(line: string, commands: readonly Command[]): Command[] {
  if (!/^\/\S*$/.test(line)) return [];
  const typed = line.slice(1).toLowerCase();
  const name = ({ command }: Command) => command.slice(1).toLowerCase();
  const first = commands.filter((one) => name(one).startsWith(typed));
  const then = commands.filter((one) => !first.includes(one) && name(one).includes(typed));
  return [...first, ...then];
}

/** The command whose arguments are being typed: its usage stays in sight. */
export function inProgress(line: string, commands: readonly Command[]): Command | null {
  return commands.find(({ command }) => line.startsWith(`${command} `)) ?? null;
}

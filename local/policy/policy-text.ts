/** A policy file on this machine: its policy and where its rules stand, or what is wrong with it as one line per problem. */
import { describeProblem, type PolicyFile, readPolicy } from '../../shared/adapters/policy-file.ts';
import type { Unreadable } from '../../shared/adapters/policy-path.ts';
import { placeOfRule } from '../../shared/domain/policy/place-in-file.ts';
import type { Policy } from '../../shared/domain/policy/policy.ts';
import { ok, type Result, refuse } from '../../shared/domain/result.ts';
import { plain, type Terminal } from './terminal.ts';

export type PolicyText = {
  readonly name: string;
  readonly policy: Policy;
  readonly hash: string;
  readonly warnings: PolicyFile['warnings'];
  /** `access.yaml:85:5`; the file alone where the place is not sure. */
  readonly placeOf: (rule: string) => string;
};

export const policyNamed = (terminal: Pick<Terminal, 'env'>, word: string | undefined): string =>
  word ?? (terminal.env['HALLPASS_POLICY'] || 'access.yaml');

/** What the file says, or the sentence about why it cannot be read at all. */
export async function readPolicyAt(
  terminal: Pick<Terminal, 'readFile'>,
  name: string,
): Promise<Result<ReturnType<typeof readPolicy>, string>> {
  const bytes = await terminal.readFile(name);
  return bytes.ok
    ? ok(readPolicy(bytes.value, plain(name)))
    : refuse(notReadable(name, bytes.error));
}

/** For commands that need a good one. The error holds its lines. */
export async function goodPolicyAt(
  terminal: Pick<Terminal, 'readFile'>,
  name: string,
): Promise<Result<PolicyText, string>> {
  const bytes = await terminal.readFile(name);
  if (!bytes.ok) return refuse(notReadable(name, bytes.error));
  const read = readPolicy(bytes.value, plain(name));
  if (!read.ok) return refuse(read.error.map(describeProblem).map(plain).join('\n'));
  const { policy, hash, warnings } = read.value;
  const text = new TextDecoder().decode(bytes.value);
  const placeOf = (rule: string): string => {
    const place = placeOfRule(text, rule);
    return place ? `${plain(name)}:${place.line}:${place.column}` : plain(name);
  };
  return ok({ name: plain(name), policy, hash, warnings, placeOf });
}

const TROUBLES: Readonly<Record<Unreadable, readonly [is: string, fix: string]>> = {
  absent: ['is not there', 'Correct the name, or run this in its folder'],
  folder: ['is a folder', 'Name the file in it'],
  'no-file': ['is a pipe or a device', 'Write what it holds to a file, and name that'],
  forbidden: ['may not be read by you', 'Change who may read it'],
  broken: ['cannot be read', 'Look whether its links and its disk are well'],
};

export function notReadable(name: string, why: Unreadable): string {
  const [is, fix] = TROUBLES[why];
  return `${plain(name)} ${is}. ${fix}.`;
}

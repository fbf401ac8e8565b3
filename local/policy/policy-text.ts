/** A policy file on this machine: its policy and where its rules stand, or what is wrong with it as one line per problem. */
import {
  describeProblem,
  MAX_POLICY_BYTES,
  type PolicyFile,
  readPolicy,
} from '../../shared/adapters/policy-file.ts';
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

/** Null: there is no such file. */
export async function readPolicyAt(
  terminal: Pick<Terminal, 'readFile'>,
  name: string,
): Promise<ReturnType<typeof readPolicy> | null> {
  const bytes = await terminal.readFile(name);
  return bytes && readPolicy(bytes, plain(name));
}

/** For commands that need a good one. The error holds its lines. */
export async function goodPolicyAt(
  terminal: Pick<Terminal, 'readFile'>,
  name: string,
): Promise<Result<PolicyText, string>> {
  const bytes = await terminal.readFile(name);
  if (!bytes) return refuse(noSuchFile(name));
  const read = readPolicy(bytes, plain(name));
  if (!read.ok) return refuse(read.error.map(describeProblem).map(plain).join('\n'));
  const { policy, hash, warnings } = read.value;
  const text = new TextDecoder().decode(bytes);
  const placeOf = (rule: string): string => {
    const place = placeOfRule(text, rule);
    return place ? `${plain(name)}:${place.line}:${place.column}` : plain(name);
  };
  return ok({ name: plain(name), policy, hash, warnings, placeOf });
}

export const noSuchFile = (name: string): string =>
  `There is no file ${plain(name)}. Name the policy with --policy FILE, or run this beside access.yaml.`;

/** A little more than any that is read, so that a device or a log is not loaded whole. */
export const MOST_READ_BYTES = MAX_POLICY_BYTES + 1;

/** Which functions there are: every lambdas/<name>/handler.ts, one for each environment of shared/config/env.ts and no other. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { environments, type FunctionName } from '../shared/config/env.ts';

const isFunctionName = (name: string): name is FunctionName => Object.hasOwn(environments, name);

export const readsPolicy = (name: string): boolean =>
  isFunctionName(name) && 'POLICY_PATH' in environments[name].shape;

/** Folders of lambdas/ that hold a handler.ts, in alphabetical order. */
export function findHandlers(root: string): string[] {
  const folder = join(root, 'lambdas');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'handler.ts')))
    .sort();
}

/** Throws when a function that the stack deploys has no handler, or a handler has no environment. */
export function checkHandlers(found: readonly string[]): void {
  const missing = Object.keys(environments).filter((name) => !found.includes(name));
  if (missing.length > 0) {
    const files = missing.map((name) => `lambdas/${name}/handler.ts`).join(', ');
    throw new Error(`${files}: missing, but the stack deploys it. Write the handler.`);
  }
  const unknown = found.filter((name) => !isFunctionName(name));
  if (unknown.length > 0) {
    const files = unknown.map((name) => `lambdas/${name}/handler.ts`).join(', ');
    throw new Error(`${files}: no environment in shared/config/env.ts. Add its schema there.`);
  }
}

/**
 * CloudFormation keeps the parameters of a stack for as long as there is that stack. Teardown writes them beside the outputs, the deploy
 * that makes the app anew gives them again: without its tenant the new app would find nothing of what was written, and end nobody's access.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import type { Settings, StageName } from './deployed.ts';

const Kept = z.record(z.string(), z.string());

export const parametersFile = (stage: StageName): string =>
  join('.hallpass-deployed', `${stage}-parameters.json`);

/** Name in the template -> value, of all that were given anything. */
export const parametersOf = (settings: Settings): Record<string, string> =>
  Object.fromEntries(
    Object.entries(settings)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => [name.charAt(0).toUpperCase() + name.slice(1), value]),
  );

export function keepParameters(stage: StageName, settings: Settings): void {
  const file = parametersFile(stage);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(parametersOf(settings), null, 2)}\n`);
}

export const forgetParameters = (stage: StageName): void =>
  rmSync(parametersFile(stage), { force: true });

/**
 * What a teardown left for the next deploy, as arguments of cdk; what is given on the command line wins.
 * @throws Error where the file is there and says nothing usable: to go on would deploy another tenant
 */
export function keptParameters(stage: StageName, rest: readonly string[]): string[] {
  const file = parametersFile(stage);
  const kept = readKept(file);
  const isGiven = (name: string) => rest.some((arg) => new RegExp(`(^|[:=])${name}=`).test(arg));
  return Object.entries(kept)
    .filter(([name]) => !isGiven(name))
    .flatMap(([name, value]) => ['--parameters', `Hallpass-${stage}:${name}=${value}`]);
}

function readKept(file: string): z.output<typeof Kept> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return {};
  }
  try {
    return Kept.parse(JSON.parse(text));
  } catch {
    throw new Error(
      `${file} was written by teardown and cannot be understood. Give the parameters yourself (docs/deployment.md) and delete it.`,
    );
  }
}

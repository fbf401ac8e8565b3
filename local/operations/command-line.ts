/** What stands behind `npm run deploy --` and its kin: the stage, our own words, and what is handed on to cdk. */
import { STAGES, type StageName } from './deployed.ts';

export type CommandLine = {
  readonly stage: StageName;
  /** `-c name=value` for synth. */
  readonly context: readonly string[];
  /** Own switches that were given. */
  readonly own: ReadonlySet<string>;
  /** Everything else, as it was. */
  readonly rest: readonly string[];
};

/** @returns a sentence where it cannot be understood */
export function readCommandLine(
  args: readonly string[],
  known: readonly string[],
): CommandLine | string {
  const context: string[] = [];
  const own = new Set<string>();
  const rest: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (arg === '-c' || arg === '--context') {
      at += 1;
      context.push('-c', args[at] ?? '');
    } else if (known.includes(arg)) own.add(arg);
    else rest.push(arg);
  }
  const asked = context.filter((each) => each.startsWith('stage=')).at(-1) ?? 'stage=dev';
  const stage = STAGES.find((each) => asked === `stage=${each}`);
  if (stage === undefined)
    return `There are two stages: -c stage=dev (the default) or prod, not ${asked}.`;
  return { stage, context, own, rest };
}

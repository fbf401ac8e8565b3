/** Is everything running? */
import { code } from './escape.ts';
import { dayAndTime, span } from './instants.ts';
import { type Message, section } from './parts.ts';

export const POLICY_NOT_LOADED = `*The policy file cannot be loaded*: it is missing or has an error, and the last good one stays. ${code('npm run policy -- check')} names the line.`;

type Overall = {
  now: Date;
  policyHash: string | null;
  /** The file is missing or has an error. */
  policyNotLoaded: boolean;
  /** When the sweep last ran to its end, null before its first run. */
  sweptAt: string | null;
  /** `all` and names of providers. */
  paused: readonly string[];
  /** Since when the red button stands, null when it does not. */
  stoppedSince: string | null;
};

export function overallMessage({
  now,
  policyHash,
  policyNotLoaded,
  sweptAt,
  paused,
  stoppedSince,
}: Overall): Message {
  const lines = [
    policyHash === null
      ? 'No policy is in force: every request is refused.'
      : `Policy ${code(policyHash.slice(0, 12))} is in force.`,
    ...(policyNotLoaded ? [POLICY_NOT_LOADED] : []),
    sweptAt === null
      ? 'The sweep has not run yet.'
      : `The sweep ran ${span(sweptAt, now)} ago (${dayAndTime(sweptAt)}).`,
    ...(stoppedSince === null
      ? []
      : [
          `*Everything is stopped*, since ${dayAndTime(stoppedSince)}: nothing new, all access ends.`,
        ]),
    paused.length > 0
      ? `New grants are paused for ${paused.map(code).join(', ')}; ends go on.`
      : 'New grants are not paused.',
  ];
  return { text: 'Hallpass status', blocks: [section(lines.join('\n'))] };
}

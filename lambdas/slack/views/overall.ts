/** Is everything running? */
import { code } from './escape.ts';
import { dayAndTime, span } from './instants.ts';
import { type Message, section } from './parts.ts';

type Overall = {
  now: Date;
  policyHash: string | null;
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
  sweptAt,
  paused,
  stoppedSince,
}: Overall): Message {
  const lines = [
    policyHash === null
      ? 'No policy is in force: every request is refused.'
      : `Policy ${code(policyHash.slice(0, 12))} is in force.`,
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

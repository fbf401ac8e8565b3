/** Is everything running? */
import { code } from './escape.ts';
import { dayAndTime, span } from './instants.ts';
import { type Message, section } from './parts.ts';

type Overall = {
  now: Date;
  policyHash: string | null;
  /** When the sweep last ran to its end, null before its first run. */
  sweptAt: string | null;
  paused: boolean;
};

export function overallMessage({ now, policyHash, sweptAt, paused }: Overall): Message {
  const lines = [
    policyHash === null
      ? 'No policy is in force: every request is refused.'
      : `Policy ${code(policyHash.slice(0, 12))} is in force.`,
    sweptAt === null
      ? 'The sweep has not run yet.'
      : `The sweep ran ${span(sweptAt, now)} ago (${dayAndTime(sweptAt)}).`,
    paused ? 'New grants are paused; ends go on.' : 'New grants are not paused.',
  ];
  return { text: 'Hallpass status', blocks: [section(lines.join('\n'))] };
}

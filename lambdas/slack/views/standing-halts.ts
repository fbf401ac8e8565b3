/** What keeps new access from being given, one calm line each: since when, by whom, what goes on, whom to ask. */

import { unreachable } from '../../../shared/domain/result.ts';
import type { StandingHalt } from '../../../shared/domain/stop/standing.ts';
import { code } from './escape.ts';
import { dayAndTime } from './instants.ts';
import { actorName, mention } from './parts.ts';

export function haltLine(halt: StandingHalt): string {
  const since = dayAndTime(halt.since);
  switch (halt.kind) {
    case 'stopped':
      return `*Everything is stopped* since ${since}, by ${mention(halt.proposedBy)} and ${mention(halt.confirmedBy)}: no new access, and what was live ends`;
    case 'paused':
      return `*New access is paused* for ${halt.scope === 'all' ? 'every provider' : code(halt.scope)} since ${since}, by ${actorName(halt.by)}: no new access there, and what is live goes on to its time`;
    default:
      return unreachable(halt);
  }
}

/** Whom to ask when it goes on: those who switched it. */
export function askAbout(halts: readonly StandingHalt[]): string {
  const people = halts.flatMap((halt) =>
    halt.kind === 'stopped'
      ? [halt.confirmedBy, halt.proposedBy]
      : halt.by.kind === 'person'
        ? [halt.by.id]
        : [],
  );
  const named = [...new Set(people)].map(mention);
  return named.length > 0 ? named.join(' or ') : 'an admin';
}

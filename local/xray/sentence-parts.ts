/** What the sentences of all events have in common. */
import type { AnyEvent } from '../../shared/domain/records.ts';

/** Slack id -> the name people know. */
export type NameOf = (slackId: string) => string;

export type Sentences = {
  readonly [T in AnyEvent['type']]?: (
    event: Extract<AnyEvent, { type: T }>,
    nameOf: NameOf,
  ) => string;
};

export const coded = (factor: unknown) => (factor === null ? '' : ', with a one-time code');

const ACTORS = {
  timer: 'The timer',
  sweep: 'The sweep',
  ensure: 'Hallpass',
  policy: 'The policy',
  operator: 'The operator',
} as const;

export const who = (actor: AnyEvent['actor'], nameOf: NameOf): string =>
  actor.kind === 'person' ? nameOf(actor.id) : ACTORS[actor.kind];

/** What is told of members without a grant in an exclusive container. */
import * as fc from 'fast-check';
import { strangerNotices } from '../../../lambdas/slack/views/stranger-notices.ts';
import { ContainerEvent } from '../../../shared/domain/record-parts.ts';
import { arbitraryOf } from './arbitrary-of.ts';
import { message, type Pieces } from './piece.ts';
import { person } from './states.ts';

const about = fc.record({
  login: fc.option(fc.string({ maxLength: 100 })),
  person: fc.option(person),
});

export const CONTAINER_PIECES: Readonly<Record<string, Pieces>> = {
  'stranger-notices.strangerNotices': fc
    .tuple(arbitraryOf(ContainerEvent), about)
    .map(([event, them]) =>
      Object.values(strangerNotices(event, them)).flatMap((told) => (told ? [message(told)] : [])),
    ),
};

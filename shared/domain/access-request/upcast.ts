/**
 * Lifts events of earlier versions to the newest shape. Only for folding and showing: the log keeps, hashes and exports each event
 * as it was written. A new version takes three steps: its shape in events.ts, its lift here and, one release later, its writer
 * (docs/deployment.md, "Upgrade and rollback").
 */
import type { AccessRequestEvent } from './events.ts';

type Asked = Extract<AccessRequestEvent, { type: 'AccessRequested' }>;

/** An ask as the newest version tells it. Before version 2 every ask began once it was approved, and none broke glass. */
export const upcastAsked = (event: Asked): Extract<Asked, { v: 2 }> =>
  event.v === 2 ? event : { ...event, v: 2, start: null, ticket: null, breakGlass: null };

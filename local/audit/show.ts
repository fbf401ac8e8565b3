/** `audit show AR-7K2M9Q`: one request from its first event to its last, each with what it says, who did it, and whether the chain holds. */
import { extensionTextOf } from '../../shared/application/words-of.ts';
import type { AccessRequestEvent } from '../../shared/domain/access-request/events.ts';
import { actorOf } from '../../shared/domain/audit/audit-row.ts';
import { canonicalJson, type Json } from '../../shared/domain/audit/canonical-json.ts';
import { type ChainedEvent, findChainBreak } from '../../shared/domain/audit/chain.ts';
import { EVENT_MEANINGS } from '../docs/event-meanings.ts';
import { RequestWord, readWords } from './arguments.ts';
import { type Desk, EXIT, plain } from './desk.ts';

export const SHOW_USAGE = `audit show AR-7K2M9Q

One request: every event of its chain, the words beside it where they were not erased, and whether the chain holds.`;

const HEAD = new Set(['type', 'v', 'at', 'actor', 'requestId']);

export async function show(args: readonly string[], desk: Desk): Promise<number> {
  const words = readWords(args, []);
  const [typed = '', ...more] = words.ok ? words.value.rest : [];
  const { data: id } = RequestWord.safeParse(typed);
  if (more.length > 0 || id === undefined) {
    desk.complain(words.ok ? SHOW_USAGE : `${words.error}\n\n${SHOW_USAGE}`);
    return EXIT.usage;
  }
  const [stored, events] = await Promise.all([
    desk.journal.read('request', id),
    desk.journal.history('request', id),
  ]);
  if (stored.value === null || stored.value.status === 'new') {
    desk.complain(
      `There is no request ${id}. Ids are in the cards and in audit list (unknown-request).`,
    );
    return EXIT.refused;
  }
  const { status, requester, subject, entitlement } = stored.value;
  desk.print(`${id}  ${status}  ${requester}${subject === requester ? '' : ` for ${subject}`}`);
  desk.print(`${entitlement.id}  ${entitlement.role}`);
  const denials = events.flatMap(({ seq, event }) =>
    event.type === 'ExtensionDenied' ? [extensionTextOf(seq)] : [],
  );
  for (const key of ['justification', 'reason', 'review', ...denials]) {
    const { value } = await desk.journal.read('text', `${id}#${key}`);
    if (value)
      desk.print(`${key}: ${value.erasedAt ? `erased at ${value.erasedAt}` : plain(value.text)}`);
  }
  for (const event of events) desk.print(eventLines(event));
  const broken = findChainBreak(events, stored.head);
  desk.print(
    broken === null
      ? `The chain holds: ${events.length} events. Whether it is the one that was sealed: audit verify --request ${id}`
      : `THE CHAIN IS BROKEN at event ${broken.seq} (${broken.why}). Run: audit verify --request ${id}`,
  );
  return broken === null ? EXIT.ok : EXIT.changed;
}

function eventLines({ seq, event }: ChainedEvent<AccessRequestEvent>): string {
  const rest = Object.entries(event).filter(([key]) => !HEAD.has(key));
  const facts = rest.map(([key, value]) => `${key} ${plain(canonicalJson(asJson(value)))}`);
  return [
    `${String(seq).padStart(3)}  ${event.at}  ${event.type}  by ${actorOf(event.actor)}`,
    `     ${EVENT_MEANINGS[event.type]}`,
    ...(facts.length > 0 ? [`     ${facts.join(', ')}`] : []),
  ].join('\n');
}

const asJson = (value: Json): Json => value;

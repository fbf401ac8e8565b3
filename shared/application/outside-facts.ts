/**
 * What a decision asks of systems beside Slack and the providers: who is in the groups that matter, and how the tickets that
 * matter stand. Only for what a person decides; whatever gave no clear answer is left out, and what is left out counts against.
 */
import type { Command } from '../domain/access-request/command.ts';
import type { Facts, PolicyInForce } from '../domain/access-request/facts.ts';
import { givesAccess } from '../domain/access-request/halted.ts';
import type { AccessRequest } from '../domain/access-request/model.ts';
import { type KeptTicket, ticketId, ticketsConcerned } from '../domain/policy/ticket.ts';
import { type Clock, type Directory, Fault, type Telemetry } from '../ports.ts';
import type { OnCall, TicketBook, TicketStanding } from '../ports-outside.ts';
import { groupFacts } from './group-facts.ts';

export type OutsideDeps = {
  /** Without it whoever is on call is unknown. */
  readonly onCall?: OnCall;
  /** Without it no ticket can be read. */
  readonly tickets?: TicketBook;
  readonly telemetry?: Telemetry;
};
type Deps = OutsideDeps & { readonly clock: Clock; readonly directory: Directory };
type Asked = {
  readonly command: Command;
  readonly state: AccessRequest;
  readonly policies: readonly [PolicyInForce, ...PolicyInForce[]];
};

/** A justification names one ticket; several rules may look for it in different trackers. */
const MOST_TICKETS = 4;

export async function outsideFacts(
  deps: Deps,
  asked: Asked,
): Promise<Pick<Facts, 'groupMembers' | 'tickets'>> {
  const { command, state, policies } = asked;
  const entitlement = command.type === 'RequestAccess' ? command.entitlement : entitlementOf(state);
  if (command.actor.kind !== 'person' || !entitlement) return {};
  const [first, ...rest] = policies;
  const files = [first.policy, ...rest.map(({ policy }) => policy)] as const;
  const [groupMembers, tickets] = await Promise.all([
    groupFacts(deps, files, entitlement.id),
    ticketFacts(deps, asked, entitlement.id),
  ]);
  return { groupMembers, tickets };
}

const entitlementOf = (state: AccessRequest) => (state.status === 'new' ? null : state.entitlement);

async function ticketFacts(
  deps: Deps,
  { command, state, policies }: Asked,
  entitlement: string,
): Promise<ReadonlyMap<string, TicketStanding>> {
  if (!givesAccess(command)) return new Map();
  const said =
    command.type === 'RequestAccess'
      ? { text: command.justification.text }
      : { key: state.status === 'new' ? null : state.ticket };
  const concerned = policies.flatMap(({ policy }) => ticketsConcerned(policy, entitlement, said));
  const kept = new Map(concerned.map((ticket) => [ticketId(ticket), ticket]));
  const answers = await Promise.all(
    [...kept].slice(0, MOST_TICKETS).map(async ([id, ticket]) => {
      const standing = await standingOf(deps, ticket);
      return standing === null ? [] : [[id, standing] as const];
    }),
  );
  return new Map(answers.flat());
}

async function standingOf(
  { tickets, clock, telemetry }: Deps,
  { tracker, key }: KeptTicket,
): Promise<TicketStanding | null> {
  if (!tickets) return null;
  try {
    return await tickets.standing(tracker, key, clock.now());
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    telemetry?.error('A ticket could not be read', { tracker, ticket: key, why: error.message });
    return null;
  }
}

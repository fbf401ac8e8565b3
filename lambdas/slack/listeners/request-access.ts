/** `/request-access target role 2h why`: a confirm card, or a sentence with a way on. Nothing is asked of anybody yet. */
import type { App } from '@slack/bolt';
import { draftAsk, lastAsk, type Typed } from '../../../shared/application/ask.ts';
import type { ActivePolicy } from '../../../shared/application/policies.ts';
import { catalog } from '../../../shared/domain/policy/catalog.ts';
import { membersOf } from '../../../shared/domain/policy/members.ts';
import { type Act, onCommand } from '../act.ts';
import { type CommandLine, parseCommandLine, type Vocabulary } from '../command-line.ts';
import { COMMANDS } from '../commands.ts';
import type { SlackDeps } from '../deps.ts';
import type { CommandBody } from '../payloads.ts';
import { confirmCard } from '../views/confirm.ts';
import { requestHelp } from '../views/help.ts';
import type { Message } from '../views/parts.ts';
import { refusalMessage } from '../views/refusal-message.ts';
import type { AnyRefusal } from '../views/refusals.ts';

export function registerRequestAccess(app: App, deps: SlackDeps): void {
  onCommand(app, deps, { name: COMMANDS.request, run: requestAccess });
}

async function requestAccess(act: Act<CommandBody>, deps: SlackDeps): Promise<Message> {
  const now = deps.clock.now();
  const say = (refusal: AnyRefusal): Message => refusalMessage(refusal, now);
  const person = act.body.user_id;
  const active = await deps.policies.active();
  if (!active) return say({ code: 'policy-unavailable' });
  if (!membersOf(active.policy).bySlack.has(person)) return say({ code: 'unknown-person', person });
  const vocabulary = vocabularyFor(person, active, deps);
  const line = parseCommandLine(act.body.text, vocabulary, now);
  if (line.kind === 'help') return requestHelp(vocabulary);
  const typed = await typedBy(person, line, { deps, vocabulary });
  if ('code' in typed) return say(typed);
  const { interaction } = act;
  const drafted = await draftAsk(deps, { requester: person, typed, interaction });
  return drafted.ok ? confirmCard(drafted.value, now) : say(drafted.error);
}

/** All targets can be typed; only those this person may ask for are suggested. */
function vocabularyFor(person: string, active: ActivePolicy, deps: SlackDeps): Vocabulary {
  const { policy } = active;
  const { teamId, clock } = deps;
  const facts = { now: clock.now(), teamId, evidence: new Map(), linkedAccounts: new Map() };
  const { entitlements } = membersOf(policy);
  return {
    targets: new Map([...entitlements].map(([id, { roles }]) => [id, roles])),
    offered: catalog(policy, person, facts).map(({ entitlement }) => entitlement),
    timezone: policy.timezone,
  };
}

async function typedBy(
  person: string,
  line: Exclude<CommandLine, { kind: 'help' }>,
  from: { deps: SlackDeps; vocabulary: Vocabulary },
): Promise<Typed | AnyRefusal> {
  switch (line.kind) {
    case 'ask':
      return line;
    case 'again':
      return (await lastAsk(from.deps, person)) ?? { code: 'nothing-to-repeat' };
    case 'nothing':
      return { code: 'nothing-typed', offered: from.vocabulary.offered };
    case 'not-supported-yet':
      return { code: 'not-supported-yet', what: line.flag };
    case 'not-understood':
      return { code: 'not-understood', ...line.problem };
    default:
      return line satisfies never;
  }
}

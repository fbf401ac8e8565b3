/** `/access …`: one line per subcommand. Whatever is typed gets an answer; decisions go the same way as from the buttons. */
import type { App } from '@slack/bolt';
import { RequestId } from '../../../shared/domain/access-request/model.ts';
import { closest } from '../../../shared/domain/policy/catalog.ts';
import { membersOf } from '../../../shared/domain/policy/members.ts';
import { type Act, onCommand } from '../act.ts';
import { COMMANDS } from '../commands.ts';
import type { SlackDeps } from '../deps.ts';
import type { CommandBody } from '../payloads.ts';
import { refusedAbout } from '../requests.ts';
import { accessHelp } from '../views/help.ts';
import type { Message } from '../views/parts.ts';
import { refusalMessage } from '../views/refusal-message.ts';
import type { AnyRefusal } from '../views/refusals.ts';

/** `rest` is what follows the subcommand's name, as typed. */
export type Subcommand = (
  act: Act<CommandBody>,
  deps: SlackDeps,
  rest: string,
) => Promise<Message | null>;

/** For a subcommand that names a request: `rest` is what follows the id. */
const about =
  (
    name: string,
    run: (act: Act<CommandBody>, deps: SlackDeps, on: On) => Promise<Message | null>,
  ) =>
  async (act: Act<CommandBody>, deps: SlackDeps, rest: string): Promise<Message | null> => {
    const [word, text] = split(rest);
    const id = RequestId.safeParse(word.toUpperCase());
    if (!id.success) return said({ code: 'id-missing', subcommand: name }, deps);
    const { interaction, body } = act;
    return run(act, deps, { id: id.data, text, by: { person: body.user_id, interaction } });
  };
type On = { id: string; text: string; by: { person: string; interaction: string } };

const said = (refusal: AnyRefusal, deps: SlackDeps): Message =>
  refusalMessage(refusal, deps.clock.now());

const later =
  (load: () => Promise<Subcommand>): Subcommand =>
  async (act, deps, rest) =>
    (await load())(act, deps, rest);

/** What waits for an answer is more time, not the request: which of the two is asked of the store, never of the line. */
async function wantsMore(deps: SlackDeps, id: string): Promise<boolean> {
  const { value } = await deps.journal.read('request', id);
  return value?.status === 'active' && value.extension !== null;
}

/** A new subcommand is one more line here; what it takes is loaded when somebody types it. */
const SUBCOMMANDS: ReadonlyMap<string, Subcommand> = new Map<string, Subcommand>([
  ['mine', later(async () => (await import('./access-lists.ts')).listMine)],
  ['pending', later(async () => (await import('./access-lists.ts')).listPending)],
  [
    'approve',
    about('approve', async ({ body, openForm }, deps, { id, by }) => {
      const how = { ...by, triggerId: body.trigger_id, openForm };
      if (await wantsMore(deps, id))
        return (await import('./extend-grant.ts')).openExtensionApproval(deps, id, how);
      return (await import('./approve-request.ts')).openApproval(deps, id, how);
    }),
  ],
  [
    'deny',
    about('deny', async (_, deps, { id, text, by }) => {
      const how = { ...by, reason: text };
      const decided = (await wantsMore(deps, id))
        ? await (await import('./deny-extension.ts')).denyMoreTime(
            deps,
            { id, contentHash: null },
            how,
          )
        : await (await import('./deny-request.ts')).deny(deps, id, how);
      return 'code' in decided ? refusedAbout(deps, id, decided) : decided;
    }),
  ],
  [
    'withdraw',
    about('withdraw', async (_, deps, { id, by }) =>
      (await import('./withdraw-request.ts')).withdraw(deps, id, by),
    ),
  ],
  [
    'end',
    about('end', async (_, deps, { id, by }) =>
      (await import('./end-grant.ts')).endGrant(deps, id, by),
    ),
  ],
  [
    'extend',
    about('extend', async ({ body, openForm }, deps, { id, text, by }) => {
      const how = { ...by, triggerId: body.trigger_id, openForm };
      return (await import('./extend-grant.ts')).extend(deps, { id, text }, how);
    }),
  ],
  [
    'nudge',
    about('nudge', async (_, deps, { id, by }) =>
      (await import('./nudge-approvers.ts')).nudge(deps, id, by),
    ),
  ],
  ['end-all', later(async () => (await import('./switches.ts')).endAll)],
  ['pause', later(async () => (await import('./switches.ts')).pause)],
  ['resume', later(async () => (await import('./switches.ts')).resume)],
  ['red-button', later(async () => (await import('./switches.ts')).redButton)],
  [
    'why',
    about('why', async (_, deps, { id, by }) =>
      (await import('./access-status.ts')).explain(deps, id, by.person),
    ),
  ],
  [
    'start',
    about('start', async ({ body, openForm }, deps, { id, by }) => {
      const { openStart } = await import('./start-grant.ts');
      return openStart(deps, id, { ...by, triggerId: body.trigger_id, openForm });
    }),
  ],
  [
    'review',
    about('review', async ({ body, openForm }, deps, { id, by }) => {
      const { openReview } = await import('./review-request.ts');
      return openReview(deps, id, { ...by, triggerId: body.trigger_id, openForm });
    }),
  ],
  ['who', later(async () => (await import('./access-who.ts')).who)],
  ['enroll', later(async () => (await import('./enroll.ts')).enroll)],
  ['authenticator', later(async () => (await import('./authenticator.ts')).authenticator)],
  ['status', later(async () => (await import('./access-status.ts')).status)],
  ['help', async () => accessHelp()],
]);

export function registerAccess(app: App, deps: SlackDeps): void {
  onCommand(app, deps, { name: COMMANDS.access, run: access });
}

/** Known names that come with later versions. */
const LATER = ['link'];

async function access(act: Act<CommandBody>, deps: SlackDeps): Promise<Message | null> {
  const [name, rest] = split(act.body.text);
  const active = await deps.policies.active();
  if (!active) return said({ code: 'policy-unavailable' }, deps);
  const person = act.body.user_id;
  if (!membersOf(active.policy).bySlack.has(person))
    return said({ code: 'unknown-person', person }, deps);
  const run = SUBCOMMANDS.get(name === '' ? 'help' : name);
  if (run) return run(act, deps, rest);
  if (LATER.includes(name)) return said({ code: 'not-supported-yet', what: name }, deps);
  const didYouMean = closest(name, [...SUBCOMMANDS.keys()]);
  return said({ code: 'unknown-subcommand', typed: name.slice(0, 80), didYouMean }, deps);
}

/** The first word, and what follows it as typed. */
function split(text: string): [word: string, rest: string] {
  const start = text.trimStart();
  const word = /^\S*/.exec(start)?.[0] ?? '';
  return [word, start.slice(word.length).trimStart()];
}

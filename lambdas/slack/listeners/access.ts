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
import { listMine, listPending } from './access-lists.ts';
import { explain, status } from './access-status.ts';
import { who } from './access-who.ts';
import { openApproval } from './approve-request.ts';
import { authenticator } from './authenticator.ts';
import { deny } from './deny-request.ts';
import { endGrant } from './end-grant.ts';
import { enroll } from './enroll.ts';
import { withdraw } from './withdraw-request.ts';

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

async function denied(_: Act<CommandBody>, deps: SlackDeps, { id, text, by }: On) {
  const decided = await deny(deps, id, { ...by, reason: text });
  return 'code' in decided ? refusedAbout(deps, id, decided) : decided;
}

/** A new subcommand is one more line here. */
const SUBCOMMANDS: ReadonlyMap<string, Subcommand> = new Map<string, Subcommand>([
  ['mine', listMine],
  ['pending', listPending],
  [
    'approve',
    about('approve', ({ body, openForm }, deps, { id, by }) =>
      openApproval(deps, id, { person: by.person, triggerId: body.trigger_id, openForm }),
    ),
  ],
  ['deny', about('deny', denied)],
  ['withdraw', about('withdraw', (_, deps, { id, by }) => withdraw(deps, id, by))],
  ['end', about('end', (_, deps, { id, by }) => endGrant(deps, id, by))],
  ['why', about('why', (_, deps, { id, by }) => explain(deps, id, by.person))],
  ['who', who],
  ['enroll', enroll],
  ['authenticator', authenticator],
  ['status', status],
  ['help', async () => accessHelp()],
]);

export function registerAccess(app: App, deps: SlackDeps): void {
  onCommand(app, deps, { name: COMMANDS.access, run: access });
}

/** Known names that come with later versions. */
const LATER = ['extend', 'link', 'review', 'pause'];

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

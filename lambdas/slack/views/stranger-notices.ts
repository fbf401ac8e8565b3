/**
 * What became of members without a grant in a container that Hallpass owns, in words: to the entitlement's owner and the security
 * channel alike. Pure; exhaustive by type. What was only seen stands in digest, Home and alarm; a mark is told with its outcome.
 */
import type { AboutStranger } from '../../../shared/application/announce-strangers.ts';
import { EXCLUSIVE } from '../../../shared/domain/container/exclusive.ts';
import type { EventOf } from '../../../shared/domain/records.ts';
import { code } from './escape.ts';
import { context, type Message, mention, section } from './parts.ts';

type ContainerEvent = EventOf<'container'>;
type Of<T extends ContainerEvent['type']> = Extract<ContainerEvent, { type: T }>;
type Notices = { owner: Message | null; security: Message | null };

const NOBODY: Notices = { owner: null, security: null };
const both = (text: string, words: string, more: string): Notices => {
  const message = { text, blocks: [section(words), context(more)] };
  return { owner: message, security: message };
};

export function strangerNotices(event: ContainerEvent, about: AboutStranger): Notices {
  switch (event.type) {
    case 'StrangerFound':
    case 'StrangerGone':
    case 'StrangerMarked':
      return NOBODY;
    case 'ExclusiveReported':
      return reported(event);
    case 'StrangerRemoved':
      return removed(event, about);
    case 'StrangerKept':
      return kept(event, about);
    default:
      return event satisfies never;
  }
}

function reported({ container, strangers }: Of<'ExclusiveReported'>): Notices {
  const many = strangers === 1 ? '1 member has' : `${strangers} members have`;
  return both(
    `${many} no grant in an exclusive container`,
    `:warning: The policy says that Hallpass owns ${code(container)}: ${many} no grant there.`,
    `Nobody was taken out at this first look. From the next one on, in a quarter of an hour, at most ${EXCLUSIVE.mostPerLook} are taken out per look. Not meant so? Take \`exclusive: true\` off the entitlement now.`,
  );
}

const who = (accountId: string, { login, person }: AboutStranger): string => {
  const account = login === null ? `account ${code(accountId)}` : code(login);
  return person === null ? account : `${account} (${mention(person)})`;
};

const removed = (event: Of<'StrangerRemoved'>, about: AboutStranger): Notices =>
  both(
    'A member without a grant was taken out',
    `:no_entry: ${who(event.accountId, about)} was taken out of ${code(event.container)}: a member without a grant, and Hallpass owns it. The provider was read and shows them gone.`,
    'Whoever needs it asks for it. Find out who added them: it was not Hallpass.',
  );

function kept(event: Of<'StrangerKept'>, about: AboutStranger): Notices {
  if (event.why !== 'refused') return NOBODY;
  return both(
    'A member without a grant could not be taken out',
    `:warning: ${who(event.accountId, about)} has no grant in ${code(event.container)} and is still there: the provider refused to take them out (${code(event.fault ?? 'unknown')}).`,
    'An owner of the container has to do it, or to give Hallpass the right. It is tried again in a day.',
  );
}

/**
 * What one person sees of the workspace: conversations, messages with their threads, what is unread. Pure. Nobody sees
 * a conversation without being a member, or somebody else's private message.
 */
import type { Conversation, Message, PageState, Person } from '../../slack/page/contract.ts';

/** By conversation id: the time stamp up to which the person has read. */
export type ReadMarks = { readonly [conversation: string]: string };

export type Root = {
  readonly message: Message;
  readonly replies: readonly Message[];
};

/** The local workspace's four, in the order in which the story meets them. */
const PERSONA_IDS = ['U0ANA', 'U0BO', 'U0CY', 'U0DEE'];

export const personasOf = (state: PageState): Person[] =>
  PERSONA_IDS.flatMap((id) => state.people.find((one) => one.id === id) ?? []);

/** Where nobody has written yet, the direct message is not in the state: it opens with the first word. */
export const directId = (personId: string): string => `D${personId.slice(1)}`;

export function channelsOf(state: PageState, me: string): Conversation[] {
  return state.conversations
    .filter((one) => one.kind === 'channel' && one.members.includes(me) && !one.isArchived)
    .sort((a, b) => a.name.localeCompare(b.name));
}

const seenBy = (me: string) => (message: Message) =>
  message.onlyFor === null || message.onlyFor === me;

/** Oldest first: what stands in the conversation itself, each with its replies; a broadcast reply stands there too. */
export function rootsOf(state: PageState, conversation: string, me: string): Root[] {
  const here = state.messages.filter((one) => one.channel === conversation).filter(seenBy(me));
  return here
    .filter((one) => one.threadTs === null || one.broadcast)
    .map((message) => ({
      message,
      replies: message.threadTs === null ? here.filter((one) => one.threadTs === message.ts) : [],
    }));
}

export function threadOf(
  state: PageState,
  place: { conversation: string; ts: string; me: string },
): Root | null {
  const roots = rootsOf(state, place.conversation, place.me);
  return roots.find(({ message }) => message.ts === place.ts) ?? null;
}

export type Unread = {
  /** Something new is there: the name is bold. */
  readonly some: boolean;
  /** What wants this person: words sent directly, mentions. */
  readonly count: number;
};

const nothing: Unread = { some: false, count: 0 };

export function unreadIn(
  state: PageState,
  where: { conversation: string; me: string },
  marks: ReadMarks,
): Unread {
  const { conversation, me } = where;
  const mark = Number(marks[conversation] ?? 0);
  const direct = conversation === directId(me);
  const fresh = state.messages.filter(
    (one) =>
      one.channel === conversation &&
      one.onlyFor === null &&
      one.user !== me &&
      Number(one.ts) > mark,
  );
  return fresh.reduce<Unread>(
    (sum, message) => ({
      some: sum.some || message.threadTs === null || message.broadcast || direct,
      count: sum.count + (direct || mentions(message, me) ? 1 : 0),
    }),
    nothing,
  );
}

/** Over all conversations of a person: the badge on the avatar. */
export function unreadFor(state: PageState, me: string, marks: ReadMarks): number {
  const places = [...channelsOf(state, me).map(({ id }) => id), directId(me)];
  return places.reduce(
    (sum, conversation) => sum + unreadIn(state, { conversation, me }, marks).count,
    0,
  );
}

export const latestTs = (state: PageState, conversation: string): string | null =>
  state.messages.findLast((one) => one.channel === conversation && one.onlyFor === null)?.ts ??
  null;

const mentions = ({ text, blocks }: Message, me: string): boolean =>
  `${text}${JSON.stringify(blocks)}`.includes(`<@${me}>`);

/**
 * The new state with everything that did not change kept as the same object, so that only what changed is drawn anew and
 * whoever is typing is not disturbed.
 */
export function shared(before: PageState | null, after: PageState): PageState {
  if (before === null) return after;
  const known = new Map(before.messages.map((one) => [one.ts, one]));
  return {
    ...after,
    messages: after.messages.map((one) => same(known.get(one.ts), one)),
    modals: after.modals.map((one) =>
      same(
        before.modals.find(({ view }) => view.id === one.view.id),
        one,
      ),
    ),
    homes: Object.fromEntries(
      Object.entries(after.homes).map(([id, home]) => [id, same(before.homes[id], home)]),
    ),
  };
}

const same = <T>(before: T | undefined, after: T): T =>
  before !== undefined && JSON.stringify(before) === JSON.stringify(after) ? before : after;

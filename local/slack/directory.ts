/**
 * Who and what there is: people, channels, direct messages, user groups. Direct messages and changed people survive a
 * restart. A direct message exists once somebody opened it, as in Slack.
 */
import * as z from 'zod';
import { type DurableMap, openDurableMap } from '../durable-map.ts';
import type { Channel, Person, UserGroup } from './workspace.ts';

/** A channel or a direct message, as the bot sees it. */
export type Conversation = Channel & { readonly kind: 'channel' | 'im'; readonly user?: string };

const PersonShape: z.ZodType<Person> = z.object({
  id: z.string(),
  name: z.string(),
  realName: z.string(),
  email: z.string().nullable(),
  tz: z.string(),
  tzLabel: z.string(),
  tzOffsetSeconds: z.number(),
  teamId: z.string(),
  deleted: z.boolean(),
  isBot: z.boolean(),
  isRestricted: z.boolean(),
  isUltraRestricted: z.boolean(),
  isStranger: z.boolean(),
});

/** `users: null`: it is disabled. */
const KeptGroup = z.object({
  id: z.string(),
  handle: z.string(),
  users: z.array(z.string()).readonly().nullable(),
});
type KeptGroup = z.infer<typeof KeptGroup>;

export type Directory = {
  person(id: string): Person | undefined;
  people(): Person[];
  /** Kept across restarts; for stories where somebody leaves or becomes a guest. */
  changePerson(id: string, change: Partial<Omit<Person, 'id'>>): Person;
  /** Somebody archives a channel, invites the bot or takes it out. Not kept across restarts. */
  changeChannel(id: string, change: Partial<Omit<Channel, 'id'>>): void;
  conversation(id: string): Conversation | undefined;
  conversations(): Conversation[];
  userGroups(): readonly UserGroup[];
  /** Who is in a user group from now on, kept across restarts; null: the group is disabled, or was never there. */
  changeUserGroup(id: string, users: readonly string[] | null): void;
  /** The direct message between the bot and this person. */
  openDm(userId: string): Conversation;
  close(): void;
};

export type DirectoryOptions = {
  readonly people: readonly Person[];
  readonly channels: readonly Channel[];
  readonly userGroups: readonly UserGroup[];
  readonly botUserId: string;
  /** Names the file of one kept map; `null` keeps it in memory. */
  file(name: string): string | null;
};

export const dmIdOf = (userId: string): string =>
  `D${userId.startsWith('U') ? userId.slice(1) : userId}`;

export function openDirectory(options: DirectoryOptions): Directory {
  const changed = openDurableMap(options.file('people'), (value) => PersonShape.parse(value));
  const dms: DurableMap<string> = openDurableMap(options.file('dms'), (v) => z.string().parse(v));
  const people = new Map(options.people.map((one) => [one.id, one]));
  const channels = new Map(options.channels.map((one) => [one.id, one]));
  const changedGroups = openDurableMap(options.file('user-groups'), (value) =>
    KeptGroup.parse(value),
  );
  const groups = new Map<string, KeptGroup>(options.userGroups.map((one) => [one.id, one]));
  const groupNow = (id: string) => changedGroups.get(id) ?? groups.get(id);
  const person = (id: string) => changed.get(id) ?? people.get(id);

  function dm(id: string): Conversation | undefined {
    const user = dms.get(id);
    if (user === undefined) return undefined;
    const plain = { isPrivate: true, isArchived: false, isExtShared: false };
    return { id, name: '', kind: 'im', user, members: [user, options.botUserId], ...plain };
  }

  function conversation(id: string): Conversation | undefined {
    const channel = channels.get(id);
    return channel === undefined ? dm(id) : { ...channel, kind: 'channel' };
  }

  return {
    person,
    people: () => [...people.values()].map((one) => changed.get(one.id) ?? one),
    changePerson(id, change) {
      const before = person(id);
      if (before === undefined) throw new Error(`The workspace has nobody with the id ${id}.`);
      const after = { ...before, ...change };
      changed.set(id, after);
      return after;
    },
    changeChannel(id, change) {
      const before = channels.get(id);
      if (before === undefined) throw new Error(`The workspace has no channel ${id}.`);
      channels.set(id, { ...before, ...change });
    },
    conversation,
    conversations: () =>
      [...channels.keys(), ...dms.entries().map(([id]) => id)].flatMap(
        (id) => conversation(id) ?? [],
      ),
    userGroups: () =>
      [...new Map([...groups, ...changedGroups.entries()]).values()].flatMap(
        ({ users, ...group }) => (users === null ? [] : [{ ...group, users }]),
      ),
    changeUserGroup(id, users) {
      changedGroups.set(id, { id, handle: groupNow(id)?.handle ?? id.toLowerCase(), users });
    },
    openDm(userId) {
      const id = dmIdOf(userId);
      if (!dms.has(id)) dms.set(id, userId);
      const opened = dm(id);
      if (opened === undefined)
        throw new Error(`The direct message ${id} was just opened and is gone.`);
      return opened;
    },
    close() {
      changed.close();
      changedGroups.close();
      dms.close();
    },
  };
}

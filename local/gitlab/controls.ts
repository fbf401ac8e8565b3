/** What tests and the page do behind the API's back: the changes people make on GitLab by hand. Not logged as mutations. */
import type { Place, User } from './model.ts';
import type { World } from './world.ts';

export function openControls(world: World, now: () => Date) {
  const find = finders(world);
  return {
    ...accountControls(world, find),
    ...memberControls(world, find, now),
    ...placeControls(world, find),
  };
}

type Find = ReturnType<typeof finders>;

const nextId = (ids: number[]) => Math.max(0, ...ids) + 1;

function finders(world: World) {
  const user = (username: string): User => {
    const found = world.userByName(username);
    if (found === undefined) throw new Error(`the GitLab stand-in has no user ${username}`);
    return found;
  };
  const place = (path: string): Place => {
    const found = world.tables.places.values().find((one) => one.path === path);
    if (found === undefined) throw new Error(`the GitLab stand-in has no group or project ${path}`);
    return found;
  };
  return { user, place };
}

function accountControls(world: World, { user }: Find) {
  const setUser = (next: User) => world.tables.users.set(String(next.id), next);
  return {
    addUser(username: string): User {
      if (world.userByName(username) !== undefined) throw new Error(`${username} is taken`);
      const id = nextId(world.tables.users.values().map((one) => one.id));
      const added: User = { id, username, state: 'active', bot: false };
      setUser(added);
      return added;
    },
    renameUser: (username: string, to: string) => setUser({ ...user(username), username: to }),
    setUserState: (username: string, state: User['state']) => setUser({ ...user(username), state }),
    deleteUser(username: string) {
      const { id } = user(username);
      for (const [key, member] of world.tables.members.entries()) {
        if (member.userId === id) world.tables.members.delete(key);
      }
      world.tables.users.delete(String(id));
    },
  };
}

function memberControls(world: World, { user, place }: Find, now: () => Date) {
  return {
    /** Somebody with the right changes the membership on GitLab's own pages; `null` removes it. */
    setMember(
      path: string,
      username: string,
      member: {
        level: number;
        expiresAt?: string;
        memberRoleId?: number;
        awaiting?: boolean;
      } | null,
    ) {
      const at = place(path);
      const { id } = user(username);
      if (member === null) {
        world.erase(at, id, true);
        return;
      }
      world.setMember({
        placeId: at.id,
        userId: id,
        level: member.level,
        expiresAt: member.expiresAt ?? null,
        memberRoleId: member.memberRoleId ?? null,
        awaiting: member.awaiting ?? false,
        createdAt: now().toISOString(),
      });
    },
    /** The direct membership as it is on disk. */
    member: (path: string, username: string) => world.direct(place(path), user(username).id),
  };
}

function placeControls(world: World, { place }: Find) {
  const setPlace = (next: Place) => world.tables.places.set(String(next.id), next);
  return {
    addPlace(kind: Place['kind'], path: string) {
      const id = nextId(world.tables.places.values().map((one) => one.id));
      const plain = { formerPaths: [], invited: [], archived: false, membershipLock: false };
      setPlace({ id, kind, path, ...plain });
    },
    /** Moved: a project still answers under its old path. */
    movePlace(path: string, to: string) {
      const at = place(path);
      const formerPaths = at.kind === 'project' ? [...at.formerPaths, path] : [];
      setPlace({ ...at, path: to, formerPaths });
    },
    /** Deleted, and whoever comes first may take the path. */
    deletePlace(path: string) {
      const { id } = place(path);
      world.tables.places.delete(String(id));
      for (const [key, member] of world.tables.members.entries()) {
        if (member.placeId === id) world.tables.members.delete(key);
      }
    },
    invite: (path: string, group: string, level: number) =>
      setPlace({ ...place(path), invited: [...place(path).invited, { group, level }] }),
    archive: (path: string) => setPlace({ ...place(path), archived: true }),
    lockMembership: (path: string) => setPlace({ ...place(path), membershipLock: true }),
  };
}

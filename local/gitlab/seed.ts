/** The groups and projects every fresh local world starts with. */
import { type GitlabSeed, LEVELS, type Place, type User } from './model.ts';

/** The user behind the stand-in's group access token. */
export const TOKEN_USER = 'group_9001_bot_hallpass';

const user = (id: number, username: string, unlike: Partial<User> = {}): User => ({
  id,
  username,
  state: 'active',
  bot: false,
  ...unlike,
});
const place = (id: number, kind: Place['kind'], path: string): Place => ({
  id,
  kind,
  path,
  formerPaths: [],
  invited: [],
  archived: false,
  membershipLock: false,
});

export const defaultSeed: GitlabSeed = {
  users: [
    user(200101, 'ana'),
    user(200102, 'bo'),
    user(200103, 'cy'),
    user(200104, 'dee'),
    user(200105, 'eve', { state: 'blocked' }),
    user(200106, 'pat'),
    user(200107, 'kim'),
    user(200190, TOKEN_USER, { bot: true }),
    user(200191, 'project_8002_bot_deploy', { bot: true }),
  ],
  places: [
    place(9001, 'group', 'acme'),
    place(9002, 'group', 'acme/platform'),
    place(9003, 'group', 'acme/platform/tools'),
    place(8001, 'project', 'acme/shop'),
    place(8002, 'project', 'acme/platform/deploy'),
  ],
  members: [
    { place: 'acme', username: TOKEN_USER, level: LEVELS.owner },
    { place: 'acme', username: 'dee', level: LEVELS.owner },
    { place: 'acme/shop', username: 'ana', level: LEVELS.developer },
    { place: 'acme/shop', username: 'pat', level: LEVELS.maintainer },
    { place: 'acme/platform', username: 'pat', level: LEVELS.maintainer },
    { place: 'acme/platform/tools', username: 'kim', level: LEVELS.developer },
    { place: 'acme/platform/deploy', username: 'project_8002_bot_deploy', level: LEVELS.developer },
  ],
};

/** What GitLab offers to a policy, weakest role first, and the numbers behind the names. Pure: readable without credentials. */
const ROLES = ['guest', 'planner', 'reporter', 'developer', 'maintainer', 'owner'] as const;

export const gitlabCatalog = {
  kinds: { project: { roles: ROLES }, group: { roles: ROLES } },
} as const;

const LEVELS: ReadonlyMap<string, number> = new Map([
  ['guest', 10],
  ['planner', 15],
  ['reporter', 20],
  ['developer', 30],
  ['maintainer', 40],
  ['owner', 50],
]);
const NAMES = new Map([...LEVELS].map(([role, level]) => [level, role]));

export const levelOf = (role: string): number | null => LEVELS.get(role) ?? null;

/**
 * The role of a level. Levels without a name here (5 minimal access, 25 security manager, whatever comes next) do not
 * stand in this order, so they get a name that no policy can contain and that nothing ranks below.
 */
export const roleOf = (level: number): string => NAMES.get(level) ?? `level-${level}`;

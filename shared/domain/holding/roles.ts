/** Comparing the roles of one container. A role the provider does not name ranks above all: never lowered by mistake. */

/** 0 for no role, 1 for the weakest ... ; unknown roles rank above every known one. */
export const rankOf =
  (roles: readonly string[]) =>
  (role: string | null): number => {
    if (role === null) return 0;
    const index = roles.indexOf(role);
    return index < 0 ? roles.length + 1 : index + 1;
  };

export function strongest(
  roles: readonly string[],
  held: readonly (string | null)[],
): string | null {
  const rank = rankOf(roles);
  return held.reduce((best, role) => (rank(role) > rank(best) ? role : best), null);
}

/** What GitHub offers to a policy, weakest role first. Pure: readable without credentials. */
export const githubCatalog = {
  kinds: { team: { roles: ['member', 'maintainer'] } },
} as const;

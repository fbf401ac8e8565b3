/** The names of the two slash commands, as the manifest gives them unless a workspace renames them. */
export const COMMANDS = { request: '/request-access', access: '/access' } as const;

/** The names of the two slash commands, as the manifest gives them unless a workspace renames them. */
export const COMMANDS = { request: '/request-access', access: '/access' } as const;
/** Callback ids of the two shortcuts, as the manifest gives them. */
export const SHORTCUTS = {
  request: 'request_access',
  requestForMessage: 'request_access_for_message',
} as const;

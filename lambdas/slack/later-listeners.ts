/**
 * Intents, and the listener of each, which is loaded when somebody first has one: a cold start loads Bolt, the store's client
 * and the receiver, and nothing that is about access. Loading takes milliseconds, once per container, and happens before
 * anything is looked at, so no listener sees half of an app. An id that a listener registers but no row names is never heard.
 */
import type { App } from '@slack/bolt';
import * as z from 'zod';
import { COMMANDS, SHORTCUTS } from './commands.ts';
import type { Register, SlackDeps } from './deps.ts';

export type Later = {
  /** Commands, action ids, callback ids and types of events that its listeners are for. */
  readonly ids: readonly string[];
  load(): Promise<Register>;
};

/** What nearly every request needs some of. infra/bundle.ts makes one file of it, which loadAhead reads. */
const ASKING: readonly Later[] = [
  {
    ids: [COMMANDS.request],
    load: async () => (await import('./listeners/request-access.ts')).registerRequestAccess,
  },
  {
    ids: ['submit', 'cancel', 'request'],
    load: async () => (await import('./listeners/submit-request.ts')).registerSubmitRequest,
  },
];

/** A new listener is one more row here. */
export const LATER: readonly Later[] = [
  ...ASKING,
  {
    ids: [
      ...['target', 'role', 'duration', 'exact'],
      ...['subject', 'begins', 'from', 'until', 'glass'],
    ],
    load: async () => (await import('./listeners/form-changes.ts')).registerFormChanges,
  },
  {
    ids: [SHORTCUTS.request, SHORTCUTS.requestForMessage],
    load: async () => (await import('./listeners/shortcuts.ts')).registerShortcuts,
  },
  {
    ids: ['suggest_0', 'suggest_1', 'suggest_2', 'suggest_form'],
    load: async () => (await import('./listeners/suggestions.ts')).registerSuggestions,
  },
  {
    ids: [COMMANDS.access],
    load: async () => (await import('./listeners/access.ts')).registerAccess,
  },
  {
    ids: ['approve'],
    load: async () => (await import('./listeners/approve-request.ts')).registerApproveRequest,
  },
  {
    ids: ['deny'],
    load: async () => (await import('./listeners/deny-request.ts')).registerDenyRequest,
  },
  {
    ids: ['withdraw'],
    load: async () => (await import('./listeners/withdraw-request.ts')).registerWithdrawRequest,
  },
  {
    ids: ['end'],
    load: async () => (await import('./listeners/end-grant.ts')).registerEndGrant,
  },
  {
    ids: ['start'],
    load: async () => (await import('./listeners/start-grant.ts')).registerStartGrant,
  },
  {
    ids: ['review'],
    load: async () => (await import('./listeners/review-request.ts')).registerReviewRequest,
  },
  {
    ids: ['extend', 'approve-extension'],
    load: async () => (await import('./listeners/extend-grant.ts')).registerExtendGrant,
  },
  {
    ids: ['deny-extension'],
    load: async () => (await import('./listeners/deny-extension.ts')).registerDenyExtension,
  },
  {
    ids: ['nudge'],
    load: async () => (await import('./listeners/nudge-approvers.ts')).registerNudgeApprovers,
  },
  {
    ids: ['pause-switch', 'red-button', 'red-button-open'],
    load: async () => (await import('./listeners/switches.ts')).registerSwitches,
  },
  {
    ids: ['let-it-end'],
    load: async () => (await import('./listeners/let-it-end.ts')).registerLetItEnd,
  },
  {
    ids: ['enroll', 'enroll-page', 'enroll-replace', 'enroll-vouch'],
    load: async () => (await import('./listeners/enroll.ts')).registerEnroll,
  },
  {
    ids: [
      ...['authenticator-recover', 'authenticator-codes'],
      ...['authenticator-reset-start', 'authenticator-reset-confirm'],
      ...['reset-cancel', 'reset-confirm'],
    ],
    load: async () => (await import('./listeners/authenticator.ts')).registerAuthenticator,
  },
  {
    ids: ['app_home_opened', 'home-next', 'home-previous'],
    load: async () => (await import('./listeners/home.ts')).registerHome,
  },
  {
    ids: ['user_change'],
    load: async () => (await import('./listeners/person-changed.ts')).registerPersonChanged,
  },
  {
    ids: ['ask', 'ask-again'],
    load: async () => (await import('./listeners/request-again.ts')).registerRequestAgain,
  },
];

/**
 * Starts to load what asking needs, so that it comes while something else is waited for. A load that fails here is no error
 * yet: the request that needs it loads again, and says so.
 */
export function loadAhead(rows: readonly Later[] = ASKING): void {
  for (const row of rows) row.load().catch(() => undefined);
}

/** Registers each row with the first request that has one of its ids. A load that failed is tried again with the next. */
export function listenLater(app: App, deps: SlackDeps, rows: readonly Later[]): void {
  const ready = new Map<Later, Promise<void>>();
  const register = async (row: Later): Promise<void> => {
    try {
      (await row.load())(app, deps);
    } catch (error) {
      ready.delete(row);
      throw error;
    }
  };
  const loaded = (row: Later): Promise<void> => {
    const loading = ready.get(row) ?? register(row);
    ready.set(row, loading);
    return loading;
  };
  // Bolt looks for listeners after its middleware has run.
  app.use(async ({ body, next }) => {
    const ids = idsIn(body);
    await Promise.all(rows.filter((row) => row.ids.some((id) => ids.includes(id))).map(loaded));
    await next();
  });
}

const Named = z.object({
  command: z.string().optional(),
  action_id: z.string().optional(),
  callback_id: z.string().optional(),
  actions: z.array(z.object({ action_id: z.string() })).optional(),
  view: z.object({ callback_id: z.string().optional() }).optional(),
  event: z.object({ type: z.string() }).optional(),
});

/** Everything in a payload that a listener can be registered for. */
function idsIn(body: unknown): readonly (string | undefined)[] {
  const { command, action_id, callback_id, actions, view, event } =
    Named.safeParse(body).data ?? {};
  const pressed = actions?.map((action) => action.action_id) ?? [];
  return [command, action_id, callback_id, view?.callback_id, event?.type, ...pressed];
}

/**
 * A stateful GitLab for local mode and tests: one group access token, users, groups, projects and their members over the
 * real paths, with GitLab's real surprises. State survives a restart and kill -9. Opens no port: mount `app` with
 * `parent.route('/_gitlab', app)`. Knows nothing about Hallpass.
 */
import { Hono, type MiddlewareHandler } from 'hono';
import { openControls } from './controls.ts';
import { type GitlabSeed, type Mutation, nameOf } from './model.ts';
import { openRateLimit } from './rate-limit.ts';
import { readRoutes } from './read-routes.ts';
import { notFound } from './refusal.ts';
import { defaultSeed, TOKEN_USER } from './seed.ts';
import { GITLAB_STAND_IN_TOKEN, openTokenAuth, type Scope } from './token-auth.ts';
import { openWorld } from './world.ts';
import { type Instance, writeRoutes } from './write-routes.ts';

export type GitlabStandInOptions = {
  /** Folder of the local data; the stand-in uses `gitlab/` in it. `null`: in memory. */
  readonly dataDir: string | null;
  now(): Date;
  readonly seed?: GitlabSeed;
  /** Runs before every request, for example fault injection classified by `classifyGitlabCall`. */
  readonly before?: MiddlewareHandler;
};

export type GitlabStandIn = ReturnType<typeof openGitlabStandIn>;

export function openGitlabStandIn(options: GitlabStandInOptions) {
  const now = () => options.now();
  const world = openWorld({ dataDir: options.dataDir, now, seed: options.seed ?? defaultSeed });
  const auth = openTokenAuth();
  const rateLimit = openRateLimit(now);
  const instance: Instance = { queuePromotions: false, full: false, failNextAdd: false };

  const api = new Hono();
  if (options.before !== undefined) api.use('*', options.before);
  api.use('*', rateLimit.middleware);
  readRoutes(api, world, auth);
  writeRoutes(api, { world, auth, rateLimit, instance, now });
  api.all('*', (context) => notFound(context));
  const app = new Hono().route('/api/v4', api);
  app.all('*', (context) => notFound(context));

  return {
    app,
    token: GITLAB_STAND_IN_TOKEN,
    /** Direct members who have access, by group or project, as an owner sees them. */
    state(): Record<string, { account: string; role: string }[]> {
      return Object.fromEntries(
        world.tables.places.values().map((place) => [
          place.path,
          world.directOf(place).flatMap(({ userId, level, awaiting }) => {
            const user = world.userById(userId);
            return user === undefined || awaiting
              ? []
              : [{ account: user.username, role: nameOf(level) }];
          }),
        ]),
      );
    },
    /** Every membership change that was asked for through the API and made, oldest first. */
    mutations: (): Mutation[] => world.tables.mutations.values(),
    controls: {
      ...openControls(world, now),
      /** What the token is good for. */
      setToken(next: { scope?: Scope; state?: 'active' | 'revoked' | 'expired'; level?: number }) {
        if (next.scope !== undefined) auth.token.scope = next.scope;
        if (next.state !== undefined) auth.token.state = next.state;
        if (next.level === undefined) return;
        for (const [key, member] of world.tables.members.entries()) {
          if (member.userId !== world.userByName(TOKEN_USER)?.id) continue;
          world.tables.members.set(key, { ...member, level: next.level });
        }
      },
      instance,
      exhaustRateLimit: rateLimit.exhaust,
    },
    close: () => world.close(),
  };
}

/** What a call does, for faults: `remove` is the removal alone; lowering a role is an `add`, as at GitHub. */
export function classifyGitlabCall(method: string): 'read' | 'add' | 'remove' {
  if (method === 'DELETE') return 'remove';
  return method === 'PUT' || method === 'POST' ? 'add' : 'read';
}

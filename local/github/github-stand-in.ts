/**
 * A stateful GitHub for local mode and tests: App JWT, narrowed installation tokens, users, organization and team
 * membership over the real paths, with GitHub's real surprises. State survives a restart and kill -9; tokens do not.
 * Opens no port: mount `app` with `parent.route('/_github', app)`. Knows nothing about Hallpass.
 */
import { Hono, type MiddlewareHandler } from 'hono';
import { openAppAuth } from './app-auth.ts';
import { openControls } from './controls.ts';
import { githubStandInCredentials } from './credentials.ts';
import type { GithubSeed, Mutation, TeamRole } from './model.ts';
import { peopleRoutes } from './people-routes.ts';
import { openRateLimit } from './rate-limit.ts';
import { notFound } from './refusal.ts';
import { defaultSeed } from './seed.ts';
import { teamRoutes } from './team-routes.ts';
import { openWorld, teamKey } from './world.ts';

export type GithubStandInOptions = {
  /** Folder of the local data; the stand-in uses `github/` in it. `null`: in memory. */
  readonly dataDir: string | null;
  now(): Date;
  readonly seed?: GithubSeed;
  /** Runs before every request, for example fault injection classified by `classifyGithubCall`. */
  readonly before?: MiddlewareHandler;
};

export type GithubStandIn = ReturnType<typeof openGithubStandIn>;

export function openGithubStandIn(options: GithubStandInOptions) {
  const now = () => options.now();
  const credentials = githubStandInCredentials(options.dataDir);
  const world = openWorld({
    dataDir: options.dataDir,
    now,
    seed: options.seed ?? defaultSeed,
  });
  const auth = openAppAuth({ credentials, now });
  const rateLimit = openRateLimit(now);

  const app = new Hono();
  if (options.before !== undefined) app.use('*', options.before);
  app.use('*', rateLimit.middleware);
  auth.routes(app);
  peopleRoutes(app, world, auth);
  teamRoutes(app, world, auth);
  app.all('*', notFound);

  return {
    app,
    credentials,
    /** Direct, accepted members by team, as an owner sees them. */
    state(): Record<string, { account: string; role: TeamRole }[]> {
      return Object.fromEntries(
        world.tables.teams.values().map((team) => [
          teamKey(team),
          world
            .seats(team)
            .filter((seat) => seat.state === 'active' && !seat.inherited)
            .map(({ user, role }) => ({ account: user.login, role })),
        ]),
      );
    },
    /** Every membership change that was asked for through the API and allowed, oldest first. */
    mutations: (): Mutation[] => world.tables.mutations.values(),
    controls: {
      ...openControls(world),
      /** What the App's installation may do with members. */
      setAppPermission(members: 'read' | 'write') {
        auth.tokens.installed.members = members;
      },
      suspendInstallation(suspended: boolean) {
        auth.tokens.installed.suspended = suspended;
      },
      /** Every token so far stops working. */
      revokeTokens: auth.tokens.revokeAll,
      exhaustRateLimit: rateLimit.exhaust,
    },
    close: () => world.close(),
  };
}

/** What a call does, for faults: `remove` is the removal alone; lowering a role is an `add`, minting a token a `read`. */
export function classifyGithubCall(method: string): 'read' | 'add' | 'remove' {
  if (method === 'DELETE') return 'remove';
  return method === 'PUT' ? 'add' : 'read';
}

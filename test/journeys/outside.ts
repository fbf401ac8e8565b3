/**
 * Hallpass as an outsider meets it: a process started like `npm start`, spoken to over HTTP only, by the contract of
 * local mode. Signs its own Slack requests with its own code.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import * as z from 'zod';

const State = z.object({
  now: z.string(),
  requests: z.array(z.looseObject({ requestId: z.string(), status: z.string() })),
  holdings: z.array(z.looseObject({ intents: z.array(z.unknown()) })),
  schedules: z.array(z.looseObject({ name: z.string() })),
  providers: z.object({
    github: z.record(z.string(), z.array(z.object({ account: z.string(), role: z.string() }))),
  }),
  audit: z.array(z.looseObject({ event: z.looseObject({ type: z.string() }) })),
});
const Slack = z.object({
  messages: z.array(z.looseObject({ ts: z.string(), channel: z.string(), blocks: z.unknown() })),
  ephemerals: z.array(z.looseObject({ user: z.string(), blocks: z.unknown() })),
  views: z.array(
    z.looseObject({
      id: z.string(),
      callback_id: z.string(),
      private_metadata: z.string(),
      user: z.string(),
    }),
  ),
});
const People = z.array(z.object({ slack: z.string(), code: z.string() }));
const SECRET = 'local-signing-secret';
const STARTS_WITHIN_MS = 90_000;

export type Outside = Awaited<ReturnType<typeof startOutside>>;

export async function startOutside(dataDir: string) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'local/main.ts'], {
    env: { ...process.env, PORT: '0', HALLPASS_DATA: dataDir, NODE_NO_WARNINGS: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const url = await address(child);
  const get = async <T>(path: string, schema: z.ZodType<T>): Promise<T> =>
    schema.parse(await (await fetch(url + path)).json());
  const control = (path: string, body: unknown) =>
    fetch(`${url}/_local/${path}`, { method: 'POST', body: JSON.stringify(body) });
  const clock = z.object({ now: z.string() });
  const now = async () => new Date((await get('/_local/clock', clock)).now);
  const signed = async (contentType: string, body: string) => {
    const at = String(Math.floor((await now()).getTime() / 1000));
    const digest = createHmac('sha256', SECRET).update(`v0:${at}:${body}`).digest('hex');
    const headers = {
      'content-type': contentType,
      'x-slack-request-timestamp': at,
      'x-slack-signature': `v0=${digest}`,
    };
    return fetch(`${url}/slack/events`, { method: 'POST', headers, body });
  };
  const form = (fields: Record<string, string>) =>
    signed('application/x-www-form-urlencoded', new URLSearchParams(fields).toString());
  const who = (user: string) => ({
    team: { id: 'T0LOCAL' },
    user: { id: user, team_id: 'T0LOCAL' },
    api_app_id: 'A0LOCAL',
    token: 'x',
    trigger_id: randomUUID(),
  });
  return {
    child,
    url,
    state: () => get('/_local/state', State),
    slack: () => get('/_slack/state', Slack),
    code: async (user: string) =>
      (await get('/_local/personas', People)).find(({ slack }) => slack === user)?.code ?? '',
    advance: (by: string) => control('clock', { advance: by }),
    fault: (fault: Record<string, unknown>) => control('faults', fault),
    slash: (user: string, command: string, text: string) =>
      form({
        command,
        text,
        user_id: user,
        team_id: 'T0LOCAL',
        api_app_id: 'A0LOCAL',
        channel_id: 'C0GENERAL',
        trigger_id: randomUUID(),
        response_url: `${url}/_slack/response/none`,
        token: 'x',
      }),
    click: (user: string, actionId: string, value: { id: string; v: number }) =>
      form({
        payload: JSON.stringify({
          type: 'block_actions',
          ...who(user),
          actions: [
            { type: 'button', action_id: actionId, block_id: 'b', value: JSON.stringify(value) },
          ],
        }),
      }),
    submit: (user: string, view: z.infer<typeof Slack>['views'][number], code: string) =>
      form({
        payload: JSON.stringify({
          type: 'view_submission',
          ...who(user),
          view: {
            ...view,
            type: 'modal',
            state: { values: { code: { code: { type: 'plain_text_input', value: code } } } },
          },
        }),
      }),
    kill: () => ended(child, () => child.kill('SIGKILL')),
    stop: () => ended(child, () => child.kill('SIGTERM')),
  };
}

const address = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let said = '';
    const late = setTimeout(() => reject(new Error(`It did not start: ${said}`)), STARTS_WITHIN_MS);
    const listen = (chunk: Buffer) => {
      said += chunk.toString();
      const found = /listens on (http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1];
      if (!found) return;
      clearTimeout(late);
      resolve(found);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('exit', (code) => reject(new Error(`It ended with ${code}: ${said}`)));
  });

const ended = (child: ChildProcess, end: () => void): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    end();
  });

/** Waits for something to become true, by asking again. */
export async function eventually(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 1; tries <= 600; tries += 1) {
    if (await holds().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Never: ${what}`);
}

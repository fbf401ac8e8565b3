/**
 * `npm run play`: the people of a Hallpass that runs here, from a terminal: they type, press, fill in and look. Everything goes
 * through the doors that the page in the browser uses, as signed deliveries; nothing is short-cut. Against the stand-ins only.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { type Act, Outcome, PageState } from '../slack/page/contract.ts';
import { fieldsOf, findButton, formLines, formOf, messageLines, messagesFor } from './screen.ts';

export type Terminal = {
  env: Readonly<Record<string, string | undefined>>;
  print: (line: string) => unknown;
};

export const USAGE = `npm run play -- ana /request-access github:acme/deployers member 2h INC-123 why
             -- ana press Ask            a button, by its words
             -- bo fill code=now         the open form; "now" is what the authenticator shows
             -- ana look                 the latest that she sees
             -- clock 2h                 lets time pass
             -- members acme/deployers   who is in a team or project, as the provider says
             -- audit                    the latest events, oldest first`;

const LATEST = 4;
const TIMEOUT_MS = 60_000;
const LocalState = z.object({
  providers: z.record(
    z.string(),
    z.record(z.string(), z.array(z.object({ account: z.string(), role: z.string() }))),
  ),
  audit: z.array(
    z.looseObject({
      chain: z.string(),
      event: z.looseObject({ type: z.string(), at: z.string() }),
    }),
  ),
});
const Personas = z.array(z.object({ slack: z.string(), code: z.string() }));

/** What somebody wanted cannot be done here; the words say why. */
export class CannotPlay extends Error {
  override readonly name = 'CannotPlay';
}

export async function play(args: readonly string[], { env, print }: Terminal): Promise<void> {
  const [who = '', what = '', ...rest] = args;
  const door = doorAt(addressIn(env));
  const show = (lines: readonly string[]) => {
    for (const line of lines) print(line);
  };
  if (who === 'clock') return show([(await door.advance(what)).now]);
  if (who === 'members') return show(await members(door, what));
  if (who === 'audit') return show(await audit(door));
  const before = await door.state();
  const person = before.people.find(({ name }) => name === who)?.id;
  if (person === undefined || what === '') throw new CannotPlay(USAGE);
  if (what === 'look')
    return show(
      messagesFor(before, person)
        .slice(-LATEST)
        .flatMap((one) => messageLines(one, before)),
    );
  await door.act(await actOf({ door, before, person }, what, rest));
  const after = await door.state();
  show(newLines(before, after, person));
}

type Scene = { readonly door: Door; readonly before: PageState; readonly person: string };

async function actOf(
  { door, before, person: user }: Scene,
  what: string,
  rest: readonly string[],
): Promise<Act> {
  if (what.startsWith('/')) {
    const [command = '', ...text] = [what, ...rest].join(' ').split(' ');
    const channel = before.conversations.find(
      ({ kind, members: all }) => kind === 'channel' && all.includes(user),
    );
    if (!channel) throw new CannotPlay('They are in no channel to type in.');
    return { act: 'slash', user, channel: channel.id, command, text: text.join(' ') };
  }
  if (what === 'press') {
    const name = rest.join(' ');
    const found = findButton(before, user, name);
    if (!found) throw new CannotPlay(`They see no button "${name}".`);
    return { act: 'press', user, ...found, typed: {} };
  }
  if (what !== 'fill') throw new CannotPlay(USAGE);
  const form = formOf(before, user);
  if (!form) throw new CannotPlay('No form is open in front of them.');
  const fields = fieldsOf(form);
  const values: Record<string, string> = {};
  for (const pair of rest) {
    const [id = '', ...given] = pair.split('=');
    const field = fields.get(id);
    if (field === undefined)
      throw new CannotPlay(`The form has no field "${id}": ${[...fields.keys()].join(', ')}.`);
    values[field] = given.join('=') === 'now' ? await door.code(user) : given.join('=');
  }
  return { act: 'submit', user, viewId: form.view.id, values };
}

/** What the person sees now and did not see before. */
function newLines(before: PageState, after: PageState, person: string): string[] {
  const known = new Set(messagesFor(before, person).map((one) => JSON.stringify(one)));
  const form = formOf(after, person);
  const fresh = messagesFor(after, person).filter((one) => !known.has(JSON.stringify(one)));
  return [
    ...fresh.flatMap((one) => messageLines(one, after)),
    ...(form ? formLines(form, after) : []),
  ];
}

async function members(door: Door, container: string): Promise<string[]> {
  const { providers } = await door.localState();
  const found = Object.values(providers).flatMap((each) => each[container] ?? []);
  if (found.length === 0) throw new CannotPlay(`No provider here has members in "${container}".`);
  return found.map(({ account, role }) => `${account} (${role})`);
}

const audit = async (door: Door): Promise<string[]> =>
  (await door.localState()).audit
    .map(({ chain, event }) => ({ line: `${event.at} ${event.type}  ${chain}`, at: event.at }))
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .map(({ line }) => line);

type Door = ReturnType<typeof doorAt>;

function doorAt(url: string) {
  const ask = async <T>(schema: z.ZodType<T>, path: string, body?: unknown): Promise<T> => {
    const sent =
      body === undefined
        ? {}
        : {
            method: 'POST',
            body: JSON.stringify(body),
            headers: { 'content-type': 'application/json' },
          };
    const answer = await fetch(url + path, {
      ...sent,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch((cause: unknown) => {
      throw new CannotPlay(`Nothing answers at ${url}. Run: npm start`, { cause });
    });
    const text = await answer.text();
    if (!answer.ok) throw new CannotPlay(text);
    return schema.parse(JSON.parse(text));
  };
  return {
    state: () => ask(PageState, '/_slack/page/state'),
    localState: () => ask(LocalState, '/_local/state'),
    advance: (by: string) => ask(z.object({ now: z.string() }), '/_local/clock', { advance: by }),
    async act(act: Act): Promise<void> {
      const outcome = await ask(Outcome, '/_slack/page/act', act);
      if (outcome.ok) return;
      const fields = Object.entries(outcome.errors).map(
        ([field, words]) => `\n! ${field}: ${words}`,
      );
      throw new CannotPlay(`${outcome.message}${fields.join('')}`);
    },
    async code(slackId: string): Promise<string> {
      const found = (await ask(Personas, '/_local/personas')).find(
        ({ slack }) => slack === slackId,
      );
      if (!found) throw new CannotPlay('They have no authenticator.');
      return found.code;
    },
  };
}

const Endpoints = z.object({ port: z.int().min(1).max(65_535) });

/** Of the Hallpass that keeps its data in this folder. */
function addressIn(env: Terminal['env']): string {
  const file = join(env['HALLPASS_DATA'] || '.hallpass', 'endpoints.json');
  try {
    return `http://127.0.0.1:${Endpoints.parse(JSON.parse(readFileSync(file, 'utf8'))).port}`;
  } catch (cause) {
    throw new CannotPlay(`No Hallpass runs here (${file} says nothing). Run: npm start`, { cause });
  }
}

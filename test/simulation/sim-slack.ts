/**
 * Slack as it is for announce: posts and edits that fail, arrive without an answer, or outlive who made them, by no more than the client
 * waits. In some worlds a post of the same name is found again, in others it is made twice: nobody promises which (decision 0010).
 */
import type { Render } from '../../shared/application/announce.ts';
import { type Announcer, Fault, type PostAbout, type SlackMessage } from '../../shared/ports.ts';
import type { Process, Processes } from './processes.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What a message says, as far as anybody here looks at it. */
export type Picture = {
  readonly what: string;
  readonly version: number;
  readonly twin: boolean;
};
export type Posted = {
  readonly requestId: string;
  readonly slot: string;
  readonly channel: string;
  readonly ts: string;
  text: string;
};
export type SlackState = { readonly findsPostsAgain: boolean; readonly messages: Posted[] };

export const CHANNEL = 'C0SIM';
const TIMES = { latencyMs: [60, 400], slowMs: 8000 } as const;
const fault = (code: string | null, retryable: boolean) =>
  new Fault('Slack failed.', { service: 'slack', retryable, ...(code !== null && { code }) });
const failed = () => fault(null, true);

export function simAnnouncer(
  world: { processes: Processes; time: VirtualTime; slack: SlackState; changed(): void },
  process: Process,
): Announcer {
  const { processes, slack } = world;
  return {
    post: ({ channel }, { text }, about) =>
      processes.call(process, {
        ...{ point: `slack.post.${kindOf(about)}`, writes: true, ...TIMES, lateMs: 8000 },
        fail: failed,
        refusals: [() => fault('not_in_channel', false)],
        apply: () => posted(world, { channel, text, about }),
      }),
    update: ({ channel, ts }, { text }) =>
      processes.call(process, {
        ...{ point: 'slack.update', writes: true, ...TIMES, lateMs: 8000, fail: failed },
        refusals: [],
        apply: () => {
          const there = slack.messages.find((each) => each.channel === channel && each.ts === ts);
          if (!there) throw fault('message_not_found', false);
          there.text = text;
          world.changed();
        },
      }),
    isShared: () =>
      processes.call(process, {
        ...{ point: 'slack.isShared', writes: false, ...TIMES, lateMs: 0, fail: failed },
        refusals: [],
        apply: () => false,
      }),
    publishHome: () => Promise.reject(new Error('No Home is drawn in the simulation')),
  };
}

const slotOf = (about: PostAbout): string => ('slot' in about ? (about.slot ?? '') : '');
/** Without what differs between two of a kind. */
const kindOf = (about: PostAbout): string => slotOf(about).split('-')[0] ?? '';

function posted(
  { slack, time, changed }: { slack: SlackState; time: VirtualTime; changed(): void },
  { channel, text, about }: { channel: string; text: string; about: PostAbout },
): { channel: string; ts: string } {
  if (!('requestId' in about)) throw new Error('Only requests are announced in the simulation');
  const { requestId } = about;
  const slot = slotOf(about);
  const first = slack.messages.find((each) => each.requestId === requestId && each.slot === slot);
  if (first && slack.findsPostsAgain) return { channel: first.channel, ts: first.ts };
  // Two posts of one millisecond have different stamps.
  const micros = String(slack.messages.length % 1000).padStart(3, '0');
  const ts = `${(time.nowMs() / 1000).toFixed(3)}${micros}`;
  slack.messages.push({ requestId, slot, channel, ts, text });
  changed();
  return { channel, ts };
}

/** Pictures that say what was drawn, and of which state. */
export const simRender: Render = {
  card: ({ version }, _facts, { twin }) => drawn('card', { version, twin }),
  receipt: ({ version }) => drawn('receipt', { version }),
  thread: (_events, { version }) => drawn('thread', { version }),
  overdue: ({ version }) => drawn('overdue', { version }),
  verdict: ({ version }) => drawn('verdict', { version }),
  mend: ({ version }) => drawn('mend', { version }),
  prompt: ({ version }) => drawn('prompt', { version }),
  reminder: ({ version }) => drawn('reminder', { version }),
};

function drawn(what: string, { version, twin = false }: { version: number; twin?: boolean }) {
  const picture: Picture = { what, version, twin };
  return { text: JSON.stringify(picture), blocks: [] } satisfies SlackMessage;
}

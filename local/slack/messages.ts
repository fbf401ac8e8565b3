/**
 * Every message of the workspace, oldest first, and the ephemerals on people's screens. Messages and the time stamp
 * counter survive a restart; ephemerals do not, as in Slack. Time stamps never repeat and never go back.
 */
import * as z from 'zod';
import { openDurableMap } from '../durable-map.ts';

const Block = z.record(z.string(), z.unknown());
const Message = z.object({
  channel: z.string(),
  ts: z.string(),
  thread_ts: z.string().optional(),
  /** A reply that is also shown in the channel. */
  broadcast: z.boolean().optional(),
  user: z.string(),
  bot_id: z.string().optional(),
  text: z.string(),
  blocks: z.array(Block),
  /** The app's own name for the post. */
  client_msg_id: z.string().optional(),
  metadata: z.object({ event_type: z.string(), event_payload: Block }).optional(),
  edited: z.object({ user: z.string(), ts: z.string() }).optional(),
  files: z.array(Block).optional(),
});
export type Message = z.infer<typeof Message>;

export type Ephemeral = {
  readonly channel: string;
  /** Who sees it. */
  readonly user: string;
  readonly ts: string;
  readonly text: string;
  readonly blocks: { [key: string]: unknown }[];
  readonly thread_ts?: string;
  /** Slack's own word about a command that failed; otherwise the app's. */
  readonly from?: 'slackbot';
};

export type Messages = {
  /** The next free time stamp, like `1700000000.000100`. */
  nextTs(): string;
  post(message: Omit<Message, 'ts'>): Message;
  replace(message: Message): void;
  remove(channel: string, ts: string): void;
  find(channel: string, ts: string): Message | undefined;
  /** The message or ephemeral with this time stamp, wherever it is: time stamps are unique in the stand-in. */
  findByTs(ts: string): Message | Ephemeral | undefined;
  all(): Message[];
  replies(channel: string, threadTs: string): Message[];
  ephemerals(): readonly Ephemeral[];
  showEphemeral(ephemeral: Omit<Ephemeral, 'ts'>): Ephemeral;
  /** Replaced in place, or gone when the change is null. */
  changeEphemeral(ts: string, change: Pick<Ephemeral, 'text' | 'blocks'> | null): void;
  close(): void;
};

export function openMessages(options: {
  clock: { now(): Date };
  /** Names the file of one kept map; `null` keeps it in memory. */
  file(name: string): string | null;
}): Messages {
  const kept = openDurableMap(options.file('messages'), (value) => Message.parse(value));
  const counters = openDurableMap(options.file('counters'), (v) => z.number().int().parse(v));
  let ephemerals: Ephemeral[] = [];
  const key = (channel: string, ts: string) => `${channel}:${ts}`;

  function nextTs(): string {
    const last = counters.get('lastTsMicros') ?? 0;
    const micros = Math.max(options.clock.now().getTime() * 1000, last + 1);
    counters.set('lastTsMicros', micros);
    return `${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, '0')}`;
  }

  const change = (one: Ephemeral, to: Pick<Ephemeral, 'text' | 'blocks'> | null) =>
    to === null ? [] : [{ ...one, ...to }];

  return {
    nextTs,
    post(draft) {
      const message = { ...draft, ts: nextTs() };
      kept.set(key(message.channel, message.ts), message);
      return message;
    },
    replace: (message) => kept.set(key(message.channel, message.ts), message),
    remove: (channel, ts) => void kept.delete(key(channel, ts)),
    find: (channel, ts) => kept.get(key(channel, ts)),
    findByTs: (ts) =>
      kept.values().find((one) => one.ts === ts) ?? ephemerals.find((one) => one.ts === ts),
    all: () => kept.values(),
    replies: (channel, threadTs) =>
      kept.values().filter((one) => one.channel === channel && one.thread_ts === threadTs),
    ephemerals: () => ephemerals,
    showEphemeral(draft) {
      const shown = { ...draft, ts: nextTs() };
      ephemerals.push(shown);
      return shown;
    },
    changeEphemeral(ts, to) {
      ephemerals = ephemerals.flatMap((one) => (one.ts === ts ? change(one, to) : [one]));
    },
    close() {
      kept.close();
      counters.close();
    },
  };
}

/**
 * What the page and the stand-in say to each other: everything there is to see, and what a person does. Read by both
 * sides, hence free of Node and of the DOM. Blocks stay as the app gave them: the stand-in judged them on the way in.
 */
import * as z from 'zod';

const Text = z.string().max(12_000);
const Id = z.string().min(1).max(255);
const Block = z.record(z.string(), z.unknown());
export type Block = z.infer<typeof Block>;

const Person = z.object({
  id: z.string(),
  name: z.string(),
  realName: z.string(),
  tz: z.string(),
  isBot: z.boolean(),
});
export type Person = z.infer<typeof Person>;

/** A channel, or somebody's direct message with the app. */
const Conversation = z.object({
  id: z.string(),
  kind: z.enum(['channel', 'im']),
  name: z.string(),
  isPrivate: z.boolean(),
  isArchived: z.boolean(),
  isExtShared: z.boolean(),
  members: z.array(z.string()),
  /** Older messages exist that the page is not given. */
  hasOlder: z.boolean(),
});
export type Conversation = z.infer<typeof Conversation>;

const Message = z.object({
  channel: z.string(),
  ts: z.string(),
  threadTs: z.string().nullable(),
  /** A reply that is also shown in the channel. */
  broadcast: z.boolean(),
  /** Who wrote it; `slackbot` is Slack itself. */
  user: z.string(),
  text: z.string(),
  blocks: z.array(Block),
  edited: z.boolean(),
  /** Who alone sees it; null: everybody in the conversation. */
  onlyFor: z.string().nullable(),
  files: z.array(z.string()),
});
export type Message = z.infer<typeof Message>;

const View = z.object({
  id: z.string(),
  hash: z.string(),
  title: z.string(),
  submit: z.string().nullable(),
  close: z.string().nullable(),
  clearOnClose: z.boolean(),
  blocks: z.array(Block),
});
export type View = z.infer<typeof View>;

const Modal = z.object({
  user: z.string(),
  view: View,
  errors: z.record(z.string(), z.string()),
});
export type Modal = z.infer<typeof Modal>;

/** One entry of the menu that "/" opens. */
const Command = z.object({ command: z.string(), description: z.string(), usageHint: z.string() });
export type Command = z.infer<typeof Command>;

const Shortcut = z.object({
  type: z.enum(['global', 'message']),
  name: z.string(),
  callbackId: z.string(),
  description: z.string(),
});
export type Shortcut = z.infer<typeof Shortcut>;

/** `GET /_slack/page/state`. */
export const PageState = z.object({
  app: z.object({
    userId: z.string(),
    name: z.string(),
    /** People cannot write to the app directly: its messages tab is read-only. */
    readOnly: z.boolean(),
  }),
  team: z.string(),
  people: z.array(Person),
  userGroups: z.array(z.object({ id: z.string(), handle: z.string() })),
  conversations: z.array(Conversation),
  /** Oldest first. */
  messages: z.array(Message),
  /** Bottom of each person's stack first. */
  modals: z.array(Modal),
  homes: z.record(z.string(), View),
  commands: z.array(Command),
  shortcuts: z.array(Shortcut),
});
export type PageState = z.infer<typeof PageState>;

/** Where something was pressed: a message, an open modal, the Home tab. */
const On = z.union([
  z.strictObject({ ts: Id }),
  z.strictObject({ viewId: Id }),
  z.strictObject({ home: z.literal(true) }),
]);
export type On = z.infer<typeof On>;

/** What was typed, or the value of what was chosen; an option as a whole where the app supplied it. */
const Given = z.union([Text, z.array(z.union([Text, Block])).max(100), Block]);
export type Given = z.infer<typeof Given>;
/** By `block/action`. */
const Typed = z
  .record(z.string().max(511), Given)
  .refine((typed) => Object.keys(typed).length <= 200, 'more fields than any form has');
export type Typed = z.infer<typeof Typed>;

const user = Id;
/** Body of `POST /_slack/page/act`: one thing that one person does. */
export const Act = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('slash'), user, channel: Id, command: Id, text: Text }),
  z.strictObject({
    act: z.literal('say'),
    user,
    channel: Id,
    text: Text,
    threadTs: Id.optional(),
  }),
  z.strictObject({
    act: z.literal('press'),
    user,
    on: On,
    blockId: Id,
    actionId: Id,
    value: Given.optional(),
    typed: Typed,
  }),
  z.strictObject({
    act: z.literal('options'),
    user,
    on: On,
    blockId: Id,
    actionId: Id,
    query: z.string().max(500),
  }),
  z.strictObject({ act: z.literal('submit'), user, viewId: Id, values: Typed }),
  z.strictObject({ act: z.literal('close'), user, viewId: Id, all: z.boolean() }),
  z.strictObject({
    act: z.literal('shortcut'),
    user,
    callbackId: Id,
    ts: Id.optional(),
  }),
  z.strictObject({ act: z.literal('home'), user }),
  z.strictObject({ act: z.literal('dismiss'), user, ts: Id }),
]);
export type Act = z.infer<typeof Act>;

/**
 * What became of it. `error` is `operation_timeout`, `dispatch_failed`, `not_there` (the screen is out of date),
 * `bad_request`, or the code with which Slack refuses the app's answer.
 */
export const Outcome = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), choices: Block.nullable() }),
  z.object({
    ok: z.literal(false),
    error: z.string(),
    message: z.string(),
    /** By block id: what keeps the form open. */
    errors: z.record(z.string(), z.string()),
  }),
]);
export type Outcome = z.infer<typeof Outcome>;

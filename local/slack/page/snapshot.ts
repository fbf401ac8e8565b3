/**
 * Everything the page shows of the workspace, for all its people at once, so that changing the persona needs no call.
 * Pure reading. Long conversations are cut to their latest messages, each with its whole thread.
 */
import type { Conversation as Known } from '../directory.ts';
import { type JsonObject, stringIn } from '../json.ts';
import type { Ephemeral, Message as Kept } from '../messages.ts';
import type { View as KeptView } from '../view-object.ts';
import type { InstalledManifest, World } from '../world.ts';
import type { Conversation, Message, PageState, View } from './contract.ts';

const LATEST = 200;

export function snapshot(world: World, manifest: InstalledManifest): PageState {
  const { directory, views } = world;
  const messages = world.messages.all();
  const known = directory.conversations();
  const latest = known.map((one) => latestOf(messages.filter(({ channel }) => channel === one.id)));
  const ephemerals = world.messages.ephemerals().map((one) => ephemeral(world.botUserId, one));
  return {
    app: {
      userId: world.botUserId,
      name: manifest.display_information.name,
      readOnly: manifest.features.app_home.messages_tab_read_only_enabled,
    },
    team: world.teamDomain,
    people: directory.people().map(({ id, name, realName, tz, isBot }) => ({
      ...{ id, name, realName, tz, isBot },
    })),
    userGroups: directory.userGroups().map(({ id, handle }) => ({ id, handle })),
    conversations: known.map((one, index) => ({
      ...conversation(one),
      hasOlder: latest[index]?.hasOlder ?? false,
    })),
    messages: [...latest.flatMap(({ shown }) => shown.map(message)), ...ephemerals].sort(
      (a, b) => Number(a.ts) - Number(b.ts),
    ),
    modals: views.modals().map(({ view: shown, user, errors }) => ({
      user,
      view: view(shown),
      errors: { ...errors },
    })),
    homes: Object.fromEntries(views.homes().map(([id, home]) => [id, view(home)])),
    ...menus(manifest),
  };
}

function latestOf(messages: readonly Kept[]): { shown: Kept[]; hasOlder: boolean } {
  const roots = messages.filter((one) => one.thread_ts === undefined);
  const kept = new Set(roots.slice(-LATEST).map((one) => one.ts));
  return {
    shown: messages.filter((one) => kept.has(one.thread_ts ?? one.ts)),
    hasOlder: roots.length > LATEST,
  };
}

function conversation({ user: _, ...known }: Known): Omit<Conversation, 'hasOlder'> {
  return { ...known, members: [...known.members] };
}

function message(kept: Kept): Message {
  return {
    channel: kept.channel,
    ts: kept.ts,
    threadTs: kept.thread_ts ?? null,
    broadcast: kept.broadcast ?? false,
    user: kept.user,
    text: kept.text,
    blocks: kept.blocks,
    edited: kept.edited !== undefined,
    onlyFor: null,
    files: (kept.files ?? []).flatMap((file) => stringIn(file, 'name') ?? []),
  };
}

function ephemeral(app: string, kept: Ephemeral): Message {
  const { channel, user, ts, text, blocks, thread_ts: thread, from } = kept;
  const plain = { broadcast: false, edited: false, files: [] };
  const place = { channel, ts, threadTs: thread ?? null };
  return { ...place, ...plain, user: from ?? app, text, blocks, onlyFor: user };
}

const words = (text: JsonObject | null): string | null => stringIn(text, 'text') ?? null;

function view(kept: KeptView): View {
  return {
    id: kept.id,
    hash: kept.hash,
    title: words(kept.title) ?? '',
    submit: words(kept.submit),
    close: words(kept.close),
    clearOnClose: kept.clear_on_close,
    blocks: kept.blocks,
  };
}

const menus = ({ features }: InstalledManifest): Pick<PageState, 'commands' | 'shortcuts'> => ({
  commands: features.slash_commands.map(({ command, description, usage_hint: usageHint }) => ({
    ...{ command, description, usageHint },
  })),
  shortcuts: features.shortcuts.map(({ type, name, callback_id: callbackId, description }) => ({
    ...{ type, name, callbackId, description },
  })),
});

/**
 * A rich_text block. Ours and not the library's, which numbers a list by where it stands in the block and boxes preformatted
 * text twice. Texts are shown as they are: nothing in them is read as markup.
 */
import type { ReactNode } from 'react';
import { type JsonObject, objectIn, objectsIn, stringIn } from '../../../slack/json.ts';
import { keyed } from '../keyed.ts';
import { emojiNamed } from '../words/emoji.ts';
import { Channel, Group, Instant, Link, User } from '../words/words.tsx';

const typeOf = (part: JsonObject): string => stringIn(part, 'type') ?? '';

export function RichText({ block }: { block: JsonObject }) {
  return (
    <div className="rich-text">
      {keyed(objectsIn(block, 'elements'), typeOf).map(({ key, item }) => (
        <Part key={key} part={item} />
      ))}
    </div>
  );
}

function Part({ part }: { part: JsonObject }) {
  switch (part['type']) {
    case 'rich_text_quote':
      return (
        <blockquote>
          <Leaves part={part} />
        </blockquote>
      );
    case 'rich_text_preformatted':
      return (
        <pre>
          <Leaves part={part} />
        </pre>
      );
    case 'rich_text_list':
      return <List part={part} />;
    default:
      return (
        <p>
          <Leaves part={part} />
        </p>
      );
  }
}

function List({ part }: { part: JsonObject }) {
  const { indent, offset } = part;
  const items = keyed(objectsIn(part, 'elements'), typeOf).map(({ key, item }) => (
    <li key={key}>
      <Leaves part={item} />
    </li>
  ));
  const look = { className: `indent-${typeof indent === 'number' ? Math.min(indent, 8) : 0}` };
  if (part['style'] !== 'ordered') return <ul {...look}>{items}</ul>;
  return (
    <ol {...look} start={typeof offset === 'number' ? offset + 1 : 1}>
      {items}
    </ol>
  );
}

function Leaves({ part }: { part: JsonObject }) {
  return keyed(objectsIn(part, 'elements'), typeOf).map(({ key, item }) => (
    <Styled key={key} style={objectIn(item, 'style') ?? {}}>
      <Leaf leaf={item} />
    </Styled>
  ));
}

const TAGS = [
  { name: 'code', Tag: 'code' },
  { name: 'bold', Tag: 'strong' },
  { name: 'italic', Tag: 'em' },
  { name: 'strike', Tag: 's' },
  { name: 'underline', Tag: 'u' },
] as const;

function Styled({ style, children }: { style: JsonObject; children: ReactNode }) {
  let drawn = children;
  for (const { name, Tag } of TAGS) if (style[name] === true) drawn = <Tag>{drawn}</Tag>;
  return drawn;
}

function Leaf({ leaf }: { leaf: JsonObject }) {
  const word = (field: string) => stringIn(leaf, field) ?? '';
  switch (leaf['type']) {
    case 'text':
      return word('text');
    case 'link':
      return <Link url={word('url')} text={word('text') || word('url')} />;
    case 'user':
      return <User id={word('user_id')} />;
    case 'channel':
      return <Channel id={word('channel_id')} />;
    case 'usergroup':
      return <Group id={word('usergroup_id')} />;
    case 'broadcast':
      return <span className="mention">@{word('range')}</span>;
    case 'emoji':
      return emojiNamed(word('name')) ?? `:${word('name')}:`;
    case 'date':
      return (
        <Instant
          seconds={Number(leaf['timestamp'])}
          format={word('format')}
          fallback={word('fallback')}
        />
      );
    case 'color':
      return <code>{word('value')}</code>;
    default:
      return word('text');
  }
}

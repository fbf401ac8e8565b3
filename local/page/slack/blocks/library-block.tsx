/** One block drawn by slack-blocks-to-jsx, without its own style sheet; names, dates and links stay ours. */
import { Component, type ReactNode } from 'react';
import {
  type DataVisualizationBlock,
  type DividerBlock,
  type MarkdownBlock,
  Message,
  type MessageProps,
  type RichTextBlock,
} from 'slack-blocks-to-jsx';
import { type JsonObject, stringIn } from '../../../slack/json.ts';
import { Channel, Group, Instant, Link, User } from '../words/words.tsx';

type Drawn = RichTextBlock | MarkdownBlock | DividerBlock | DataVisualizationBlock;
const TYPES = ['rich_text', 'markdown', 'divider', 'data_visualization'];

/** By its type alone: its inside was judged by the stand-in before anybody could see it. */
export const drawnByLibrary = (block: JsonObject): block is JsonObject & Drawn =>
  TYPES.includes(stringIn(block, 'type') ?? '');

const hooks: NonNullable<MessageProps['hooks']> = {
  user: ({ id }) => <User id={id} />,
  channel: ({ id }) => <Channel id={id} />,
  usergroup: ({ id }) => <Group id={id} />,
  date: ({ timestamp, format, fallback }) => (
    <Instant seconds={Number(timestamp)} format={format} fallback={fallback} />
  ),
  link: ({ href, children }) =>
    typeof children === 'string' ? (
      <Link url={href} text={children} />
    ) : (
      <Link url={href} text={href} />
    ),
};

export function LibraryBlock({ block }: { block: JsonObject & Drawn }) {
  // Block ids would become ids of the document, where they may stand only once.
  const { block_id: _, ...rest } = block;
  const anonymous = drawnByLibrary(rest) ? rest : block;
  return (
    <Undrawable>
      <div className="library-block">
        <Message blocks={[anonymous]} name="" logo="" unstyled withoutWrapper hooks={hooks} />
      </div>
    </Undrawable>
  );
}

class Undrawable extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return <p className="unsupported">This block could not be drawn.</p>;
  }
}

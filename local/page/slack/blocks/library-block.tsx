/** One block drawn by slack-blocks-to-jsx, without its own style sheet; links stay ours. */
import { Component, type ReactNode } from 'react';
import {
  type DataVisualizationBlock,
  type DividerBlock,
  type MarkdownBlock,
  Message,
  type MessageProps,
} from 'slack-blocks-to-jsx';
import { type JsonObject, stringIn } from '../../../slack/json.ts';
import { Link } from '../words/words.tsx';

type Drawn = MarkdownBlock | DividerBlock | DataVisualizationBlock;
const TYPES = ['markdown', 'divider', 'data_visualization'];

/** By its type alone: its inside was judged by the stand-in before anybody could see it. */
export const drawnByLibrary = (block: JsonObject): block is JsonObject & Drawn =>
  TYPES.includes(stringIn(block, 'type') ?? '');

const hooks: NonNullable<MessageProps['hooks']> = {
  link: ({ href, children }) => (
    <Link url={href} text={typeof children === 'string' ? children : href} />
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

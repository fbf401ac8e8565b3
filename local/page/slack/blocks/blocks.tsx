/**
 * Blocks on the screen. Charts, standard markdown and dividers are drawn by slack-blocks-to-jsx; texts are ours, because that
 * library decodes entities before it looks for mentions, and what somebody typed must never become one; so is everything
 * that one presses. A block that cannot be drawn says so and takes nothing else with it.
 */
import { memo } from 'react';
import { isObject, objectIn, objectsIn, stringIn } from '../../../slack/json.ts';
import type { Block } from '../../../slack/page/contract.ts';
import { ActionElement } from '../elements/element.tsx';
import { InputBlock } from '../elements/input-block.tsx';
import { textOf } from '../form-state.ts';
import { keyed } from '../keyed.ts';
import { TextObject } from '../words/words.tsx';
import { drawnByLibrary, LibraryBlock } from './library-block.tsx';
import { RichText } from './rich-text.tsx';
import { Table } from './table.tsx';

type Props = {
  blocks: readonly Block[];
  /** By block id. */
  errors?: { readonly [blockId: string]: string };
};

const noErrors = {};

export const Blocks = memo(function Blocks({ blocks, errors = noErrors }: Props) {
  return (
    <div className="blocks">
      {keyed(blocks, nameOf).map(({ key, item }) => (
        <OneBlock key={key} block={item} error={errors[stringIn(item, 'block_id') ?? '']} />
      ))}
    </div>
  );
});

const nameOf = (block: Block): string =>
  `${stringIn(block, 'block_id')}:${stringIn(block, 'type')}`;

function OneBlock({ block, error }: { block: Block; error: string | undefined }) {
  if (drawnByLibrary(block)) return <LibraryBlock block={block} />;
  switch (block['type']) {
    case 'section':
      return <Section block={block} />;
    case 'rich_text':
      return <RichText block={block} />;
    case 'context':
      return <Context block={block} />;
    case 'header':
      return (
        <h3 className="block-header">
          <TextObject text={block['text']} />
        </h3>
      );
    case 'actions':
      return (
        <div className="block-actions">
          {objectsIn(block, 'elements').map((element) => (
            <ActionElement key={stringIn(element, 'action_id')} block={block} element={element} />
          ))}
        </div>
      );
    case 'input':
      return <InputBlock block={block} error={error} />;
    case 'image':
      return <Image image={block} />;
    case 'alert':
      return (
        <div className={`block-alert alert-${stringIn(block, 'level') ?? 'default'}`} role="note">
          <TextObject text={block['text']} />
        </div>
      );
    case 'table':
    case 'data_table':
      return <Table block={block} />;
    default:
      return (
        <p className="unsupported">This page cannot show the block “{String(block['type'])}”.</p>
      );
  }
}

function Section({ block }: { block: Block }) {
  const accessory = objectIn(block, 'accessory');
  return (
    <div className="block-section">
      <div className="section-words">
        {isObject(block['text']) && <TextObject text={block['text']} />}
        {block['fields'] !== undefined && (
          <div className="section-fields">
            {keyed(objectsIn(block, 'fields'), textOf).map(({ key, item }) => (
              <div key={key}>
                <TextObject text={item} />
              </div>
            ))}
          </div>
        )}
      </div>
      {accessory &&
        (accessory['type'] === 'image' ? (
          <Image image={accessory} />
        ) : (
          <ActionElement block={block} element={accessory} />
        ))}
    </div>
  );
}

function Context({ block }: { block: Block }) {
  return (
    <div className="block-context">
      {keyed(objectsIn(block, 'elements'), textOf).map(({ key, item }) =>
        item['type'] === 'image' ? (
          <Image key={key} image={item} />
        ) : (
          <span key={key}>
            <TextObject text={item} />
          </span>
        ),
      )}
    </div>
  );
}

/** The page loads nothing from elsewhere: a picture of another site is its description. */
function Image({ image }: { image: Block }) {
  const alt = stringIn(image, 'alt_text') ?? '';
  const url = stringIn(image, 'image_url') ?? '';
  const own = url.startsWith('data:image/') || url.startsWith(`${location.origin}/`);
  return own ? (
    <img className="block-image" src={url} alt={alt} />
  ) : (
    <span className="image-elsewhere">Picture: {alt}</span>
  );
}

/** One message: who, when, what, and what one can do with it. A private one says so and can be dismissed. */
import { memo, useState } from 'react';
import type { Message as Shown } from '../../slack/page/contract.ts';
import { Avatar } from './avatar.tsx';
import { Blocks } from './blocks/blocks.tsx';
import { MenuButton } from './elements/menu.tsx';
import { SurfaceProvider } from './elements/surface.tsx';
import type { Entered } from './form-state.ts';
import { DotsIcon, FileIcon, ThreadIcon } from './icons.tsx';
import { useScreen } from './screen.tsx';
import { inZone } from './words/date-token.ts';
import { Mrkdwn } from './words/words.tsx';

type Props = {
  message: Shown;
  replies: readonly Shown[];
  /** Follows another one of the same author closely: no name again. */
  follows: boolean;
  onThread: ((ts: string) => void) | null;
};

export const Message = memo(function Message({ message, replies, follows, onThread }: Props) {
  const { state } = useScreen();
  const author = state.people.find(({ id }) => id === message.user) ?? null;
  const isApp = author?.id === state.app.userId;
  const name = isApp ? state.app.name : (author?.realName ?? 'Slackbot');
  const alone = message.onlyFor !== null;
  return (
    <article
      className={`message${alone ? ' message-private' : ''}${follows ? ' message-follows' : ''}`}
      aria-label={`Message of ${name}`}
      data-testid="slack-message"
      data-ts={message.ts}
      tabIndex={-1}
    >
      <div className="message-side">
        {follows ? <When message={message} bare /> : <Avatar person={author} />}
      </div>
      <div className="message-main">
        {alone && <p className="message-note">Only visible to you</p>}
        {!follows && (
          <div className="message-head">
            <span className="message-author">{name}</span>
            {isApp && <span className="badge-app">APP</span>}
            <When message={message} />
          </div>
        )}
        <Content message={message} />
        {message.broadcast && <p className="message-note">Also in the thread</p>}
        {replies.length > 0 && onThread && (
          <Replies replies={replies} onOpen={() => onThread(message.ts)} />
        )}
      </div>
      <Tools message={message} onThread={onThread} />
    </article>
  );
});

function When({ message, bare = false }: { message: Shown; bare?: boolean }) {
  const { reader } = useScreen();
  const at = new Date(Number(message.ts) * 1000);
  return (
    <time
      className={bare ? 'message-time message-time-bare' : 'message-time'}
      dateTime={at.toISOString()}
      title={inZone(at, { dateStyle: 'full', timeStyle: 'long' }, reader.timeZone)}
    >
      {inZone(at, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, reader.timeZone)}
    </time>
  );
}

function Content({ message }: { message: Shown }) {
  const [entered, setEntered] = useState<Entered>({});
  const { ts, blocks, text, edited, files } = message;
  const [on] = useState(() => ({ ts }));
  return (
    <div className="message-content">
      {blocks.length > 0 ? (
        <SurfaceProvider on={on} blocks={blocks} entered={entered} onEntered={setEntered}>
          <Blocks blocks={blocks} />
        </SurfaceProvider>
      ) : (
        <div className="message-text">
          <Mrkdwn text={text} />
        </div>
      )}
      {files.map((name) => (
        <p key={name} className="message-file">
          <FileIcon />
          {name}
        </p>
      ))}
      {edited && <span className="message-edited">(edited)</span>}
    </div>
  );
}

function Replies({ replies, onOpen }: { replies: readonly Shown[]; onOpen: () => void }) {
  const { state, reader } = useScreen();
  const people = [...new Set(replies.map(({ user }) => user))].slice(0, 4);
  const last = replies.at(-1);
  const count = replies.length === 1 ? '1 reply' : `${replies.length} replies`;
  return (
    <button type="button" className="replies" onClick={onOpen} data-testid="slack-replies">
      {people.map((id) => (
        <Avatar key={id} person={state.people.find((one) => one.id === id) ?? null} small />
      ))}
      <span className="replies-count">{count}</span>
      {last && (
        <span className="replies-last">
          last at{' '}
          {inZone(
            new Date(Number(last.ts) * 1000),
            { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
            reader.timeZone,
          )}
        </span>
      )}
    </button>
  );
}

function Tools({ message, onThread }: Pick<Props, 'message' | 'onThread'>) {
  const { state, act, tell } = useScreen();
  const { ts, onlyFor } = message;
  const report = (outcome: Awaited<ReturnType<typeof act>>) => {
    if (!outcome.ok) tell(outcome.message);
  };
  if (onlyFor !== null)
    return (
      <div className="message-tools">
        <button
          type="button"
          className="tool"
          onClick={async () => report(await act({ act: 'dismiss', ts }))}
        >
          Dismiss
        </button>
      </div>
    );
  const shortcuts = state.shortcuts
    .filter(({ type }) => type === 'message')
    .map(({ callbackId, name, description }) => ({
      id: callbackId,
      label: name,
      note: `${state.app.name} · ${description}`,
      choose: () => void act({ act: 'shortcut', callbackId, ts }).then(report),
    }));
  return (
    <div className="message-tools">
      {onThread && (
        <button
          type="button"
          className="tool"
          onClick={() => onThread(ts)}
          aria-label="Reply in thread"
          title="Reply in thread"
        >
          <ThreadIcon />
        </button>
      )}
      <MenuButton
        label="More actions"
        className="tool"
        items={shortcuts}
        testId="slack-message-menu"
      >
        <DotsIcon />
      </MenuButton>
    </div>
  );
}

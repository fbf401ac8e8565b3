/** What is open: a channel, or the app with its Home and Messages tabs; a thread beside or over it. */

import { useEffect, useRef } from 'react';
import { Composer } from './composer.tsx';
import { useReturnFocus } from './dialogs/use-focus.tsx';
import { HomeTab } from './home-tab.tsx';
import { CrossIcon } from './icons.tsx';
import { MessageList } from './message-list.tsx';
import { useScreen } from './screen.tsx';
import { directId, rootsOf, threadOf } from './view-model.ts';

export type Tab = 'home' | 'messages';
type Props = {
  id: string;
  tab: Tab;
  onTab: (tab: Tab) => void;
  thread: string | null;
  onThread: (ts: string | null) => void;
};

export function Conversation({ id, tab, onTab, thread, onThread }: Props) {
  const { state, me } = useScreen();
  const isApp = id === directId(me.id);
  const known = state.conversations.find((one) => one.id === id);
  const name = isApp ? state.app.name : `#${known?.name ?? ''}`;
  const members = known?.members.length ?? 0;
  return (
    <div className="conversation" data-thread={thread !== null}>
      <div className="conversation-main">
        <header className="conversation-head">
          <h2 className="conversation-name">{name}</h2>
          {isApp ? (
            <Tabs tab={tab} onTab={onTab} />
          ) : (
            <span className="conversation-note">
              {known?.isExtShared ? 'shared with another company · ' : ''}
              {members} members
            </span>
          )}
        </header>
        {isApp && tab === 'home' ? (
          <HomeTab key={me.id} />
        ) : (
          <>
            <MessageList
              key={`messages:${me.id}:${id}`}
              label={`Messages in ${name}`}
              roots={rootsOf(state, id, me.id)}
              hasOlder={known?.hasOlder ?? false}
              empty={
                isApp
                  ? `${state.app.name} writes to you here.`
                  : `Nobody has written in ${name} yet.`
              }
              onThread={onThread}
            />
            {isApp && state.app.readOnly ? (
              <p className="composer-off">Sending messages to this app has been turned off.</p>
            ) : (
              <Composer key={`${me.id}:${id}`} conversation={id} label={`Message ${name}`} />
            )}
          </>
        )}
      </div>
      {thread !== null && (
        <Thread conversation={id} name={name} ts={thread} onClose={() => onThread(null)} />
      )}
    </div>
  );
}

const TABS = [
  { id: 'home', label: 'Home' },
  { id: 'messages', label: 'Messages' },
] as const;

function Tabs({ tab, onTab }: Pick<Props, 'tab' | 'onTab'>) {
  return (
    <div
      className="app-tabs"
      role="tablist"
      aria-label="Hallpass"
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
        const next = tab === 'home' ? 'messages' : 'home';
        onTab(next);
        event.currentTarget.querySelector<HTMLElement>(`[data-tab=${next}]`)?.focus();
      }}
    >
      {TABS.map(({ id, label }) => (
        <button
          key={id}
          type="button"
          role="tab"
          aria-selected={tab === id}
          tabIndex={tab === id ? 0 : -1}
          className="app-tab"
          data-tab={id}
          data-testid={`tab-${id}`}
          onClick={() => onTab(id)}
        >
          {label}
        </button>
      ))}
    </div>
  );
}

type ThreadProps = { conversation: string; name: string; ts: string; onClose: () => void };

function Thread({ conversation, name, ts, onClose }: ThreadProps) {
  const { state, me } = useScreen();
  const root = threadOf(state, { conversation, ts, me: me.id });
  const isDirect = conversation === directId(me.id);
  const pane = useRef<HTMLElement>(null);
  useReturnFocus();
  useEffect(() => {
    const field = pane.current?.querySelector<HTMLElement>('textarea');
    (field ?? pane.current?.querySelector<HTMLElement>('[role=log]'))?.focus();
  }, []);
  if (root === null) return null;
  const all = [root, ...root.replies.map((message) => ({ message, replies: [] }))];
  return (
    <aside
      ref={pane}
      className="thread"
      aria-label="Thread"
      data-testid="slack-thread"
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <header className="conversation-head">
        <h2 className="conversation-name">Thread</h2>
        <span className="conversation-note">{name}</span>
        <button type="button" className="dialog-x" aria-label="Close the thread" onClick={onClose}>
          <CrossIcon />
        </button>
      </header>
      <MessageList
        key={`messages:${ts}`}
        label={`Thread in ${name}`}
        roots={all}
        empty=""
        onThread={null}
      />
      {isDirect && state.app.readOnly ? null : (
        <Composer key={ts} conversation={conversation} label="Reply in the thread" threadTs={ts} />
      )}
    </aside>
  );
}

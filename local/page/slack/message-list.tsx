/**
 * The messages of one conversation, days apart, latest at the bottom. Stays at the bottom while somebody is there and
 * never moves what is being read. Up and down go from message to message.
 */
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Message } from './message.tsx';
import { useScreen } from './screen.tsx';
import type { Root } from './view-model.ts';
import { formatDateToken, isoDay } from './words/date-token.ts';

const CLOSE_SECONDS = 5 * 60;
const BOTTOM_PX = 48;

type Props = {
  label: string;
  roots: readonly Root[];
  hasOlder?: boolean;
  empty: string;
  onThread: ((ts: string) => void) | null;
};

export function MessageList({ label, roots, hasOlder = false, empty, onThread }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const atBottom = useRef(true);
  const [behind, setBehind] = useState(false);
  const last = roots.at(-1)?.message.ts ?? '';

  const toBottom = () => {
    const box = list.current;
    if (box) box.scrollTop = box.scrollHeight;
  };
  // A new message, or one that grew: whoever is at the bottom stays there.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the drawn messages are what changes the height
  useLayoutEffect(() => {
    if (atBottom.current) toBottom();
  }, [roots]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new last message counts as news
  useEffect(() => {
    setBehind(!atBottom.current);
  }, [last]);

  const onScroll = () => {
    const box = list.current;
    if (!box) return;
    atBottom.current = box.scrollHeight - box.scrollTop - box.clientHeight < BOTTOM_PX;
    if (atBottom.current) setBehind(false);
  };
  return (
    <div className="messages-frame">
      <div
        ref={list}
        className="messages"
        role="log"
        aria-label={label}
        aria-live="off"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard has to get there
        tabIndex={0}
        onScroll={onScroll}
        onKeyDown={moveBetween}
        data-testid="slack-messages"
        data-focus-home
      >
        {hasOlder && <p className="messages-older">Older messages are not shown here.</p>}
        {roots.length === 0 && <p className="messages-empty">{empty}</p>}
        {roots.map((root, index) => (
          <Row key={root.message.ts} root={root} before={roots[index - 1]} onThread={onThread} />
        ))}
      </div>
      {behind && (
        <button type="button" className="to-bottom" onClick={toBottom}>
          New messages ↓
        </button>
      )}
    </div>
  );
}

type RowProps = { root: Root; before: Root | undefined; onThread: Props['onThread'] };

function Row({ root: { message, replies }, before, onThread }: RowProps) {
  const { reader, state } = useScreen();
  const at = Number(message.ts);
  const earlier = before?.message;
  const day = isoDay(new Date(at * 1000), reader.timeZone);
  const newDay =
    earlier === undefined || isoDay(new Date(Number(earlier.ts) * 1000), reader.timeZone) !== day;
  const follows =
    !newDay &&
    earlier !== undefined &&
    earlier.user === message.user &&
    message.user !== state.app.userId &&
    earlier.onlyFor === null &&
    message.onlyFor === null &&
    before?.replies.length === 0 &&
    at - Number(earlier.ts) < CLOSE_SECONDS;
  return (
    <>
      {newDay && (
        <div className="day">
          <span className="day-name">{formatDateToken(at, '{date_long_pretty}', reader)}</span>
        </div>
      )}
      <Message message={message} replies={replies} follows={follows} onThread={onThread} />
    </>
  );
}

/** Arrows inside a field or menu belong to it. */
function moveBetween(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
  const { target, currentTarget } = event;
  if (!(target instanceof HTMLElement) || target.closest('input, textarea, select, [role=menu]'))
    return;
  const all = [...currentTarget.querySelectorAll<HTMLElement>('.message')];
  const at = all.findIndex((one) => one.contains(target));
  const next = event.key === 'ArrowUp' ? (at < 0 ? all.length : at) - 1 : at + 1;
  if (at < 0 && event.key === 'ArrowDown') return;
  event.preventDefault();
  all[next]?.focus();
}
